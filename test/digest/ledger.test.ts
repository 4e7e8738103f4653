// The ledger as a file: every row, no formula, nothing cut short, nothing half written.
import { PassThrough, Writable } from "node:stream";
import ExcelJS from "exceljs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { currentObligations } from "../../src/deadline/records.ts";
import { type LedgerFormat, ledgerFormat, writeLedger } from "../../src/digest/ledger.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { addMail, addSubmission, at, openMailbox, sampleCampaign, verdict } from "./office.ts";

const campaign = sampleCampaign();
let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  for (const table of ["submission", "mail_record", "message", "mailbox"] as const)
    await store.db.deleteFrom(table).execute();
  await openMailbox(store.db);
});

async function ledger(format: LedgerFormat = "xlsx"): Promise<Buffer> {
  const now = at("2012-12-17 12:00");
  const obligations = await currentObligations(store.db, campaign, calendarOf(campaign), now);
  const destination = new PassThrough();
  const parts: Buffer[] = [];
  destination.on("data", (part: Buffer) => parts.push(part));
  await writeLedger(store.db, { campaign, obligations }, destination, format);
  return Buffer.concat(parts);
}

async function workbook(): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await ledger()) as unknown as ArrayBuffer);
  return book;
}

const dangerous = [
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  '=HYPERLINK("http://x.example","y")',
  "=cmd|' /C calc'!A0",
];

test("a sheet for each deliverable, then what is owed and what is held, with a frozen head and filters", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  await addSubmission(store.db, { messageId, reference: "WHXDH-0001", arrived: "2012-12-05 10:00" });
  const understanding = { type: verdict("golden-idea", 0.9), unit: verdict("library", 0.5, ["museum", 0.4]) };
  await addMail(store.db, {
    arrived: "2012-12-05 11:00",
    state: "held",
    reason: "unit-unsure",
    understanding,
  });
  const book = await workbook();
  expect(book.worksheets.map(({ name }) => name)).toEqual([
    ...["金点子", "书面总结", "九大工程实施方案", "应交情况", "待人工"],
  ]);
  const [ideas, , , owed, held] = book.worksheets;
  expect(ideas?.getRow(2).values).toEqual(
    expect.arrayContaining(["WHXDH-0001", "金点子", "市图书馆", "张晓岚", new Date("2012-12-05T10:00:00Z")]),
  );
  expect(ideas?.views[0]).toMatchObject({ state: "frozen", ySplit: 1 });
  expect(ideas?.autoFilter).toBe("A1:N2");
  expect(owed?.rowCount).toBe(7);
  expect(held?.getRow(2).getCell(8).value).toBe("市图书馆 / 市博物馆");
});

test("what looks like a formula stays text in the workbook", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  for (const [ordinal, text] of dangerous.entries()) {
    const row = { messageId, ordinal, reference: `WHXDH-${ordinal}`, arrived: "2012-12-05 10:00" };
    await addSubmission(store.db, { ...row, title: text, text, people: [text] });
  }
  const sheet = (await workbook()).getWorksheet("金点子");
  dangerous.forEach((text, at) => {
    for (const column of [5, 6, 7]) {
      const cell = sheet?.getRow(at + 2).getCell(column);
      expect(cell?.type).toBe(ExcelJS.ValueType.String);
      expect(cell?.value).toBe(text);
    }
  });
});

test("more rows than a batch are all there, in order, in every format", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  const count = 1201;
  for (let ordinal = 1; ordinal <= count; ordinal++)
    await addSubmission(store.db, {
      messageId,
      ordinal,
      reference: `WHXDH-${ordinal}`,
      arrived: "2012-12-05 10:00",
    });
  expect((await workbook()).getWorksheet("金点子")?.rowCount).toBe(count + 1);
  const lines = (await ledger("csv")).toString().trimEnd().split("\r\n");
  expect(lines).toHaveLength(count + 1);
  expect(lines.at(-1)).toContain(`WHXDH-${count},`);
  const json = JSON.parse((await ledger("json")).toString()) as { reference: string; arrivedAt: string }[];
  expect(json.map(({ reference }) => reference).at(-1)).toBe(`WHXDH-${count}`);
  expect(json[0]?.arrivedAt).toBe("2012-12-05T10:00:00+08:00");
});

test("an empty campaign is an empty ledger, not an error", async () => {
  expect((await workbook()).getWorksheet("金点子")?.rowCount).toBe(1);
  expect(JSON.parse((await ledger("json")).toString())).toEqual([]);
});

test("text longer than a cell holds is cut with a mark, and characters a sheet cannot hold do not break it", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  const row = { messageId, reference: "WHXDH-1", arrived: "2012-12-05 10:00" };
  await addSubmission(store.db, { ...row, title: "a\u0001b\u000b<&>", text: "字".repeat(40_000) });
  const cells = (await workbook()).getWorksheet("金点子")?.getRow(2);
  expect(cells?.getCell(6).value).toBe("ab<&>");
  expect(String(cells?.getCell(7).value)).toMatch(/^字{32740,}……（文字超过单元格上限/u);
});

test("a destination that fails makes the export fail, and leaves no transaction open", async () => {
  const full = new Writable({ write: (_part, _encoding, done) => done(new Error("ENOSPC: no space left")) });
  const facts = { campaign, obligations: [] };
  await expect(writeLedger(store.db, facts, full, "csv")).rejects.toThrow("ENOSPC");
  expect(store.pool.idleCount).toBe(store.pool.totalCount);
});

test("the format is the name's ending, in any case", () => {
  expect(ledgerFormat("a/台账.XLSX")).toBe("xlsx");
  expect(ledgerFormat("a.pdf")).toBeNull();
});

test("what a submission is like stands in a column of its own, and in JSON as facts", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  const add = (ordinal: number, unit: string) =>
    addSubmission(store.db, {
      ...{ messageId, ordinal, unit, reference: `WHXDH-000${ordinal}`, arrived: "2012-12-05 10:00" },
    });
  const [first, second] = [await add(1, "museum"), await add(2, "library")];
  const found_at = at("2012-12-05 10:00");
  await store.db
    .insertInto("likeness")
    .values({ submission_id: second, other_id: first, kind: "near-identical", score: 0.87, found_at })
    .execute();
  const sheet = (await workbook()).worksheets[0] as ExcelJS.Worksheet;
  const column = (sheet.getRow(1).values as string[]).indexOf("相近");
  expect(sheet.getRow(2).getCell(column).value ?? "").toBe("");
  expect(sheet.getRow(3).getCell(column).value).toBe("与 WHXDH-0001（市博物馆）相近 87 %");
  const rows = JSON.parse((await ledger("json")).toString()) as { like: object[] }[];
  expect(rows.map(({ like }) => like)).toEqual([
    [],
    [{ other: "WHXDH-0001", kind: "near-identical", score: expect.closeTo(0.87) }],
  ]);
});
