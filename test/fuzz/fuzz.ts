// Fuzzed mails on their real way: from a folder through the children into the ledger, answered, and the day's digest and
// ledger written of them. Every mail must end in a named state, harm no other, and leave nothing unclean behind.
import { readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { unzipSync } from "fflate";
import { SaxesParser } from "saxes";
import { loadCampaign } from "../../src/campaign/load.ts";
import { systemClock } from "../../src/clock.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { writeLedger } from "../../src/digest/ledger/ledger.ts";
import { EVERYTHING } from "../../src/digest/ledger/selection.ts";
import { openFolder } from "../../src/intake/folder.ts";
import { takeIn } from "../../src/intake/intake.ts";
import { handleMessages } from "../../src/journey.ts";
import { type Logger, silentLogger } from "../../src/log.ts";
import { composeMessage, sendableAddress } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type App, buildApp } from "../../src/service/app.ts";
import { comparePass, handleAll, sendPass } from "../../src/service/passes.ts";
import { liveAtOf } from "../../src/service/source.ts";
import { inSnapshot, type OpenDatabase } from "../../src/store/database.ts";
import { isOutage } from "../../src/store/unavailable.ts";
import { stillReceived } from "../../src/submission/records.ts";
import { dateOf, instantOf } from "../../src/text/dates.ts";
import { writeCampaign } from "../support/campaign.ts";
import { deliver, readSeeds } from "./delivery.ts";
import { failedMails, statesOf, uncleanColumns } from "./ledger.ts";
import { shrunk } from "./shrink.ts";

export interface FuzzOptions {
  database: OpenDatabase;
  mails: number;
  seed: number;
  /** Made and emptied here; what fails stays in it, whole and as small as it still fails. */
  folder: string;
  say: (line: string) => void;
}

export interface FuzzReport {
  seed: number;
  mails: number;
  /** Errors nobody caught, children that fell by themselves, mails that only ended because nothing else helped. */
  crashed: number;
  /** Delivered and in no named state. */
  unaccounted: number;
  /** Took more than 60 s, or were ended by the children's wall. */
  slow: number;
  /** Honest mails of the same batches that were not filed with their own words. */
  harmed: number;
  /** Columns, notices, digests and ledgers with something in them that must not be there. */
  unclean: number;
  filed: number;
  held: number;
  automatic: number;
  ignored: number;
  oversize: number;
  answers: number;
  seconds: number;
  slowestSliceMs: number;
  loopP99Ms: number;
  failures: string[];
}

