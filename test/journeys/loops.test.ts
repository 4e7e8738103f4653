// Loops without marks (R41): responders and another office like ours, for a year on a virtual clock; and the lively
// people who must not be taken for them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import type { NoticeKind } from "../../src/notice/notice.ts";
import { intend } from "../../src/notice/outbox.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type MemoryMailbox, memoryMailbox } from "../../src/service/memory.ts";
import { instantOf } from "../../src/text/dates.ts";
import { intent } from "../notice/office.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type Evasions, respond } from "../support/responder.ts";

const MOST_EVER = 4;
const start = instantOf("2026-01-05", "09:00", "Asia/Shanghai");
const minutes = (at: Date, count: number) => new Date(at.getTime() + count * 60_000);
const answers: NoticeKind[] = ["acknowledgement", "clarification"];

let clock = virtualClock(start);
let office: TestOffice;
let mailbox: MemoryMailbox;
const sent: OutgoingNotice[] = [];

beforeAll(async () => {
  const now = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
  office = await openOffice({ transport: captureTransport((notice) => void sent.push(notice)), clock: now });
});
afterAll(() => office?.end());
beforeEach(async () => {
  await office.empty();
  sent.length = 0;
  clock = virtualClock(start);
  mailbox = memoryMailbox(`loops-${Math.random()}`);
});

const mildest: Evasions = {
  ...{ subject: "ours", words: "same", threaded: true, quotes: "nothing", from: "same", times: 1 },
  delayMinutes: 0.05,
};

/** Every way alone, and together as they hide most. */
const responders: [name: string, evasions: Partial<Evasions>][] = [
  ["plain", {}],
  ["numbered", { words: "numbered" }],
  ["eloquent", { words: "other" }],
  ["ticketed", { subject: "own" }],
  ["stripped", { threaded: false }],
  ["quoting", { quotes: "marked" }],
  ["swallowing", { quotes: "bare" }],
  ["elsewhere", { from: "another" }],
  ["manifold", { from: "new" }],
  ["double", { times: 2 }],
  ["slow", { delayMinutes: 300 }],
  ["weekly", { delayMinutes: 7 * 24 * 60 }],
  ["numbered-stripped", { words: "numbered", subject: "own", threaded: false }],
  ["eloquent-stripped", { words: "other", subject: "own", threaded: false }],
  ["eloquent-slow", { words: "other", delayMinutes: 300 }],
  ["double-stripped", { words: "other", subject: "own", threaded: false, times: 2 }],
  ["double-elsewhere", { words: "other", subject: "own", threaded: false, times: 2, from: "another" }],
  ["double-manifold", { words: "other", subject: "own", threaded: false, times: 2, from: "new" }],
  ["manifold-quoting", { words: "other", from: "new", quotes: "marked", threaded: false }],
  ["swallowing-stripped", { subject: "own", quotes: "bare", threaded: false }],
];

async function pass(...mails: MailToBuild[]): Promise<void> {
  for (const parts of mails) mailbox.deliver(await mail({ date: clock.now(), ...parts }), clock.now());
  await office.pass(mailbox);
}

test("a year of responders without marks, that begin themselves and answer every announcement, gets four answers each", async () => {
  const all = new Map(responders.map(([name, evasions]) => [name, { ...mildest, ...evasions }]));
  const nameOf = (notice: OutgoingNotice) => /@(.+)\.example$/.exec(notice.to[0]?.email ?? "")?.[1] ?? "";
  const waiting = [...all].flatMap(([name, evasions]) =>
    respond(name, evasions, null).map((one) => ({ at: start, mail: one })),
  );
  let heard = 0;
  for (let month = 1; month <= 12; month++) {
    const until = minutes(start, month * 30 * 24 * 60);
    for (;;) {
      for (const notice of sent.slice(heard)) {
        const name = nameOf(notice);
        const evasions = all.get(name) ?? mildest;
        const at = minutes(clock.now(), evasions.delayMinutes);
        waiting.push(...respond(name, evasions, notice).map((one) => ({ at, mail: one })));
      }
      heard = sent.length;
      waiting.sort((a, b) => a.at.getTime() - b.at.getTime());
      const next = waiting[0]?.at;
      if (!next || next > until || sent.length > 1_000) break;
      clock.moveTo(next);
      const due = waiting.filter(({ at }) => at <= next);
      waiting.splice(0, due.length);
      await pass(...due.map((one) => one.mail));
    }
    clock.moveTo(until);
    // Whoever answers from an address never seen before and names nothing of ours is a new person each time.
    const known = [...all].filter(([, { from, threaded }]) => from !== "new" || threaded);
    const announced = known.map(([name]) => {
      const to = [{ name: "", email: `${name}@${name}.example` }];
      return intent(`announce/${name}/${month}`, { kind: "announcement", to });
    });
    await intend(office.app.db, office.campaign, announced, clock.now());
    await pass();
  }
  const answered = Map.groupBy(
    sent.filter(({ kind }) => answers.includes(kind)),
    nameOf,
  );
  const counts = responders.map(([name]) => [name, answered.get(name)?.length ?? 0] as const);
  expect(counts.filter(([, count]) => count === 0 || count > MOST_EVER)).toEqual([]);
});

