// One reading child: started behind the wall, asked one thing at a time, watched while it works, killed when it must be.
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReasonCode } from "../text/reason.ts";
import { type NameAsked, type Resolve, told } from "./dns.ts";
import type { Answer, Request, Said } from "./protocol.ts";
import { RECOGNISER_FLAGS } from "./recogniser.ts";

export interface Wall {
  /** Since it was asked, or since the last picture it finished. */
  wallMs: number;
  /** Of work, not of waiting: the machine may be busy with others (R18). */
  cpuMs: number;
  memoryBytes: number;
}

/**
 * Which child: one reads mails and documents, one has the engine for words in pictures and gives way to all else, one
 * verifies senders and waits for DNS most of the time.
 */
export type ChildKind = "reading" | "recognising" | "verifying";

export interface ChildOptions extends Wall {
  kind: ChildKind;
  /** Where large contents pass; the only folder the child may write to. */
  folder: string;
  /** Looks names up for it; absent: it has none to ask for. */
  resolve?: Resolve;
}

export type Outcome =
  | { outcome: "answered"; answer: Answer }
  | {
      outcome: "failed";
      reason: Extract<ReasonCode, "too-slow" | "too-much-memory" | "reader-failed">;
      detail: string;
      /** What the document was, where the child came so far as to say it: only a child opens it to look. */
      mediaType: string | null;
    };

const WATCH_EVERY_MS = 50;
const PAGE_BYTES = 4096;
/** What Linux counts CPU time in, whatever the kernel's own tick is (USER_HZ). */
const TICK_MS = 10;
/** Half as urgent as everything else (nice). */
const RECOGNISING_PRIORITY = 10;
/** Room for V8's farewell: the line that names the heap limit is followed by a long stack. */
const LAST_WORDS_CHARACTERS = 10_000;
/** Starting costs a second on a busy machine; it is not the document's fault. */
const START_MS = 30_000;

const entry = fileURLToPath(new URL("./child.ts", import.meta.url));
const project = dirname(dirname(dirname(entry)));
/** Packages may stand elsewhere behind a link, and the wall looks at where a file really is. */
const packages = realpathSync(join(project, "node_modules"));

export class ReadingChild {
  readonly #process: ChildProcess;
  readonly #wall: Wall;
  #onProgress: (done: number) => void = () => undefined;
  readonly #ready: Promise<void>;
  #lastWords = "";
  #mediaType: string | null = null;
  #settle: ((outcome: Outcome) => void) | null = null;
  #isGone = false;

