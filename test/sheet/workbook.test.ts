// A workbook written row by row: read again by another library, every text is what it was and no cell is a formula.
import { PassThrough, Writable } from "node:stream";
import ExcelJS from "exceljs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cell, type Column, columnsOf, type Sheet } from "../../src/sheet/sheet.ts";
import { writeWorkbook } from "../../src/sheet/workbook.ts";

const two: Column[] = columnsOf(["甲", "乙"], [20, 30]);
const looks = { title: "台账 <&>", timezone: "Asia/Shanghai", locale: "zh-CN" as const };

async function bytesOf(sheets: Sheet[], rowsMax?: number): Promise<Buffer> {
  const out = new PassThrough();
  const parts: Buffer[] = [];
  out.on("data", (part: Buffer) => parts.push(part));
  await writeWorkbook(out, { ...looks, sheets, ...(rowsMax ? { rowsMax } : {}) });
  return Buffer.concat(parts);
}

async function reread(sheets: Sheet[], rowsMax?: number): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await bytesOf(sheets, rowsMax)) as unknown as ArrayBuffer);
  return book;
}

async function cellOf(value: Cell): Promise<ExcelJS.Cell> {
  const book = await reread([{ name: "一", columns: two, rows: [[value, "end"]] }]);
  return (book.worksheets[0] as ExcelJS.Worksheet).getCell("A2");
}

test.each([
  "=1+1",
  "=cmd|' /C calc'!A0",
  "+86 139 0000 0000",
  "-1",
  "@x",
  "\t=1",
  " lead and trail ",
  "a\nb",
  "<&>\"'",
])("%j stays the text it is", async (text) => {
  const cell = await cellOf(text);
  expect(cell.type).toBe(ExcelJS.ValueType.String);
  expect(cell.value).toBe(text);
  expect(cell.numFmt).toBe("@");
});

test("a line end is a line end, and what XML cannot hold is left out, not written", async () => {
  expect((await cellOf("\r=1\r\nx")).value).toBe("\n=1\nx");
  expect((await cellOf("a\u0000\u0001\u000b\u001f\ufffeb\ud800c")).value).toBe("ab\ufffdc");
});

test("any text at all makes a sheet that can be read again, as the same text", async () => {
  const texts = fc.sample(fc.string({ unit: "binary", maxLength: 40 }), { numRuns: 300, seed: 2012 });
  const book = await reread([{ name: "一", columns: two, rows: texts.map((text) => [text, "end"]) }]);
  const sheet = book.worksheets[0] as ExcelJS.Worksheet;
  expect(sheet.rowCount).toBe(texts.length + 1);
  for (const [at, text] of texts.entries()) {
    const legible = text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
    expect(sheet.getCell(at + 2, 1).value ?? "").toBe(legible.toWellFormed());
  }
});

test("what looks like an escape of the format is not taken for one", async () => {
  const zip = await import("fflate");
  const bytes = await bytesOf([{ name: "一", columns: two, rows: [["_x0041_ _x000D_", null]] }]);
  const entry = zip.unzipSync(bytes)["xl/worksheets/sheet1.xml"] as Uint8Array;
  expect(Buffer.from(entry).toString()).toContain(">_x005F_x0041_ _x005F_x000D_<");
});

test("a date is a date, an instant the wall clock of the campaign, a number a number", async () => {
  const instant = await cellOf(new Date("2012-12-05T17:30:00Z"));
  expect(instant.value).toEqual(new Date("2012-12-06T01:30:00Z"));
  expect(instant.numFmt).toBe("yyyy-mm-dd hh:mm");
  expect((await cellOf({ on: "2012-12-15" })).value).toEqual(new Date("2012-12-15T00:00:00Z"));
  expect((await cellOf(-3.5)).value).toBe(-3.5);
  expect((await cellOf(Number.NaN)).value).toBeNull();
  expect((await cellOf({ on: "1900-01-01" })).value).toBe("1900-01-01");
});

test("a text longer than a cell holds is cut between characters and says so", async () => {
  const value = String((await cellOf("𠮷".repeat(20_000))).value);
  expect(value.length).toBeLessThanOrEqual(32_767);
  expect(value).toMatch(/^𠮷{16371,16373}……（文字超过单元格上限，以下从略，全文见原件）$/u);
});

