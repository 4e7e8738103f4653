// Reliability §2 as a table: every cell of the matrix that says something has a named test, and says which.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const tests = resolve(import.meta.dirname, "..");

/**
 * K kill -9 · N network cut or reset · H half-open or dripping · D database down or its answer lost · F disk full ·
 * other: what the row says besides. A dash: nothing to show there.
 */
const matrix: [row: number, point: string, faults: string][] = [
  [1, "connect, login, ID, SELECT", "K N H D F other"],
  [2, "UID listing", "K N H D F other"],
  [3, "FETCH mid-literal", "K N H D F other"],
  [4, "raw written, record not committed", "K D F 2"],
  [5, "record committed, server not flagged", "K N H other"],
  [6, "MOVE half done", "K N H"],
  [7, "parse", "K D F O"],
  [8, "extract attachment i of n", "K D F O"],
  [9, "classify", "K D F other"],
  [10, "submission and acknowledgement intent", "K D F 2"],
  [11, "supersede", "K D F other"],
  [12, "intent claimed, nothing sent", "K N H D F T"],
  [13, "EHLO to RCPT", "K N H D F other"],
  [14, "DATA before the final dot", "K N H"],
  [15, "after the final dot, before 250", "K N H other"],
  [16, "250 seen, accepted not committed", "K D F"],
  [17, "DSN before the commit of accepted", "K other"],
  [18, "due query, tick", "K D F T 2"],
  [19, "reminder queued, submission then arrives", "K"],
  [20, "digest build", "K N H D F other"],
  [21, "login POST", "K N H D F 2"],
  [22, "human correction", "K N H D F 2"],
  [23, "export", "K D F other"],
  [24, "migration", "K other"],
  [25, "backup, restore", "K F other"],
  [26, "purge", "K D F"],
  [27, "SIGTERM", "K other"],
];

/** Cells proved by a test that stands where its subject is tested. */
const elsewhere: Record<string, [file: string, name: string]> = {
  "3 other": [
    "intake/intake.test.ts",
    "a mail the server lists and does not hand out is asked for three times, then put before the office",
  ],
  "7 O": [
    "reading/reader.test.ts",
    "a mail whose child dies every time comes back empty, with the reason as its problem",
  ],
  "8 O": ["reading/read.test.ts", "an attached mail that kills its child is held with the reason"],
  "11 other": ["submission/file.test.ts", "a stranger's version of a unit's report never supersedes"],
  "13 other": [
    "notice/send.test.ts",
    "frequency limited: nothing leaves for ten minutes, an hour, then a day",
  ],
  "20 other": [
    "digest/daily.test.ts",
    "after days of standstill the latest goes, covering everything since the one before",
  ],
  "22 2": [
    "submission/at-once.test.ts",
    "what the office withdraws is not changed by its sender at the same moment, nor said to be",
  ],
  "23 other": [
    "digest/ledger/ledger.test.ts",
    "more rows than a batch are all there, in order, in every format",
  ],
  "25 other": [
    "store/backup/restore.test.ts",
    "into an empty database everything comes back, byte for byte, and it is quiet",
  ],
  "26 K": [
    "service/retention/purge.test.ts",
    "killed in the middle it has removed nothing half, and goes on",
  ],
};

/** Cells without a test, and why. None of them is a pass. */
const notYet: Record<number, string> = {
  21: "no sign-in exists",
};

const sources = new Map(
  readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && !name.endsWith("table.test.ts"))
    .map((name) => [name, readFileSync(join(tests, name), "utf8")]),
);
const named = [...sources]
  .filter(([file]) => file.startsWith("faults/"))
  .flatMap(([, text]) =>
    [...text.matchAll(/"row (\d+) (\w+): /g)].map(([, row, fault]) => `${row} ${fault}`),
  );
const cells = matrix.flatMap(([row, point, faults]) =>
  faults.split(" ").map((fault) => ({ cell: `${row} ${fault}`, row, point, fault })),
);

test("the matrix has all the rows, and no test is named for a cell it does not have", () => {
  expect(matrix.map(([row]) => row)).toEqual(Array.from({ length: 27 }, (_, at) => at + 1));
  const known = new Set(cells.map(({ cell }) => cell));
  expect([...named, ...Object.keys(elsewhere)].filter((cell) => !known.has(cell))).toEqual([]);
});

for (const { cell, row, point, fault } of cells) {
  const missing = notYet[row];
  if (missing !== undefined && !named.includes(cell)) test.todo(`row ${row} ${fault}: ${point}: ${missing}`);
  else
    test(`row ${row} ${fault}: ${point}`, () => {
      const [file, name] = elsewhere[cell] ?? [];
      if (file !== undefined && name !== undefined) expect(sources.get(file) ?? "").toContain(`"${name}"`);
      else expect(named).toContain(cell);
    });
}
