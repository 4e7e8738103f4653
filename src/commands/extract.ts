// jinbox extract: the text read from documents, the way the service reads attachments.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, relative } from "node:path";
import { amountWords, doubtWords } from "../document/amount.ts";
import type { ReadPart } from "../document/document.ts";
import { kindWords } from "../document/kinds.ts";
import { remarksOf } from "../document/remarks.ts";
import { createLogger, visible } from "../log.ts";
import { emptyMail } from "../reading/empty-mail.ts";
import { type RecogniseNow, readParts } from "../reading/read.ts";
import { createReader, type Reader } from "../reading/reader.ts";
import { type ReasonCode, reasonWords } from "../text/reason.ts";
import { type Command, type CommandInput, type ExitCode, jsonOption, UsageError } from "./command.ts";
import { progressLine } from "./progress.ts";

/** One entry of `attachments` in `explain --json`, and one line of `extract --json`. */
export interface AttachmentEntry {
  filename: string;
  mediaType: string;
  bytes: number;
  status: "read" | "held" | "ignored";
  reason: string | null;
  text: string;
  pages: number | null;
  /** Pages that were read where a limit left some out; null: all were. */
  pagesRead: number | null;
  title: string | null;
  author: string | null;
  /** How sure recognition was of what it read, 0 to 1; null: the words are the file's own. */
  confidence: number | null;
  unrecognised: number;
  warnings: string[];
  children: AttachmentEntry[];
}

export const command: Command = {
  name: "extract",
  usage: "FILE… [--json]",
  words: {
    en: "the text read from documents, scans and archives included; a folder means every file in it; exit 1 when one could not be read",
    zh: "读出文档中的文字，扫描件、压缩包也行；给出文件夹则读其中所有文件；有读不出的，退出码为 1",
  },
  options: { json: jsonOption },
  positionals: true,
  run,
};

export function attachmentEntry({ part, document, children }: ReadPart): AttachmentEntry {
  return {
    filename: part.filename,
    mediaType: document.mediaType,
    bytes: part.bytes,
    status: document.status,
    reason: document.reason,
    text: document.text,
    pages: document.pages,
    pagesRead: document.pagesRead,
    title: document.title,
    author: document.author,
    confidence: document.confidence,
    unrecognised: document.unrecognised,
    warnings: document.warnings,
    children: children.map(attachmentEntry),
  };
}

async function run({ values, positionals }: CommandInput): Promise<ExitCode> {
  if (positionals.length === 0) throw new UsageError("extract: name a file or a folder / 请给出文件或文件夹");
  const found = (await Promise.all(positionals.map(filesUnder))).flat();
  const files = found.map(({ path }) => path);
  if (files.length === 0) {
    console.error("extract: no file in the folder / 文件夹里没有文件");
    return 1;
  }
  const log = createLogger({ level: "error", readable: process.stderr.isTTY });
  const reader = createReader({ children: Math.max(1, Math.min(files.length, availableParallelism())), log });
  const progress = progressLine(files.length);
  const counts = { read: 0, held: 0, ignored: 0 };
  let isAllRead = true;
  try {
    const read = (file: string) => readFileEntry(file, reader, progress.recognising);
    for await (const [at, entry] of inOrder(files, read)) {
      progress.clear();
      if (entry instanceof Error) console.error(`extract: ${files[at]}: ${entry.message}`);
      else
        console.log(values.json ? JSON.stringify(entry) : readable(entry, found[at]?.name ?? entry.filename));
      counts[entry instanceof Error ? "held" : entry.status] += 1;
      if (entry instanceof Error || holds(entry)) isAllRead = false;
      progress.file(at + 1, basename(files[at + 1] ?? ""));
    }
  } finally {
    progress.clear();
    await reader.close();
  }
  if (files.length > 1) console.error(summary(files.length, counts));
  return isAllRead ? 0 : 1;
}

/** Whether the file, or anything in it, could not be read. */
function holds({ status, children }: AttachmentEntry): boolean {
  return status === "held" || children.some(holds);
}

function summary(
  files: number,
  { read, held, ignored }: { read: number; held: number; ignored: number },
): string {
  const zh = `共 ${files} 个文件：读出 ${read}，未能读取 ${held}，无需读取 ${ignored}`;
  return `${zh} / ${files} files: ${read} read, ${held} held, ${ignored} ignored`;
}

