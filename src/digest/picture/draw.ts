// Draws the digest's picture in a process of its own, or says why not: a picture is never in the way of the digest.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PictureFacts } from "./facts.ts";

export type Drawing = { outcome: "drawn"; png: Buffer } | { outcome: "failed"; detail: string };
export type Draw = (facts: PictureFacts) => Promise<Drawing>;

/** Starting costs a quarter of a second, drawing less: who needs longer is not coming back. */
const LONGEST_MS = 30_000;
const MEMORY_MB = 160;

const entry = fileURLToPath(new URL("./drawing.ts", import.meta.url));

export const draw: Draw = (facts) =>
  new Promise((resolve) => {
    let lastWords = "";
    const child = fork(entry, [], {
      env: {},
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [`--max-old-space-size=${MEMORY_MB}`, "--disable-warning=ExperimentalWarning"],
      timeout: LONGEST_MS,
      killSignal: "SIGKILL",
    });
    const fail = (detail: string) => resolve({ outcome: "failed", detail });
    child.stderr?.setEncoding("utf8").on("data", (words: string) => {
      lastWords = (lastWords + words).slice(-2_000);
    });
    child.once("message", (png: Uint8Array) => resolve({ outcome: "drawn", png: Buffer.from(png) }));
    child.once("error", ({ message }) => fail(message));
    child.once("close", (code, signal) => fail(`it ended with ${signal ?? code}: ${reasonIn(lastWords)}`));
    child.send(facts, (error) => {
      if (error) fail(error.message);
    });
  });

/** The line of a stack trace that names the error; else the end of what was said. */
function reasonIn(words: string): string {
  return (/^\w*Error\b.*$/m.exec(words)?.[0] ?? words.trim().slice(-200)).slice(0, 200);
}
