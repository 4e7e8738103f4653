// Every way a delivery can end, against a real SMTP server on loopback.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SmtpSettings } from "../../src/campaign/campaign.ts";
import { type Logger, silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { createTransport, senderRefusal } from "../../src/notice/smtp.ts";
import type { Delivery, SmtpTransport } from "../../src/notice/transport.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";

let sink: SmtpSink;
let transport: SmtpTransport;

const timeouts = { connectionMs: 2_000, greetingMs: 2_000, socketMs: 1_000 };

function settings(change: Partial<SmtpSettings> = {}): SmtpSettings {
  return {
    host: sink.host,
    port: sink.port,
    secure: false,
    user: null,
    perHour: 200,
    connections: 2,
    ...change,
  };
}

beforeAll(async () => {
  sink = await startSmtp();
  transport = createTransport(settings(), null, silentLogger, timeouts);
});
afterAll(async () => {
  await transport.close();
  await sink.stop();
});

function notice(to: string, change: Partial<OutgoingNotice> = {}): OutgoingNotice {
  return {
    key: "answer/1",
    kind: "acknowledgement",
    from: { name: "活动办公室", email: "ideas@bureau.example" },
    to: [{ name: "张某", email: to }],
    cc: [],
    subject: "Re: 金点子（DTL-0001）",
    text: "您好：\n已收到。\n",
    html: "<p>已收到。</p>",
    attachments: [],
    messageId: "<jinbox.0123@bureau.example>",
    inReplyTo: "<a@sender.example>",
    references: ["<root@sender.example>", "<a@sender.example>"],
    attempts: 1,
    at: new Date("2012-11-26T01:42:00Z"),
    ...change,
  };
}

async function deliver(one: OutgoingNotice): Promise<{ delivery: Delivery; dataSent: number }> {
  let dataSent = 0;
  const delivery = await transport.deliver(one, {
    dataSent: async () => {
      dataSent++;
    },
  });
  return { delivery, dataSent };
}

test.each<[string, Partial<Delivery>, number]>([
  ["someone", { outcome: "accepted" }, 1],
  ["temperror", { outcome: "rejected", permanent: false, retryAfterMs: 60_000, scope: "notice" }, 0],
  ["permerror", { outcome: "rejected", permanent: true, refused: ["permerror@unit.example"] }, 0],
  ["frequency", { outcome: "rejected", permanent: false, retryAfterMs: 600_000, scope: "account" }, 0],
  ["spam", { outcome: "rejected", permanent: true }, 1],
  ["timeout", { outcome: "unreached" }, 0],
  ["drop-before-data", { outcome: "unreached" }, 0],
  ["drop-after-data", { outcome: "ambiguous" }, 1],
  ["silent-after-data", { outcome: "ambiguous" }, 1],
])("%s@ ends as it should", async (local, expected, announced) => {
  const { delivery, dataSent } = await deliver(notice(`${local}@unit.example`));
  expect(delivery).toMatchObject(expected);
  expect(dataSent).toBe(announced);
});

test("nothing leaves when the outbox could not commit that it will", async () => {
  const before = sink.mails.length;
  const delivery = await transport.deliver(notice("someone@unit.example"), {
    dataSent: () => Promise.reject(new Error("database away")),
  });
  expect(delivery.outcome).toBe("unreached");
  expect(sink.mails).toHaveLength(before);
  expect((await deliver(notice("someone@unit.example"))).delivery.outcome).toBe("accepted");
});

test("a server that is not there was not reached", async () => {
  const gone = await startSmtp();
  const nowhere = createTransport({ ...settings(), port: gone.port }, null, silentLogger, timeouts);
  await gone.stop();
  const delivery = await nowhere.deliver(notice("someone@unit.example"), { dataSent: async () => {} });
  expect(delivery.outcome).toBe("unreached");
  await nowhere.close();
});

test("a refused password concerns the account, not the notice", async () => {
  const guarded = await startSmtp({ password: "right" });
  const wrong = createTransport(
    { ...settings({ user: "ideas@bureau.example" }), port: guarded.port },
    "wrong",
    silentLogger,
    timeouts,
  );
  const delivery = await wrong.deliver(notice("someone@unit.example"), { dataSent: async () => {} });
  expect(delivery).toMatchObject({ outcome: "rejected", permanent: false, scope: "account" });
  await wrong.close();
  await guarded.stop();
});

test("one refused Cc does not stop the others, and is named", async () => {
  const one = notice("someone@unit.example", { cc: [{ name: "", email: "permerror@unit.example" }] });
  expect((await deliver(one)).delivery).toMatchObject({
    outcome: "accepted",
    refused: ["permerror@unit.example"],
  });
});

test.each([
  "no-at-sign",
  "two@at@unit.example",
  "line\r\nBcc: x@y.example@unit.example",
  "<a@b.example>",
  "空格 @unit.example",
])("%j is not an address any server is asked about", async (email) => {
  const before = sink.connections();
  const { delivery } = await deliver(notice(email));
  expect(delivery).toMatchObject({ outcome: "rejected", permanent: true });
  expect(sink.connections()).toBe(before);
});

test("an answer carries the headers that keep machines from answering it, and its thread", async () => {
  await deliver(notice("headers@unit.example"));
  const raw = sink.mails.find(({ to }) => to.includes("headers@unit.example"))?.raw ?? "";
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  for (const line of [
    "Auto-Submitted: auto-replied",
    "X-Auto-Response-Suppress: All",
    "Precedence: bulk",
    "X-Loop: ideas@bureau.example",
    "Message-ID: <jinbox.0123@bureau.example>",
    "In-Reply-To: <a@sender.example>",
    "References: <root@sender.example> <a@sender.example>",
    "Date: Mon, 26 Nov 2012 01:42:00 +0000",
  ]) {
    expect(head).toContain(line);
  }
  expect(raw).toMatch(/multipart\/alternative/);
});

test("a reminder goes by itself", async () => {
  await deliver(notice("generated@unit.example", { kind: "reminder", inReplyTo: null, references: [] }));
  const raw = sink.mails.find(({ to }) => to.includes("generated@unit.example"))?.raw ?? "";
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(raw).not.toMatch(/^In-Reply-To:/m);
});

test("what a sender wrote makes no header of its own", async () => {
  const evil = "x\r\nBcc: victim@elsewhere.example\r\n\r\nbody";
  await deliver(
    notice("evil@unit.example", {
      subject: evil,
      to: [{ name: evil, email: "evil@unit.example" }],
      attachments: [{ filename: evil, mediaType: "text/plain", content: Buffer.from("x"), contentId: null }],
    }),
  );
  const mail = sink.mails.find(({ to }) => to.includes("evil@unit.example"));
  expect(mail?.to).toEqual(["evil@unit.example"]);
  expect(mail?.raw).not.toMatch(/^Bcc:/im);
});

describe("the envelope sender", () => {
  const account = "ideas@bureau.example";
  const to = (n: number) => notice(`sender${n}@unit.example`);
  const hooks = { dataSent: async () => {} };

  test.each<[string, string | undefined, string]>([
    ["the account where nothing is said", undefined, account],
    ["none, where the relay takes it (RFC 3834 §3.3)", "null", ""],
    ["an address for bounces", "bounces@bureau.example", "bounces@bureau.example"],
  ])("is %s", async (_what, mailFrom, expected) => {
    sink.mails.length = 0;
    const own = createTransport(
      settings({ user: account, ...(mailFrom && { mailFrom }) }),
      null,
      silentLogger,
      timeouts,
    );
    expect(await own.deliver(to(1), hooks)).toMatchObject({ outcome: "accepted" });
    expect(sink.mails.map(({ from }) => from)).toEqual([expected]);
    await own.close();
  });

  test.each<[string, number, string]>([
    ["163", 553, "Mail from must equal authorized user"],
    ["QQ", 501, "mail from address must be same as authorization user"],
  ])("that %s refuses is the account from then on, which is said once", async (_provider, code, words) => {
    const strict = await startSmtp({ senders: { taken: [account], reply: [code, words] } });
    const said: string[] = [];
    const log = { ...silentLogger, warn: (facts: object) => void said.push(JSON.stringify(facts)) };
    const server = settings({ port: strict.port, user: account, mailFrom: "null" });
    const own = createTransport(server, null, log as Logger, timeouts);
    const both = await Promise.all([own.deliver(to(1), hooks), own.deliver(to(2), hooks)]);
    const later = await own.deliver(to(3), hooks);
    expect([...both, later].map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"]);
    expect(strict.mails.map(({ from }) => from)).toEqual([account, account, account]);
    expect(said).toEqual([expect.stringContaining(words)]);
    // Where the account is refused as well it is no matter of the null sender: nothing more is tried.
    const other = createTransport({ ...server, user: "other@bureau.example" }, null, log as Logger, timeouts);
    expect(await other.deliver(to(4), hooks)).toMatchObject({ outcome: "rejected", class: "sender" });
    await Promise.all([own.close(), other.close()]);
    await strict.stop();
  });

  test("can be asked about without sending anything", async () => {
    const strict = await startSmtp({ senders: { taken: [account], reply: [553, "Mail from must equal"] } });
    const server = settings({ port: strict.port });
    const ask = (from: string) => senderRefusal(server, null, { name: "", email: account }, from, timeouts);
    expect(await ask("")).toMatch(/^553 Mail from must equal/);
    expect(await ask(account)).toBeNull();
    expect(strict.mails).toEqual([]);
    await strict.stop();
  });
});

describe("a copy to ourselves", () => {
  const own = "ideas@bureau.example";
  test("goes with each notice and is nobody's business", async () => {
    sink.mails.length = 0;
    const copying = createTransport(settings({ copyToSelf: true }), null, silentLogger, timeouts);
    const hooks = { dataSent: async () => {} };
    expect(await copying.deliver(notice("someone@unit.example"), hooks)).toMatchObject({ refused: [] });
    expect(sink.mails.map(({ to, raw }) => [to, /^Bcc:/im.test(raw)])).toEqual([
      [["someone@unit.example", own], false],
    ]);
    // Only the copy was taken: whoever it was for has heard nothing.
    expect(await copying.deliver(notice("permerror@unit.example"), hooks)).toMatchObject({
      outcome: "rejected",
      permanent: true,
      response: expect.stringContaining("550"),
    });
    expect(await copying.deliver(notice("temperror@unit.example"), hooks)).toMatchObject({
      outcome: "rejected",
      permanent: false,
    });
    await copying.close();
  });
});
