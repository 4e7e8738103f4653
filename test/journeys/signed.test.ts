// A mail that its sender's server signed, through a real mailbox: it is believed, and the same one tampered with is not.

import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { checkBorder } from "../../src/commands/doctor/senders.ts";
import { openImap } from "../../src/intake/imap.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { createReader, type Reader } from "../../src/reading/reader.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { arrived, keyRecord, playedNames, signed } from "../support/names.ts";
import { openOffice, type TestOffice } from "../support/office.ts";

const lib = "lib.culture.example";
const names = playedNames({
  [`TXT s._domainkey.${lib}`]: [keyRecord],
  [`TXT ${lib}`]: ["v=spf1 ip4:192.0.2.0/28 -all"],
  "TXT _dmarc.culture.example": ["v=DMARC1; p=reject"],
});
const sent: OutgoingNotice[] = [];
let dovecot: Dovecot;
let office: TestOffice;
let reader: Reader;

beforeAll(async () => {
  dovecot = await startDovecot({ users: ["ideas"] });
  reader = createReader({ resolve: names.resolve, log: silentLogger });
  const transport = captureTransport((notice) => void sent.push(notice));
  office = await openOffice({ transport, reader, imapPort: dovecot.imapPort });
  office.campaign.mailbox.verify = true;
});
afterAll(async () => {
  await office?.end();
  await dovecot?.stop();
});

async function pass(): Promise<void> {
  const settings = {
    host: "127.0.0.1",
    port: dovecot.imapPort,
    secure: false,
    user: "ideas",
    folder: "INBOX",
  };
  const mailbox = await openImap(
    { ...settings, password: dovecot.password, maxBytes: 10_000_000 },
    systemClock,
    silentLogger,
  );
  await office.pass(mailbox);
  await mailbox.close();
}

const report = {
  from: `联络员 <liaison@${lib}>`,
  subject: "市图书馆大讨论活动书面总结",
  text: [
    "现将我馆大讨论活动书面总结报上。",
    "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
    "二、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
  ].join("\n"),
};

test("signed it counts, tampered with it does not", async () => {
  const whole = await signed(report, lib);
  const tampered = Buffer.from(
    whole.toString("latin1").replace(/Subject: .*\r\n(?: .*\r\n)*/, "Subject: =?utf-8?B?5pKk5Zue?=\r\n"),
    "latin1",
  );
  await dovecot.deliver("ideas", arrived(whole, "192.0.2.1", `liaison@${lib}`));
  await pass();
  await dovecot.deliver("ideas", arrived(tampered, "203.0.113.7", `liaison@${lib}`));
  await pass();
  const { rows } = await office.database.pool.query(
    "select sender_check ->> 'verdict' as verdict, jsonb_path_query_array(sender_check, '$.own[*].verdict') as own from message order by id",
  );
  // The test's own delivery wrote a Return-Path that is nobody's: the signature alone decides.
  expect(rows).toEqual([
    { verdict: "pass", own: ["pass", "none", "pass"] },
    { verdict: "fail", own: ["fail", "none", "fail"] },
  ]);
  const { rows: filed } = await office.database.pool.query(
    "select state, verified from submission order by id",
  );
  expect(filed[0]).toEqual({ state: "current", verified: true });
  for (const other of filed.slice(1)) expect(other).toEqual({ state: "current", verified: false });
  expect(sent.filter(({ kind }) => kind !== "contact")).toHaveLength(1);
});

test("doctor sees what the border writes, and what it does not remove", async () => {
  const client = new ImapFlow({
    ...{ host: "127.0.0.1", port: dovecot.imapPort, secure: false, logger: false },
    auth: { user: "ideas", pass: dovecot.password },
  });
  await client.connect();
  const look = async (authservBelow: boolean) => {
    const { exists } = await client.mailboxOpen("INBOX", { readOnly: true });
    const mailbox = { ...office.campaign.mailbox, authserv: ["mx.culture.example"], authservBelow };
    const [finding] = await checkBorder(client, { ...office.campaign, mailbox }, exists);
    return `${finding?.health}: ${finding?.advice?.en ?? finding?.saw.en}`;
  };
  try {
    expect(await look(false)).toContain("warning: copy the name");
    const below = Buffer.from(
      "Authentication-Results: mx.culture.example; dmarc=pass header.from=x.example\r\n",
    );
    const plain = Buffer.from("From: <a@x.example>\r\nSubject: x\r\n\r\nx");
    await dovecot.deliver("ideas", arrived(Buffer.concat([below, plain]), "192.0.2.1", "a@x.example"));
    expect(await look(false)).toContain("warning: it writes below");
    expect(await look(true)).toMatch(/^ok: 1 of/);
    const above = ["Authentication-Results: mx.culture.example; dmarc=none header.from=x.example"];
    await dovecot.deliver("ideas", arrived(Buffer.concat([below, plain]), "192.0.2.1", "a@x.example", above));
    expect(await look(false)).toContain("warning: have the border server remove");
  } finally {
    client.close();
  }
});
