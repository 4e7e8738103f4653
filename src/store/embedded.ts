// A PostgreSQL of our own under the data directory, for when no DATABASE_URL is given.
//
// The server outlives whoever started it: pg_ctl puts it in a session of its own, so that a killed jinbox leaves a
// running database that the next start adopts. Every process using it holds a shared advisory lock for as long as
// it runs; the last to stop finds no other holder and stops the server. The lock lives in the server itself, so a
// process killed by -9 cannot leave a stale one behind.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { stopwatch, systemClock } from "../clock.ts";
import type { Logger } from "../log.ts";
import {
  type Account,
  accountFor,
  type Binaries,
  EmbeddedUnavailable,
  findBinaries,
  openPathFor,
} from "./binaries.ts";

export interface EmbeddedServer {
  url: string;
  stop(): Promise<void>;
}

interface Cluster {
  folder: string;
  socketFolder: string;
  binaries: Binaries;
  account: Account | undefined;
  log: Logger;
}

const USER = "jinbox";
const PORT = 5432;
/** Key of the advisory lock that says "somebody uses this server". */
const IN_USE = 7_305_198;
/** Longest path of a unix socket the kernel takes (sun_path), with PostgreSQL's file name in it. */
const LONGEST_SOCKET_FOLDER = 103 - "/.s.PGSQL.5432.lock".length;
/** A process number no system gives out. */
const NOBODY = 2_147_483_647;
const START_LIMIT_MS = 120_000;
const RETRY_MS = 100;
const LARGEST_LOG_BYTES = 10_000_000;

/** Starts the server of `dataDirectory`, or adopts the one that is running; resolves when it answers. */
export async function startEmbedded(dataDirectory: string, log: Logger): Promise<EmbeddedServer> {
  const cluster = await prepare(join(resolve(dataDirectory), "postgres"), log);
  let stopping = false;
  let holder = await hold(cluster);
  const watch = (): void => {
    holder.once("end", async () => {
      if (stopping) return;
      log.error({}, "the embedded database went away, starting it again");
      try {
        holder = await hold(cluster);
        if (stopping) await release(holder, cluster);
        else watch();
      } catch (error) {
        log.error({ err: error }, "the embedded database could not be started again");
      }
    });
  };
  watch();
  return {
    url: `postgresql://${USER}@localhost:${PORT}/jinbox?host=${encodeURIComponent(cluster.socketFolder)}`,
    stop: async () => {
      if (stopping) return;
      stopping = true;
      await release(holder, cluster);
    },
  };
}

async function prepare(folder: string, log: Logger): Promise<Cluster> {
  await mkdir(join(folder, ".."), { recursive: true });
  const account = await accountFor(folder);
  if (account) await openPathFor(account, folder, log);
  const binaries = await findBinaries(account, log);
  const made = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => null);
  if (made === null) await initialise(folder, binaries, account);
  else if (Number(made) !== binaries.major) {
    throw new EmbeddedUnavailable(
      `${folder} was made by PostgreSQL ${made.trim()}, the programs found are version ${binaries.major}: ` +
        "back up with the old version and restore with the new one",
    );
  }
  const socketFolder = await socketFolderOf(folder, account);
  await writeFile(join(folder, "postgresql.conf"), settings(socketFolder));
  return { folder, socketFolder, binaries, account, log };
}

/** Made beside its place and renamed into it: a killed initdb leaves nothing half made, and of two racing one wins. */
async function initialise(folder: string, binaries: Binaries, account: Account | undefined): Promise<void> {
  const draft = `${folder}.new-${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    if (account) await chown(draft, account.uid, account.gid);
    // Without an explicit UTF-8 locale the trigrams of Chinese text come out empty. The builtin provider is new in 17.
    const locale =
      binaries.major >= 17
        ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        : ["--locale=C.UTF-8"];
    const options = [
      "-D",
      draft,
      "-U",
      USER,
      "--encoding=UTF8",
      ...locale,
      "--auth-local=trust",
      "--auth-host=reject",
    ];
    const { code, output } = await run(binaries.initdb, options, account);
    if (code !== 0) throw new EmbeddedUnavailable(`initdb failed: ${output}`);
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Inside the cluster, which only its owner may enter; where that path is too long for a socket, a private folder. */
async function socketFolderOf(folder: string, account: Account | undefined): Promise<string> {
  if (Buffer.byteLength(folder) <= LONGEST_SOCKET_FOLDER) return folder;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const short = join(tmpdir(), `jinbox-${name}`);
  await mkdir(short, { recursive: true, mode: 0o700 });
  if (account) await chown(short, account.uid, account.gid);
  else if ((await stat(short)).uid !== process.getuid?.()) {
    throw new EmbeddedUnavailable(
      `${short} belongs to somebody else; use a data directory with a shorter path`,
    );
  }
  await chmod(short, 0o700);
  return short;
}

/** Written whole at every start: the file is ours. Sized for one small machine; a commit still waits for the disk. */
function settings(socketFolder: string): string {
  return [
    "# Written by jinbox at every start.",
    "listen_addresses = ''",
    `port = ${PORT}`,
    `unix_socket_directories = '"${socketFolder.replaceAll("'", "''")}"'`,
    "unix_socket_permissions = 0700",
    "max_connections = 50",
    "shared_buffers = 128MB",
    "work_mem = 8MB",
    "maintenance_work_mem = 64MB",
    "max_wal_size = 512MB",
    "wal_compression = on",
    "synchronous_commit = on",
    "fsync = on",
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    "log_checkpoints = off",
    "log_min_messages = warning",
    "",
  ].join("\n");
}

