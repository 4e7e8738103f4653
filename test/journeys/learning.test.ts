// A name nobody configured: the office says once whose it is, by replying to its digest; from then on it is known.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { takeIn } from "../../src/intake/intake.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type App, buildApp } from "../../src/service/app.ts";
import { type MemoryMailbox, memoryMailbox } from "../../src/service/memory.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { differentlyFiled, type LookedAgain, reclassifyHeld } from "../../src/service/reclassify.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { outOfStep } from "../support/out-of-step.ts";

const clock = virtualClock(new Date("2026-11-23T02:00:00Z"));
let office: TestOffice;
let mailbox: MemoryMailbox;
let sent: OutgoingNotice[] = [];
let boxes = 0;

beforeAll(async () => {
  office = await openOffice({ transport: captureTransport((notice) => void sent.push(notice)), clock });
});
afterAll(async () => {
  await endAllProcesses();
  await office?.end();
});
beforeEach(async () => {
  await office.empty();
  sent = [];
  boxes += 1;
  mailbox = memoryMailbox(`learning-${boxes}`);
  clock.moveTo(new Date(clock.now().getTime() + 24 * 3_600_000));
});

async function deliver(...mails: MailToBuild[]): Promise<void> {
  for (const parts of mails) {
    clock.moveTo(new Date(clock.now().getTime() + 60_000));
    mailbox.deliver(await mail(parts), clock.now());
    await office.pass(mailbox as Mailbox);
  }
}

async function rows(query: string): Promise<Record<string, unknown>[]> {
  return (await office.database.pool.query(query)).rows;
}
const submissions = () =>
  rows("select reference, unit, verified, decided_by, state, message_id from submission order by id");
const states = async () => (await rows("select state from message order by id")).map(({ state }) => state);

/** The real digest of the next working evening, out of the real books. */
async function digest(): Promise<OutgoingNotice> {
  for (;;) {
    const day = new Date(clock.now().getTime() + 3_600_000);
    clock.moveTo(day);
    const context = { ...office.app, now: clock.now() };
    if ((await dailyDigest(context)) === "sent") break;
  }
  await sendPass(office.app);
  const written = sent.findLast(({ kind }) => kind === "digest");
  if (!written) throw new Error("no digest was sent");
  return written;
}

const answerTo = (notice: OutgoingNotice, text: string): MailToBuild => ({
  from: "活动办公室 <office@culture.example>",
  subject: `Re: ${notice.subject}`,
  inReplyTo: notice.messageId,
  references: [notice.messageId],
  text: `${text}\n\n在 2026-11-24 17:30，"办公室" <ideas@culture.example> 写道：\n${notice.text.replace(/^/gm, "> ")}`,
});

const from = (person: string, words: string, signs = "县文化站"): MailToBuild => ({
  from: `${person} <${person}@qq.example>`,
  subject: "金点子：夜间开放",
  text: `建议${words}，方便上班族。\n\n${signs}\n2026年11月20日`,
});
const first = from("ayuan", "每周五晚上把阅览室开放到九点");
const second = from("xiaocen", "在地铁口添置自助还书机");
const third = from("laoqi", "周末在广场办露天电影和讲座");

async function looked(
  app: App,
  options: { dryRun?: boolean; allHeld?: boolean } = {},
): Promise<LookedAgain[]> {
  const all: LookedAgain[] = [];
  for await (const one of reclassifyHeld(app, { dryRun: false, allHeld: false, ...options })) all.push(one);
  return all;
}