describe("a lively person", () => {
  const from = "梅听雪 <liaison@lib.culture.example>";
  const proposals = [
    "在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。",
    "把少儿阅览室的书架降到一米二，孩子自己够得着。",
    "与公交公司合作，在车站电子屏滚动播出新书目录。",
    "闭架书库的旧地方志扫描上网，免得读者跑一趟。",
    "每月办一次读者开放日，请读者看看采编部怎样选书。",
    "给乡镇分馆统一配一台复印机，村民办事也能用。",
  ];

  test("who sends six ideas within the hour, each after the last one's answer, gets six answers", async () => {
    for (const [at, words] of proposals.entries()) {
      clock.moveTo(minutes(start, at * 3));
      await pass({ from, subject: `金点子${at + 1}`, text: `我是市图书馆职工。建议${words}` });
    }
    expect(sent).toHaveLength(6);
  });

  test("who corrects five times, in the thread and at once, is answered five times", async () => {
    await pass({ from, subject: "金点子：自助借还点", text: `我是市图书馆职工。建议${proposals[0]}` });
    const said = [
      "作者漏了李强，应为梅听雪、李强。",
      "类别写错了，应为书面总结。",
      "标题改为《一楼自助借还点》。",
      "姓名应为李强、梅听雪、张三。",
      "不报了，请撤回。",
    ];
    for (const text of said) {
      const last = sent.at(-1) as OutgoingNotice;
      const references = [...last.references, last.messageId];
      await pass({ from, subject: `Re: ${last.subject}`, text, inReplyTo: last.messageId, references });
    }
    expect(sent).toHaveLength(6);
  });

  test("whose absence looped is answered again as soon as something real comes, and told what was never acknowledged", async () => {
    const name = "liaison@lib.culture.example";
    for (let turn = 0; turn < 6; turn++) {
      clock.moveTo(minutes(start, turn));
      await pass({
        from: name,
        subject: `第 ${turn} 号办件情况`,
        text: `第${turn}号：贵单位来件已编入流转单。`,
      });
    }
    expect(sent).toHaveLength(3);
    await pass({ from, subject: "金点子：自助借还点", text: `我是市图书馆职工。建议${proposals[0]}` });
    expect(sent).toHaveLength(4);
    expect(sent.at(-1)?.text).toContain("WHXDH-0001");
  });

  test("whose twelve ideas in an hour are too many for a day is told of the last two with the next answer", async () => {
    for (let at = 0; at < 12; at++) {
      const words = `${proposals[at % 6]}${"甲乙丙丁戊己庚辛壬癸子丑"[at]}区先试。`;
      await pass({ from, subject: `金点子${at + 1}`, text: `我是市图书馆职工。建议${words}` });
    }
    expect(sent).toHaveLength(10);
    clock.moveTo(minutes(start, 25 * 60));
    await pass({ from, subject: "金点子：雨伞", text: "我是市图书馆职工。建议门口备些雨伞，借还自便。" });
    expect(sent.at(-1)?.text).toContain("WHXDH-0011、WHXDH-0012");
    clock.moveTo(minutes(start, 26 * 60));
    await pass({ from, subject: "金点子：饮水", text: "我是市图书馆职工。建议每层楼都装一台直饮水机。" });
    expect(sent.at(-1)?.text).not.toContain("WHXDH-0011");
  });
});

test("two offices like ours that write to each other, every mark stripped on the way, stop at four mails", async () => {
  const others: OutgoingNotice[] = [];
  const other = await openOffice({ transport: captureTransport((notice) => void others.push(notice)) });
  try {
    Object.assign(other.campaign, {
      code: "GHJ",
      title: "规划大家谈",
      mailbox: { ...other.campaign.mailbox, address: "ideas@planning.example" },
    });
    other.campaign.office.name = "规划局办公室";
    const box = memoryMailbox("other");
    const stripped = ({ from, subject, text }: OutgoingNotice) => ({
      from: `${from.name} <${from.email}>`,
      subject,
      text,
    });
    await pass({
      from: "ideas@planning.example",
      subject: "征求意见",
      text: "请贵单位对规划提出意见，谢谢。",
    });
    for (let heard = 0, said = 0; heard < sent.length && heard < 20; ) {
      for (; heard < sent.length; heard++)
        box.deliver(await mail(stripped(sent[heard] as OutgoingNotice)), clock.now());
      await other.pass(box);
      for (; said < others.length; said++) await pass(stripped(others[said] as OutgoingNotice));
    }
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length + others.length).toBeLessThanOrEqual(MOST_EVER);
  } finally {
    await other.end();
  }
});
