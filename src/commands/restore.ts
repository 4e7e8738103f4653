// `jinbox restore`: a backup into an empty database, which then says nothing until the office lets it speak (R58).
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { stopwatch, systemClock } from "../clock.ts";
import { ledgerWords } from "../digest/words.ts";
import { createLogger, type Logger } from "../log.ts";
import { asLine } from "../notice/render.ts";
import { dropWhatMayHaveLeft, type WaitingNotice, waitingNotices } from "../notice/restored/records.ts";
import { forgetAgain } from "../service/forget/forget.ts";
import { takeList } from "../service/forget/list.ts";
import { allForgotten } from "../service/forget/records.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { openLong } from "../store/backup/connection.ts";
import { PassphraseMissing } from "../store/backup/file.ts";
import { BackupDamaged } from "../store/backup/format.ts";
import { RestoreRefused, restore } from "../store/backup/restore.ts";
import { SealBroken } from "../store/backup/sealed.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { type OpenStore, openStore } from "../store/open.ts";
import { endQuiet, openRestoration } from "../store/quiet.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  type ExitCode,
  jsonOption,
  UsageError,
} from "./command.ts";
import { passphraseOf, passphraseOption } from "./passphrase.ts";
import { bytesLine } from "./progress.ts";

export const command: Command = {
  name: "restore",
  usage: "FILE [--to URL] [--replace] [--passphrase FILE] | --list | --finish [--drop-waiting] [--who NAME]",
  words: {
    zh: "把备份恢复到空库；之后什么也不发，先核对（--list），再放行（--finish）",
    en: "puts a backup into an empty database; then nothing leaves until you looked (--list) and said so (--finish)",
  },
  options: {
    to: {
      type: "string",
      value: "URL",
      words: {
        zh: "恢复到这个库（默认 DATABASE_URL 或自带的库）",
        en: "into this database (default: the configured one)",
      },
    },
    replace: {
      type: "boolean",
      words: { zh: "库里已有数据也照做：全部由备份取代", en: "even if it holds data: all of it is replaced" },
    },
    passphrase: passphraseOption,
    list: { type: "boolean", words: { zh: "列出放行后会发的信", en: "what would be sent" } },
    finish: { type: "boolean", words: { zh: "放行：从现在起照常发信", en: "let jinbox speak again" } },
    "drop-waiting": {
      type: "boolean",
      words: {
        zh: "与 --finish 同用：备份以后可能已经发过的不再发",
        en: "with --finish: what may have left after the backup is not sent",
      },
    },
    who: {
      type: "string",
      value: "NAME",
      words: { zh: "是谁决定的，记录在案", en: "who decided, for the record" },
    },
    config: configOption,
    json: jsonOption,
  },
  positionals: true,
  async run(input) {
    const log = createLogger({ level: "warn", readable: true });
    const { act, file } = asked(input);
    const { databaseUrl, dataDirectory } = readEnvironment();
    const to = typeof input.values.to === "string" ? input.values.to : databaseUrl;
    const store = await openStore({ databaseUrl: to, dataDirectory }, log);
    try {
      if (act === "restore") return await putBack(store, file, input, log);
      await migrate(store.db);
      return act === "list" ? await list(store, input) : await finish(store, input);
    } finally {
      await store.stop();
    }
  },
};

function asked({ values, positionals }: CommandInput): { act: "restore" | "list" | "finish"; file: string } {
  const [file = "", ...more] = positionals;
  const acts = [file !== "", values.list === true, values.finish === true].filter(Boolean).length;
  if (acts !== 1 || more.length > 0 || (values["drop-waiting"] && !values.finish))
    throw new UsageError(
      "请写 / write:\n  jinbox restore FILE\n  jinbox restore --list\n  jinbox restore --finish [--drop-waiting]",
    );
  return { act: values.list ? "list" : values.finish ? "finish" : "restore", file };
}

