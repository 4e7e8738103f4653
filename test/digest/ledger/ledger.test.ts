// The ledger as a file: every row, no formula, nothing cut short, nothing half written.
import { PassThrough, Writable } from "node:stream";
import ExcelJS from "exceljs";
import type { Insertable } from "kysely";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { calendarOf } from "../../../src/deadline/calendar.ts";
import { currentObligations } from "../../../src/deadline/records.ts";
import { type LedgerFormat, ledgerFormat, writeLedger } from "../../../src/digest/ledger/ledger.ts";
import { EVERYTHING, type Selection } from "../../../src/digest/ledger/selection.ts";
import { inSnapshot } from "../../../src/store/database.ts";
import type { RulingTable } from "../../../src/store/tables.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { AS_CSV, inLibreOffice } from "../../support/libreoffice.ts";
import { addMail, addSubmission, at, openMailbox, sampleCampaign, verdict } from "../office.ts";

const campaign = sampleCampaign();
let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  await sql`truncate ruling cascade`.execute(store.db);
  for (const table of ["submission", "mail_record", "message", "mailbox"] as const)
    await store.db.deleteFrom(table).execute();
  await openMailbox(store.db);
});

async function ledger(format: LedgerFormat = "xlsx", asked: Partial<Selection> = {}): Promise<Buffer> {
  const now = at("2012-12-17 12:00");
  const selection = { ...EVERYTHING, ...asked };
  const destination = new PassThrough();
  const parts: Buffer[] = [];
  destination.on("data", (part: Buffer) => parts.push(part));
  await inSnapshot(store.db, async (trx) => {
    const obligations = await currentObligations(trx, campaign, calendarOf(campaign), now);
    await writeLedger(trx, { campaign, obligations }, destination, { format, selection });
  });
  return Buffer.concat(parts);
}

async function workbook(asked: Partial<Selection> = {}): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await ledger("xlsx", asked)) as unknown as ArrayBuffer);
  return book;
}

/** The first cells of a sheet's rows, its head left out. */
function firstCells(book: ExcelJS.Workbook, name: string): unknown[] {
  const values = (book.getWorksheet(name) as ExcelJS.Worksheet).getColumn(1).values as unknown[];
  return values.slice(2);
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
    ...["金点子", "书面总结", "九大工程实施方案", "应交情况", "待人工", "办公室决定"],
  ]);
  const [ideas, , , owed, held] = book.worksheets;
  expect(ideas?.getRow(2).values).toEqual(
    expect.arrayContaining(["WHXDH-0001", "金点子", "市图书馆", "张晓岚", new Date("2012-12-05T10:00:00Z")]),
  );
  expect(ideas?.views[0]).toMatchObject({ state: "frozen", ySplit: 1 });
  expect(ideas?.autoFilter).toBe("A1:O2");
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
  await expect(
    inSnapshot(store.db, (trx) => writeLedger(trx, facts, full, { format: "csv", selection: EVERYTHING })),
  ).rejects.toThrow("ENOSPC");
  expect(store.pool.idleCount).toBe(store.pool.totalCount);
});

async function rule(kind: RulingTable["kind"], made: string, more: Partial<Insertable<RulingTable>> = {}) {
  const row = {
    campaign: "WHXDH",
    kind,
    deliverable: "summary-report",
    unit: "library",
    way: "command" as const,
  };
  const made_by = "邵文澜";
  await store.db
    .insertInto("ruling")
    .values({
      ...row,
      made_by,
      made_at: at(made),
      why: "搬迁",
      item: null,
      due_on: null,
      received_at: null,
      ...more,
    })
    .execute();
}

test("what is owed says until when, why, and what happened to it", async () => {
  await rule("extension", "2012-12-10 09:00", { due_on: "2012-12-28", due_time: "17:00" });
  await rule("receipt", "2012-12-12 10:00", {
    ...{ unit: "museum", received_at: at("2012-12-12 00:00"), received_by: "paper", why: "" },
  });
  const book = await workbook();
  const owed = book.getWorksheet("应交情况") as ExcelJS.Worksheet;
  const rows = owed.getRows(2, 6)?.map((row) => row.values as unknown[]) ?? [];
  const library = rows.find(([, unit, what]) => unit === "市图书馆" && what === "书面总结") ?? [];
  expect(library[4]).toEqual(new Date("2012-12-28T17:00:00Z"));
  expect(library[5]).toBe("已延期");
  expect(library[9]).toMatch(/2012-12-10 09:00 .*延.*2012年12月28日17:00.*（邵文澜：搬迁）/);
  const museum = rows.find(([, unit]) => unit === "市博物馆") ?? [];
  expect(museum.slice(4, 8)).toEqual([
    ...[new Date("2012-12-25T00:00:00Z"), "已交", new Date("2012-12-12T00:00:00Z"), "邮件以外收到"],
  ]);
  const rulings = book.getWorksheet("办公室决定") as ExcelJS.Worksheet;
  expect((rulings.getRow(2).values as unknown[]).slice(1, 11)).toEqual([
    ...[new Date("2012-12-10T09:00:00Z"), "延期", "市图书馆", "书面总结", undefined],
    ...[new Date("2012-12-28T17:00:00Z"), undefined, undefined, "搬迁", "邵文澜"],
  ]);
  expect(rulings.getRow(3).getCell(8).value).toBe("纸质");
});

