// `jinbox simulate` says the same of the same mails: whatever the host's zone and language, the files' names and the load.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";

let folder: string;
let database: TestDatabase;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-simulate-"));
  database = await testDatabase();
  config = join(folder, "campaign.yaml");
  await writeFile(config, stringify(campaign));
});
afterAll(async () => {
  await endAllProcesses();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const contact = (name: string, email: string) => ({ name, email });
const unit = (code: string, name: string) => ({
  ...{ code, name, kind: "grassroots", staff: 30, domains: [`${code}.example`] },
  liaison: contact("联络员", `liaison@${code}.example`),
  head: contact("馆长", `head@${code}.example`),
});
const campaign = {
  campaign: {
    ...{ code: "SAME", title: "大讨论", locale: "zh-CN", timezone: "Asia/Shanghai" },
    ...{ opens: "2012-11-26", closes: "2012-12-12" },
  },
  mailbox: { address: "ideas@bureau.example" },
  office: { name: "活动办公室", members: [contact("办公室", "office@bureau.example")], digest: "17:30" },
  units: [unit("library", "市图书馆"), unit("museum", "市博物馆"), unit("gallery", "市美术馆")],
  deliverables: [
    { code: "idea", name: "金点子", from: "person" },
    { code: "report", name: "工作总结", from: "unit", owedBy: ["grassroots"], due: "2012-12-05" },
  ],
};

const longer = (subject: string, unit: string) =>
  `${subject}\n我是${unit}职工。建议把周五、周六的闭馆时间推迟到晚上九点，先试三个月，统计每晚到馆人数。`;

const reportOf = (unit: string) =>
  [
    `${unit}工作总结`,
    "一、主要做法。组织全体职工开展讨论，召开座谈会六场，收集意见四十三条。",
    "二、存在问题。服务时间与群众需求不合。",
    unit,
  ].join("\n");

/** One morning's mails: some of one instant, a thread, a copy, two alike, and what is no mail or tells no time. */
async function mails(): Promise<{ name: string; raw: Buffer }[]> {
  const instant = "Tue, 27 Nov 2012 10:00:00 +0800";
  const idea = (name: string, from: string, of: string, headers: Record<string, string>) => ({
    name,
    parts: {
      ...{ from, subject: `金点子：${name}`, text: longer(name, of), headers },
      ...{ messageId: `<${name}@${from.split("@")[1]?.replace(">", "")}>` },
    },
  });
  const first = "<first@library.example>";
  const all = [
    idea("夜间开放", "王敏 <wangm@library.example>", "市图书馆", {
      "X-Jinbox-Arrived": "2012-11-27T10:00:00+08:00",
    }),
    idea("夜间延时", "李青 <liq@museum.example>", "市博物馆", { "X-Jinbox-Arrived": "2012-11-27T02:00:00Z" }),
    // The last server's word, in another zone, is the same instant again.
    idea("周末夜场", "赵岚 <zhaol@gallery.example>", "市美术馆", {
      Received: "from a.example by mx.bureau.example with ESMTP; Mon, 26 Nov 2012 21:00:00 -0500",
    }),
    // Of one instant, and the answer's name comes first.
    {
      name: "b-original",
      parts: {
        ...{ from: "联络员 <liaison@library.example>", subject: "市图书馆工作总结", messageId: first },
        ...{ text: reportOf("市图书馆"), headers: { "X-Jinbox-Arrived": instant } },
      },
    },
    {
      name: "a-answer",
      parts: {
        ...{
          from: "联络员 <liaison@library.example>",
          subject: "Re: 市图书馆工作总结",
          text: "撤回这份总结。",
        },
        ...{ messageId: "<second@library.example>", inReplyTo: first, references: [first] },
        headers: { "X-Jinbox-Arrived": instant },
      },
    },
    {
      name: "night",
      parts: {
        ...{
          from: "联络员 <liaison@museum.example>",
          subject: "市博物馆工作总结",
          messageId: "<n@museum.example>",
        },
        ...{ text: "总结见附件。", headers: { "X-Jinbox-Arrived": "2012-12-06T02:13:07+08:00" } },
        attachments: [{ filename: "工作总结.txt", content: reportOf("市博物馆") }],
      },
    },
  ];
  const raw = await Promise.all(
    all.map(async ({ name, parts }) => {
      const built = await mail({ date: new Date("2012-11-26T00:00:00Z"), ...parts });
      // A composer's boundary is another one every time; the file is written once and only copied.
      return { name, raw: built };
    }),
  );
  const undated = (await mail({ messageId: "<u@library.example>" }))
    .toString("latin1")
    .replace(/^Date:.*\r\n/m, "");
  return [
    ...raw,
    { name: "copy", raw: raw[0]?.raw ?? Buffer.alloc(0) },
    { name: "undated", raw: Buffer.from(undated, "latin1") },
    { name: "no-mail", raw: Buffer.from([0, 255, 254, 13, 10, 1, 2, 3]) },
    { name: "nothing", raw: Buffer.alloc(0) },
  ];
}

/** What a run said, and every mail it composed, by name. */
async function simulate(mailFolder: string, env: Record<string, string>, more: string[] = []) {
  const out = await mkdtemp(join(folder, "out-"));
  const run = startJinbox(
    ["simulate", "--mail", mailFolder, "--config", config, "--out", out, "--json", ...more],
    { DATABASE_URL: database.url, ...env },
  );
  expect(await run.ended, run.stderr()).toBe(0);
  const names = (await readdir(out)).sort();
  const composed = await Promise.all(
    names.map(async (name) => [name, await readFile(join(out, name), "latin1")]),
  );
  return { lines: run.stdout(), told: run.stderr(), composed: Object.fromEntries(composed) };
}

test("twice the same, byte for byte: another zone and language, other names and dates of files, both at once", {
  timeout: 120_000,
}, async () => {
  const [one, other] = [join(folder, "one"), join(folder, "other")];
  await mkdir(join(one, "inner/most"), { recursive: true });
  await mkdir(join(other, "folder.eml"), { recursive: true });
  await writeFile(join(one, "readme.txt"), "not a mail");
  for (const [index, { name, raw }] of (await mails()).entries()) {
    await writeFile(join(one, index % 2 === 0 ? "" : "inner/most", `${name}.eml`), raw);
    const renamed = join(other, index % 3 === 0 ? "folder.eml" : "", `${String(99 - index)}.EML`);
    await writeFile(renamed, raw);
    await utimes(renamed, 1_000_000 - index, 1_000_000 - index);
  }
  const [first, second] = await Promise.all([
    simulate(one, { TZ: "America/Los_Angeles", LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8" }),
    simulate(other, { TZ: "Pacific/Kiritimati", LANG: "C" }),
  ]);
  expect(second.lines).toBe(first.lines);
  expect(second.composed).toEqual(first.composed);

  const notices = first.lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(Object.keys(first.composed)).toHaveLength(notices.length);
  for (const name of ["undated", "no-mail", "nothing"])
    expect(first.told).toContain(`${name}.eml tells no time of arrival`);
  // The answer was not read before what it answers: the report was withdrawn, and is asked for.
  const late = notices.filter(({ kind }) => kind === "overdue" || kind === "escalation");
  const days = (code: string) =>
    late.filter(({ unit }) => unit === code).map(({ at }: { at: string }) => at.slice(5, 10));
  expect(days("library")).toEqual(["12-06", "12-10", "12-12"]);
  expect(days("museum")).toEqual([]);
  expect(days("gallery")).toEqual(days("library"));

  // A span that ends earlier is the beginning of the longer one.
  const shorter = await simulate(one, { TZ: "UTC" }, ["--to", "2012-12-04"]);
  expect(first.lines.startsWith(shorter.lines)).toBe(true);
  expect(shorter.lines.length).toBeGreaterThan(1_000);
  expect(first.composed).toMatchObject(shorter.composed);
});

test("the line of a notice is the object that explain prints, with when, whose, copies and state", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["src/main.ts", "explain", join(folder, "one/夜间开放.eml"), "--config", config, "--json"],
  ]);
  const keys = Object.keys(JSON.parse(stdout).notices[0]);
  const { lines } = await simulate(join(folder, "one"), {}, ["--to", "2012-11-27"]);
  const notice = JSON.parse(lines.split("\n")[0] ?? "");
  expect(Object.keys(notice).sort()).toEqual([...keys, "at", "unit", "cc", "state"].sort());
});

test("wrong use ends with 2 and says what is wrong; a folder without mails is played all the same", async () => {
  const empty = join(folder, "empty");
  await mkdir(empty);
  const run = async (...args: string[]) => {
    const jinbox = startJinbox(["simulate", "--config", config, ...args], { DATABASE_URL: database.url });
    return { code: await jinbox.ended, told: jinbox.stderr(), said: jinbox.stdout() };
  };
  const [missing, backwards, noDay, full, silent] = await Promise.all([
    run("--mail", join(folder, "nowhere")),
    run("--mail", empty, "--from", "2012-12-12", "--to", "2012-12-01"),
    run("--mail", empty, "--from", "2012-02-30"),
    run("--mail", empty, "--out", folder),
    run("--mail", empty, "--from", "2012-12-03", "--to", "2012-12-06"),
  ]);
  expect(missing).toMatchObject({ code: 2, said: "", told: expect.stringContaining("没有这个文件夹") });
  expect(backwards).toMatchObject({ code: 2, told: expect.stringContaining("晚于最后一天") });
  expect(noDay).toMatchObject({ code: 2, told: expect.stringContaining("请写成 2012-12-15 这样的日期") });
  expect(full).toMatchObject({ code: 2, told: expect.stringContaining("不是空文件夹") });
  expect(silent.code).toBe(0);
  expect(silent.told).toContain("其中没有 .eml 文件");
  expect(silent.said.match(/reminder/g)).toHaveLength(3);
  expect(silent.said.match(/overdue/g)).toHaveLength(3);
});
