// One office between three wires that can break: its mailbox (Dovecot), its database (PostgreSQL), its way out (SMTP).
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { loadCampaign } from "../../src/campaign/load.ts";
import { systemClock } from "../../src/clock.ts";
import { type ImapSettings, openImap } from "../../src/intake/imap.ts";
import { type Intake, takeIn } from "../../src/intake/intake.ts";
import type { LiveMailbox } from "../../src/intake/mailbox.ts";
import { silentLogger } from "../../src/log.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import type { SmtpTransport } from "../../src/notice/transport.ts";
import type { App } from "../../src/service/app.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { writeCampaign } from "../support/campaign.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, type Jinbox, root, startProcess } from "../support/jinbox.ts";
import { type MailToBuild, mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { startWire, type Wire, wiredUrl } from "../support/wire.ts";

/** A dead mail server is noticed this soon, where a test is about one; the real limits are tried by `npm run torture:wire`. */
export const impatient = { socketTimeoutMs: 600, quietMs: 200, commandMs: 1_500, bytesPerSecond: 1_000_000 };

export interface World {
  office: TestOffice;
  dovecot: Dovecot;
  sink: SmtpSink;
  /** The wires before them. */
  imap: Wire;
  store: Wire;
  smtp: Wire;
  /** The test's own mailbox. */
  user: string;
  /** The office as reached through the wires. */
  app: App;
  openMailbox(change?: Partial<ImapSettings>): Promise<LiveMailbox>;
  /** Delivers this many ideas of the library's staff. */
  deliver(count: number): Promise<void>;
  /** Delivers one mail of the test's own. */
  deliverMail(parts: MailToBuild): Promise<void>;
  /** Connects, takes in and ends the connection. */
  takeIn(change?: Partial<ImapSettings>): Promise<Intake>;
  /** All of it: takes in, handles, answers and sends. */
  pass(): Promise<void>;
  /** `jinbox poll --once` on these wires, to be ended at a crash point ("recorded:2") or not at all. */
  poll(crashAt?: string): Promise<Jinbox>;
  /** As if these minutes had passed for every notice: leases run out, what waits is due. */
  later(minutes: number): Promise<void>;
  /** While `act` runs, whatever writes is refused as PostgreSQL refuses it on a full disk; what reads goes on. */
  full(act: () => Promise<unknown>): Promise<void>;
  rows(query: string): Promise<Record<string, unknown>[]>;
  /** What there is of the mails: how many messages, records, submissions, and how often each was answered. */
  books(): Promise<Books>;
}

export interface Books {
  messages: number;
  records: number;
  submissions: number;
  answered: Record<string, number>;
}

/** To be called at the top of a test file; what it returns is complete inside the tests. */
export function world(): World {
  const it = {} as World;
  let wired: OpenDatabase;
  let transport: SmtpTransport;
  let users: string[] = [];
  let configFile = "";
  let delivered = 0;

  beforeAll(async () => {
    users = Array.from({ length: 60 }, (_, at) => `fault${at}`);
    [it.dovecot, it.sink] = await Promise.all([startDovecot({ users }), startSmtp()]);
    it.imap = await startWire({ host: it.dovecot.host, port: it.dovecot.imapPort }, 50);
    it.smtp = await startWire({ host: it.sink.host, port: it.sink.port });
    const smtp = { host: "127.0.0.1", port: it.smtp.port, secure: false, user: null, perHour: 1_000_000 };
    transport = createTransport({ ...smtp, connections: 1 }, null, silentLogger, {
      connectionMs: 5_000,
      greetingMs: 5_000,
      socketMs: 3_000,
    });
    it.office = await openOffice({ transport, smtpPort: it.smtp.port });
    const { target, through } = wiredUrl(it.office.database.url);
    it.store = await startWire(target);
    wired = openDatabase(through(it.store.port), silentLogger);
    it.app = { ...it.office.app, db: wired.db };
  });

  beforeEach(async () => {
    it.user = users.shift() as string;
    configFile = await writeCampaign(it.office.folder, {
      imapPort: it.imap.port,
      imapUser: it.user,
      smtpPort: it.smtp.port,
      timeless: true,
    });
    it.app = { ...it.app, campaign: loadCampaign(configFile).campaign };
    await it.office.empty();
    it.sink.mails.length = 0;
    delivered = 0;
  });

  afterEach(async () => {
    await endAllProcesses();
    for (const wire of [it.imap, it.store, it.smtp]) {
      wire.forget();
      wire.restore();
    }
  });

  afterAll(async () => {
    await wired?.close();
    await it.office?.end();
    await Promise.all([it.imap?.stop(), it.smtp?.stop(), it.store?.stop()]);
    await Promise.all([it.sink?.stop(), it.dovecot?.stop()]);
  });

  it.openMailbox = (change) =>
    openImap(
      {
        ...{ host: "127.0.0.1", port: it.imap.port, secure: false, folder: "INBOX", maxBytes: 1_000_000 },
        ...{ user: it.user, password: it.dovecot.password, ...change },
      },
      systemClock,
      silentLogger,
    );
  it.deliver = async (count) => {
    for (let at = 0; at < count; at += 1) {
      delivered += 1;
      await it.dovecot.deliver(it.user, await idea(delivered));
    }
  };
  it.deliverMail = async (parts) => it.dovecot.deliver(it.user, await mail(parts));
  it.takeIn = async (change) => {
    const mailbox = await it.openMailbox(change);
    const enqueue = async (): Promise<void> => undefined;
    return takeIn(mailbox, { ...it.app, liveAt: new Date(0), enqueue }).finally(() => mailbox.close());
  };
  it.pass = async () => {
    await it.takeIn();
    await handleAll(it.app);
    await sendPass(it.app);
  };
  it.poll = async (crashAt) => {
    const arm = crashAt === undefined ? [] : ["--import", resolve(root, "test/torture/armed.ts")];
    const args = [...arm, resolve(root, "src/main.ts"), "poll", "--once", "--config", configFile];
    return startProcess(process.execPath, args, {
      DATABASE_URL: wiredUrl(it.office.database.url).through(it.store.port),
      JINBOX_IMAP_PASSWORD: it.dovecot.password,
      JINBOX_DATA: join(it.office.folder, "data"),
      ...(crashAt !== undefined && { JINBOX_CRASH: crashAt }),
    });
  };
  it.later = async (minutes) => {
    const columns = ["lease_until", "not_before", "data_sent_at", "settled_at", "intended_at"];
    const earlier = columns.map((name) => `${name} = ${name} - interval '${minutes} minutes'`);
    await it.rows(`update notice set ${earlier.join(", ")}`);
  };
  it.full = async (act) => {
    const everywhere = (statement: string) =>
      it.rows(`do $$ declare name text; begin
        for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
          execute format('${statement}', name);
        end loop; end $$`);
    await it.rows(`create or replace function no_room() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file "base/1/2": No space left on device' using errcode = 'disk_full'; end $$`);
    await everywhere(
      "create trigger no_room before insert or update or delete on %I for each statement execute function no_room()",
    );
    try {
      await act();
    } finally {
      await everywhere("drop trigger no_room on %I");
    }
  };
  it.rows = async (query) => (await it.office.database.pool.query(query)).rows;
  it.books = async () => {
    const [counted] = await it.rows(
      `select (select count(*)::int from message) as messages, (select count(*)::int from mail_record) as records,
        (select count(*)::int from submission) as submissions`,
    );
    const answered: Record<string, number> = {};
    for (const address of it.sink.mails.flatMap(({ to }) => to)) {
      answered[address] = (answered[address] ?? 0) + 1;
    }
    return { ...(counted as Omit<Books, "answered">), answered };
  };
  return it;
}

function idea(at: number): Promise<Buffer> {
  return mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。\n\n市图书馆 职工${at}`,
  });
}

/** As it must be after every fault: each mail once, filed once, answered once. */
export function eachOnce(mails: number): Books {
  const answered = Array.from({ length: mails }, (_, at) => [`staff${at + 1}@lib.culture.example`, 1]);
  return { messages: mails, records: mails, submissions: mails, answered: Object.fromEntries(answered) };
}
