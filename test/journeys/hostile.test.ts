// Loops, forgeries, injections, poison and floods against a whole office: every mail ends in a named state, nothing is
// done in somebody else's name, and the books balance after all of it.
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import ExcelJS from "exceljs";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { consoleApp } from "../../src/console/server.ts";
import { booksAt } from "../../src/digest/books.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { writeLedger } from "../../src/digest/ledger/ledger.ts";
import { handleMessages } from "../../src/journey.ts";
import { silentLogger, visible } from "../../src/log.ts";
import { composeMessage, type OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type MemoryMailbox, memoryMailbox } from "../../src/service/memory.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { inSnapshot } from "../../src/store/database.ts";
import { isOutage } from "../../src/store/unavailable.ts";
import { stillReceived } from "../../src/submission/records.ts";
import { dateOf, instantOf } from "../../src/text/dates.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";

const arrivedAt = new Date("2026-11-23T02:00:00Z");
const liaison = "梅听雪 <liaison@lib.culture.example>";
const idea = "我是市图书馆职工。建议在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。";
let office: TestOffice;
let mailbox: MemoryMailbox;
let sent: OutgoingNotice[] = [];
let boxes = 0;

beforeAll(async () => {
  office = await openOffice({ transport: captureTransport((notice) => void sent.push(notice)) });
});
afterAll(() => office?.end());

beforeEach(async () => {
  await office.empty();
  sent = [];
  boxes += 1;
  mailbox = memoryMailbox(`hostile-${boxes}`);
});

// Whatever was done to it: every mail has its one verdict, and the ways of counting them agree.
afterEach(async () => {
  office.campaign.mailbox.authserv = [];
  const window = { from: new Date(0), to: systemClock.now() };
  const { balance, mailsInTotal } = await booksAt(office.app.db, office.campaign, window);
  expect(balance).toMatchObject({ balances: true, unlisted: 0 });
  expect(mailsInTotal.received).toBe(0);
});

/** A Word document that says of itself how many pages it has, and is named like what every object has. */
function letterOf(pages: string): Buffer {
  const words = `${idea}${pages}`;
  const parts = {
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": `<document><body><p><r><t>${words}</t></r></p></body></document>`,
    "docProps/app.xml": `<Properties><Pages>${pages}</Pages><Company>__proto__</Company></Properties>`,
    "docProps/core.xml": "<coreProperties><title>constructor</title></coreProperties>",
  };
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)]))),
  );
}

async function deliver(...raws: Buffer[]): Promise<void> {
  for (const raw of raws) mailbox.deliver(raw, arrivedAt);
  await office.pass(mailbox);
}

async function send(...mails: MailToBuild[]): Promise<void> {
  for (const parts of mails) await deliver(await mail(parts));
}

async function rows(query: string): Promise<Record<string, unknown>[]> {
  return (await office.database.pool.query(query)).rows;
}

const messages = () => rows("select state, reason, origin from message order by id");
const submissions = () => rows("select reference, unit, state, verified from submission order by id");

/** A mail written byte by byte: what no honest client would build. */
function raw(head: string[], body = idea): Buffer {
  const text = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"];
  return Buffer.from([...head, ...text, "", body].join("\r\n"));
}

const encoded = (words: string) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;

const report: MailToBuild = {
  from: liaison,
  subject: "市图书馆大讨论活动书面总结",
  messageId: "<report@lib.culture.example>",
  text: [
    "现将我馆大讨论活动书面总结报上。",
    "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
    "二、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
  ].join("\n"),
};

async function digestNow(): Promise<OutgoingNotice | undefined> {
  const { app, campaign } = office;
  const on = app.calendar.addWorkingDays(dateOf(systemClock.now(), campaign.timezone), 1);
  await dailyDigest({ ...app, now: instantOf(on, "18:00", campaign.timezone) });
  await office.database.pool.query("update notice set not_before = now() where kind = 'digest'");
  await sendPass(office.app);
  return sent.find(({ kind }) => kind === "digest");
}

