// Notices whose last reply was lost, on a real mailbox and a server that hangs up after the final dot: with proof nothing
// is said twice, without it each thing at most twice, and nothing is lost (R34, R35).
import { resolve } from "node:path";
import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock, virtualClock } from "../../src/clock.ts";
import { sentCopies } from "../../src/intake/sent-folder.ts";
import { silentLogger } from "../../src/log.ts";
import type { NoticeKind } from "../../src/notice/notice.ts";
import { intend } from "../../src/notice/outbox.ts";
import { type Sender, sendDue } from "../../src/notice/send.ts";
import { sentFolder } from "../../src/notice/sent/records.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import type { SmtpTransport } from "../../src/notice/transport.ts";
import { configuredEvidence } from "../../src/service/source.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, root, startProcess } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice } from "../support/office.ts";
import { type ReceivedMail, type SmtpSink, startSmtp } from "../support/smtp.ts";
import { clear, intent, message, sender, states } from "./office.ts";

const campaign = build();
const morning = at("2012-11-26", "09:00");
const minutes = (n: number) => new Date(morning.getTime() + n * 60_000);
const timeouts = { connectionMs: 5_000, greetingMs: 5_000, socketMs: 5_000 };
const folders = ["Gone-out", "Sent Messages", "已发送", "Sent Items", "Sent"];

let database: TestDatabase;
let dovecot: Dovecot;
let sink: SmtpSink;
let transport: SmtpTransport;
/** What the provider does with what it took, before it answers. */
let keep: (mail: ReceivedMail) => unknown = () => undefined;

beforeAll(async () => {
  [database, dovecot] = await Promise.all([
    testDatabase(),
    startDovecot({ users: ["ideas", "nowhere", "killed", ...folders.keys()].map(String) }),
  ]);
  sink = await startSmtp({ onMail: (mail) => keep(mail) });
  const smtp = { host: sink.host, port: sink.port, secure: false, user: null, perHour: 200, connections: 4 };
  transport = createTransport(smtp, null, silentLogger, timeouts);
});
afterAll(async () => {
  await endAllProcesses();
  await transport.close();
  await sink.stop();
  await Promise.all([database.drop(), dovecot.stop()]);
});
beforeEach(async () => {
  await clear(database.db);
  await database.db.deleteFrom("sent_folder").execute();
  sink.mails.length = 0;
  keep = () => undefined;
});

const account = (user: string) => ({
  host: "127.0.0.1",
  port: dovecot.imapPort,
  secure: false,
  user,
  password: dovecot.password,
});

/** Another connection to the account, as the provider's own hand. */
async function hand<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const { password: pass, ...server } = account(user);
  const client = new ImapFlow({ ...server, auth: { user, pass }, logger: false });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

/** Makes the folder; what is sent from now on is kept in it. */
async function keepIn(user: string, folder: string): Promise<void> {
  await hand(user, (client) => client.mailboxCreate(folder));
  keep = ({ raw }) => hand(user, (client) => client.append(folder, raw));
}

const looking = (user: string, change: Partial<Sender> = {}) =>
  sender(database.db, campaign, transport, morning, {
    sentEvidence: (since) => sentCopies(account(user), { folder: null, since }, silentLogger),
    ...change,
  });
const times = () => {
  const counts: Record<string, number> = {};
  for (const { to } of sink.mails) counts[String(to)] = (counts[String(to)] ?? 0) + 1;
  return Object.values(counts);
};
const lost = (n: number, kind: NoticeKind = "acknowledgement") =>
  intent(`${kind}/${n}`, { kind, to: [{ name: "", email: `drop-after-data@unit${n}.example` }] });
const response = async () =>
  (await database.db.selectFrom("notice").select("response").executeTakeFirstOrThrow()).response;

/** Passes over two hours and a day: whatever would be sent again has been. */
async function play(one: Sender & { clock: { moveTo(at: Date): void } }): Promise<void> {
  for (const minute of [0, 1, 6, 31, 37, 62, 120, 1_500]) {
    one.clock.moveTo(minutes(minute));
    await sendDue(one);
  }
}

test.each(folders.map((folder, user) => [folder, String(user)]))(
  "copies in “%s”: nothing is sent twice, and the answer names the proof",
  async (folder, user) => {
    await keepIn(user, folder);
    await intend(database.db, campaign, [lost(1), lost(2, "overdue")], morning);
    await play(looking(user));
    expect(await states(database.db)).toEqual({ "acknowledgement/1": "accepted", "overdue/2": "accepted" });
    expect(times()).toEqual([1, 1]);
    expect(await response()).toBe(`settled by the Sent folder (${folder})`);
    expect(await sentFolder(database.db, campaign)).toMatchObject({
      folder,
      keeps_copies: true,
      error: null,
    });
  },
);

test("no copies kept: answers and reminders twice at most, and accusations once, until a person decides", async () => {
  const kinds: NoticeKind[] = ["acknowledgement", "reminder", "overdue", "escalation"];
  const certain = [1, 2, 3].map((n) => intent(`answer/${n}`));
  await intend(database.db, campaign, [...certain, ...kinds.map((kind, n) => lost(n, kind))], morning);
  await play(looking("nowhere"));
  expect(times().toSorted()).toEqual([1, 1, 1, 1, 1, 2, 2]);
  expect(await sentFolder(database.db, campaign)).toMatchObject({ folder: null, keeps_copies: false });
  expect(Object.values(await states(database.db)).toSorted()).toEqual(
    [...kinds.map(() => "ambiguous"), ...certain.map(() => "accepted")].toSorted(),
  );
});

