// The program as a process of its own, as an operator starts it: with exactly the environment the test names.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { until } from "./until.ts";

export const root = resolve(import.meta.dirname, "../..");

export interface Jinbox {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when it has written this to stderr, where the log goes. */
  logs(words: string | RegExp, limitMs?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** The most memory it ever had in use, in bytes, as the system counts it (VmHWM). */
  peakBytes(): number;
}

const running = new Set<ChildProcess>();
// Whatever becomes of a test, nothing it started stays behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** `node src/main.ts ARGS`. */
export function startJinbox(args: string[], env: Record<string, string> = {}): Jinbox {
  return startProcess(process.execPath, [resolve(root, "src/main.ts"), ...args], env);
}

export function startProcess(program: string, args: string[], env: Record<string, string> = {}): Jinbox {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const done = new AbortController();
  // "close" comes after the last word on stdout and stderr, "exit" may come before it.
  const ended = new Promise<number | null>((settle) => {
    child.once("close", (code) => {
      running.delete(child);
      done.abort();
      settle(code);
    });
  });
  let peak = 0;
  void watchMemory(child.pid as number, done.signal, (bytes) => {
    peak = Math.max(peak, bytes);
  });
  return {
    pid: child.pid as number,
    stdout: () => stdout,
    stderr: () => stderr,
    logs: (words, limitMs) =>
      until(
        `"${words}" in the log`,
        () => {
          const isSaid = typeof words === "string" ? stderr.includes(words) : words.test(stderr);
          if (!isSaid && done.signal.aborted)
            throw new Error(`it ended without saying "${words}":\n${stderr}`);
          return isSaid;
        },
        limitMs,
      ),
    signal: (name) => void child.kill(name),
    ended,
    peakBytes: () => peak,
  };
}

/** For afterAll: ends whatever still runs, and waits until it is gone. */
export async function endAllProcesses(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const gone = new Promise((settle) => child.once("close", settle));
      child.kill("SIGKILL");
      return gone;
    }),
  );
}

async function watchMemory(pid: number, signal: AbortSignal, saw: (bytes: number) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      if (line) saw(Number(line[1]) * 1024);
    } catch {
      return;
    }
    await systemClock.sleep(20, signal).catch(() => undefined);
  }
}
