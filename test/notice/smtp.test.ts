// Every way a delivery can end, against a real SMTP server on loopback.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SmtpSettings } from "../../src/campaign/campaign.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { createTransport } from "../../src/notice/smtp.ts";
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

test("the envelope sender is the account, since QQ and 163 refuse any other", async () => {
  const own = createTransport(settings({ user: "account@bureau.example" }), null, silentLogger, timeouts);
  await own.deliver(notice("envelope@unit.example"), { dataSent: async () => {} });
  expect(sink.mails.find(({ to }) => to.includes("envelope@unit.example"))?.from).toBe(
    "account@bureau.example",
  );
  await own.close();
});