/** A connection holding the shared lock on a server that runs: started, adopted or recovered as need be. */
async function hold(cluster: Cluster): Promise<pg.Client> {
  const elapsed = stopwatch();
  let obstacle = "";
  while (elapsed() < START_LIMIT_MS) {
    if (await isRunning(cluster)) {
      const held = await connect(cluster);
      if (held instanceof pg.Client) return held;
      obstacle = held;
    } else {
      obstacle = await start(cluster);
      if (obstacle === "") continue;
    }
    await systemClock.sleep(RETRY_MS);
  }
  const lines = await readFile(join(cluster.folder, "server.log"), "utf8").catch(() => "");
  throw new EmbeddedUnavailable(
    `the database in ${cluster.folder} does not start: ${obstacle}\n${lines.split("\n").slice(-10).join("\n")}`,
  );
}

/**
 * Whether the process named by postmaster.pid is a living PostgreSQL. In a container numbers repeat soon, and a killed
 * server stays as a zombie where the first process buries nobody: PostgreSQL would take either for a running server.
 */
async function isRunning(cluster: Cluster): Promise<boolean> {
  const lockFile = join(cluster.folder, "postmaster.pid");
  const lock = await readFile(lockFile, "utf8").catch(() => "");
  const pid = Number(lock.split("\n")[0]);
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // "123 (postgres) S …"; where there is no /proc, the number is believed.
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => `${pid} (postgres) S`);
  if (/\(postgres\) [^ZX]/.test(state)) return true;
  cluster.log.warn({ pid }, "the database was killed: its lock names a process that is no database");
  // Not removed: its last line lets PostgreSQL see whether children of the dead server still hold shared memory.
  await writeFile(lockFile, lock.replace(/^\d+/, String(NOBODY)));
  await rm(join(cluster.socketFolder, `.s.PGSQL.${PORT}.lock`), { force: true });
  return false;
}

/** Empty when the server was started; else what is in the way. Retried: a killed server's children need a moment. */
async function start(cluster: Cluster): Promise<string> {
  const serverLog = join(cluster.folder, "server.log");
  const written = await stat(serverLog).catch(() => null);
  if (written && written.size > LARGEST_LOG_BYTES) await truncate(serverLog, 0);
  const { code, output } = await run(
    cluster.binaries.pgCtl,
    ["start", "-D", cluster.folder, "-l", serverLog, "-w", "-t", "60", "-s"],
    cluster.account,
  );
  return code === 0 ? "" : output;
}

async function connect(cluster: Cluster): Promise<pg.Client | string> {
  const client = new pg.Client({
    host: cluster.socketFolder,
    port: PORT,
    user: USER,
    database: "postgres",
    application_name: "jinbox holder",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", (error) =>
    cluster.log.debug({ err: error }, "the connection that holds the database ended"),
  );
  try {
    await client.connect();
    const lock = await client.query(`select pg_try_advisory_lock_shared(${IN_USE}) as held`);
    if (!lock.rows[0].held) throw new Error("another process is stopping it");
    const found = await client.query("select from pg_database where datname = 'jinbox'");
    // Two processes starting at once may both find it missing: the second is told "duplicate" and goes on.
    if (found.rowCount === 0) {
      await client.query("create database jinbox").catch((error: pg.DatabaseError) => {
        if (error.code !== "42P04" && error.code !== "23505") throw error;
      });
    }
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    return (error as Error).message;
  }
}

/** Lets go, and stops the server if nobody else holds it. */
async function release(holder: pg.Client, cluster: Cluster): Promise<void> {
  try {
    await holder.query(`select pg_advisory_unlock_shared(${IN_USE})`);
    const last = await holder.query(`select pg_try_advisory_lock(${IN_USE}) as alone`);
    if (last.rows[0].alone) {
      const { code, output } = await run(
        cluster.binaries.pgCtl,
        ["stop", "-D", cluster.folder, "-m", "fast", "-w", "-t", "30", "-s"],
        cluster.account,
      );
      if (code !== 0) cluster.log.warn({ output }, "the embedded database did not stop in time");
    }
  } catch (error) {
    cluster.log.debug({ err: error }, "the embedded database was already gone");
  } finally {
    await holder.end().catch(() => undefined);
  }
}

function run(
  program: string,
  options: string[],
  account: Account | undefined,
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    // Not our environment: a PGDATA, PGPORT or exotic LC_ALL set for somebody else's server must not reach ours.
    const environment = { PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", LC_ALL: "C" };
    const settings = { ...account, cwd: "/", env: environment, timeout: 90_000 };
    execFile(program, options, settings, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      done({ code: error ? 1 : 0, output: output || (error?.message ?? "") });
    });
  });
}
