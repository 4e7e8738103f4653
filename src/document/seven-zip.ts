// 7-Zip as WebAssembly: opens what has no reader of its own, in memory, and stops as soon as too much comes out.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import SevenZip from "7z-wasm";
import type { ReasonCode } from "../text/reason.ts";
import { Unreadable } from "./unreadable.ts";
import { MAX_ENTRIES, unpackingMeter } from "./zip.ts";

export interface UnpackedMember {
  /** As written: archives do not say in which charset. */
  name: Buffer;
  /** False where the archive has no name for it, and the engine made one up. */
  isNamed: boolean;
  content: Uint8Array;
  /** Why the content is not all there. */
  problem: ReasonCode | null;
}

export interface Unpacked {
  members: UnpackedMember[];
  /** What is wrong with the archive as a whole, although members came out of it. */
  damage: string | null;
}

/** What an unpacker may take; the largest dictionary of an ordinary archive is 64 MB. */
const MAX_HEAP_BYTES = 400 * 1024 * 1024;
/** Any will do: with a wrong one the members that need none are unpacked, and the others are named. */
const NO_PASSWORD = "-p-";
const ARCHIVE = "/archive";
const TARGET = "/target";
const NAME_MADE_UP = Buffer.from("archive~");
const NO_SUCH_FILE = 44;

/** What 7-Zip says of a member, or of the archive as a whole. Errors of our make-believe file system are not among it. */
const PROBLEMS: [RegExp, ReasonCode][] = [
  [/password|encrypted/i, "password-protected"],
  [/Missing volume/i, "split-archive"],
  [/Unsupported (method|feature)/i, "format-unsupported"],
  [/allocate required memory/i, "too-large"],
  [
    /Data error|CRC failed|Unexpected end|Unavailable data|Headers error|as archive|Is not archive/i,
    "corrupt",
  ],
];

/** The parts of the engine that its types leave out. */
interface Engine {
  FS: Record<string, (...args: never[]) => unknown> & { ErrnoError: new (code: number) => Error };
  callMain(args: string[]): unknown;
}
interface Imports {
  env: { emscripten_resize_heap: (bytes: number) => number };
}

/** Node has it; the types of the language alone do not. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<object>;
    instantiate(module: object, imports: Imports): Promise<object>;
  };
};
const startEngine = SevenZip as unknown as (options: object) => Promise<Engine>;

let compiled: Promise<object> | null = null;

/** All members, whole or not; throws when the archive as a whole cannot be opened or holds too much. */
export async function unpack(bytes: Uint8Array, type: string): Promise<Unpacked> {
  const extraction = ["x", "-y", "-bd", "-bb1", "-bso2", NO_PASSWORD, `-o${TARGET}`, `-t${type}`, ARCHIVE];
  const run = await runWith(bytes, extraction);
  if (!run.isBroken) return run.result();
  // Garbage from a wrong password may stop the engine itself: only the directory still tells that from damage.
  const listing = await runWith(bytes, ["l", "-slt", "-bso2", NO_PASSWORD, `-t${type}`, ARCHIVE]);
  return run.result(listing.saysEncrypted ? "password-protected" : "corrupt");
}

async function runWith(bytes: Uint8Array, command: string[]): Promise<Run> {
  compiled ??= WebAssembly.compile(readFileSync(createRequire(import.meta.url).resolve("7z-wasm/7zz.wasm")));
  const module = await compiled;
  const run = new Run(bytes.length);
  const hear = (byte: number | null) => run.hear(byte);
  const engine = await withoutBinding(() =>
    startEngine({
      stdin: () => null,
      stdout: hear,
      stderr: hear,
      instantiateWasm: (imports: Imports, receive: (instance: object) => void) => {
        const grow = imports.env.emscripten_resize_heap;
        imports.env.emscripten_resize_heap = (wanted) => {
          run.outgrown ||= wanted >>> 0 > MAX_HEAP_BYTES;
          return run.outgrown ? 0 : grow(wanted);
        };
        void WebAssembly.instantiate(module, imports).then(receive);
      },
    }),
  );
  run.attach(engine.FS, bytes);
  try {
    engine.callMain(command);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    run.isBroken = true;
  }
  return run;
}

/** The engine asks for constants of a file system that is not used, in a way that a reading child is refused (R18). */
function withoutBinding<Result>(start: () => Result): Result {
  const inner = process as unknown as { binding: unknown };
  const { binding } = inner;
  inner.binding = () => ({ fs: {} });
  try {
    return start();
  } finally {
    inner.binding = binding;
  }
}

/** One run: its make-believe file system takes the members, and its report says how each of them ended. */
class Run {
  readonly #members: { name: Buffer; pieces: Uint8Array[]; bytes: number; problem: ReasonCode | null }[] = [];
  readonly #count: (bytes: number) => void;
  #line: number[] = [];
  /** Opened, but not yet named by the report. */
  #opened: { pieces: Uint8Array[]; bytes: number } | null = null;
  #problem: { reason: ReasonCode; words: string } | null = null;
  #isPart = false;
  #hasTooMany = false;
  outgrown = false;
  isBroken = false;
  saysEncrypted = false;

