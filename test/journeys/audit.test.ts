// Everything a person does leaves its entry in the audit: by mail, by command, as an office member or a sender (R69).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { announce, beginAnnouncement } from "../../src/notice/announce/announce.ts";
import { planOf } from "../../src/notice/announce/announcement.ts";
import { audienceOf } from "../../src/notice/announce/audience.ts";
import { stopAnnouncement } from "../../src/notice/announce/records.ts";
import { dropWaiting, intend, letWaitingGo, UNTIL_THE_OFFICE_SAYS_SO } from "../../src/notice/outbox.ts";
import { reclassifyHeld } from "../../src/service/reclassify.ts";
import { auditActions, auditHead, verifyAudit } from "../../src/store/audit.ts";
import { intent as notice } from "../notice/office.ts";
import { endAllProcesses, root, startJinbox } from "../support/jinbox.ts";
import { arrivedAt, mailedOffice } from "../support/mailed-office.ts";
import type { MailToBuild } from "../support/mails.ts";

const { office, sent, deliver, rows } = await mailedOffice();
afterAll(endAllProcesses);

const member = "邵文澜 <shaowl@culture.example>";
const ayuan = "阿远 <ayuan@qq.example>";
const liaison = "梅听雪 <liaison@lib.culture.example>";
const seen = new Set<string>();
let looked = 0;

/** What was entered since it was last asked: what, about what, by whom, which way and asked for in which mail. */
async function entered(): Promise<string[]> {
  const all = await rows(`select * from audit where id > ${looked} order by id`);
  looked = Number(all.at(-1)?.id ?? looked);
  for (const { action } of all) seen.add(String(action));
  return all.map(({ action, about, who, before, after, way, asked_in: asked }) =>
    [action, about, who, way, asked, before, after].map((value) => value ?? "").join("|"),
  );
}

async function digest(): Promise<string> {
  const { members } = office.campaign.office;
  await intend(
    office.app.db,
    office.campaign,
    [notice("digest/2026-11-23", { kind: "digest", to: members })],
    arrivedAt,
  );
  const [row] = await rows("select rfc_message_id as id from notice where kind = 'digest'");
  return String(row?.id);
}
const reply = (to: string, text: string): MailToBuild => ({
  ...{ from: member, subject: "回复：每日简报", text, inReplyTo: to, references: [to] },
});
const idea = {
  from: ayuan,
  subject: "金点子：夜间开放",
  text: "我是市图书馆的阿远。建议每周五晚上延长开放到九点，方便上班族来借书。",
};
const report = {
  from: liaison,
  subject: "市图书馆大讨论活动书面总结",
  text: "现将我馆大讨论活动书面总结报上。\n一、活动开展情况。全馆职工分三批参加学习讨论。\n二、查找的差距。夜间服务不足。\n三、下一步打算。延长开放时间。\n市图书馆\n2026年11月20日",
};

test("a sender corrects, replaces and withdraws", async () => {
  await deliver(idea);
  expect(await entered()).toEqual([]);
  await deliver({
    from: ayuan,
    subject: `Re: ${sent[0]?.subject}`,
    inReplyTo: sent[0]?.messageId ?? "",
    text: "题目改为《周五夜读》。",
  });
  await deliver({
    ...idea,
    subject: "金点子：周五夜读（修改稿）",
    text: `这是修改稿，以此为准。\n${idea.text}另配值班馆员。`,
  });
  await deliver({ from: ayuan, subject: "撤回", text: "请撤回我那条WHXDH-0002，谢谢。" });
  const by = "ayuan@qq.example|mail";
  expect(await entered()).toEqual([
    `sender-correct|WHXDH-0001/title|${by}|2|夜间开放|周五夜读`,
    `sender-supersede|WHXDH-0002|${by}|3|WHXDH-0001|`,
    `sender-withdraw|WHXDH-0002|${by}|4|current|`,
  ]);
});

test("a sender adds what he forgot, and completes what was held", async () => {
  const file = (filename: string, text: string) => [{ filename, content: Buffer.from(text) }];
  await deliver(report);
  await deliver({
    ...{ from: liaison, subject: `Re: ${sent[0]?.subject}`, inReplyTo: sent[0]?.messageId ?? "" },
    ...{
      text: "刚才漏发附件了，补上。",
      attachments: file("附表一.txt", "附表一：座谈会一览\n第一次 参加四十人"),
    },
  });
  await deliver({ from: ayuan, subject: "金点子：夜间开放", text: "详见附件。\n市图书馆 阿远" });
  const asked = sent.at(-1);
  await deliver({
    ...{
      from: ayuan,
      subject: `Re: ${asked?.subject}`,
      inReplyTo: asked?.messageId ?? "",
      text: "忘了附上，补发",
    },
    attachments: file(
      "夜间开放.txt",
      "夜间开放\n建议每周五晚上延长开放到九点，方便上班族来借书。\n市图书馆 阿远",
    ),
  });
  expect(await entered()).toEqual([
    "sender-supplement|WHXDH-0001|liaison@lib.culture.example|mail|2||补充附件：附表一.txt",
    "sender-complete|mail/3|ayuan@qq.example|mail|4||",
  ]);
});