test("only what is asked for: by type, unit, state, day, and sheet", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  const add = (ordinal: number, more: Partial<Parameters<typeof addSubmission>[1]>) =>
    addSubmission(store.db, {
      ...{ messageId, ordinal, reference: `WHXDH-${ordinal}`, arrived: "2012-12-05 10:00", ...more },
    });
  await add(1, { unit: "library" });
  await add(2, { unit: "museum", state: "withdrawn" });
  await add(3, { unit: "museum", arrived: "2012-12-06 00:00" });
  await add(4, { unit: "museum", type: "summary-report", arrived: "2012-12-07 23:59" });
  const ideas = async (asked: Partial<Selection>) => firstCells(await workbook(asked), "金点子");
  expect(await ideas({ units: ["museum"] })).toEqual(["WHXDH-2", "WHXDH-3"]);
  expect(await ideas({ states: ["current"] })).toEqual(["WHXDH-1", "WHXDH-3"]);
  expect(await ideas({ from: at("2012-12-06 00:00") })).toEqual(["WHXDH-3"]);
  expect(await ideas({ to: at("2012-12-05 23:59") })).toEqual(["WHXDH-1", "WHXDH-2"]);
  const names = async (asked: Partial<Selection>) =>
    (await workbook(asked)).worksheets.map(({ name }) => name);
  expect(await names({ types: ["summary-report"] })).toEqual([
    "书面总结",
    "应交情况",
    "待人工",
    "办公室决定",
  ]);
  expect(await names({ states: ["overdue"] })).toEqual(["应交情况"]);
  expect(await names({ sheets: ["held"] })).toEqual(["待人工"]);
  const overdue = await workbook({ states: ["overdue"], units: ["library"] });
  expect(overdue.worksheets[0]?.rowCount).toBe(2);
  const csv = (await ledger("csv", { sheets: ["owed"], types: ["engineering-plan"] })).toString();
  expect(
    csv
      .split("\r\n")
      .slice(1, 3)
      .map((line) => line.split(",").slice(0, 3).join("/")),
  ).toEqual([
    "市图书馆/九大工程实施方案/公共文化服务体系示范工程",
    "锡剧院/九大工程实施方案/精品生产和院团改革深化工程",
  ]);
  const lines = (await ledger("jsonl", { sheets: ["owed"] })).toString().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).key)).toContain("summary-report/museum");
});

test("LibreOffice opens it, sheet by sheet, and computes nothing", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  const odd = [
    ...dangerous,
    "\r=1+1",
    "_x0041_",
    " 两边有空格 ",
    "𠮷\u0001野\ud800",
    'a,"b"\n第二行',
    "0042",
    "1-2",
  ];
  for (const [ordinal, text] of odd.entries()) {
    const row = { messageId, ordinal, reference: `WHXDH-${ordinal}`, arrived: "2012-12-05 23:30" };
    await addSubmission(store.db, { ...row, title: text });
  }
  await rule("waiver", "2012-12-10 09:00");
  const files = await inLibreOffice("台账.xlsx", await ledger(), AS_CSV);
  expect([...files.keys()].sort()).toEqual(
    ["九大工程实施方案", "书面总结", "办公室决定", "应交情况", "待人工", "金点子"].map(
      (name) => `台账-${name}.csv`,
    ),
  );
  const csv = (files.get("台账-金点子.csv") as Buffer).toString();
  const shown = (text: string) => text.replaceAll("\r", "\n").replaceAll("\u0001", "").toWellFormed();
  for (const text of odd) {
    const plain = shown(text);
    const cell = /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
    expect(csv).toContain(`,张晓岚,${cell},`);
  }
  expect(csv.match(/,2012-12-05 23:30(:00)?,/g)).toHaveLength(odd.length);
  expect((files.get("台账-办公室决定.csv") as Buffer).toString()).toMatch(
    /2012-12-10 09:00(:00)?,免交,市图书馆,书面总结/,
  );
});

test("the .csv opens in LibreOffice with its Chinese, and nothing in it runs", async () => {
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  for (const [ordinal, text] of dangerous.entries()) {
    const row = { messageId, ordinal, reference: `WHXDH-${ordinal}`, arrived: "2012-12-05 10:00" };
    await addSubmission(store.db, { ...row, title: text });
  }
  const bytes = await ledger("csv");
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const again = (await inLibreOffice("a.csv", bytes, AS_CSV)).values().next().value as Buffer;
  for (const text of dangerous) expect(again.toString()).toContain(`'${text.replaceAll('"', '""')}`);
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
