// Forgers by the thousand: nobody is answered who did not write, and nothing is done in another's name (R43, R60, R61).
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";
import { intendedDigest } from "../notice/office.ts";
import { mailedOffice } from "../support/mailed-office.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { arrived, keyRecord, playedNames, signed } from "../support/names.ts";
import { type Random, seeded } from "../support/random.ts";

const seed = Number(process.env.JINBOX_SEED ?? 20121121);
const lib = "lib.culture.example";
const liaison = `梅听雪 <liaison@${lib}>`;
const member = "邵文澜 <shaowl@culture.example>";
const names = playedNames({
  [`TXT s._domainkey.${lib}`]: [keyRecord],
  "TXT s._domainkey.culture.example": [keyRecord],
  "TXT s._domainkey.evil.example": [keyRecord],
  [`TXT ${lib}`]: ["v=spf1 ip4:192.0.2.0/28 -all"],
  "TXT evil.example": ["v=spf1 ip4:203.0.113.0/24 -all"],
  "TXT _dmarc.culture.example": ["v=DMARC1; p=none"],
  "TXT _dmarc.bank.example": ["v=DMARC1; p=reject"],
});
const reader = createReader({ resolve: names.resolve, log: silentLogger });
const { office, sent, mailbox, rows } = await mailedOffice({ reader });
const trust = office.campaign.mailbox;
const arrivedAt = new Date("2026-11-23T02:00:00Z");
const evils = "203.0.113.7";

beforeEach(() => console.info(`JINBOX_SEED=${seed}`));
afterEach(() => Object.assign(trust, { authserv: [], verify: false, authservBelow: false }));
afterAll(() => reader.close());

async function receive(...raws: Buffer[]): Promise<void> {
  for (const raw of raws) mailbox().deliver(raw, arrivedAt);
  await office.pass(mailbox());
}

const SAYS = [
  { subject: "金点子：自助借还点", text: "我是市图书馆职工。建议在大厅增设自助借还点，晚间不闭。" },
  { subject: "请问怎么报名", text: "请问金点子交到哪里？截止到什么时候？" },
  { subject: "你好", text: "附件打不开，麻烦再看一下。" },
  { subject: "撤回 WHXDH-0001", text: "发错了，请撤回。" },
];

/** A mail in a stranger's name; what it is about is chance, and no two are alike. */
function forgedBy(random: Random, at: number): MailToBuild {
  const host = random.pick(["bank.example", "qq.example", "gov.example", lib]);
  const { subject, text } = random.pick(SAYS);
  return { from: `<victim${at}@${host}>`, subject: `${subject} ${at}`, text: `${text}（${at}）` };
}

test("1,000 forged senders get no answer where the border says who wrote", async () => {
  trust.authserv = ["mx.culture.example"];
  const random = seeded(seed);
  const results = [
    "dmarc=fail header.from=bank.example",
    "dmarc=none; spf=none smtp.mailfrom=evil.example; dkim=none",
    "dmarc=none; spf=pass smtp.mailfrom=x@evil.example; dkim=pass header.d=evil.example",
    "spf=softfail smtp.mailfrom=victim@qq.example",
    "none",
  ];
  for (let at = 0; at < 1_000; at += 1) {
    const headers = { "Authentication-Results": `mx.culture.example; ${random.pick(results)}` };
    mailbox().deliver(await mail({ ...forgedBy(random, at), headers }), arrivedAt);
  }
  await office.pass(mailbox());
  expect(await rows("select count(*)::int as n from message where state <> 'received'")).toEqual([
    { n: 1_000 },
  ]);
  expect(await rows("select count(*)::int as n from notice")).toEqual([{ n: 0 }]);
  expect(sent).toEqual([]);
});

test("nor where we verify ourselves, while who really writes is answered", async () => {
  trust.verify = true;
  const random = seeded(seed + 1);
  for (let at = 0; at < 40; at += 1) {
    const raw = await signed(forgedBy(random, at), "evil.example");
    mailbox().deliver(arrived(raw, evils, random.pick(["x@evil.example", `liaison@${lib}`, ""])), arrivedAt);
  }
  const honest = { from: `张某 <zhang@${lib}>`, ...(SAYS[0] as MailToBuild) };
  await receive(arrived(await signed(honest, lib), "192.0.2.1", `zhang@${lib}`));
  expect(sent.map(({ to }) => to.map(({ email }) => email))).toEqual([[`zhang@${lib}`]]);
});

test("with neither, what strangers get is bounded by the hour", async () => {
  const random = seeded(seed + 2);
  const smtp = office.campaign.smtp as { perHour: number };
  const { perHour } = smtp;
  smtp.perHour = 20;
  try {
    for (let at = 0; at < 60; at += 1) mailbox().deliver(await mail(forgedBy(random, at)), arrivedAt);
    await office.pass(mailbox());
    expect(sent).toHaveLength(20);
  } finally {
    smtp.perHour = perHour;
  }
});

const report: MailToBuild = {
  from: liaison,
  subject: "市图书馆大讨论活动书面总结",
  messageId: `<report@${lib}>`,
  text: [
    "现将我馆大讨论活动书面总结报上。",
    "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
    "二、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
  ].join("\n"),
};

