// Why the configured database cannot be used, said so that whoever runs the system knows what to do.

/** Its message is for people and names no secret. */
export class DatabaseUnavailable extends Error {
  constructor(url: string, cause: unknown) {
    const { zh, en } = advice(codeOf(cause), placeOf(url));
    super(`${wordsOf(cause)}\n${zh}\n${en}`, { cause });
  }
}

/** Server and database of a URL, without user and password. */
function placeOf(url: string): { server: string; database: string } {
  const { hostname, port, pathname } = new URL(url);
  return { server: `${hostname || "localhost"}:${port || 5432}`, database: pathname.slice(1) };
}

/** SQLSTATE of PostgreSQL, or the code of the system. */
function advice(code: string, { server, database }: ReturnType<typeof placeOf>): { zh: string; en: string } {
  if (code.startsWith("28")) {
    return {
      zh: `数据库 ${server} 拒绝登录：请检查 DATABASE_URL 中的用户名和密码。`,
      en: `The database server ${server} refuses the login: check user and password in DATABASE_URL.`,
    };
  }
  if (code === "3D000") {
    return {
      zh: `数据库服务器 ${server} 上没有名为 ${database} 的数据库：请先建立（createdb ${database}），或改 DATABASE_URL。`,
      en: `The server ${server} has no database ${database}: make it (createdb ${database}), or change DATABASE_URL.`,
    };
  }
  return {
    zh: `连不上数据库 ${server}：请检查 DATABASE_URL 的主机和端口，确认 PostgreSQL 正在运行；不设 DATABASE_URL 则使用自带的数据库。`,
    en: `The database server ${server} cannot be reached: check host and port in DATABASE_URL and that PostgreSQL is running; without DATABASE_URL jinbox brings its own.`,
  };
}

const codeOf = (cause: unknown): string => String((cause as { code?: unknown }).code ?? "");

/** A name with several addresses fails with one error for each and no words of its own. */
function wordsOf(cause: unknown): string {
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (first as Error | undefined)?.message || codeOf(cause) || "the database gave no answer";
}

/**
 * Whether an error is about the database or the way to it, not about what was written: a lost connection, a restart, no
 * room, a standby that may only read, a deadlock. PostgreSQL says so by the class of its SQLSTATE, the driver and the system in words of their own.
 */
export function isOutage(error: Error): boolean {
  const code = codeOf(error);
  // No class of SQLSTATE begins with E; every code of the system does.
  if (/^E[A-Z]{3,}$/.test(code)) return true;
  if (code.length === 5) return /^(?:08|25006|40|53|57P|58)/.test(code);
  return /connection (?:terminated|error)|not queryable|timeout/i.test(error.message);
}
