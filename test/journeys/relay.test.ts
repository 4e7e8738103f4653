// A staff member writes, and finds the acknowledgement in the same thread of their own mailbox: Dovecot → jinbox →
// Postfix → Dovecot, nothing of it pretended.
import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import { silentLogger } from "../../src/log.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type Postfix, startPostfix } from "../support/postfix.ts";

const staff = "yinxm@culture.example";
const ideas = "ideas@culture.example";
// Postfix switches between accounts and so must be started by root; for others the closing line counts this as skipped.
const asRoot = process.getuid?.() === 0;
let dovecot: Dovecot;
let postfix: Postfix;
let office: TestOffice;

beforeAll(async () => {
  if (!asRoot) return;
  dovecot = await startDovecot({ users: [ideas, staff] });
  postfix = await startPostfix(dovecot.lmtpPort);
  const smtp = {
    host: "127.0.0.1",
    port: postfix.port,
    secure: false,
    user: null,
    perHour: 1000,
    connections: 2,
    mailFrom: "null",
  };
  const transport = createTransport(smtp, null, silentLogger);
  office = await openOffice({
    transport,
    imapPort: dovecot.imapPort,
    imapUser: ideas,
    smtpPort: postfix.port,
  });
});

afterAll(async () => {
  await office?.end();
  await postfix?.stop();
  await dovecot?.stop();
});

test.runIf(asRoot)(
  "the acknowledgement arrives in the sender's own mailbox, in the thread of the idea",
  async () => {
    const raw = await mail({
      from: `殷小满 <${staff}>`,
      to: ideas,
      subject: "金点子：档案室夜间开放",
      text: "各位领导：我是办公室殷小满。建议档案室每周三晚上开放两小时，方便白天外勤的同事查阅资料。\n\n办公室 殷小满",
      messageId: "<idea-1@culture.example>",
    });
    await dovecot.deliver(ideas, raw);
    const mailbox = await openImap(
      {
        host: "127.0.0.1",
        port: dovecot.imapPort,
        secure: false,
        user: ideas,
        password: dovecot.password,
        folder: "INBOX",
        maxBytes: 10_000_000,
      },
      systemClock,
      silentLogger,
    );
    await office.pass(mailbox);
    await mailbox.close();
    const answer = await firstMailOf(staff);
    expect(answer.envelope?.inReplyTo).toBe("<idea-1@culture.example>");
    expect(answer.envelope?.subject).toContain("WHXDH-0001");
    const source = answer.source?.toString() ?? "";
    expect(source).toMatch(/^Auto-Submitted: auto-replied\r?$/m);
    expect(source).toMatch(/^References: <idea-1@culture\.example>\r?$/m);
    // A relay of one's own takes the null sender: what cannot be delivered troubles nobody (R46).
    expect(source).toMatch(/^Return-Path: <>\r?$/m);
    // It went through a real relay.
    expect(source).toMatch(/^Received: .*relay\.culture\.example/ms);
  },
);

async function firstMailOf(user: string) {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port: dovecot.imapPort,
    secure: false,
    auth: { user, pass: dovecot.password },
    logger: false,
  });
  await client.connect();
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      const opened = await client.mailboxOpen("INBOX");
      if (opened.exists > 0) {
        const found = await client.fetchOne("1", { envelope: true, source: true });
        if (found) return found;
      }
      await systemClock.sleep(100);
    }
    throw new Error(`no mail reached ${user}`);
  } finally {
    await client.logout();
  }
}
