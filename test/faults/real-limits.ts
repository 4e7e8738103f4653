// `npm run torture:wire`: how long a dead or dripping mail server goes unnoticed with the limits the program really has.
import { stopwatch, systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import type { LiveMailbox } from "../../src/intake/mailbox.ts";
import { silentLogger } from "../../src/log.ts";
import { startDovecot } from "../support/dovecot.ts";
import { type Strike, startWire, type Wire } from "../support/wire.ts";

const HALF_OPEN_SECONDS = 90;
const DRIP_SECONDS = 300;

interface Case {
  name: string;
  idle?: boolean;
  /** When the wire breaks; absent: while the mailbox waits for news. */
  strike?: Strike;
}

const literal = /BODY\[\]/;
const secondPiece = /BODY\[\]<1048576>/;
const cases: Case[] = [
  { name: "half-open while it waits, with IDLE" },
  { name: "half-open while it waits, without IDLE", idle: false },
  { name: "half-open at the login", strike: { said: /AUTHENTICATE|LOGIN/, fault: "silent" } },
  { name: "half-open at SELECT", strike: { said: /EXAMINE/, fault: "silent" } },
  { name: "half-open while it lists", strike: { said: /UID FETCH 1:\*/, fault: "silent" } },
  { name: "half-open in a mail", strike: { heard: literal, fault: "silent" } },
  { name: "half-open in a streamed mail", strike: { heard: secondPiece, fault: "silent" } },
  { name: "drip at SELECT", strike: { said: /EXAMINE/, fault: "drip" } },
  { name: "drip while it lists", strike: { said: /UID FETCH 1:\*/, fault: "drip" } },
  { name: "drip in a mail", strike: { heard: literal, fault: "drip" } },
  { name: "drip in a streamed mail", strike: { heard: secondPiece, fault: "drip" } },
];

const users = cases.map((_, at) => `wire${at}`);
const dovecot = await startDovecot({ users });

async function readAll(mailbox: LiveMailbox): Promise<void> {
  const uids = (await mailbox.listAll()).map(({ uid }) => uid);
  for await (const { raw } of mailbox.fetch(uids)) if (!Buffer.isBuffer(raw)) for await (const _ of raw);
}

/** Seconds from the fault to the error that tells of it. */
async function unnoticed({ name, idle = true, strike }: Case, user: string): Promise<number> {
  for (const bytes of [20_000, 3_500_000]) {
    const raw = Buffer.concat([Buffer.from("Subject: large\r\n\r\n"), Buffer.alloc(bytes, "0123456789\r\n")]);
    await dovecot.append(user, raw, new Date("2026-11-23T02:00:00Z"));
  }
  const wire: Wire = await startWire({ host: dovecot.host, port: dovecot.imapPort });
  let since = stopwatch();
  const settings = {
    host: "127.0.0.1",
    port: wire.port,
    secure: false,
    folder: "INBOX",
    maxBytes: 60_000_000,
  };
  const open = () =>
    openImap({ ...settings, user, password: dovecot.password, idle }, systemClock, silentLogger);
  if (strike) {
    void wire.strike(strike).then(() => {
      since = stopwatch();
    });
  }
  try {
    const mailbox = await open();
    try {
      await readAll(mailbox);
      if (!strike) {
        const waiting = mailbox.waitForNews(600_000);
        await systemClock.sleep(1_000);
        wire.hush();
        since = stopwatch();
        await waiting;
      }
    } finally {
      await mailbox.close();
    }
    throw new Error(`${name}: nothing was noticed`);
  } catch (error) {
    const seconds = since() / 1_000;
    process.stderr.write(`${seconds.toFixed(1)} s  ${name}: ${(error as Error).message}\n`);
    return seconds;
  } finally {
    await wire.stop();
  }
}

const seconds = await Promise.all(cases.map((one, at) => unnoticed(one, users[at] as string)));
await dovecot.stop();
const worst = (kind: string) =>
  Math.max(...cases.flatMap(({ name }, at) => (name.startsWith(kind) ? [seconds[at] as number] : [])));
const figures = { cases: cases.length, halfOpenSeconds: worst("half-open"), dripSeconds: worst("drip") };
console.log(JSON.stringify(figures));
process.exitCode =
  figures.halfOpenSeconds <= HALF_OPEN_SECONDS && figures.dripSeconds <= DRIP_SECONDS ? 0 : 1;