test("the office files, puts aside, corrects, confirms, withdraws and rules in reply to its digest", async () => {
  const due = office.campaign.deliverables.find(({ code }) => code === "summary-report");
  if (due) due.due = "2026-12-25";
  const held = { ...idea, text: "建议公共文化场馆每周五晚上延长开放到九点，方便上班族。" };
  const other = {
    ...held,
    from: "小岑 <xiaocen@qq.example>",
    text: "建议在地铁站里增设二十四小时自助还书机。",
  };
  await deliver(held, other, { ...report, from: "某人 <someone@qq.example>" });
  await deliver(
    reply(await digest(), "#1 单位=文化馆\n#2 忽略 备注=已电话答复\n#0001 确认\n#0001 标题=「总结」"),
  );
  const by = "shaowl@culture.example|mail";
  expect(await entered()).toEqual([
    `file|mail/1|${by}|4|unit-unknown|WHXDH-0002`,
    `correct|WHXDH-0002/unit|${by}|4||cultural-centre`,
    `dismiss|mail/2|${by}|4|unit-unknown|已电话答复`,
    `confirm|WHXDH-0001|${by}|4|false|true`,
    `correct|WHXDH-0001/title|${by}|4|市图书馆大讨论活动书面总结|总结`,
  ]);
  const [first] = await rows("select rfc_message_id as id from notice where kind = 'digest'");
  await deliver(
    reply(
      String(first?.id),
      "#0002 撤回\n收到 文化馆 总结 11-18 纸质\n延期 博物馆 总结 到12月28日 原因=出差\n免交 考古所 总结（今年撤并）",
    ),
  );
  await deliver(
    reply(String(first?.id), "取消 收到 文化馆 总结\n取消延期 博物馆 总结\n取消免交 考古所 总结"),
  );
  expect((await entered()).map((line) => line.split("|").slice(0, 2).join("|"))).toEqual([
    "withdraw|WHXDH-0002",
    "receipt|ruling/summary-report/cultural-centre",
    "extension|ruling/summary-report/museum",
    "waiver|ruling/summary-report/archaeology",
    "receipt-revoked|ruling/summary-report/cultural-centre",
    "extension-revoked|ruling/summary-report/museum",
    "waiver-revoked|ruling/summary-report/archaeology",
  ]);
});

test("what the office's word moves among versions is entered, too", async () => {
  const newer = {
    ...report,
    subject: "市图书馆书面总结（修改稿，以此为准）",
    text: `这是修改稿，以此为准。\n${report.text}\n四、补充。`,
  };
  await deliver(report, newer);
  await deliver(reply(await digest(), "#0002 单位=博物馆\n#0002 单位=图书馆"));
  const actions = (await entered()).map((line) => line.split("|").slice(0, 2).join("|"));
  expect(actions).toEqual([
    "sender-supersede|WHXDH-0002",
    "correct|WHXDH-0002/unit",
    "reinstate|WHXDH-0001",
    "correct|WHXDH-0002/unit",
    "supersede|WHXDH-0002",
  ]);
});

test("the office decides about notices, old mail, announcements and a second look", async () => {
  const { db } = office.app;
  const { campaign } = office;
  const now = arrivedAt;
  const id = await digest();
  await intend(
    db,
    campaign,
    ["a", "b"].map((one) => notice(`duty/library/${one}`, { kind: "overdue", unit: "library" })),
    now,
  );
  for (const state of ["claimed", "data-sent", "ambiguous"])
    await rows(`update notice set state = '${state}', settled_at = now() where kind = 'overdue'`);
  const ids = (await rows("select id from notice where kind = 'overdue' order by id")).map((row) => row.id);
  await deliver(reply(id, `通知 ${ids[0]} 重发\n通知 ${ids[1]} 不再发`));
  const waits = (key: string) =>
    intend(db, campaign, [notice(key, { notBefore: UNTIL_THE_OFFICE_SAYS_SO })], now);
  await waits("answer/901");
  await letWaitingGo(db, campaign, now);
  await waits("answer/902");
  await dropWaiting(db, campaign, now);
  const text = "关于开展大讨论活动的通知\n\n各单位：\n请参加。\n";
  const plan = planOf({
    ...{ name: "1", path: "/tmp/announcement.txt", text, subject: null, locale: "zh-CN" },
    bytes: Buffer.from(text),
  });
  const { announcement } = await beginAnnouncement({ db, campaign }, plan, now);
  await announce({ db, campaign }, announcement, audienceOf(campaign, "contacts"), now, {
    circle: "contacts",
  });
  await stopAnnouncement(db, campaign, "1", now);
  expect((await entered()).map((line) => line.split("|").slice(0, 2).join("|"))).toEqual([
    `notice-resend|notice/${ids[0]}`,
    `notice-settle|notice/${ids[1]}`,
    "backlog-answer|backlog",
    "backlog-dismiss|backlog",
    "announce|announcement/1",
    "announce|announcement/1",
    "announce-stop|announcement/1",
  ]);
});

