// jinbox export: the file is whole or not there, and what cannot be meant is said before anything is written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseCommand, UsageError } from "../../src/commands/command.ts";
import { command } from "../../src/commands/export.ts";
import { addMail, addSubmission, openMailbox } from "../digest/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { until } from "../support/until.ts";

let store: TestDatabase;
let folder: string;

beforeAll(async () => {
  store = await testDatabase();
  await openMailbox(store.db);
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  await addSubmission(store.db, { messageId, reference: "WHXDH-0001", arrived: "2012-12-05 10:00" });
  await addSubmission(store.db, {
    ...{ messageId, ordinal: 1, reference: "WHXDH-0002", unit: "museum", arrived: "2012-12-06 10:00" },
  });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-export-"));
});
afterAll(async () => {
  await endAllProcesses();
  await store.drop();
});

async function exported(...args: string[]) {
  const run = startJinbox(["export", ...args], { DATABASE_URL: store.url });
  return { code: await run.ended, out: run.stdout(), err: run.stderr() };
}

test("writes the file, for its owner alone, and says where; a unit may be called by an alias", async () => {
  const out = join(folder, "台账.csv");
  await writeFile(out, "the old one");
  const run = await exported("--out", out, "--unit", "市图", "--from", "2012-12-05", "--to", "2012-12-05");
  expect([run.code, run.out]).toEqual([0, `${out}\n`]);
  const text = await readFile(out, "utf8");
  expect(text).toContain("WHXDH-0001");
  expect(text).not.toContain("WHXDH-0002");
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["台账.csv"]);
  await rm(folder, { recursive: true });
});

test("a folder that is not there ends with 2 and is named", async () => {
  const run = await exported("--out", join(folder, "none/a.csv"));
  expect([run.code, run.err]).toEqual([2, expect.stringContaining("ENOENT")]);
});

test("a folder in the file's place ends with 2 before anything is read", async () => {
  await mkdir(join(folder, "a.xlsx"));
  const refused = await exported("--out", join(folder, "a.xlsx"));
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("这是文件夹")]);
});

test("ended by a signal while it writes, it leaves nothing behind", async () => {
  const writing = `import { writeWholeFile } from ${JSON.stringify(join(import.meta.dirname, "../../src/commands/whole-file.ts"))};
    await writeWholeFile(process.argv[1], (file) => new Promise((_, fail) => {
      file.on("error", fail);
      file.write("half", () => setInterval(() => {}, 1_000));
    }));`;
  const args = ["--input-type=module", "--eval", writing, join(folder, "a.csv")];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  const ended = once(child, "exit");
  await until("the half file lies there", async () => (await readdir(folder)).length === 1);
  child.kill("SIGTERM");
  expect(await ended).toEqual([null, "SIGTERM"]);
  expect(await readdir(folder)).toEqual([]);
});

test("what cannot be meant says what to write, and leaves what was there", async () => {
  const out = join(folder, "a.csv");
  await writeFile(out, "the old one");
  for (const [args, words] of [
    [["--out", "a.pdf"], ".xlsx"],
    [["--out", out, "--unit", "气象局"], "library  市图书馆"],
    [["--out", out, "--type", "周报"], "golden-idea  金点子"],
    [["--out", out, "--state", "差不多"], "overdue  逾期未交"],
    [["--out", out, "--state", "逾期未交"], "--sheet owed"],
    [["--out", out, "--sheet", "封面"], "held  待人工"],
    [["--out", out, "--from", "2012-11-31"], "2012-12-15T17:30"],
    [["--out", out, "--from", "2012-12-02", "--to", "2012-12-01"], "颠倒"],
  ] as [string[], string][]) {
    const input = parseCommand(command, args);
    if (input === "help") throw new Error("help was not asked for");
    await expect(command.run(input)).rejects.toThrow(UsageError);
    await expect(command.run(input)).rejects.toThrow(words);
  }
  expect(await readdir(folder)).toEqual(["a.csv"]);
  expect(await readFile(out, "utf8")).toBe("the old one");
  await rm(folder, { recursive: true });
});