  constructor(packedBytes: number) {
    this.#count = unpackingMeter(packedBytes);
  }

  /**
   * The archive is a file that is not copied; whatever goes to the target is caught on its way. Paths are not looked at:
   * the report has the names as bytes, while the engine takes any for UTF-8.
   */
  attach(FS: Engine["FS"], archive: Uint8Array): void {
    // biome-ignore lint/suspicious/noExplicitAny: the engine's file system is untyped inside.
    const fs = FS as any;
    const { open, write, close, stat, lstat } = fs;
    const file = open.call(fs, ARCHIVE, "w+");
    write.call(fs, file, archive, 0, archive.length, 0, true);
    close.call(fs, file);
    const sinks = new Map<object, { pieces: Uint8Array[]; bytes: number }>();
    const isTarget = (path: unknown) => typeof path === "string" && path.startsWith(TARGET);
    fs.open = (path: unknown, flags: unknown, mode: unknown) => {
      if (!isTarget(path)) return open.call(fs, path, flags, mode);
      const stream = open.call(fs, "/member", "w");
      this.#refuseTooMany();
      this.#opened = { pieces: [], bytes: 0 };
      sinks.set(stream, this.#opened);
      return stream;
    };
    fs.write = (stream: { position: number }, heap: Int8Array, from: number, bytes: number, at?: number) => {
      const sink = sinks.get(stream);
      if (!sink) return write.call(fs, stream, heap, from, bytes, at);
      this.#count(bytes);
      sink.pieces.push(new Uint8Array(heap.buffer, heap.byteOffset + from, bytes).slice());
      sink.bytes += bytes;
      stream.position += bytes;
      return bytes;
    };
    // A member's declared size is not reserved: it may be a lie.
    fs.ftruncate = () => undefined;
    for (const name of ["mkdir", "symlink", "unlink", "rmdir", "rename", "chmod", "utime"])
      fs[name] = () => undefined;
    const made = (found: (path: string) => unknown) => (path: string) => {
      if (!isTarget(path)) return found.call(fs, path);
      throw new fs.ErrnoError(NO_SUCH_FILE);
    };
    fs.stat = made(stat);
    fs.lstat = made(lstat);
  }

  /** The report, byte by byte: "- name" for a member, "T name" for one that is not written, errors behind theirs. */
  hear(byte: number | null): void {
    if (byte === null) return;
    if (byte !== 10) {
      this.#line.push(byte & 0xff);
      return;
    }
    const line = Buffer.from(this.#line);
    this.#line = [];
    const words = line.toString("latin1");
    if (/^[-T.] ./.test(words)) this.#named(line.subarray(2));
    else this.#heard(words);
  }

  /** `broken`: why the engine may have stopped where it stood. */
  result(broken: ReasonCode | null = null): Unpacked {
    if (broken) {
      if (this.#opened) this.#named(Buffer.alloc(0));
      const last = this.#members.at(-1);
      if (last) last.problem ??= broken;
      this.#problem ??= { reason: broken, words: "the unpacker stopped" };
    }
    this.#refuseTooMany();
    if (this.#isPart) throw new Unreadable("split-archive", "one part of several");
    if (this.outgrown) throw new Unreadable("too-large", "needs too much memory to unpack");
    if (this.#members.length === 0 && this.#problem)
      throw new Unreadable(this.#problem.reason, this.#problem.words);
    const members = this.#members.map(
      ({ name, pieces, problem }): UnpackedMember => ({
        name,
        isNamed: !NAME_MADE_UP.equals(name),
        content: Buffer.concat(pieces),
        problem,
      }),
    );
    return { members, damage: this.#problem?.words ?? null };
  }

  #refuseTooMany(): void {
    if (this.#hasTooMany) throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members`);
  }

  #named(name: Buffer): void {
    const sink = this.#opened;
    this.#opened = null;
    // A folder: nothing was opened for it.
    if (!sink && name.at(-1) === 0x2f) return;
    // Said here it would be lost: the engine writes its report through a device that swallows errors.
    this.#hasTooMany ||= this.#members.length >= MAX_ENTRIES;
    if (this.#hasTooMany) return;
    const { pieces = [], bytes = 0 } = sink ?? {};
    this.#members.push({ name: Buffer.from(name), pieces, bytes, problem: null });
  }

  #heard(words: string): void {
    if (words === "Encrypted = +") this.saysEncrypted = true;
    if (words === "Multivolume = +") this.#isPart = true;
    // "Encrypted = -" and the like are facts, not complaints.
    if (/^(?!ERROR)[A-Z][\w ]* = /.test(words)) return;
    const reason = PROBLEMS.find(([pattern]) => pattern.test(words.replace(/ : .*$/s, "")))?.[1];
    if (!reason) return;
    const last = this.#members.at(-1);
    if (last && words.startsWith("ERROR: ")) last.problem ??= reason;
    // A named cause goes before the general complaint that follows it.
    else this.#problem ??= { reason, words: words.slice(0, 200) };
  }
}
