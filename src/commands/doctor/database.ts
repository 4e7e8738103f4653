// Can everything be kept? The configured PostgreSQL, or what is needed to start one of our own.
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import type { Environment } from "../../campaign/environment.ts";
import { silentLogger } from "../../log.ts";
import { accountFor, findBinaries } from "../../store/binaries.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { startEmbedded } from "../../store/embedded.ts";
import { pendingMigrations, SchemaMismatch } from "../../store/migrate.ts";
import { openRestoration } from "../../store/quiet.ts";
import { isLesserRole, missingRights } from "../../store/rights.ts";
import type { Words } from "../command.ts";
import { type Finding, fault, type Outcome, ok, warning } from "./finding.ts";

export async function checkDatabase(environment: Environment): Promise<Outcome> {
  return environment.databaseUrl === null ? checkEmbedded(environment) : checkServer(environment.databaseUrl);
}

async function checkEmbedded({ dataDirectory }: Environment): Promise<Outcome> {
  const cluster = join(dataDirectory, "postgres");
  try {
    await findBinaries(await accountFor(cluster), silentLogger);
    const exists = await access(join(cluster, "PG_VERSION"), constants.F_OK).then(
      () => true,
      () => false,
    );
    if (!exists) {
      const zh = `没有设 DATABASE_URL：首次运行时在 ${cluster} 建立自带的 PostgreSQL`;
      const en = `no DATABASE_URL: a PostgreSQL of our own will be made in ${cluster} on the first run`;
      return { findings: [ok("database", zh, en)], times: [] };
    }
    const server = await startEmbedded(dataDirectory, silentLogger);
    try {
      const { findings } = await checkServer(server.url);
      const where = ok("database", `使用自带的 PostgreSQL（${cluster}）`, `our own PostgreSQL in ${cluster}`);
      // The same machine's clock: nothing to compare.
      return { findings: [where, ...findings], times: [] };
    } finally {
      await server.stop();
    }
  } catch (error) {
    const said = (error as Error).message;
    const saw = { zh: `自带的 PostgreSQL 不能用：${said}`, en: `our own PostgreSQL cannot be used: ${said}` };
    const advice = {
      zh: "运行 npm ci 重装，确认数据目录可写；或设 DATABASE_URL 使用已有的 PostgreSQL",
      en: "run npm ci again and see that the data directory is writable; or set DATABASE_URL to use an existing server",
    };
    return { findings: [fault("database", saw, advice)], times: [] };
  }
}

async function checkServer(url: string): Promise<Outcome> {
  const { db, close } = openDatabase(url, silentLogger, 2);
  try {
    const server = await sql<{ version: string; number: number; encoding: string; name: string; at: Date }>`
      select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
             getdatabaseencoding() as encoding, current_database() as name, clock_timestamp() as at`.execute(
      db,
    );
    const facts = server.rows[0];
    if (!facts) throw new Error("PostgreSQL answered nothing");
    const rights = await checkRights(db);
    const isReadable = rights.every(({ health }) => health === "ok");
    const findings = [
      facts.number < 140_000
        ? oldVersion(facts.version)
        : ok(
            "database",
            `PostgreSQL ${facts.version}，数据库 ${facts.name}`,
            `PostgreSQL ${facts.version}, ${facts.name}`,
          ),
      ...checkEncoding(facts.encoding, facts.name),
      ...(await checkTrigrams(db)),
      ...rights,
      ...(isReadable ? await checkMigrations(db) : []),
    ];
    const by = { zh: "数据库的时间", en: "the database's clock" };
    return { findings, times: [{ with: by, at: facts.at, isPast: false }] };
  } catch (error) {
    return { findings: [connectionFault(error, url)], times: [] };
  } finally {
    await close();
  }
}

function oldVersion(version: string): Finding {
  const saw = { zh: `PostgreSQL ${version} 太旧`, en: `PostgreSQL ${version} is too old` };
  return fault("database", saw, { zh: "请用 14 以上的版本", en: "use version 14 or newer" });
}

function checkEncoding(encoding: string, name: string): Finding[] {
  if (encoding === "UTF8") return [];
  const saw = {
    zh: `数据库 ${name} 的编码是 ${encoding}，存不了中文`,
    en: `database ${name} is encoded ${encoding}`,
  };
  const create = `CREATE DATABASE ${name}_utf8 ENCODING 'UTF8' TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`;
  const advice = {
    zh: `另建一个：${create}；再改 DATABASE_URL`,
    en: `make another: ${create}; then change DATABASE_URL`,
  };
  return [fault("database-encoding", saw, advice)];
}

