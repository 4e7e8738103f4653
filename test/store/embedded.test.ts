// The database of our own: one server a folder, whoever starts it, whatever is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stopwatch } from "../../src/clock.ts";
import { silentLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded.ts";

let folder: string;
const servers: EmbeddedServer[] = [];
const processes: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-embedded-"));
});
afterEach(async () => {
  for (const held of processes.splice(0)) held.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  const left = await postmaster();
  if (left) process.kill(left, "SIGINT");
  await vi.waitUntil(async () => (await postmaster()) === null, { timeout: 10_000 });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(directory = folder): Promise<EmbeddedServer> {
  const server = await startEmbedded(directory, silentLogger);
  servers.push(server);
  return server;
}

/** Another jinbox on the same folder; resolves when its database answers. */
async function startElsewhere(): Promise<{ process: ChildProcess; url: string }> {
  const program = fileURLToPath(new URL("../support/holder.ts", import.meta.url));
  const held = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
  processes.push(held);
  const [line] = (await once(held.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return { process: held, url: line.toString().trim() };
}

/** Process id of the running server; null when there is none. */
async function postmaster(): Promise<number | null> {
  const file = await readFile(join(folder, "postgres", "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(file.split("\n")[0]);
  if (!pid) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test("it starts in a fresh folder within seconds, keeps what was written, and stops without a trace", async () => {
  const elapsed = stopwatch();
  const first = await start();
  process.stderr.write(`first start ${elapsed().toFixed(0)} ms\n`);
  await query(first.url, "create table kept (word text); insert into kept values ('图书馆')");
  await first.stop();
  expect(await postmaster()).toBeNull();
  const again = stopwatch();
  const second = await start();
  process.stderr.write(`later start ${again().toFixed(0)} ms\n`);
  expect(await query(second.url, "select word from kept")).toEqual([{ word: "图书馆" }]);
});

test("Chinese text has trigrams, and sorts the same everywhere", async () => {
  const { url } = await start();
  await query(url, "create extension pg_trgm");
  const [row] = await query(
    url,
    "select cardinality(show_trgm('延长开放时间')) as trigrams, 'a' < 'B' as before",
  );
  expect(row).toEqual({ trigrams: 7, before: false });
});

test("several processes on one folder share one server, and the last to stop stops it", async () => {
  const [one, other] = await Promise.all([startElsewhere(), startElsewhere()]);
  const mine = await start();
  const server = await postmaster();
  expect(one.url).toBe(other.url);
  one.process.kill("SIGTERM");
  await once(one.process, "exit");
  await mine.stop();
  expect(await postmaster()).toBe(server);
  await query(other.url, "select 1");
  other.process.kill("SIGTERM");
  const [, signal] = await once(other.process, "exit");
  expect(signal).toBe("SIGTERM");
  expect(await postmaster()).toBeNull();
});

test("the server of a process killed by -9 is adopted by the next start, which also stops it", async () => {
  const killed = await startElsewhere();
  const server = await postmaster();
  killed.process.kill("SIGKILL");
  await once(killed.process, "exit");
  const mine = await start();
  expect(await postmaster()).toBe(server);
  await vi.waitUntil(async () => {
    const [row] = await query(
      mine.url,
      "select count(*)::int as holders from pg_locks where locktype = 'advisory'",
    );
    return row?.holders === 1;
  });
  await mine.stop();
  expect(await postmaster()).toBeNull();
});

test("a killed server comes back by itself under the same address, with everything committed", async () => {
  const server = await start();
  const database = openDatabase(server.url, silentLogger);
  await query(server.url, "create table kept (n int); insert into kept select generate_series(1, 1000)");
  process.kill((await postmaster()) as number, "SIGKILL");
  const elapsed = stopwatch();
  const rows = await vi.waitUntil(
    () => query(server.url, "select count(*)::int as n from kept").catch(() => null),
    {
      timeout: 30_000,
      interval: 50,
    },
  );
  process.stderr.write(`back ${elapsed().toFixed(0)} ms after kill -9\n`);
  expect(rows).toEqual([{ n: 1000 }]);
  await database.close();
});

test("a lock left by a server that was killed, its number now another program's, is no obstacle", async () => {
  const first = await start();
  const file = join(folder, "postgres", "postmaster.pid");
  const lock = await readFile(file, "utf8");
  await first.stop();
  await writeFile(file, lock.replace(/^\d+/, String(process.pid)));
  await start();
});

test("a folder with a long name in Chinese works: the socket then lives elsewhere", async () => {
  const long = join(folder, "文化现代化我们怎么办大讨论活动办公室".repeat(2), "数据 'x' data");
  const { url, stop } = await start(long);
  expect(await query(url, "select current_database() as name")).toEqual([{ name: "jinbox" }]);
  await stop();
});

test("a cluster of another PostgreSQL version is refused in words", async () => {
  await (await start()).stop();
  await writeFile(join(folder, "postgres", "PG_VERSION"), "12\n");
  await expect(start()).rejects.toThrow(/made by PostgreSQL 12.*back up/s);
  await writeFile(join(folder, "postgres", "PG_VERSION"), "18\n");
});