/** What a forger of the liaison or the office writes. */
const WANTS: MailToBuild[] = [
  { from: liaison, subject: "撤回 WHXDH-0001", text: "发错了，请撤回。" },
  { from: liaison, subject: "更正 WHXDH-0001", text: "单位写错了，应为市文化馆。" },
  { from: liaison, subject: "Re: 书面总结 WHXDH-0001", text: "标题应为《作废》。" },
  { ...report, subject: "市图书馆书面总结修改稿，以此为准", messageId: "", inReplyTo: `<report@${lib}>` },
  {
    from: liaison,
    subject: "补发附件 WHXDH-0001",
    text: "补发附件。",
    attachments: [{ filename: "a.txt", content: "补充" }],
  },
  { from: member, subject: "回复：每日简报", text: "#0001 撤回" },
  { from: member, subject: "回复：每日简报", text: "#0001 单位=文化馆\n市图书馆 书面总结 免交" },
];

/** How the forger makes it look as though somebody had vouched for him: fields below those of our border. */
const SMUGGLED = [
  (domain: string) => [`Authentication-Results: mx.culture.example; dmarc=pass header.from=${domain}`],
  (domain: string) => [
    `Authentication-Results: MX.Culture.Example 1; dmarc=pass header.from=${domain}; dkim=pass header.d=${domain}`,
  ],
  (domain: string) => [
    "Received: from x by mx.culture.example with ESMTPS; Mon, 23 Nov 2026 10:00:00 +0800",
    `Authentication-Results: mx.culture.example; dmarc=pass header.from=${domain}`,
  ],
  (domain: string) => [
    `ARC-Authentication-Results: i=1; mx.culture.example; dmarc=pass header.from=${domain}`,
  ],
  (domain: string) => [
    `Authentication-Results: (mx.culture.example) mx.culture.example; dmarc=pass (x) header.from=${domain}`,
    "Received: by mx.culture.example; Mon, 23 Nov 2026 10:00:00 +0800",
  ],
];

/** What our border truly says of him. */
const BORDER = [
  'mx.culture.example; dmarc=none; spf=none smtp.mailfrom="a; dmarc=pass header.from=lib.culture.example"@evil.example',
  "mx.culture.example; dmarc=none (p=none; dmarc=pass header.from=lib.culture.example); dkim=pass header.d=evil.example",
  "mx.culture.example; dkim=pass header.d=evil.example header.b=x=header.d=lib.culture.example",
  "mx.culture.example; spf=softfail smtp.mailfrom=liaison@lib.culture.example",
  null,
];

test.each([
  ["the border vouches", { authserv: ["mx.culture.example"] }],
  ["we verify", { verify: true }],
])(
  "where %s, 100 forged mails, smuggled results among them, change and order nothing",
  async (_who, trusted) => {
    const random = seeded(seed + 3);
    Object.assign(trust, trusted);
    const vouched = [`Authentication-Results: mx.culture.example; dmarc=pass header.from=${lib}`];
    await receive(arrived(await signed(report, lib), "192.0.2.1", `liaison@${lib}`, vouched));
    const standing = () =>
      rows("select reference, unit, type, title, text, state, verified from submission where id = 1");
    const before = await standing();
    expect(before).toMatchObject([{ reference: "WHXDH-0001", state: "current", verified: true }]);
    const digestId = await digest();
    for (let at = 0; at < 100; at += 1) {
      const { messageId: _, ...wants } = random.pick(WANTS);
      const domain = String(wants.from).includes(lib) ? lib : "culture.example";
      const parts = {
        ...wants,
        inReplyTo: wants.inReplyTo ?? digestId,
        text: `${wants.text}\n${" ".repeat(at)}`,
      };
      const raw = await signed(
        parts,
        random.pick(["evil.example", "evil.example", `${domain}.evil.example`]),
      );
      const forged = Buffer.concat([
        Buffer.from(
          random
            .pick(SMUGGLED)(domain)
            .map((field) => `${field}\r\n`)
            .join(""),
        ),
        raw,
      ]);
      const said = random.pick(BORDER);
      const above = said === null ? [] : [`Authentication-Results: ${said}`];
      mailbox().deliver(
        arrived(forged, evils, random.pick(["x@evil.example", `liaison@${lib}`]), above),
        arrivedAt,
      );
    }
    await office.pass(mailbox());
    expect(await standing()).toEqual(before);
    expect(
      await rows(
        "select count(*)::int as n from submission where supersedes is not null or state <> 'current'",
      ),
    ).toEqual([{ n: 0 }]);
    expect(await rows("select count(*)::int as n from submission where verified")).toEqual([{ n: 1 }]);
    for (const table of ["correction", "ruling"])
      expect([table, await rows(`select count(*)::int as n from ${table}`)]).toEqual([table, [{ n: 0 }]]);
    expect(
      await rows(
        "select distinct sender_check ->> 'verdict' as verdict from message where id > 1 order by 1",
      ),
    ).not.toContainEqual({ verdict: "pass" });
    const strangers = sent.filter(({ to }) =>
      to.some(({ email }) => !/^(?:liaison|shaowl|office)@/.test(email)),
    );
    expect(strangers).toEqual([]);
  },
);

/** A digest left for the office, whose Message-ID the forger even knows. */
const digest = () => intendedDigest(office, "2026-11-22");
