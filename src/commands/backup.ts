// `jinbox backup`: everything in one file, while the service runs; `jinbox backup verify` reads one back.
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { readEnvironment } from "../campaign/environment.ts";
import { stopwatch, systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { openLong } from "../store/backup/connection.ts";
import { dump } from "../store/backup/dump.ts";
import { PassphraseMissing, readBackupFile, writeBackupFile } from "../store/backup/file.ts";
import { BackupDamaged } from "../store/backup/format.ts";
import { SealBroken } from "../store/backup/sealed.ts";
import { pendingMigrations } from "../store/migrate.ts";
import { type OpenStore, openStore } from "../store/open.ts";
import { failureText } from "../text/failure.ts";
import { type Command, type CommandInput, type ExitCode, jsonOption, UsageError } from "./command.ts";
import { passphraseOf, passphraseOption } from "./passphrase.ts";
import { bytesLine } from "./progress.ts";
import { writeWholeFile } from "./whole-file.ts";

const KEEP = 14;

export const command: Command = {
  name: "backup",
  usage: "--out FILE | --dir DIR [--keep N] | verify FILE… [--passphrase FILE] [--json]",
  words: {
    zh: "整套备份成一个文件，不必停服务；verify 把备份从头读到尾核对一遍",
    en: "everything in one file, while the service runs; verify reads backups from end to end",
  },
  options: {
    out: { type: "string", value: "FILE", words: { zh: "写到这个文件", en: "write this file" } },
    dir: {
      type: "string",
      value: "DIR",
      words: {
        zh: "写进这个文件夹，文件名带日期时间，旧的自动清理",
        en: "write into this folder under the day and time, and remove old ones",
      },
    },
    keep: {
      type: "string",
      value: "N",
      words: { zh: `文件夹里留最近几份（默认 ${KEEP}）`, en: `how many the folder keeps (default ${KEEP})` },
    },
    passphrase: passphraseOption,
    json: jsonOption,
  },
  positionals: true,
  async run(input) {
    const { values, positionals } = input;
    const passphrase = passphraseOf(values.passphrase);
    if (positionals[0] === "verify") return verify(positionals.slice(1), passphrase, values.json === true);
    const { file, keep } = destinationOf(input);
    const environment = readEnvironment();
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await make(store, file, passphrase, values.json === true);
    } finally {
      await store.stop();
    }
    if (keep !== null) await removeOld(resolve(file, ".."), keep);
    return 0;
  },
};

function destinationOf({ values, positionals }: CommandInput): { file: string; keep: number | null } {
  const { out, dir, keep } = values;
  const isOne = (typeof out === "string") !== (typeof dir === "string");
  if (!isOne || positionals.length > 0 || (keep !== undefined && dir === undefined))
    throw new UsageError(
      "请写 / write:\n  jinbox backup --out FILE\n  jinbox backup --dir DIR --keep 14\n  jinbox backup verify FILE",
    );
  if (typeof out === "string") return { file: out, keep: null };
  const count = keep === undefined ? KEEP : Number(keep);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--keep ${keep}: 请写 1 以上的整数 / write a whole number from 1`);
  return { file: join(String(dir), nameOf(systemClock.now())), keep: count };
}

/** Sorts by time. */
const nameOf = (at: Date) =>
  `jinbox-${at.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}.backup`;
export const BACKUP_NAME = /^jinbox-\d{8}-\d{6}\.backup$/;
/** What a killed backup left: the draft of a file that was never finished. */
const DRAFT = /^\.jinbox-\d{8}-\d{6}\.backup\.[0-9a-f]{8}$/;
const DRAFT_IS_DEAD_MS = 86_400_000;

async function make(store: OpenStore, file: string, passphrase: string | null, json: boolean): Promise<void> {
  const elapsed = stopwatch();
  const line = bytesLine();
  const connection = await openLong(store.url);
  const now = systemClock.now();
  let read = 0;
  try {
    await writeWholeFile(file, async (destination) => {
      // Only where the file can be written; before the snapshot, so that the backup itself says that it was made. An older
      // schema may have no audit, and is not for a backup to change.
      if ((await pendingMigrations(store.db)).length === 0)
        await recordAudit(store.db, null, byCommand(now), [
          { action: "backup", about: "database", after: basename(file) },
        ]);
      await writeBackupFile(
        dump(connection.client, now, ({ table, bytes }) => {
          read = bytes;
          line.show(table, bytes);
        }),
        passphrase,
        destination,
      );
    });
  } finally {
    line.clear();
    await connection.end();
  }
  const { size } = await stat(file);
  const ms = Math.round(elapsed());
  if (json) console.log(JSON.stringify({ file, madeAt: now.toISOString(), read, bytes: size, ms }));
  else
    console.log(
      `已备份 / backed up: ${file}  ${megabytes(size)} MB（压缩前 / of ${megabytes(read)} MB，${(ms / 1000).toFixed(1)} s）`,
    );
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);

async function removeOld(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).toSorted();
  const old = names.filter((name) => BACKUP_NAME.test(name)).slice(0, -keep);
  const dead: string[] = [];
  for (const name of names.filter((one) => DRAFT.test(one))) {
    const { mtimeMs } = await stat(join(folder, name));
    if (systemClock.now().getTime() - mtimeMs > DRAFT_IS_DEAD_MS) dead.push(name);
  }
  for (const name of [...old, ...dead]) await rm(join(folder, name), { force: true });
}

async function verify(files: string[], passphrase: string | null, json: boolean): Promise<ExitCode> {
  if (files.length === 0)
    throw new UsageError("请写 jinbox backup verify FILE / write jinbox backup verify FILE");
  let isSound = true;
  for (const file of files) {
    let madeAt = "";
    try {
      const { tables } = await readBackupFile(file, passphrase, {
        begin: async (manifest) => {
          madeAt = manifest.madeAt;
        },
        table: async (_head, rows) => {
          for await (const _chunk of rows);
        },
      });
      const rows = tables.reduce((sum, one) => sum + one.rows, 0);
      if (json) console.log(JSON.stringify({ file, ok: true, madeAt, tables }));
      else
        console.log(
          `✓ ${file}  ${madeAt}  ${tables.length} 张表 ${rows} 行 / ${tables.length} tables, ${rows} rows`,
        );
    } catch (error) {
      if (!isAboutTheFile(error)) throw error;
      isSound = false;
      const message = failureText(error);
      if (json) console.log(JSON.stringify({ file, ok: false, problem: message }));
      else console.error(`✗ ${file}  不能用来恢复 / cannot be restored: ${message}`);
    }
  }
  return isSound ? 0 : 1;
}

const isAboutTheFile = (error: unknown): boolean =>
  error instanceof BackupDamaged ||
  error instanceof SealBroken ||
  error instanceof PassphraseMissing ||
  ["ENOENT", "EACCES", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
