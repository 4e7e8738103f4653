// A PostgreSQL of the storm's own, on a disk so small that it can be filled, stopped as rudely as the storm likes.
import { execFile, execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { silentLogger } from "../../src/log.ts";
import { accountFor, findBinaries } from "../../src/store/binaries.ts";
import { freePort } from "../support/dovecot.ts";
import { until } from "../support/until.ts";

export interface Postgres {
  port: number;
  urlOf(database: string, port?: number): string;
  create(database: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** All its processes at once, as a power cut without the loss of memory; then it starts and recovers. */
  crash(): Promise<void>;
  /** Nothing more can be written: the disk is full, or where none could be made, every transaction is read only. */
  fill(): Promise<"disk" | "read-only">;
  /** There is room again; a server that gave up meanwhile is started. */
  makeRoom(): Promise<void>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

const USER = "jinbox";
const DISK_MEGABYTES = 640;
/** Left on the filled disk: less than one more 16 MB segment of the write-ahead log. */
const ROOM_LEFT_BYTES = 128 * 1024;

export async function startPostgres(parent: string): Promise<Postgres> {
  const disk = await mkdtemp(join(parent, "disk-"));
  const isMounted = mountedSmall(disk);
  const folder = join(disk, "data");
  const account = await accountFor(folder);
  const binaries = await findBinaries(account, silentLogger);
  const run = (program: string, ...options: string[]): Promise<string> =>
    new Promise((done, fail) => {
      const settings = { ...account, cwd: "/", env: { PATH: "/usr/bin:/bin", LC_ALL: "C" }, timeout: 90_000 };
      execFile(program, options, settings, (error, stdout, stderr) =>
        error ? fail(new Error(`${error.message}\n${stdout}${stderr}`)) : done(stdout),
      );
    });
  // The server runs as an account of its own and must get there.
  for (const path of [parent, disk]) await chmod(path, 0o755);
  await mkdir(folder, { mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  const locale = binaries.major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  await run(
    binaries.initdb,
    "-D",
    folder,
    "-U",
    USER,
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    ...locale,
    "-A",
    "trust",
  );
  const port = await freePort();
  await appendFile(join(folder, "postgresql.conf"), settings(port, isMounted));
  const serverLog = join(folder, "server.log");
  const control = (...what: string[]) => run(binaries.pgCtl, ...what, "-D", folder, "-w", "-s");
  const start = () => control("start", "-l", serverLog, "-t", "60");
  await start();

  const urlOf = (database: string, through = port) => `postgresql://${USER}@127.0.0.1:${through}/${database}`;
  const administer = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client(urlOf("postgres"));
    client.on("error", () => undefined);
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const answers = () =>
    administer("select 1").then(
      () => true,
      () => false,
    );
  const ballast = join(disk, "ballast");
  const last = (): void => {
    try {
      execFileSync(binaries.pgCtl, ["stop", "-D", folder, "-m", "immediate", "-s"], { ...account, cwd: "/" });
      if (isMounted) execFileSync("umount", ["-l", disk]);
    } catch {
      // It was down already.
    }
  };
  process.once("exit", last);
  return {
    port,
    urlOf,
    create: (database) => administer(`create database ${database}`),
    drop: (database) => administer(`drop database if exists ${database} with (force)`),
    crash: async () => {
      await control("stop", "-m", "immediate").catch(() => undefined);
      await start();
    },
    fill: async () => {
      if (!isMounted) {
        await administer("alter system set default_transaction_read_only = on", "select pg_reload_conf()");
        return "read-only";
      }
      const free = Number(
        execFileSync("df", ["--output=avail", "-B1", disk], { encoding: "utf8" }).split("\n")[1],
      );
      await writeFile(ballast, "");
      execFileSync("fallocate", ["-l", String(Math.max(4096, free - ROOM_LEFT_BYTES)), ballast]);
      return "disk";
    },
    makeRoom: async () => {
      if (isMounted) await rm(ballast, { force: true });
      // A server whose log could not be written ends itself: its operator starts it again.
      if (!(await answers())) {
        await control("stop", "-m", "immediate").catch(() => undefined);
        await start().catch(() => undefined);
        await until("PostgreSQL is back", answers, 60_000);
      }
      if (!isMounted)
        await administer(
          "set default_transaction_read_only = off",
          "alter system reset default_transaction_read_only",
          "select pg_reload_conf()",
        );
      await truncate(serverLog, 0).catch(() => undefined);
    },
    log: async () => (await readFile(serverLog, "utf8").catch(() => "")).split("\n").slice(-30).join("\n"),
    stop: async () => {
      process.off("exit", last);
      await control("stop", "-m", "immediate").catch(() => undefined);
      if (isMounted) execFileSync("umount", ["-l", disk]);
      await rm(disk, { recursive: true, force: true });
    },
  };
}

/** A small filesystem in memory, where we may make one. */
function mountedSmall(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MEGABYTES}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

function settings(port: number, isInMemory: boolean): string {
  return [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    "unix_socket_directories = ''",
    "max_connections = 150",
    "shared_buffers = 64MB",
    "max_wal_size = 96MB",
    "min_wal_size = 32MB",
    "timezone = 'UTC'",
    "log_min_messages = warning",
    // In memory there is nothing to wait for; a killed server loses nothing of it either way.
    ...(isInMemory ? ["fsync = off", "full_page_writes = off"] : []),
    "",
  ].join("\n");
}
