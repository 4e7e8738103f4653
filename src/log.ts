// One JSON line an event on stderr (readable lines on a terminal); the mail's id travels in a child logger's scope.
import { type Logger as PinoLogger, pino } from "pino";
import { masked } from "./mask.ts";

export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error"> & {
  child(scope: Record<string, unknown>): Logger;
};

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/**
 * `readable` writes "12:00:01 INFO what key=value" for people; otherwise one JSON object a line, its control characters
 * escaped. Secrets never stand in it, people only where `personal` is set (R69).
 */
export function createLogger(options: { level: LogLevel; readable: boolean; personal?: boolean }): Logger {
  const lines = options.readable ? { write: writeReadable } : pino.destination({ dest: 2, sync: false });
  const write = (line: string) => {
    lines.write(`${visible(JSON.stringify(masked(JSON.parse(line), options.personal === true)))}\n`);
  };
  const destination = { write };
  return pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

export const silentLogger: Logger = createLogger({ level: "silent", readable: false });

const levelNames: Record<number, string> = { 20: "DEBUG", 30: "INFO ", 40: "WARN ", 50: "ERROR" };

function writeReadable(line: string): void {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown> & { level: number };
  const facts = Object.entries({ ...rest, ...(err ? { error: (err as { message?: string }).message } : {}) })
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
  const at = String(time).slice(11, 19);
  process.stderr.write(
    `${at} ${levelNames[level] ?? level} ${visible(`${msg ?? ""}${facts ? ` ${facts}` : ""}`)}\n`,
  );
}

/** What a server or a sender wrote must not begin a line of its own, nor steer the terminal that shows it (R69). */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