test("the head is frozen, filtered, printed on each page and as wide as it should be", async () => {
  const book = await reread([{ name: "一", columns: two, rows: [["a", "b"]] }]);
  const sheet = book.worksheets[0] as ExcelJS.Worksheet;
  expect(sheet.views[0]).toMatchObject({ state: "frozen", ySplit: 1 });
  expect(sheet.autoFilter).toBe("A1:B2");
  expect(sheet.pageSetup).toMatchObject({ orientation: "landscape", paperSize: 9, fitToWidth: 1 });
  expect(sheet.pageSetup.printTitlesRow).toBe("1:1");
  expect([sheet.getColumn(1).width, sheet.getColumn(2).width]).toEqual([20, 30]);
  expect(sheet.getCell("A1").font.bold).toBe(true);
  expect(sheet.getCell("A2").alignment).toMatchObject({ wrapText: true, vertical: "top" });
});

test("a long text does not push the rows below out of sight", async () => {
  const rows = [
    ["短", "字".repeat(2000)],
    ["短", "一"],
  ];
  const sheet = (await reread([{ name: "一", columns: two, rows }])).worksheets[0] as ExcelJS.Worksheet;
  expect(sheet.getRow(2).height).toBe(120);
  expect(sheet.getRow(3).height).toBeUndefined();
});

test("names of sheets are made legal and different", async () => {
  const wanted = ["a/b:c", "'x'", "", "长".repeat(40), "长".repeat(41), "A B C", "a b c"];
  const book = await reread(wanted.map((name) => ({ name, columns: two, rows: [] })));
  const names = book.worksheets.map(({ name }) => name);
  expect(names).toEqual([
    "a b c",
    "x",
    "Sheet",
    "长".repeat(27),
    `${"长".repeat(27)} 2`,
    "A B C 2",
    "a b c 3",
  ]);
});

test("what does not fit a sheet goes on in a further one, head and all", async () => {
  const rows = Array.from({ length: 7 }, (_, at) => [`行${at + 1}`, at + 1]);
  const book = await reread([{ name: "一", columns: two, rows }], 4);
  expect(book.worksheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ["一", 4],
    ["一 2", 4],
    ["一 3", 2],
  ]);
  expect(book.worksheets[2]?.getCell("A1").value).toBe("甲");
  expect(book.worksheets[2]?.getCell("A2").value).toBe("行7");
});

test("the same rows make the same bytes", async () => {
  const sheet = () => [{ name: "一", columns: two, rows: [["a", new Date(0)]] }] satisfies Sheet[];
  expect(await bytesOf(sheet())).toEqual(await bytesOf(sheet()));
});

test("rows that fail make the writing fail, and a cursor is closed", async () => {
  let closed = false;
  async function* failing(): AsyncGenerator<Cell[]> {
    try {
      yield ["a", "b"];
      throw new Error("the database went away");
    } finally {
      closed = true;
    }
  }
  const sink = new Writable({ write: (_part, _encoding, done) => done() });
  await expect(
    writeWorkbook(sink, { ...looks, sheets: [{ name: "一", columns: two, rows: failing() }] }),
  ).rejects.toThrow("the database went away");
  expect(closed).toBe(true);
});

test("a destination that fails, or goes away, makes the writing fail", async () => {
  const full = new Writable({ write: (_part, _encoding, done) => done(new Error("ENOSPC")) });
  const rows = async function* (): AsyncGenerator<Cell[]> {
    for (let n = 0; n < 100_000; n++) yield [`${n}`, "字".repeat(n % 100)];
  };
  await expect(
    writeWorkbook(full, { ...looks, sheets: [{ name: "一", columns: two, rows: rows() }] }),
  ).rejects.toThrow("ENOSPC");
  const gone: Writable = new Writable({
    write(_part, _encoding, done) {
      gone.destroy();
      done();
    },
  });
  await expect(
    writeWorkbook(gone, { ...looks, sheets: [{ name: "一", columns: two, rows: rows() }] }),
  ).rejects.toThrow("closed before everything");
});
