// Scans named on the command line: kept under their hash and read like any attachment, but for what must be recognised.
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Scan } from "../../deadline/office/ruled.ts";
import type { Document } from "../../document/document.ts";
import type { Logger } from "../../log.ts";
import { safeName } from "../../message/filename.ts";
import { emptyMail } from "../../reading/empty-mail.ts";
import { readParts } from "../../reading/read.ts";
import { createReader } from "../../reading/reader.ts";
import { insertDocuments } from "../../reading/records.ts";
import { putBlobs } from "../../store/blobs.ts";
import type { Trx } from "../../store/database.ts";
import { UsageError } from "../command.ts";

export interface ReadScans {
  scans: Scan[];
  contents: { sha256: Buffer; bytes: Uint8Array }[];
  fresh: Map<string, Document>;
}

export async function readScans(files: string[], campaign: Campaign, log: Logger): Promise<ReadScans> {
  if (files.length === 0) return { scans: [], contents: [], fresh: new Map() };
  const parts = await Promise.all(files.map((file) => partOf(file, campaign.mailbox.maxBytes)));
  const reader = createReader({ children: 1, log });
  try {
    const mail = { ...emptyMail({ reason: "nothing-found", detail: "" }), parts };
    const read = await readParts(mail, reader, async () => new Map());
    return {
      scans: read.parts.map(({ part, document }) => ({
        ...{ sha256: part.sha256, filename: part.filename, mediaType: document.mediaType },
      })),
      contents: parts.map(({ sha256, content }) => ({ sha256: Buffer.from(sha256, "hex"), bytes: content })),
      fresh: read.fresh,
    };
  } finally {
    await reader.close();
  }
}

export async function keepScans(trx: Trx, { contents, fresh }: ReadScans, now: Date): Promise<void> {
  await putBlobs(trx, contents, now);
  await insertDocuments(trx, fresh, now);
}

async function partOf(file: string, most: number) {
  const content = await bytesOf(file, most);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const filename = safeName(file, "", 1);
  return { filename, declaredType: "", bytes: content.length, sha256, inline: false, content };
}

/** A device or a pipe has no size and may have no end: what is to be read is asked before it is opened. */
async function bytesOf(file: string, most: number): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new UsageError(`--scan ${file}: 不是文件 / not a file`);
    if (found.size > most)
      throw new UsageError(`--scan ${file}: 文件太大 / too large (${found.size} > ${most} bytes)`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--scan ${file}: ${code === "ENOENT" ? "没有这个文件 / no such file" : message}`);
  }
}