describe("a responder that strips every mark and answers whatever it gets", () => {
  const robot = "综合科 <robot@loop.example>";
  const turns: { what: string; subject: (notice: OutgoingNotice, turn: number) => string; most: number }[] = [
    { what: "under our own subject", subject: ({ subject }) => `Re: ${subject}`, most: 4 },
    { what: "with a ticket number of its own", subject: (_, turn) => `[工单 ${turn}] 来信收悉`, most: 4 },
  ];
  test.each(turns)("$what: the loop ends, and the digest names it", async ({ subject, most }) => {
    await send({ from: robot, subject: "来信收悉", text: "贵单位来件已编入流转单，交综合科阅办。" });
    let answered = 0;
    for (let turn = 1; turn <= 20 && sent.length > answered; turn += 1) {
      answered = sent.length;
      const last = sent.at(-1) as OutgoingNotice;
      await send({
        from: robot,
        subject: subject(last, turn),
        text: `贵单位来件已编入流转单第${turn}号，交综合科阅办。`,
      });
    }
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(most);
    expect(await rows("select response ~ '^cap: ' as capped from notice where state = 'dropped'")).toEqual([
      { capped: true },
    ]);
    expect((await digestNow())?.text).toContain("1 封回执未发出（robot@loop.example）");
  });
});

describe("our own notice come back", () => {
  const ways: [what: string, change: (eml: string) => string, state: string][] = [
    [
      "redirected under a new Message-ID",
      (eml) => eml.replace(/^Message-ID: .*$/m, "Message-ID: <new@x.example>"),
      "ignored",
    ],
    [
      "under another sender's name",
      (eml) => eml.replace(/^From: .*$/m, `From: ${"<relay@x.example>"}`),
      "ignored",
    ],
    [
      "through 101 servers",
      (eml) => `${"Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0800\r\n".repeat(101)}${eml}`,
      "ignored",
    ],
    [
      "over a mailing list that writes itself into From",
      (eml) => `List-Id: <all.x.example>\r\n${eml.replace(/^From: .*$/m, "From: <all@x.example>")}`,
      "ignored",
    ],
  ];
  test.each(ways)("%s is not answered and files nothing", async (_what, change, state) => {
    await send({ subject: "金点子：自助借还点", text: idea });
    const eml = (await composeMessage(sent[0] as OutgoingNotice)).toString();
    await deliver(Buffer.from(change(eml)));
    expect((await messages())[1]).toMatchObject({ state });
    expect(await submissions()).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });
});

describe("a stranger", () => {
  const evil = '"liaison@lib.culture.example 市图书馆" <evil@x.example>';
  const attempts: [what: string, parts: MailToBuild][] = [
    ["who names the number in the subject", { subject: "撤回 WHXDH-0001", text: "请撤回。" }],
    ["who names it in the text", { subject: "更正", text: "WHXDH-0001 发错了，请撤回。" }],
    [
      "who writes into the thread",
      {
        subject: "Re: 书面总结",
        text: "发错了，请撤回。",
        inReplyTo: "<report@lib.culture.example>",
        references: ["<report@lib.culture.example>"],
      },
    ],
    ["who says the unit was wrong", { subject: "更正 WHXDH-0001", text: "单位写错了，应为文化馆。" }],
    [
      "who sends a newer version",
      {
        ...report,
        subject: "市图书馆书面总结修改稿，以此为准",
        messageId: "<v2@x.example>",
        inReplyTo: "<report@lib.culture.example>",
      },
    ],
  ];
  test.each(attempts)("%s changes nothing of a unit's document", async (_what, parts) => {
    await send(report, { ...parts, from: evil });
    const [first, ...others] = await submissions();
    expect(first).toEqual({ reference: "WHXDH-0001", unit: "library", state: "current", verified: true });
    for (const other of others) expect(other).toMatchObject({ verified: false });
  });

  test("with the liaison's address changes nothing where the trusted server does not vouch for it", async () => {
    office.campaign.mailbox.authserv = ["mx.culture.example"];
    const vouched = {
      "Authentication-Results": "mx.culture.example; dmarc=pass header.from=lib.culture.example",
    };
    await send({ ...report, headers: vouched });
    const forged = [
      "mx.culture.example; dmarc=fail header.from=lib.culture.example",
      "mx.culture.example; dmarc=none header.from=lib.culture.example; spf=softfail smtp.mailfrom=x.example",
      "mx.x.example; dmarc=pass header.from=lib.culture.example",
      'mx.culture.example; spf=none smtp.mailfrom="a; dmarc=pass header.from=lib.culture.example"@x.example',
    ];
    for (const [at, results] of forged.entries()) {
      const headers = { "Authentication-Results": results };
      await send({ from: liaison, subject: "撤回 WHXDH-0001", text: `请撤回。${at}`, headers });
    }
    await send({ from: liaison, subject: "撤回 WHXDH-0001", text: "请撤回，没有任何凭据。" });
    expect(await submissions()).toMatchObject([{ state: "current", verified: true }]);
    // Who certainly forged it is told nothing: the address is somebody else's (R43).
    expect(sent.filter(({ inReplyTo }) => inReplyTo === "<report@lib.culture.example>")).toHaveLength(1);
    await send({ from: liaison, subject: "撤回 WHXDH-0001", text: "请撤回，发错了。", headers: vouched });
    expect(await submissions()).toMatchObject([{ state: "withdrawn" }]);
  });

  test("who sends the unit's own words first does not make the unit's mail a copy", async () => {
    office.campaign.mailbox.authserv = ["mx.culture.example"];
    const results = "mx.culture.example; dmarc=fail header.from=lib.culture.example";
    await send({
      ...report,
      messageId: "<forged@x.example>",
      headers: { "Authentication-Results": results },
    });
    await send({ ...report, headers: { "Authentication-Results": results.replace("fail", "pass") } });
    expect(await submissions()).toMatchObject([{ verified: false }, { verified: true, state: "current" }]);
  });

  test("cannot have answers sent elsewhere", async () => {
    await deliver(
      raw([
        "From: <zhang@lib.culture.example>",
        "Reply-To: <victim@y.example>",
        "Return-Path: <zhang@lib.culture.example>",
        "Disposition-Notification-To: <victim@y.example>",
        `Subject: ${encoded("金点子：自助借还点")}`,
      ]),
    );
    expect(sent.map(({ to, cc }) => [...to, ...cc].map(({ email }) => email))).toEqual([
      ["zhang@lib.culture.example"],
    ]);
  });

  test("who floods in the office's name does not silence the digest", async () => {
    const [member] = office.campaign.office.members;
    for (let at = 0; at < 12; at += 1) {
      mailbox.deliver(
        await mail({
          from: member?.email ?? "",
          subject: `金点子：${"甲乙丙丁戊己庚辛壬癸子丑"[at]}类借还点`,
          text: `${idea}${at}`,
        }),
        arrivedAt,
      );
    }
    await office.pass(mailbox);
    expect(sent).toHaveLength(10);
    expect((await digestNow())?.to[0]).toMatchObject({ email: member?.email });
  });
});