/** What a file is called in what is printed: in a folder, its way from there. */
async function filesUnder(path: string): Promise<{ path: string; name: string }[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `extract: ${path}: ${error.code === "ENOENT" ? "no such file / 没有这个文件" : error.message}`,
    );
  });
  if (!found.isDirectory()) return [{ path, name: basename(path) }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file, name: relative(path, file) }));
}

/** A file is read as a mail's only attachment would be: attached mails and archives are entered alike. */
async function readFileEntry(
  file: string,
  reader: Reader,
  now: RecogniseNow,
): Promise<AttachmentEntry | Error> {
  const content = await readFile(file).catch((error: Error) => error);
  if (content instanceof Error) return content;
  const sha256 = createHash("sha256").update(content).digest("hex");
  const part = {
    filename: basename(file),
    declaredType: "",
    bytes: content.length,
    sha256,
    inline: false,
    content,
  };
  const mail = { ...emptyMail({ reason: "nothing-found", detail: "" }), parts: [part] };
  const { parts } = await readParts(mail, reader, async () => new Map(), now);
  return attachmentEntry(parts[0] as ReadPart);
}

/** Results in the order asked for, with a few read ahead: enough for the children, little enough for memory. */
async function* inOrder<Result>(
  files: string[],
  read: (file: string) => Promise<Result>,
): AsyncGenerator<[number, Result]> {
  const ahead: { result: Promise<Result>; bytes: number }[] = [];
  let bytesAhead = 0;
  let next = 0;
  for (let at = 0; at < files.length; at++) {
    while (next < files.length && ahead.length < READ_AHEAD.files && bytesAhead < READ_AHEAD.bytes) {
      const file = files[next++] as string;
      const bytes = await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
      bytesAhead += bytes;
      ahead.push({ result: read(file), bytes });
    }
    const first = ahead.shift() as { result: Promise<Result>; bytes: number };
    yield [at, await first.result];
    bytesAhead -= first.bytes;
  }
}

const READ_AHEAD = { files: 8, bytes: 64 * 1024 * 1024 };

/** In both languages, since no campaign says which; `name` leads to a file within an archive. */
function readable(entry: AttachmentEntry, name: string): string {
  const { filename, mediaType, bytes, status, text, children } = entry;
  const amount = { ...entry, characters: text.replace(/\s/gu, "").length };
  const said = (zh: string, en: string) => (zh === en ? zh : `${zh} / ${en}`);
  const label = reasonLine(entry, "label");
  const facts = [
    said(...STATUS[status]) + (label ? `：${label}` : ""),
    said(amountWords(amount, "zh-CN"), amountWords(amount, "en")),
    said(doubtWords(entry, "zh-CN"), doubtWords(entry, "en")),
    `(${said(kindWords(mediaType, "zh-CN"), kindWords(mediaType, "en"))}, ${bytes.toLocaleString("en-US")} bytes)`,
  ].filter(Boolean);
  const advice = reasonLine(entry, "sender");
  const [zh, en] = [remarksOf(entry.warnings, "zh-CN"), remarksOf(entry.warnings, "en")];
  // What only whoever mends things understands is said once.
  const remarks = en.map((one, at) => `   ! ${zh[at]?.endsWith(one) ? one : `${zh[at]} / ${one}`}`);
  return [
    `── ${visible(name)}  ${facts.join("  ")}`,
    ...(advice ? [`   → ${advice}`] : []),
    ...remarks.map(visible),
    text,
    ...children.map((child) => readable(child, `${name} › ${child.filename || filename}`)),
  ]
    .filter(Boolean)
    .join("\n");
}

const STATUS: Record<AttachmentEntry["status"], [zh: string, en: string]> = {
  read: ["已读出", "read"],
  held: ["未能读取", "held"],
  ignored: ["无需读取", "ignored"],
};

function reasonLine({ reason }: AttachmentEntry, which: "label" | "sender"): string {
  if (reason === null) return "";
  const zh = reasonWords(reason as ReasonCode, "zh-CN")[which];
  const en = reasonWords(reason as ReasonCode, "en")[which];
  return zh === "" ? "" : `${zh} / ${en}`;
}