  constructor({ kind, folder, resolve, ...wall }: ChildOptions) {
    this.#wall = wall;
    this.#process = fork(entry, [folder, kind], {
      // Nothing of the service's environment: no password is in reach of a document (R18).
      env: {},
      cwd: folder,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [
        `--max-old-space-size=${Math.floor((wall.memoryBytes * 0.7) / (1024 * 1024))}`,
        "--disable-warning=ExperimentalWarning",
        "--permission",
        `--allow-fs-read=${join(project, "src")}/*`,
        `--allow-fs-read=${join(project, "node_modules")}/*`,
        `--allow-fs-read=${packages}/*`,
        `--allow-fs-read=${join(project, "package.json")}`,
        `--allow-fs-read=${folder}/*`,
        `--allow-fs-write=${folder}/*`,
        ...(kind === "recognising" ? RECOGNISER_FLAGS : []),
      ],
    });
    if (kind === "recognising") this.#giveWay();
    this.#process.stderr?.setEncoding("utf8");
    this.#process.stderr?.on("data", (words: string) => {
      this.#lastWords = (this.#lastWords + words).slice(-LAST_WORDS_CHARACTERS);
    });
    this.#ready = new Promise((resolve) => {
      this.#process.once("message", () => resolve());
      this.#process.once("exit", () => resolve());
    });
    this.#process.on("message", (said: Said) => {
      if (said.kind === "progress") this.#onProgress(said.done);
      else if (said.kind === "sniffed") this.#mediaType = said.mediaType;
      else if (said.kind === "asks") void this.#tell(said, resolve);
      else if (said.kind !== "ready") this.#settle?.({ outcome: "answered", answer: said });
    });
    this.#process.on("exit", (code, signal) => this.#end(code, signal));
    this.#process.on("error", (error) => {
      this.#lastWords += error.message;
      this.#end(null, null);
    });
    this.#rest();
  }

  /** Whether it came up and can be asked. One that did not says nothing about any document. */
  async start(): Promise<boolean> {
    this.#stayAwake();
    const starting = setTimeout(() => this.#kill("reader-failed", "did not start"), START_MS);
    await this.#ready;
    clearTimeout(starting);
    return !this.#isGone;
  }

  /** Asks a started child for one thing. A child that failed is gone: take another. */
  async ask(request: Request, onProgress: (done: number) => void = () => undefined): Promise<Outcome> {
    this.#stayAwake();
    this.#mediaType = null;
    const watch = this.#watch();
    this.#onProgress = (done) => {
      watch.again();
      onProgress(done);
    };
    try {
      return await new Promise<Outcome>((resolve) => {
        this.#settle = resolve;
        this.#process.send(request, (error) => {
          if (error) this.#kill("reader-failed", error.message);
        });
      });
    } finally {
      watch.stop();
      this.#settle = null;
      this.#onProgress = () => undefined;
      this.#rest();
    }
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** What it wrote to stderr before it went. */
  get lastWords(): string {
    return this.#lastWords.trim();
  }

  /** Resident memory; null where the system does not say. */
  residentBytes(): number | null {
    try {
      const pages = readFileSync(`/proc/${this.#process.pid}/statm`, "latin1").split(" ")[1];
      return Number(pages) * PAGE_BYTES;
    } catch {
      return null;
    }
  }

  /** Lets it finish by itself: nobody asks any more. */
  dismiss(): void {
    this.#isGone = true;
    if (this.#process.connected) this.#process.disconnect();
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.ref();
    this.#process.kill("SIGKILL");
    await ended;
  }

  /**
   * The heap limit does not count buffers, and neither does any limit Node offers: the system's own figure does. `again`
   * gives as much time once more.
   */
  #watch(): { again(): void; stop(): void } {
    const { wallMs, cpuMs, memoryBytes } = this.#wall;
    const wall = setTimeout(() => this.#kill("too-slow", `took more than ${wallMs} ms`), wallMs);
    let workedMs = this.#workedMs();
    const figures = setInterval(() => {
      const resident = this.residentBytes();
      if (resident !== null && resident > memoryBytes)
        this.#kill("too-much-memory", `took ${resident} bytes`);
      const worked = this.#workedMs();
      if (worked !== null && worked - (workedMs ?? 0) > cpuMs)
        this.#kill("too-slow", `worked more than ${cpuMs} ms`);
    }, WATCH_EVERY_MS);
    return {
      again: () => {
        wall.refresh();
        workedMs = this.#workedMs();
      },
      stop: () => {
        clearTimeout(wall);
        clearInterval(figures);
      },
    };
  }

  /** CPU time of all its threads since it was started; null where the system does not say. */
  #workedMs(): number | null {
    try {
      const [user, system] = readFileSync(`/proc/${this.#process.pid}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ")
        .slice(11, 13);
      return (Number(user) + Number(system)) * TICK_MS;
    } catch {
      return null;
    }
  }

  async #tell(asked: NameAsked, resolve: Resolve = () => Promise.reject(new Error("nobody to ask"))) {
    const answer = await told(asked, resolve);
    if (this.#process.connected) this.#process.send(answer);
  }

  #giveWay(): void {
    try {
      setPriority(this.#process.pid as number, RECOGNISING_PRIORITY);
    } catch {
      // A system that does not let us is merely less smooth; a child that never came up is told elsewhere.
    }
  }

  #kill(reason: "too-slow" | "too-much-memory" | "reader-failed", detail: string): void {
    this.#isGone = true;
    this.#process.kill("SIGKILL");
    this.#settle?.({ outcome: "failed", reason, detail, mediaType: this.#mediaType });
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    this.#isGone = true;
    // V8 aborts itself when the heap limit is reached.
    const isHeapLimit = signal === "SIGABRT" || /heap out of memory|heap limit/i.test(this.#lastWords);
    const reason = isHeapLimit ? "too-much-memory" : "reader-failed";
    const detail = `ended with ${signal ?? code}: ${this.#lastWords.trim().slice(0, 300)}`;
    this.#settle?.({ outcome: "failed", reason, detail, mediaType: this.#mediaType });
  }

  #stayAwake(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }

  /** An idle child does not keep the service's process alive. */
  #rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
    (this.#process.stderr as unknown as { unref?: () => void } | null)?.unref?.();
  }
}
