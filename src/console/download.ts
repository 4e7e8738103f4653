// Files leave the console as downloads only, streamed from the store by stored ids, never by a path (R64).
import { Readable } from "node:stream";
import { blobStream } from "../store/blobs.ts";
import type { Desk } from "./layout.ts";
import { attachmentBy, blobBytes, messageBy, noticeBy } from "./records.ts";

export async function attachmentDownload(desk: Desk, id: number): Promise<Response | null> {
  const found = await attachmentBy(desk.db, desk.campaign.code, id);
  return found && (await blobBytes(desk.db, found.sha256)) !== null
    ? download(desk, found.sha256, found.bytes, found.filename)
    : null;
}

export async function originalDownload(desk: Desk, messageId: number): Promise<Response | null> {
  const mail = await messageBy(desk.db, desk.campaign.code, messageId);
  return mail && (await blobBytes(desk.db, mail.sha256)) !== null
    ? download(desk, mail.sha256, mail.bytes, `mail-${messageId}.eml`)
    : null;
}

/** Only what the notice itself names. */
export async function noticeDownload(desk: Desk, noticeId: number, at: number): Promise<Response | null> {
  const attachment = (await noticeBy(desk.db, desk.campaign.code, noticeId))?.attachments[at];
  if (!attachment) return null;
  const sha256 = Buffer.from(attachment.sha256, "hex");
  const bytes = await blobBytes(desk.db, sha256);
  return bytes === null ? null : download(desk, sha256, bytes, attachment.filename);
}

function download({ db }: Desk, sha256: Buffer, bytes: number, filename: string): Response {
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Length": String(bytes),
    "Content-Disposition": contentDisposition(filename),
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
  };
  return new Response(Readable.toWeb(blobStream(db, sha256)) as ReadableStream, { headers });
}

/** RFC 6266 with RFC 8187: an ASCII name for old clients, the real one in UTF-8. Nothing that could end the header. */
export function contentDisposition(filename: string): string {
  const name =
    filename.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/gu, "_") || "file";
  const ascii = name.replace(/[^\x20-\x7e]/gu, "_").replace(/["%;]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