/** The first migration makes the extension; nothing else asks for it. */
async function checkTrigrams(db: Database): Promise<Finding[]> {
  const rollback = new Error("only looking");
  try {
    await db.transaction().execute(async (trx) => {
      await sql`create extension if not exists pg_trgm`.execute(trx);
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) {
      const said = (error as Error).message;
      const saw = {
        zh: `不能使用 pg_trgm 扩展：${said}`,
        en: `the extension pg_trgm cannot be used: ${said}`,
      };
      const advice = {
        zh: "安装 postgresql-contrib，由数据库管理员在本库执行 CREATE EXTENSION pg_trgm",
        en: "install postgresql-contrib and have an administrator run CREATE EXTENSION pg_trgm in this database",
      };
      return [fault("database-extension", saw, advice)];
    }
  }
  return [];
}

/** Of a role that only runs the service: whether it has all it needs. */
async function checkRights(db: Database): Promise<Finding[]> {
  if (!(await isLesserRole(db))) return [];
  const missing = await missingRights(db);
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(db);
  const role = rows[0]?.role ?? "";
  if (missing.length === 0)
    return [
      ok("database-rights", `${role} 只有运行所需的权限`, `${role} may run the service and nothing else`),
    ];
  const saw = {
    zh: `数据库用户 ${role} 缺少权限：${missing.join("；")}`,
    en: `the role ${role} lacks rights: ${missing.join("; ")}`,
  };
  const advice = {
    zh: `用建表的用户运行 npx jinbox migrate --grant ${role}`,
    en: `run npx jinbox migrate --grant ${role} as the tables' owner`,
  };
  return [fault("database-rights", saw, advice)];
}

async function checkMigrations(db: Database): Promise<Finding[]> {
  try {
    const pending = await pendingMigrations(db);
    if (pending.length === 0)
      return [
        ok("database-schema", "数据表是最新的", "the tables are up to date"),
        ...(await checkQuiet(db)),
      ];
    const saw = {
      zh: `有 ${pending.length} 步升级未做：${pending.join("、")}`,
      en: `to be applied: ${pending.join(", ")}`,
    };
    return [warning("database-schema", saw, { zh: "运行 npx jinbox migrate", en: "run npx jinbox migrate" })];
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const advice = {
      zh: "运行升级它的那个版本，或恢复升级前的备份",
      en: "run the version that upgraded it, or restore a backup from before",
    };
    return [fault("database-schema", { zh: error.message, en: error.message }, advice)];
  }
}

async function checkQuiet(db: Database): Promise<Finding[]> {
  const restoration = await openRestoration(db);
  if (restoration === null) return [];
  const backup = restoration.backup_at.toISOString();
  const saw = {
    zh: `从 ${backup} 的备份恢复，还没有放行，什么也不发`,
    en: `restored from a backup of ${backup}: nothing is sent`,
  };
  const advice = {
    zh: "先看 npx jinbox restore --list，再 npx jinbox restore --finish",
    en: "look at npx jinbox restore --list, then npx jinbox restore --finish",
  };
  return [warning("restored", saw, advice)];
}

/** By SQLSTATE or the network's code; the URL is never shown whole, it holds a password. */
function connectionFault(thrown: unknown, url: string): Finding {
  const error = thrown as Error & { code?: string };
  const { host, name, user } = partsOf(url);
  const [saw, advice] = connectionWords(error, host, name, user);
  return fault("database", saw, advice);
}

function partsOf(url: string): { host: string; name: string; user: string } {
  const parsed = URL.parse(url);
  return {
    host: parsed?.host || "localhost",
    name: decodeURIComponent(parsed?.pathname.slice(1) ?? ""),
    user: decodeURIComponent(parsed?.username ?? ""),
  };
}

function connectionWords(
  error: Error & { code?: string },
  host: string,
  name: string,
  user: string,
): [saw: Words, advice: Words] {
  switch (error.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [
        { zh: `找不到数据库服务器 ${host}`, en: `no database server by the name ${host}` },
        { zh: "检查 DATABASE_URL 中的服务器名", en: "check the host in DATABASE_URL" },
      ];
    case "ECONNREFUSED":
      return [
        { zh: `数据库服务器 ${host} 拒绝连接`, en: `the database server ${host} refuses connections` },
        {
          zh: "确认 PostgreSQL 已启动、端口正确、listen_addresses 允许本机；或去掉 DATABASE_URL 用自带的",
          en: "see that PostgreSQL runs, listens there, and the port is right; or unset DATABASE_URL to use our own",
        },
      ];
    case "28P01":
    case "28000":
      return [
        {
          zh: `数据库拒绝用户 ${user}：${error.message}`,
          en: `the database refuses ${user}: ${error.message}`,
        },
        {
          zh: "检查 DATABASE_URL 的用户名和密码（特殊字符要写成 %XX），以及 pg_hba.conf",
          en: "check user and password in DATABASE_URL (special characters as %XX), and pg_hba.conf",
        },
      ];
    case "3D000":
      return [
        { zh: `没有名为 ${name} 的数据库`, en: `there is no database ${name}` },
        {
          zh: `建立它：CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`,
          en: `make it: CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`,
        },
      ];
    default:
      return [
        {
          zh: `数据库 ${host} 不能用：${error.message}`,
          en: `the database at ${host} cannot be used: ${error.message}`,
        },
        { zh: "检查 DATABASE_URL 和网络", en: "check DATABASE_URL and the network" },
      ];
  }
}