const ROUND = 500;
/** What one job of the queue names. */
const SLICE = 25;
/** Two workers at once, as in the field. */
const LANES = 2;
const SLOW_MS = 60_000;
export async function fuzz({ database, mails, seed, folder, say }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = {
    ...{ seed, mails: 0, crashed: 0, unaccounted: 0, slow: 0, harmed: 0, unclean: 0 },
    ...{ filed: 0, held: 0, automatic: 0, ignored: 0, oversize: 0, answers: 0 },
    ...{ seconds: 0, slowestSliceMs: 0, loopP99Ms: 0, failures: [] },
  };
  const fail = (what: keyof FuzzReport, words: string) => {
    (report[what] as number) += 1;
    report.failures.push(words.slice(0, 500));
    say(`${what}: ${words.slice(0, 500)}`);
  };
  const stray = (error: unknown) => fail("crashed", `nobody caught ${(error as Error).stack ?? error}`);
  process.on("uncaughtException", stray).on("unhandledRejection", stray);
  await mkdir(folder, { recursive: true });
  const { campaign } = loadCampaign(
    await writeCampaign(folder, { imapPort: 1, imapUser: "ideas", smtpPort: 1, timeless: true }),
  );
  const answers: Promise<void>[] = [];
  const transport = captureTransport((notice) => {
    report.answers += 1;
    // The way out refuses these before it composes anything.
    if (notice.to.some(({ email }) => sendableAddress(email) === null)) return;
    answers.push(composeMessage(notice).then((raw) => answerFault(raw.toString("latin1"), fail)));
  });
  const app = buildApp({
    ...{ campaign, db: database.db, clock: systemClock, transport, children: 1 },
    log: hearing((words) => fail("crashed", words)),
  });
  const loop = monitorEventLoopDelay({ resolution: 10 });
  const startedAt = performance.now();
  try {
    const seeds = readSeeds();
    for (let from = 0; from < mails; from += ROUND) {
      const count = Math.min(ROUND, mails - from);
      const controls = await deliver(join(folder, `${from}`), seeds, { seed, from, count });
      report.mails += count;
      loop.enable();
      await takeRound(app, join(folder, `${from}`), report, fail);
      loop.disable();
      await Promise.all(answers.splice(0));
      for (const missing of await withoutTheirWords(database, controls)) fail("harmed", missing);
      await rm(join(folder, `${from}`), { recursive: true });
      if ((from + count) % 2_000 === 0 || from + count === mails)
        say(`${from + count} of ${mails} mails, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    }
    await account(app, database, report, fail);
    await keepFailures(app, database, folder, report, fail);
  } finally {
    process.off("uncaughtException", stray).off("unhandledRejection", stray);
    await app.close();
  }
  report.seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  report.loopP99Ms = Math.round(loop.percentile(99) / 1e6);
  return report;
}

type Fail = (what: keyof FuzzReport, words: string) => void;

async function takeRound(app: App, folder: string, report: FuzzReport, fail: Fail): Promise<void> {
  const mailbox = await openFolder(folder);
  const taken = await takeIn(mailbox, { ...app, ...liveAtOf(app.campaign), enqueue: async () => undefined });
  const files = readdirSync(folder).length;
  if (taken.recorded + taken.duplicates < files)
    fail("unaccounted", `${files} delivered, ${taken.recorded} + ${taken.duplicates} recorded`);
  const ids = await stillReceived(app.db, app.campaign.code, ROUND);
  const lane = async () => {
    while (ids.length > 0) {
      const slice = ids.splice(0, SLICE);
      const startedAt = performance.now();
      // A mail that fails is tried again with its job, three times, as the queue would.
      for (let tries = 0; tries < 4; tries++) {
        const isDone = await handleMessages(app, slice).then(
          () => true,
          (error: Error) => {
            // Two lanes may lock each other out, and the database says which comes again.
            if (!isOutage(error)) fail("crashed", `a slice was not filed: ${error.stack}`);
            return false;
          },
        );
        if (isDone) break;
      }
      const ms = performance.now() - startedAt;
      report.slowestSliceMs = Math.max(report.slowestSliceMs, Math.round(ms));
      if (ms > SLOW_MS) fail("slow", `${ms.toFixed(0)} ms for messages ${slice[0]} … ${slice.at(-1)}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await handleAll(app);
  await sendPass(app);
  await mailbox.close();
}

async function withoutTheirWords({ pool }: OpenDatabase, controls: string[]): Promise<string[]> {
  const { rows } = await pool.query(
    "select words from unnest($1::text[]) words where not exists (select from message m join submission s on s.message_id = m.id where m.state = 'filed' and position(words in s.text) > 0)",
    [controls],
  );
  return rows.map(({ words }) => String(words));
}

/** All that is done with them afterwards, and what is left in the end. */
async function account(app: App, database: OpenDatabase, report: FuzzReport, fail: Fail): Promise<void> {
  await comparePass(app);
  const { timezone } = app.campaign;
  const on = app.calendar.addWorkingDays(dateOf(systemClock.now(), timezone), 1);
  const written = await dailyDigest({ ...app, now: instantOf(on, "18:00", timezone) });
  if (written !== "sent") fail("unclean", `the digest was ${written}`);
  for (const format of ["xlsx", "csv", "json"] as const) {
    const out = new PassThrough();
    const [bytes] = await Promise.all([
      buffer(out),
      inSnapshot(app.db, (trx) =>
        writeLedger(trx, { campaign: app.campaign, obligations: [] }, out, { format, selection: EVERYTHING }),
      ),
    ]);
    for (const fault of ledgerFaults(format, bytes)) fail("unclean", fault);
  }
  for (const column of await uncleanColumns(database.pool)) fail("unclean", column);
  const states = await statesOf(database.pool);
  for (const [state, count] of states) {
    if (state === "received") for (let at = 0; at < count; at++) fail("unaccounted", "still received");
    else (report[state as "filed"] as number) = count;
  }
}

function ledgerFaults(format: "xlsx" | "csv" | "json", bytes: Buffer): string[] {
  if (format === "json") {
    JSON.parse(bytes.toString());
    return [];
  }
  if (format === "csv")
    return /[\0\ufffe\uffff]/.test(bytes.toString()) ? ["the .csv has what no program reads"] : [];
  return Object.entries(unzipSync(bytes)).flatMap(([name, xml]) => {
    try {
      new SaxesParser().write(Buffer.from(xml).toString()).close();
      return [];
    } catch (error) {
      return [`${name} in the .xlsx: ${(error as Error).message}`];
    }
  });
}

/** A field begins with its name or goes on from the line before; there is one of each, and none is too long. */
function answerFault(raw: string, fail: Fail): void {
  const head = raw.split("\r\n\r\n", 1)[0] ?? "";
  const lines = head.split("\r\n");
  const odd = lines.find(
    (line) => !/^(?:[!-9;-~]+: ?|[ \t]+\S)/.test(line) || /[\0\r\n\x80-\xff]/.test(line) || line.length > 998,
  );
  if (odd !== undefined) fail("unclean", `a field of an answer: ${JSON.stringify(odd.slice(0, 200))}`);
  for (const name of ["From", "To", "Subject", "Message-ID"])
    if (lines.filter((line) => line.startsWith(`${name}:`)).length !== 1)
      fail("unclean", `an answer's ${name}: ${head}`);
  if (/^(?:bcc|content-transfer-encoding: 8bit)/im.test(head)) fail("unclean", `an answer's head: ${head}`);
}

/** Keeps the bytes of each mail that failed, and the smallest that fails in the same way. */
async function keepFailures(
  app: App,
  database: OpenDatabase,
  folder: string,
  report: FuzzReport,
  fail: Fail,
): Promise<void> {
  for (const { id, what, reason, raw } of (await failedMails(database.pool)).slice(0, 20)) {
    const file = join(folder, `failed-${report.seed}-${id}.eml`);
    await writeFile(file, raw);
    fail(what, `${reason}: ${file}`);
    await writeFile(`${file}.small`, await shrunk(app, raw, reason));
  }
}

/** A child that fell by itself fell over a fault of ours; what its wall ends is counted where it is looked up. */
function hearing(fell: (words: string) => void): Logger {
  return {
    ...silentLogger,
    debug: () => undefined,
    info: () => undefined,
    warn: ((facts: { reason?: string; detail?: string }, words?: string) => {
      if (words?.includes("child was lost") && facts.reason === "reader-failed")
        fell(`${words}: ${facts.detail}`);
    }) as Logger["warn"],
    error: ((facts: { err?: Error }, words?: string) =>
      fell(`${words}: ${facts.err?.stack}`)) as Logger["error"],
    child: () => silentLogger,
  };
}