describe("what a sender wrote stays words", () => {
  const words = '=cmd|"/c calc"!A1 {{ campaign.title | upcase }}{% raw %}<img src=x onerror=alert(1)>';
  beforeEach(async () => {
    await deliver(
      raw(
        [
          `From: ${encoded(`<b>馆</b>\r\nBcc: v@y.example\r\n\u202e`)} <inject@lib.culture.example>`,
          `Subject: ${encoded(`金点子：${words}\r\nBcc: victim@y.example\0\u202e\u001b[31m`)}`,
          `Message-ID: <${"i".repeat(12_000)}@x.example>`,
          `References: ${Array.from({ length: 2_000 }, (_, at) => `<r${at}@x.example>`).join("\r\n ")}`,
        ],
        `${idea}${words}`,
      ),
    );
    expect(await messages()).toMatchObject([{ state: "filed" }]);
  });

  test("in the answer's header", async () => {
    const head = (await composeMessage(sent[0] as OutgoingNotice)).toString().split("\r\n\r\n", 1)[0] ?? "";
    expect(head).not.toMatch(/^(?:bcc|cc):/im);
    expect(head.match(/^To: /gim)).toHaveLength(1);
    expect(Math.max(...head.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(sent[0]?.references.length).toBeLessThanOrEqual(20);
    expect(sent[0]?.subject).toContain("{{ campaign.title | upcase }}");
    expect(sent[0]?.subject).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("in HTML: answer, digest and every page of the console", async () => {
    const app = consoleApp({ ...office.app, host: "127.0.0.1", port: 0, log: silentLogger });
    const page = async (path: string) => (await app.request(path, { headers: { host: "127.0.0.1" } })).text();
    const id = (await rows("select id from message"))[0]?.id;
    const paths = [
      "/",
      "/mails",
      `/mails/${id}`,
      "/submissions",
      "/submissions/WHXDH-0001",
      "/mail-out",
      "/mail-out/1",
    ];
    const pages = await Promise.all(paths.map(page));
    const written = [sent[0]?.html ?? "", (await digestNow())?.html ?? "", ...pages];
    for (const html of written) expect(html).not.toMatch(/<img src=x|<b>馆/);
    expect(written.filter((html) => html.includes("&lt;img src=x")).length).toBeGreaterThan(5);
  });

  test("in the console's search, with the wildcards and quotes of SQL", async () => {
    const app = consoleApp({ ...office.app, host: "127.0.0.1", port: 0, log: silentLogger });
    const found = async (q: string) => {
      const answer = await app.request(`/submissions?q=${encodeURIComponent(q)}`, {
        headers: { host: "127.0.0.1" },
      });
      expect(answer.status).toBe(200);
      return (await answer.text()).includes("WHXDH-0001");
    };
    expect(await found("自助借还点")).toBe(true);
    for (const q of ["%", "_", "'; drop table submission; --", "自%点", "\0%", "\\"])
      expect([q, await found(q)]).toEqual([q, q.endsWith("%") && q.length < 3]);
  });

  test("in the workbook: a cell is a string, never a formula", async () => {
    const out = new PassThrough();
    const [bytes] = await Promise.all([
      buffer(out),
      inSnapshot(office.app.db, (trx) =>
        writeLedger(trx, { campaign: office.campaign, obligations: [] }, out),
      ),
    ]);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
    const cells: ExcelJS.Cell[] = [];
    book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => void cells.push(cell))));
    expect(cells.some(({ text }) => text.includes("=cmd|"))).toBe(true);
    expect(
      cells.filter(({ type }) => type === ExcelJS.ValueType.Formula || type === ExcelJS.ValueType.Hyperlink),
    ).toEqual([]);
  });

  test("in the log of a terminal: one event, one line", () => {
    expect(visible("a\r\n12:00:00 INFO forged\u001b[2J\u009b\u202e\u2028")).toBe(
      "a\\u000d\\u000a12:00:00 INFO forged\\u001b[2J\\u009b\\u202e\\u2028",
    );
  });
});

describe("poison", () => {
  const from = "From: <zhang@lib.culture.example>";
  const subject = `Subject: ${encoded("金点子：自助借还点")}`;
  const returned = [
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n",
    "Final-Recipient: rfc822; a@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <a\0b@culture.example>\r\n\r\n--b--\r\n",
  ].join("\r\n");
  const cases: [what: string, raw: () => Buffer | Promise<Buffer>][] = [
    ["a Date in the year 10000", () => raw([from, subject, "Date: Fri, 31 Dec 9999 23:59:59 -2359"])],
    ["a Date in the year 275760", () => raw([from, subject, "Date: Fri, 31 Dec 275760 23:59:59 +0000"])],
    [
      "80,000 reference numbers",
      () =>
        raw(
          [from, subject],
          `请撤回 ${Array.from({ length: 80_000 }, (_, at) => `WHXDH-${String(at).padStart(5, "0")}`).join(" ")}`,
        ),
    ],
    [
      "5,000 recipients",
      () =>
        raw([
          from,
          subject,
          `To: ${Array.from({ length: 5_000 }, (_, at) => `U ${at} <u${at}@x.example>`).join(",\r\n ")}`,
        ]),
    ],
    ["900,000 spaces in a line", () => raw([from, subject], `${idea}${" ".repeat(900_000)}x`)],
    [
      "5,000 numbered ideas",
      () =>
        raw(
          [from, subject],
          Array.from({ length: 5_000 }, (_, at) => `${at + 1}. 建议在第${at}号阅览室增设自助借还点。`).join(
            "\n",
          ),
        ),
    ],
    [
      "documents whose facts no table can hold",
      () =>
        mail({
          from: "<zhang@lib.culture.example>",
          subject: "金点子：自助借还点",
          text: idea,
          attachments: ["2.5", "99999999999", "1e300"].map((pages, at) => ({
            filename: `\ud800建议\0${at}.docx`,
            content: letterOf(pages),
          })),
        }),
    ],
    ["lone surrogates", () => raw([from, "Subject: =?utf-16le?B?AdgA3ADYQQA=?= =?utf-8?B?7aCA?="])],
    [
      "a returned Message-ID with a NUL",
      () =>
        Buffer.from(
          [
            "From: <MAILER-DAEMON@x.example>",
            "Subject: Undelivered Mail",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            returned,
          ].join("\r\n"),
        ),
    ],
  ];
  test.each(cases)("of %s ends in a named state at the first attempt", async (_what, poison) => {
    await deliver(await poison());
    expect(await rows("select attempts from message")).toEqual([{ attempts: 1 }]);
  });

  test("that cannot be filed at all costs the mails around it nothing, and is held after three attempts", async () => {
    await office.database.pool.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
      create trigger refuse before insert on submission for each row when (new.title like '%毒%') execute function refuse()`);
    try {
      for (let at = 0; at < 25; at += 1) {
        const parts = {
          from: `<s${at}@lib.culture.example>`,
          subject: at === 3 ? "金点子：防毒面具" : `金点子：第${at}号借还点`,
        };
        mailbox.deliver(await mail({ ...parts, text: `${idea}${at}` }), arrivedAt);
      }
      await expect(office.pass(mailbox)).rejects.toThrow("refused");
      expect(await rows("select state, count(*)::int as n from message group by 1 order by 2")).toEqual([
        { state: "received", n: 1 },
        { state: "filed", n: 24 },
      ]);
      await expect(handleAll(office.app)).rejects.toThrow("refused");
      await handleAll(office.app);
      expect((await messages())[3]).toMatchObject({ state: "held", reason: "processing-failed" });
    } finally {
      await office.database.pool.query("drop trigger refuse on submission; drop function refuse()");
    }
  });
});

test.each([
  { code: "57P01", message: "terminating connection due to administrator command", outage: true },
  { code: "40P01", message: "deadlock detected", outage: true },
  { code: "53100", message: "could not extend file: No space left on device", outage: true },
  { code: "EPIPE", message: "write EPIPE", outage: true },
  { message: "Connection terminated unexpectedly", outage: true },
  { code: "22021", message: "invalid byte sequence", outage: false },
  { code: "57014", message: "canceling statement due to statement timeout", outage: false },
  { message: "Cannot read properties of undefined", outage: false },
])("$message: an outage is $outage, and only what is not one is held against the mail", (error) => {
  expect(isOutage(Object.assign(new Error(error.message), { code: error.code }))).toBe(error.outage);
});

describe("bad luck", () => {
  const documents = [1, 2, 3].map((at) => ({
    filename: `附件${at}.txt`,
    content: `建议之${at}：延长开放时间。`,
  }));
  async function receive(count: number): Promise<number[]> {
    for (let at = 0; at < count; at += 1) {
      const attachments = at % 2 === 0 ? documents : documents.toReversed();
      const parts = {
        from: `<d${at}@lib.culture.example>`,
        subject: `金点子：第${at}号借还点`,
        text: `${idea}${at}`,
      };
      mailbox.deliver(await mail({ ...parts, attachments }), arrivedAt);
    }
    const { takeIn } = await import("../../src/intake/intake.ts");
    await takeIn(mailbox, { ...office.app, liveAt: new Date(0), enqueue: async () => undefined });
    return stillReceived(office.app.db, office.campaign.code, 1_000);
  }
  const onceEach = (count: number) => async () => {
    expect(await rows("select count(*)::int as n from message where state = 'filed'")).toEqual([
      { n: count },
    ]);
    const repeats = "select message_id from submission group by message_id, ordinal having count(*) > 1";
    expect(await rows(repeats)).toEqual([]);
    await sendPass(office.app);
    expect(sent).toHaveLength(count);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(count);
  };

  test("a job delivered four times at once is done once", async () => {
    const ids = await receive(30);
    const orders = [ids, ids.toReversed(), ids, ids.slice(10)];
    await Promise.all(orders.map((order) => handleMessages(office.app, order)));
    await onceEach(30)();
  });

  test("a database that cuts every connection again and again loses and repeats nothing", async () => {
    await receive(40);
    let isDone = false;
    const cutter = (async () => {
      for (let cuts = 0; cuts < 6 && !isDone; cuts += 1) {
        await systemClock.sleep(60);
        const cut =
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        await office.database.pool.query(cut).catch(() => undefined);
      }
    })();
    for (let tries = 0; tries < 12; tries += 1) {
      try {
        if ((await handleAll(office.app)) === 0) break;
      } catch {
        await systemClock.sleep(20);
      }
    }
    isDone = true;
    await cutter;
    await onceEach(40)();
  });

  test("three hundred mails of one sender are all filed; ten are answered and the office is told of the rest", async () => {
    for (let at = 0; at < 300; at += 1) {
      const parts = { from: "<many@lib.culture.example>", subject: `金点子：第${at}号借还点` };
      mailbox.deliver(
        await mail({ ...parts, text: `我是市图书馆职工。建议在第${at}号阅览室增设借还点。` }),
        arrivedAt,
      );
    }
    await office.pass(mailbox);
    expect(await rows("select count(*)::int as n from message where state = 'filed'")).toEqual([{ n: 300 }]);
    expect(sent).toHaveLength(10);
    expect((await digestNow())?.text).toContain("290 封回执未发出（many@lib.culture.example）");
  });
});
