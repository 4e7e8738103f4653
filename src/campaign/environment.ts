// The only reader of process.env: where things are, and the secrets that never stand in a file of settings.
import { existsSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { LogLevel } from "../log.ts";
import { hideSecret } from "../mask.ts";
import { ConfigurationError, shown, type Words } from "./problem.ts";

export interface Environment {
  /** JINBOX_CONFIG; else config/campaign.yaml here, else the sample that comes with the program. */
  configFile: string;
  /** DATABASE_URL; null: jinbox starts a PostgreSQL of its own under `dataDirectory`. */
  databaseUrl: string | null;
  imapPassword: string | null;
  smtpPassword: string | null;
  /** JINBOX_DATA, absolute. */
  dataDirectory: string;
  /** JINBOX_LOG */
  logLevel: LogLevel;
  /** JINBOX_PORT and JINBOX_HOST: where the console listens. */
  consolePort: number;
  /** JINBOX_PORT is set: also a process without the console answers there how it is. */
  isPortGiven: boolean;
  consoleHost: string;
  /** JINBOX_URL: the console's address as people reach it, for links in mails; null: no links. */
  consoleUrl: string | null;
  /** JINBOX_DEBUG: failures print where in the program they arose. */
  debug: boolean;
  /** Files of secrets that every user of the machine can read. */
  openSecrets: string[];
  /** JINBOX_LOG_PERSONAL: addresses and the words of people stand in the log. */
  logPersonal: boolean;
}

type Variables = Record<string, string | undefined>;

const sampleConfig = resolve(import.meta.dirname, "../../config/campaign.yaml");
const logLevels: LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** Throws ConfigurationError for a value that cannot be used. An empty variable counts as not set. */
export function readEnvironment(env: Variables = process.env): Environment {
  const localConfig = "config/campaign.yaml";
  const logLevel = (env.JINBOX_LOG || "info") as LogLevel;
  if (!logLevels.includes(logLevel)) {
    const expected = { zh: `其中之一：${logLevels.join("、")}`, en: `one of ${logLevels.join(", ")}` };
    throw unusable("JINBOX_LOG", logLevel, expected, "JINBOX_LOG=info");
  }
  const consolePort = Number(env.JINBOX_PORT || 8025);
  if (!Number.isInteger(consolePort) || consolePort < 0 || consolePort > 65_535) {
    const expected = { zh: "端口号 0–65535", en: "a port number, 0 to 65535" };
    throw unusable("JINBOX_PORT", env.JINBOX_PORT, expected, "JINBOX_PORT=8025");
  }
  return {
    configFile: env.JINBOX_CONFIG || (existsSync(localConfig) ? localConfig : sampleConfig),
    databaseUrl: databaseUrl(env),
    imapPassword: secret(env, "JINBOX_IMAP_PASSWORD"),
    smtpPassword: secret(env, "JINBOX_SMTP_PASSWORD"),
    dataDirectory: resolve(env.JINBOX_DATA || "data"),
    logLevel,
    consolePort,
    isPortGiven: Boolean(env.JINBOX_PORT),
    consoleHost: env.JINBOX_HOST || "127.0.0.1",
    consoleUrl: env.JINBOX_URL?.replace(/\/+$/, "") || null,
    debug: Boolean(env.JINBOX_DEBUG),
    openSecrets: openFiles(env),
    logPersonal: Boolean(env.JINBOX_LOG_PERSONAL),
  };
}

/** Who types the commands: the system's user, and behind sudo the one who called it. */
export function operator(env: Variables = process.env): string {
  const sudo = env.SUDO_USER ? ` (sudo: ${env.SUDO_USER})` : "";
  try {
    return `${userInfo().username}${sudo}`;
  } catch {
    // A container may run under a number that no user has.
    return `uid ${process.getuid?.() ?? "?"}${sudo}`;
  }
}

function databaseUrl(env: Variables): string | null {
  const url = fromFile(env, "DATABASE_URL");
  hideSecret(decodeURIComponent(URL.parse(url ?? "")?.password ?? ""));
  if (url === null || /^postgres(ql)?:\/\//.test(url)) return url;
  const expected = { zh: "以 postgres:// 开头的地址", en: "an address beginning with postgres://" };
  // The value may hold a password: it is never shown.
  throw unusable("DATABASE_URL", "…", expected, "DATABASE_URL=postgres://user:password@host:5432/jinbox");
}

function secret(env: Variables, name: string): string | null {
  const value = fromFile(env, name);
  if (value !== null) hideSecret(value);
  return value;
}

const SECRETS = ["JINBOX_IMAP_PASSWORD", "JINBOX_SMTP_PASSWORD", "DATABASE_URL"];

/** Files of secrets that every user of the machine can read; what Docker mounts only its container sees. */
function openFiles(env: Variables): string[] {
  return SECRETS.flatMap((name) => env[`${name}_FILE`] || []).filter(
    (file) => !file.startsWith("/run/secrets/") && (statSync(file).mode & 0o004) !== 0,
  );
}

/** NAME, or the content of the file that NAME_FILE names (how Docker and systemd hand over secrets). */
function fromFile(env: Variables, name: string): string | null {
  const value = env[name] || null;
  const file = env[`${name}_FILE`];
  if (!file) return value;
  if (value !== null) {
    const expected = { zh: `${name} 与 ${name}_FILE 只设一个`, en: `only one of ${name} and ${name}_FILE` };
    throw unusable(`${name}_FILE`, file, expected, null);
  }
  try {
    return (
      readFileSync(file, "utf8")
        .replace(/^\uFEFF/, "")
        .replace(/[\r\n]+$/, "") || null
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const expected = { zh: "存在且可以读取的文件", en: "a file that exists and can be read" };
    throw unusable(
      `${name}_FILE`,
      `${file} (${code})`,
      expected,
      `${name}_FILE=/run/secrets/${name.toLowerCase()}`,
    );
  }
}

function unusable(name: string, found: unknown, expected: Words, write: string | null): ConfigurationError {
  return new ConfigurationError([{ file: name, line: null, key: "", found: shown(found), expected, write }]);
}