async function putBack(store: OpenStore, file: string, input: CommandInput, log: Logger): Promise<ExitCode> {
  const { values } = input;
  const passphrase = passphraseOf(values.passphrase);
  const elapsed = stopwatch();
  const line = bytesLine();
  // Ours is idle, and must not look like a service that uses the database.
  await store.pool.end();
  const connection = await openLong(store.url);
  try {
    const { manifest, summary } = await restore(connection, {
      ...{ file, passphrase, replace: values.replace === true, now: systemClock.now() },
      onProgress: ({ table, bytes }) => line.show(table, bytes),
    });
    line.clear();
    await settleIn(store.url, manifest.madeAt, input, log);
    const rows = summary.tables.reduce((sum, one) => sum + one.rows, 0);
    const ms = Math.round(elapsed());
    if (values.json) console.log(JSON.stringify({ file, madeAt: manifest.madeAt, rows, ms }));
    else
      console.log(
        `已恢复到 ${manifest.madeAt}：${rows} 行，${(ms / 1000).toFixed(1)} s / restored as of ${manifest.madeAt}: ${rows} rows\n` +
          "现在什么也不发。启动服务补收来信，然后：\n  jinbox restore --list      会发哪些\n  jinbox restore --finish    放行（--drop-waiting：可能已发过的不再发）\n" +
          "Nothing is sent now. Start the service to take in newer mail, look at --list, then --finish.",
      );
    return 0;
  } catch (error) {
    const isAboutTheFile = [RestoreRefused, BackupDamaged, SealBroken, PassphraseMissing].some(
      (kind) => error instanceof kind,
    );
    if (!isAboutTheFile) throw error;
    line.clear();
    log.debug({ err: error }, "restore refused");
    console.error(`jinbox restore: ${(error as Error).message}`);
    return 1;
  } finally {
    await connection.end();
  }
}

/** In tables of this version: who is to stay forgotten, and that it was restored. */
async function settleIn(url: string, madeAt: string, { values }: CommandInput, log: Logger): Promise<void> {
  const { db, close } = openDatabase(url, log, 2);
  const { dataDirectory, configFile } = readEnvironment();
  const now = systemClock.now();
  try {
    await migrate(db);
    const entry = { action: "restore" as const, about: `backup/${madeAt}` };
    await recordAudit(db, null, byCommand(now), [entry]);
    await takeList(db, dataDirectory, now);
    await forgetReturned(db, values, configFile);
  } finally {
    await close();
  }
}

async function forgetReturned(
  db: Database,
  { config }: CommandInput["values"],
  configFile: string,
): Promise<void> {
  if ((await allForgotten(db)).length === 0) return;
  const { campaign } = loadCampaign(typeof config === "string" ? config : configFile);
  const people = await forgetAgain(db, campaign, systemClock.now());
  if (people > 0)
    console.error(`按名单再次删除了 ${people} 人的信息 / forgotten again, as asked before: ${people}`);
}

async function list({ db }: OpenStore, { values }: CommandInput): Promise<ExitCode> {
  const restoration = await openRestoration(db);
  if (!restoration) {
    if (!values.json) console.log("没有等待放行的恢复，信照常发 / no restore is open: mail leaves as usual");
    return 0;
  }
  const waiting = await waitingNotices(db, restoration);
  for (const notice of waiting) console.log(values.json ? machineLine(notice) : readableLine(notice));
  if (!values.json) {
    const doubtful = waiting.filter((one) => one.may_have_left).length;
    console.log(
      `共 ${waiting.length} 封，其中 ${doubtful} 封（标 ?）可能在备份以后已经发过 / ${waiting.length} in all, ${doubtful} of them (?) may have left already`,
    );
  }
  return 0;
}

async function finish({ db }: OpenStore, { values }: CommandInput): Promise<ExitCode> {
  await forgetReturned(db, values, readEnvironment().configFile);
  const by = typeof values.who === "string" && values.who !== "" ? values.who : "operator";
  const now = systemClock.now();
  const done = await db.transaction().execute(async (trx) => {
    const restoration = await openRestoration(trx);
    if (!restoration) return null;
    const dropped = values["drop-waiting"] ? await dropWhatMayHaveLeft(trx, restoration, now) : 0;
    await endQuiet(trx, by, dropped, now);
    const entry = { action: "restore" as const, about: "finish", after: `${dropped} dropped` };
    await recordAudit(trx, null, { ...byCommand(now), by }, [entry]);
    return { dropped };
  });
  if (done === null) console.error("没有等待放行的恢复 / no restore is open");
  else if (values.json) console.log(JSON.stringify(done));
  else console.log(`已放行；${done.dropped} 封不再发 / mail leaves again; ${done.dropped} are not sent`);
  return done === null ? 1 : 0;
}

const recipients = ({ to_contacts }: WaitingNotice) => to_contacts.map(({ email }) => email);

function readableLine(notice: WaitingNotice): string {
  const kind = ledgerWords("zh-CN").noticeKind[notice.kind] ?? notice.kind;
  const to = asLine(recipients(notice).join(", "), 80);
  return `${notice.may_have_left ? "?" : " "} ${notice.id}  ${kind}  ${to}  ${asLine(notice.subject, 80)}`;
}

function machineLine(notice: WaitingNotice): string {
  const { id, kind, unit, subject, may_have_left: mayHaveLeft } = notice;
  return JSON.stringify({ id, kind, unit, to: recipients(notice), subject, mayHaveLeft });
}
