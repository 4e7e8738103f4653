// The servers of a storm, and jinbox as it runs among them: every connection through a gate, every mail remembered.
import { createHash } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { writeCampaign } from "../support/campaign.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { type Gate, openGate } from "./gate.ts";
import type { Letter } from "./letters.ts";
import type { Postgres } from "./postgres.ts";

/** A letter on the server. */
export interface Delivered extends Letter {
  sha256: string;
  /** With angle brackets; "" where it has none. */
  messageId: string;
  deliveredAt: Date;
  /** Message-ID of our answer, once the SMTP server has it. */
  answer: string | null;
}

/** One notice as the SMTP server has it. */
export interface Arrived {
  messageId: string;
  to: string[];
  /** At the campaign's time, each time its final dot came. */
  at: Date[];
  /** A copy was put into the account's Sent folder. */
  hasCopy: boolean;
}

/** One place in which a process lives after another: its own ways to the servers, so that only they can be cut. */
export interface Slot {
  index: number;
  gates: { imap: Gate; smtp: Gate; database: Gate };
  /** What to start, and with which environment. */
  program: string;
  environment: Record<string, string>;
  configFile: string;
  /** What the SMTP server does next with a message of this slot, after its final dot. */
  atFinalDot: ((mail: Arrived) => "hang-up" | "take") | null;
}

export interface World {
  folder: string;
  postgres: Postgres;
  database: string;
  dovecot: Dovecot;
  slots: Slot[];
  letters: Delivered[];
  arrived: Map<string, Arrived>;
  now(): Date;
  moveClock(ms: number): Promise<void>;
  moveClockTo(at: Date): Promise<void>;
  deliver(letter: Letter): Promise<Delivered>;
  /** Delivers the very same bytes once more. */
  deliverAgain(letter: Delivered): Promise<void>;
  end(): Promise<void>;
}

const USER = "ideas";
/** What test/support/dovecot.ts names the folder of sent mail. */
const SENT = ".Gone-out";

export interface WorldOptions {
  slots: number;
  startsAt: Date;
  program: string;
  /** Whether the provider puts a copy of what it takes into the account's folder of sent mail. */
  keepsCopies: boolean;
}

export async function buildWorld(
  parent: string,
  postgres: Postgres,
  { slots: count, startsAt, program, keepsCopies }: WorldOptions,
): Promise<World> {
  const folder = await mkdtemp(join(parent, "season-"));
  const database = `storm_${Date.now()}`;
  await postgres.create(database);
  const dovecot = await startDovecot({ users: [USER] });
  const clockFile = join(folder, "clock");
  let offset = 0;
  const moveClock = async (ms: number): Promise<void> => {
    offset += ms;
    // Renamed into place: nobody ever reads half of it.
    await writeFile(`${clockFile}.new`, String(offset));
    await rename(`${clockFile}.new`, clockFile);
  };
  const now = () => new Date(systemClock.now().getTime() + offset);
  await moveClock(startsAt.getTime() - systemClock.now().getTime());

  const letters: Delivered[] = [];
  const arrived = new Map<string, Arrived>();
  const sinks: SmtpSink[] = [];
  const slots: Slot[] = [];
  for (let index = 0; index < count; index += 1) {
    const own = await mkdtemp(join(folder, "slot-"));
    const sink = await startSmtp({
      discard: true,
      onMail: async ({ messageId, to, raw }) => {
        const known = arrived.get(messageId) ?? { messageId, to, at: [], hasCopy: false };
        arrived.set(messageId, known);
        known.at.push(now());
        if (keepsCopies) await dovecot.append(USER, Buffer.from(raw), now(), SENT);
        known.hasCopy = keepsCopies;
        const answered = /^in-reply-to:\s*(<[^>\r\n]+>)/im.exec(raw)?.[1];
        const letter = letters.find((one) => one.messageId === answered);
        if (letter) letter.answer = messageId;
        const wish = slot.atFinalDot;
        slot.atFinalDot = null;
        return wish?.(known);
      },
    });
    sinks.push(sink);
    const gates = {
      imap: await openGate({ host: "127.0.0.1", port: dovecot.imapPort }),
      smtp: await openGate({ host: "127.0.0.1", port: sink.port }),
      database: await openGate({ host: "127.0.0.1", port: postgres.port }),
    };
    const slot: Slot = {
      index,
      gates,
      program,
      configFile: await writeCampaign(own, {
        imapPort: gates.imap.port,
        imapUser: USER,
        smtpPort: gates.smtp.port,
      }),
      environment: {
        PATH: process.env.PATH ?? "",
        HOME: own,
        DATABASE_URL: postgres.urlOf(database, gates.database.port),
        JINBOX_IMAP_PASSWORD: dovecot.password,
        JINBOX_DATA: own,
        JINBOX_LOG: "warn",
        JINBOX_PORT: "0",
        JINBOX_CLOCK: clockFile,
        NODE_COMPILE_CACHE: join(dirname(program), "compiled"),
      },
      atFinalDot: null,
    };
    slots.push(slot);
  }
  const deliver = async (letter: Letter): Promise<Delivered> => {
    const deliveredAt = now();
    await dovecot.append(USER, letter.raw, deliveredAt);
    const sha256 = createHash("sha256").update(letter.raw).digest("hex");
    const messageId = /^message-id:\s*(<[^>\r\n]+>)/im.exec(letter.raw.toString("latin1"))?.[1] ?? "";
    const delivered = { ...letter, sha256, messageId, deliveredAt, answer: null };
    letters.push(delivered);
    return delivered;
  };
  return {
    folder,
    postgres,
    database,
    dovecot,
    slots,
    letters,
    arrived,
    now,
    moveClock,
    moveClockTo: (at) => moveClock(Math.max(0, at.getTime() - now().getTime())),
    deliver,
    deliverAgain: (letter) => dovecot.append(USER, letter.raw, now()),
    end: async () => {
      for (const { gates } of slots) for (const gate of Object.values(gates)) await gate.close();
      for (const sink of sinks) await sink.stop();
      await dovecot.stop();
      await postgres.drop(database).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