test("held, explained by the office in reply to the digest, and from the next mail on filed by itself", async () => {
  await deliver(first);
  expect(await states()).toEqual(["held"]);
  const evening = await digest();
  expect(evening.text).toContain("来件写的是“县文化站”");
  const line = /^ *(#1 .*)$/m.exec(evening.text)?.[1] ?? "";
  expect(line).toBe("#1 单位=？ 类型=金点子");
  await deliver(answerTo(evening, line.replace("？", "文化馆")));
  expect(await submissions()).toMatchObject([
    { unit: "cultural-centre", decided_by: "office", verified: true },
  ]);
  await deliver(second);
  expect(await states()).toEqual(["filed", "filed", "filed"]);
  expect((await submissions())[1]).toMatchObject({
    unit: "cultural-centre",
    decided_by: "rules",
    verified: false,
  });
  const [{ evidence }] = (await rows(
    "select understanding -> 'unit' -> 'evidence' as evidence from message where id = 3",
  )) as [{ evidence: object[] }];
  expect(evidence).toContainEqual(
    expect.objectContaining({ where: "office", words: "县文化站＝市文化馆（办公室更正 WHXDH-0001）" }),
  );
});

test("replies in HTML, the digest quoted below by whatever program, say only what stands above", async () => {
  await deliver(first, second);
  const evening = await digest();
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(evening.html ?? "")?.[1] ?? "";
  expect(body).toContain("#1 单位=");
  const quotes = [
    `<div style="font-size:12px">------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b>&nbsp;"办公室"&lt;ideas@culture.example&gt;;</div><div><b>主题:</b>&nbsp;每日简报</div>${body}`,
    `<blockquote type="cite"><div>在 2026年11月24日，17:30，办公室 &lt;ideas@culture.example&gt; 写道：</div>${body}</blockquote>`,
    `<div id="isReplyContent"><br>At 2026-11-24 17:30:00, "办公室" &lt;ideas@culture.example&gt; wrote:<br><blockquote>${body}</blockquote></div>`,
    `<hr><div><b>发件人:</b> 办公室 &lt;ideas@culture.example&gt;<br><b>发送时间:</b> 2026年11月24日 17:30<br><b>收件人:</b> 活动办公室<br><b>主题:</b> 每日简报</div>${body}`,
    `<div><br></div>${body}`,
  ];
  for (const [index, quote] of quotes.entries()) {
    const html = `<div>#2 标题=第${index}稿 单位=？</div>${quote}`;
    const { text: _, ...reply } = answerTo(evening, "");
    await deliver({ ...reply, text: "", html });
    expect((await states()).slice(0, 2), `quote ${index}`).toEqual(["held", "held"]);
    expect(sent.at(-1)?.text.match(/已办：|未办：/g), `quote ${index}`).toEqual(["未办："]);
  }
});

test("the mail that follows the office's in the very same pass knows it already", async () => {
  await deliver(first);
  const evening = await digest();
  mailbox.deliver(await mail(answerTo(evening, "#1 单位=文化馆")), clock.now());
  mailbox.deliver(await mail(second), new Date(clock.now().getTime() + 1000));
  await office.pass(mailbox as Mailbox);
  expect((await submissions()).map(({ unit }) => unit)).toEqual(["cultural-centre", "cultural-centre"]);
});

test("a process that runs beside learns it, too; what is decided otherwise later is forgotten", async () => {
  const beside = buildApp({
    ...{ campaign: office.campaign, db: office.database.db, clock, log: silentLogger, children: 1 },
    transport: captureTransport(() => undefined),
  });
  const take = async (parts: MailToBuild) => {
    clock.moveTo(new Date(clock.now().getTime() + 60_000));
    mailbox.deliver(await mail(parts), clock.now());
    await takeIn(mailbox, { ...beside, liveAt: new Date(0), enqueue: async () => undefined });
    await handleAll(beside);
  };
  try {
    await take(first);
    expect(await states()).toEqual(["held"]);
    const evening = await digest();
    await deliver(answerTo(evening, "#1 单位=文化馆"));
    await take(second);
    expect(await states()).toEqual(["filed", "filed", "filed"]);
    await deliver(answerTo(evening, "#0002 单位=博物馆"));
    await take(third);
    expect((await states()).at(-1)).toBe("held");
  } finally {
    await beside.close();
  }
});

test("a report under a learned name is kept, unverified, until the office confirms that very one", async () => {
  await deliver(first);
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆"));
  const report = {
    from: "某人 <somebody@qq.example>",
    subject: "县文化站大讨论活动书面总结",
    text: "现将我站大讨论活动书面总结报上。\n一、活动开展情况。全站职工分三批参加学习讨论。\n二、查找的差距。夜间服务不足。\n三、下一步打算。延长开放时间。\n县文化站\n2026年11月20日",
  };
  await deliver(report);
  expect((await submissions()).at(-1)).toMatchObject({ unit: "cultural-centre", verified: false });
  await deliver(answerTo(evening, "#0002 确认"));
  expect((await submissions()).at(-1)).toMatchObject({
    unit: "cultural-centre",
    verified: true,
    decided_by: "office",
  });
});

test("who forwards a letter is not taken for one of its unit", async () => {
  await deliver({ ...first, subject: "转发：金点子：夜间开放" });
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆"));
  await deliver({ ...from("ayuan", "在地铁口添置自助还书机", "谢谢"), subject: "金点子：自助还书" });
  expect((await states()).at(-1)).toBe("held");
});

test("an example whose submission is withdrawn teaches nothing any more", async () => {
  await deliver(first);
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆"), answerTo(evening, "#0001 撤回"));
  await deliver(second);
  expect((await states()).at(-1)).toBe("held");
});

test("reclassify shows, files what is sure now, tells its sender once, and does nothing twice", async () => {
  await deliver(first, second, from("laoqi", "周末在广场办露天电影和讲座", "乡文化站"));
  expect(await states()).toEqual(["held", "held", "held"]);
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆"));
  sent = [];
  const shown = await looked(office.app, { dryRun: true });
  expect(shown.map(({ message, files, after }) => [message, files, after.unit])).toEqual([
    [2, true, "cultural-centre"],
    [3, false, null],
  ]);
  expect(shown[0]?.before).toMatchObject({ outcome: "held", reason: "unit-unknown", unit: null });
  expect(shown[0]?.why.map(({ words }) => words)).toContain("县文化站＝市文化馆（办公室更正 WHXDH-0001）");
  expect(await submissions()).toHaveLength(1);

  const both = await Promise.all([looked(office.app), looked(office.app)]);
  expect(both.flat().filter(({ files, references }) => files && references.length > 0)).toHaveLength(1);
  expect(await states()).toEqual(["filed", "filed", "held", "filed"]);
  expect((await submissions()).at(-1)).toMatchObject({
    message_id: 2,
    unit: "cultural-centre",
    verified: false,
  });
  await looked(office.app);
  await sendPass(office.app);
  expect(sent.filter(({ to }) => to[0]?.email === "xiaocen@qq.example")).toHaveLength(1);
  expect(sent[0]?.text).toContain("WHXDH-0002");
});

test("what a person decided is looked at no more, whatever the rules would say", async () => {
  await deliver(first, second);
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆\n#2 忽略"));
  await deliver(third);
  const before = await rows("select * from submission order by id");
  // What the rules filed for the cultural centre, today's rules would give to nobody: it is shown and stays.
  await deliver(answerTo(evening, "#0001 单位=博物馆"));
  await looked(office.app, { allHeld: true });
  const shown: LookedAgain[] = [];
  for await (const one of differentlyFiled(office.app)) if (one) shown.push(one);
  expect(shown.map(({ references, before, after }) => [references, before.unit, after.unit])).toEqual([
    [["WHXDH-0002"], "cultural-centre", "museum"],
  ]);
  expect(await submissions()).toMatchObject([
    { unit: "museum", decided_by: "office" },
    { unit: "cultural-centre", decided_by: "rules" },
  ]);
  expect(before).toHaveLength(2);
  expect((await states()).slice(0, 2)).toEqual(["filed", "ignored"]);
});

test("a mail that older rules left, saying that it brings what was missing, is not taken for what it completes", async () => {
  const paper =
    "市图书馆大讨论活动书面总结\n一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。\n" +
    "二、查找的差距。我馆夜间服务和数字资源明显不足。\n三、下一步打算。明年起延长开放时间。\n市图书馆\n2026年11月20日";
  await deliver({
    from: "梅听雪 <liaison@lib.culture.example>",
    subject: "补发附件：市图书馆书面总结",
    text: "上一封忘了附附件，现补发。",
    attachments: [{ filename: "市图书馆书面总结.txt", content: Buffer.from(paper) }],
  });
  expect(await states()).toEqual(["filed"]);
  // As the second version of the rules kept what it could not tell.
  await rows("delete from submission");
  await outOfStep(
    office.database.pool,
    "update message set state = 'held', reason = 'nothing-found', understanding = understanding - 'intent' - 'unitAsRead' || '{\"ruleVersion\": 2, \"outcome\": \"held\", \"submissions\": []}'",
  );
  const [one] = await looked(office.app);
  expect(one).toMatchObject({ files: true, references: [expect.any(String)] });
  expect(await submissions()).toMatchObject([{ unit: "library", state: "current", decided_by: "rules" }]);
  expect(await rows("select * from further_message")).toEqual([]);
});

test("an idea that waited replaces nothing its sender wrote after it", async () => {
  const ask = (words: string, subject: string) => ({
    from: "阿远 <ayuan@qq.example>",
    subject,
    text: `我是市图书馆的阿远。建议${words}，方便上班族来借书。`,
  });
  await deliver(ask("每周五晚上开放到九点", "金点子：夜间开放（修改稿，以此为准）"));
  await rows("delete from submission");
  await outOfStep(
    office.database.pool,
    'update message set state = \'held\', reason = \'type-unsure\', understanding = understanding || \'{"ruleVersion": 2, "outcome": "held", "submissions": []}\'',
  );
  await deliver(ask("每周五晚上开放到十点，周六到九点", "金点子：夜间开放"));
  const again = await looked(office.app);
  expect(again.map(({ files }) => files)).toEqual([true]);
  expect((await submissions()).map(({ message_id, state }) => [message_id, state])).toEqual([
    [2, "current"],
    [1, "current"],
  ]);
});

test("the command says the same in words and in JSON", { timeout: 120_000 }, async () => {
  await deliver(first, second);
  const evening = await digest();
  await deliver(answerTo(evening, "#1 单位=文化馆"));
  const run = async (...args: string[]) => {
    const all = ["reclassify", "--config", office.configFile, ...args];
    const process = startJinbox(all, { DATABASE_URL: office.database.url });
    expect(await process.ended, process.stderr()).toBe(0);
    return process.stdout();
  };
  expect(await run("--dry-run")).toMatch(
    /会登记：.*→ 金点子 市文化馆\n.*县文化站＝市文化馆（办公室更正 WHXDH-0001）/,
  );
  const [line] = (await run("--json")).trim().split("\n");
  expect(JSON.parse(line ?? "")).toMatchObject({
    ...{ section: "held", number: 2, what: "filed", references: ["WHXDH-0002"] },
    after: { outcome: "filed", unit: "cultural-centre" },
  });
  expect(await run()).toContain("看过待人工 0 封");
});