test("a mailbox that cannot be looked at proves nothing: what is in doubt waits a day, and the failure is shown", async () => {
  await intend(database.db, campaign, [lost(1)], morning);
  const one = looking("ideas", {
    sentEvidence: (since) =>
      sentCopies({ ...account("ideas"), password: "wrong" }, { folder: null, since }, silentLogger),
  });
  for (const minute of [0, 31, 300, 1_400]) {
    one.clock.moveTo(minutes(minute));
    await sendDue(one);
  }
  expect(times()).toEqual([1]);
  expect((await sentFolder(database.db, campaign))?.error).toMatch(/auth/i);
  one.clock.moveTo(minutes(1_441));
  await sendDue(one);
  expect(times()).toEqual([2]);
});

test("while it is known that no copies are kept, nothing waits for the mailbox", async () => {
  await database.db
    .insertInto("sent_folder")
    .values({ campaign: campaign.code, asked_at: minutes(-60), keeps_copies: false })
    .execute();
  await intend(database.db, campaign, [lost(1)], morning);
  const one = looking("ideas", { sentEvidence: () => Promise.reject(new Error("away")) });
  for (const minute of [0, 31]) {
    one.clock.moveTo(minutes(minute));
    await sendDue(one);
  }
  expect(times()).toEqual([2]);
});

test("of several senders one looks, and not at every pass", async () => {
  let looks = 0;
  await intend(database.db, campaign, [lost(1)], morning);
  const several = ["a", "b", "c"].map((worker) =>
    looking("ideas", { worker, sentEvidence: async () => ({ folder: null, ids: new Set([`${++looks}`]) }) }),
  );
  for (const minute of [0, 1, 2, 3, 4, 5, 6]) {
    for (const one of several) one.clock.moveTo(minutes(minute));
    await Promise.all(several.map(sendDue));
  }
  expect(looks).toBe(2);
});

describe("what is in our own mailbox proves it as well", () => {
  const id = async () =>
    (await database.db.selectFrom("notice").select(["id", "rfc_message_id"]).executeTakeFirstOrThrow()) as {
      id: number;
      rfc_message_id: string;
    };
  const came = async (change: object) => {
    const messageId = await message(database.db, campaign, minutes(1));
    await database.db.updateTable("message").set(change).where("id", "=", messageId).execute();
  };

  test.each<[string, () => Promise<void>]>([
    [
      "our own copy",
      async () => came({ origin: "own", rfc_message_id: (await id()).rfc_message_id, claimed_at: morning }),
    ],
    ["an answer to it", async () => came({ answers_notice: (await id()).id })],
    [
      "a delivery report",
      async () => {
        await database.db.updateTable("notice").set({ bounce: '{"action":"delayed"}' }).execute();
      },
    ],
  ])("%s", async (by, happens) => {
    await intend(database.db, campaign, [lost(1)], morning);
    const one = sender(database.db, campaign, transport, morning);
    await sendDue(one);
    await happens();
    await play(one);
    expect(await response()).toBe(`settled by ${by}`);
    expect(times()).toEqual([1]);
  });

  test("but not the copy of an earlier attempt, nor what a stranger sends under that number", async () => {
    await intend(database.db, campaign, [lost(1)], morning);
    const one = sender(database.db, campaign, transport, morning);
    await sendDue(one);
    const { rfc_message_id } = await id();
    await came({ origin: "own", rfc_message_id, claimed_at: minutes(-1) });
    await came({ origin: "person", rfc_message_id, claimed_at: minutes(1) });
    await sendDue(one);
    expect(Object.values(await states(database.db))).toEqual(["ambiguous"]);
  });
});

test("killed between the server's 250 and our record of it: found among the copies, sent once", async () => {
  const office = await openOffice({
    ...{ transport, imapPort: dovecot.imapPort, imapUser: "killed", smtpPort: sink.port },
  });
  try {
    await keepIn("killed", "Sent");
    await dovecot.deliver(
      "killed",
      await mail({
        from: "staff@lib.culture.example",
        subject: "金点子：增设自助借还点",
        text: "建议增设自助借还点。",
      }),
    );
    const args = [
      "--import",
      resolve(root, "test/torture/armed.ts"),
      resolve(root, "src/main.ts"),
      "poll",
      "--once",
    ];
    const jinbox = startProcess(process.execPath, [...args, "--config", office.configFile], {
      DATABASE_URL: office.database.url,
      JINBOX_IMAP_PASSWORD: dovecot.password,
      JINBOX_DATA: office.folder,
      JINBOX_CRASH: "answered",
    });
    expect(await jinbox.ended).toBeNull();
    expect(Object.values(await states(office.database.db))).toEqual(["data-sent"]);
    const evidence = configuredEvidence(
      office.campaign,
      { imapPassword: dovecot.password } as Parameters<typeof configuredEvidence>[1],
      silentLogger,
    );
    const clock = virtualClock(systemClock.now());
    for (const minute of [16, 50]) {
      clock.moveTo(new Date(systemClock.now().getTime() + minute * 60_000));
      await sendDue({ ...office.app, clock, stillTrue: async () => new Map(), sentEvidence: evidence });
    }
    expect(Object.values(await states(office.database.db))).toEqual(["accepted"]);
    expect(sink.mails).toHaveLength(1);
  } finally {
    await office.end();
  }
});
