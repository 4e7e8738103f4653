// `jinbox receive`, `extend` and `waive` as typed: what holds is printed, twice is once, and every mistake has its exit code.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeCampaign } from "../../support/campaign.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { endAllProcesses, startJinbox } from "../../support/jinbox.ts";

let folder: string;
let database: TestDatabase;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-ruling-"));
  database = await testDatabase();
  config = await writeCampaign(folder, { imapPort: 1, imapUser: "ideas", smtpPort: 1 });
});
afterAll(async () => {
  await endAllProcesses();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function jinbox(...args: string[]) {
  const env = { DATABASE_URL: database.url, JINBOX_CONFIG: config, JINBOX_DATA: join(folder, "data") };
  const started = startJinbox(args, env);
  const code = await started.ended;
  return { code, out: started.stdout().trim(), err: started.stderr().trim() };
}

test("each says what now holds, also when it was so already, and takes itself back", async () => {
  const extend = ["extend", "图书馆", "总结", "2012-12-28", "--why", "馆长出差", "--who", "邵文澜"];
  const holds = "市图书馆 · 书面总结：延至 2012-12-28，原定 12-25，这一天已过，仍算逾期";
  expect(await jinbox(...extend)).toEqual({ code: 0, out: holds, err: "" });
  expect(await jinbox(...extend)).toMatchObject({ code: 0, out: `${holds}（原已如此，没有重复记录）` });
  const scan = join(folder, "总\u001b\u202e结.txt");
  await writeFile(scan, "市文化馆书面总结\n一、开展情况。");
  const receive = [
    "receive",
    "文化馆",
    "书面总结",
    "--on",
    "2012-12-14T16:00",
    "--by",
    "paper",
    "--scan",
    scan,
  ];
  expect(await jinbox(...receive)).toMatchObject({
    code: 0,
    out: "市文化馆 · 书面总结：已收到，纸质 2012-12-14 16:00，扫描件 1 份",
  });
  expect(await jinbox("receive", "文化馆", "书面总结", "--undo", "--json")).toMatchObject({
    code: 0,
    out: JSON.stringify({
      ...{ kind: "receipt", revoked: true },
      things: [
        {
          ...{ deliverable: "summary-report", unit: "cultural-centre", item: null, state: "overdue" },
          ...{ dueOn: "2012-12-25", dueTime: null, changed: true },
        },
      ],
    }),
  });
  const { rows } = await database.pool.query(
    "select kind, made_by, way, why, filename from ruling left join ruling_scan on ruling_id = id order by id",
  );
  const office = "大讨论活动领导小组办公室";
  expect(rows).toEqual([
    { kind: "extension", made_by: "邵文澜", way: "command", why: "馆长出差", filename: null },
    { kind: "receipt", made_by: office, way: "command", why: "paper", filename: "总结.txt" },
    { kind: "receipt-revoked", made_by: office, way: "command", why: "", filename: null },
  ]);
  const documents = await database.pool.query("select text from document");
  expect(documents.rows).toEqual([{ text: "市文化馆书面总结\n一、开展情况。" }]);
});

test("a scan that is no file, or has no end, is refused before it is read", async () => {
  for (const scan of ["/dev/zero", folder]) {
    const refused = await jinbox("receive", "图书馆", "总结", "--scan", scan);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("不是文件") });
  }
  const missing = await jinbox("receive", "图书馆", "总结", "--scan", join(folder, "无"));
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("没有这个文件") });
});

test("2 where the line cannot be meant, 1 where what it asks for cannot be", async () => {
  const unnamed = await jinbox("waive", "文化管", "总结", "--why", "撤并");
  expect(unnamed).toMatchObject({ code: 2, out: "" });
  expect(unnamed.err).toContain("cultural-centre  市文化馆");
  expect(await jinbox("waive", "文化馆", "总结")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--why"),
  });
  expect(await jinbox("extend", "文化馆", "总结", "--why", "忙")).toMatchObject({
    ...{ code: 2, err: expect.stringContaining("延到哪一天") },
  });
  expect(await jinbox("extend", "局领导班子", "总结", "2012-12-28", "--why", "忙")).toEqual({
    ...{ code: 1, out: "", err: "局领导班子不用交书面总结，没有改动" },
  });
});