test("a second look that files a mail names the mail and what was filed", async () => {
  const held = (from: string, text: string) => ({
    from: `<${from}@qq.example>`,
    subject: `金点子 ${from}`,
    text: `${text}\n县文化站`,
  });
  await deliver(
    held("ayuan", "建议每周五晚上延长开放到九点，方便上班族。"),
    held("xiaocen", "建议在站里增设自助还书机，方便读者。"),
  );
  await deliver(reply(await digest(), "#1 单位=文化馆"));
  await entered();
  await Array.fromAsync(reclassifyHeld(office.app, { dryRun: false, allHeld: false }));
  expect(await entered()).toEqual([
    expect.stringMatching(/^reclassify\|mail\/2\|.+\|command\|\|\|WHXDH-0002$/),
  ]);
});

test("the command shows it, checks it, and sees what was tampered with", async () => {
  const jinbox = async (...args: string[]) => {
    const env = {
      DATABASE_URL: office.database.url,
      JINBOX_CONFIG: office.configFile,
      JINBOX_DATA: office.folder,
    };
    const started = startJinbox(args, env);
    const code = await started.ended;
    return { code, out: started.stdout(), err: started.stderr() };
  };
  const out = join(office.folder, "台账.csv");
  expect(await jinbox("export", "--out", out)).toMatchObject({ code: 0 });
  expect(await entered()).toEqual([expect.stringMatching(/^export\|ledger\|.+\|command\|\|\|台账\.csv$/)]);
  const shown = await jinbox("audit", "--about", "WHXDH-0001/title", "--json");
  expect(JSON.parse(shown.out.split("\n")[0] ?? "")).toMatchObject({
    ...{ number: 1, action: "sender-correct", who: "ayuan@qq.example", way: "mail", askedIn: 2 },
    ...{ before: "夜间开放", after: "周五夜读" },
  });
  expect((await jinbox("audit")).out).toContain("发件人更正 sender-correct  WHXDH-0001/title");
  const head = await auditHead(office.app.db);
  const noted = `${head?.number}:${head?.hash.slice(0, 16)}`;
  expect(await jinbox("audit", "verify", "--head", noted)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${head?.number}:${head?.hash}`),
  });
  const client = await office.database.pool.connect();
  await client.query("set session_replication_role = replica; update audit set after = 'x' where id = 2");
  client.release(true);
  expect(await jinbox("audit", "verify")).toMatchObject({ code: 1, err: expect.stringContaining("第 2 条") });
  expect((await verifyAudit(office.app.db)).fault).toMatchObject({ fault: "changed", number: 2 });
  expect(await jinbox("audit", "verify", "--head", "1:x")).toMatchObject({ code: 2 });
});

/** What each command enters; in words, why it enters nothing. */
const commands: Record<string, readonly string[] | string> = {
  ...{ demo: "its data is thrown away", simulate: "its data is thrown away" },
  ...{ run: "the machine's own work", poll: "the machine's own work", reconcile: "reads" },
  ...{ explain: "reads", extract: "reads", status: "reads", remind: "reads", templates: "reads" },
  ...{ doctor: "reads", audit: "reads" },
  ...{ urging: ["export"], compendium: ["export"], export: ["export"], digest: ["digest"] },
  announce: ["announce", "announce-stop"],
  held: ["file", "dismiss"],
  ...{ receive: ["receipt"], extend: ["extension"], waive: ["waiver"] },
  notice: ["notice-resend", "notice-settle"],
  reclassify: ["reclassify"],
  backlog: ["backlog-answer", "backlog-dismiss"],
  migrate: ["migrate", "grant"],
  ...{ backup: ["backup"], restore: ["restore"], purge: ["purge"], forget: ["forget"] },
};
/** Proved in tests of their own. */
const elsewhere = ["resume-address", "migrate", "grant", "digest", "backup", "restore", "purge", "forget"];

test("no command is without its word on the audit, and every kind of entry has been seen", () => {
  const main = readFileSync(join(root, "src/main.ts"), "utf8");
  const named = [...main.matchAll(/import\("\.\/commands\/([\w-]+)\.ts"\) *,/g)].map(([, name]) =>
    String(name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !(name in commands))).toEqual([]);
  const all = Object.values(commands).flatMap((entry) => (typeof entry === "string" ? [] : entry));
  expect(all.filter((action) => !auditActions.some((one) => one === action))).toEqual([]);
  expect(auditActions.filter((action) => !seen.has(action) && !elsewhere.includes(action))).toEqual([]);
});
