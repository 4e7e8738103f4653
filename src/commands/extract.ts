// jinbox extract: the text read from documents, the way the service reads attachments.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import type { ReadPart } from "../document/document.ts";
import { createLogger } from "../log.ts";
import { emptyMail } from "../reading/empty-mail.ts";
import { readParts } from "../reading/read.ts";
import { createReader, type Reader } from "../reading/reader.ts";
import { type Command, type CommandInput, type ExitCode, jsonOption, UsageError } from "./command.ts";

/** One entry of `attachments` in `explain --json`, and one line of `extract --json`. */
export interface AttachmentEntry {
  filename: string;
  mediaType: string;
  bytes: number;
  status: "read" | "held" | "ignored";
  reason: string | null;
  text: string;
  pages: number | null;
  children: AttachmentEntry[];
}

export const command: Command = {
  name: "extract",
  usage: "FILE… [--json]",
  words: {
    en: "the text read from documents; a folder means every file in it",
    zh: "读出文档中的文字；给出文件夹则读其中所有文件",
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
    children: children.map(attachmentEntry),
  };
}

async function run({ values, positionals }: CommandInput): Promise<ExitCode> {
  if (positionals.length === 0) throw new UsageError("extract: name a file or a folder / 请给出文件或文件夹");
  const files = (await Promise.all(positionals.map(filesUnder))).flat();
  const log = createLogger({ level: "error", readable: process.stderr.isTTY });
  const reader = createReader({ children: Math.min(files.length, availableParallelism()), log });
  const progress = process.stderr.isTTY && files.length > 5;
  let code: ExitCode = 0;
  try {
    for await (const [at, entry] of inOrder(files, (file) => readFileEntry(file, reader))) {
      if (progress) process.stderr.write(`\r${at + 1}/${files.length} `);
      if (entry.status === "held") code = 1;
      console.log(values.json ? JSON.stringify(entry) : readable(entry));
    }
  } finally {
    if (progress) process.stderr.write("\n");
    await reader.close();
  }
  return code;
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `extract: ${path}: ${error.code === "ENOENT" ? "no such file / 没有这个文件" : error.message}`,
    );
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A file is read as a mail's only attachment would be: attached mails and archives are entered alike. */
async function readFileEntry(file: string, reader: Reader): Promise<AttachmentEntry> {
  const content = await readFile(file);
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
  const { parts } = await readParts(mail, reader, async () => new Map());
  return attachmentEntry(parts[0] as ReadPart);
}

/** Results in the order asked for, with a few read ahead: enough for the children, little enough for memory. */
async function* inOrder<From, To>(
  items: From[],
  read: (item: From) => Promise<To>,
): AsyncGenerator<[number, To]> {
  const ahead: Promise<To>[] = [];
  let next = 0;
  for (let at = 0; at < items.length; at++) {
    while (next < items.length && ahead.length < READ_AHEAD) ahead.push(read(items[next++] as From));
    yield [at, await (ahead.shift() as Promise<To>)];
  }
}

const READ_AHEAD = 8;

function readable(entry: AttachmentEntry): string {
  const facts = [entry.mediaType, `${entry.bytes} bytes`, entry.pages ? `${entry.pages} pages` : ""].filter(
    Boolean,
  );
  const head = `── ${entry.filename}  ${entry.status}${entry.reason ? ` (${entry.reason})` : ""}  ${facts.join(", ")}`;
  return [head, entry.text, ...entry.children.map(readable)].filter(Boolean).join("\n");
}
