// ZIP archives: their files handed back with names as they were written, for the caller to read each as its own.
import { Buffer, isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import type { ReasonCode } from "../../text/reason.ts";
import { type DocumentText, noText } from "../document.ts";
import { charsetOf, childrenOf, isSomebodysFile, type Member, memberName } from "../members.ts";
import { unpack } from "../seven-zip.ts";
import { Unreadable } from "../unreadable.ts";
import { judgeEntries, MAX_ENTRIES, MAX_TOTAL_BYTES, type ZipEntry } from "../zip.ts";
import { membersWithoutDirectory } from "./broken-zip.ts";

/** General purpose bit 11: the name is UTF-8 (APPNOTE.TXT 4.4.4). Chinese Windows writes its own charset and no mark. */
const NAME_IS_UTF8 = 0x800;
/** Info-ZIP's Unicode Path field (APPNOTE.TXT 4.6.9): WinRAR's way of saying the name in UTF-8. */
const UNICODE_PATH = 0x7075;
const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
/** A first part announces itself (APPNOTE.TXT 8.5.3); a last part knows that there are others. */
const SPLIT = Buffer.from("PK\x07\x08", "latin1");

interface Found extends ZipEntry {
  entry: Entry;
}

export async function readArchive(bytes: Uint8Array): Promise<DocumentText> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (SPLIT.equals(file.subarray(0, 4))) throw new Unreadable("split-archive", "the first part of several");
  let archive: ZipFile;
  let found: Found[];
  try {
    archive = await fromBufferPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false });
    found = await filesOf(archive);
  } catch (error) {
    return withoutDirectory(file, error);
  }
  const members: Member[] = [];
  let total = 0;
  for (const { entry, name } of found) {
    const member = await memberOf(archive, file, entry, MAX_TOTAL_BYTES - total);
    total += member.content.length;
    members.push({ name, ...member });
  }
  return { ...noText, children: childrenOf(members) };
}

/** Everything but folders and what software left; throws where the archive as a whole cannot or must not be opened. */
async function filesOf(archive: ZipFile): Promise<Found[]> {
  if (archive.entryCount > MAX_ENTRIES)
    throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members: ${archive.entryCount}`);
  const entries: Entry[] = [];
  for await (const entry of archive.eachEntry()) entries.push(entry);
  const names = namesOf(entries);
  const found = entries.map((entry, at): Found => {
    const { compressedSize, uncompressedSize } = entry;
    return { entry, name: names[at] ?? "", compressedBytes: compressedSize, bytes: uncompressedSize };
  });
  judgeEntries(found);
  judgePlaces(entries);
  return found.filter(({ name }) => isSomebodysFile(name));
}

/** One piece of compressed data under many names multiplies without any nesting. No program writes such an archive. */
function judgePlaces(entries: Entry[]): void {
  const places = entries
    .map(({ relativeOffsetOfLocalHeader: start, compressedSize }) => ({
      start,
      end: start + LOCAL_HEADER_BYTES + compressedSize,
    }))
    .sort((a, b) => a.start - b.start);
  if (places.some(({ start }, at) => start < (places[at - 1]?.end ?? 0)))
    throw new Unreadable("corrupt", "members lie over each other");
}

function namesOf(entries: Entry[]): string[] {
  // Some programs set the mark and write in the local charset all the same.
  const isMarked = (entry: Entry) =>
    (entry.generalPurposeBitFlag & NAME_IS_UTF8) !== 0 && isUtf8(entry.fileNameRaw);
  const charset = charsetOf(entries.filter((entry) => !isMarked(entry)).map((entry) => entry.fileNameRaw));
  return entries.map((entry) => {
    const label = isMarked(entry) ? "utf-8" : charset;
    return memberName(unicodePath(entry) ?? entry.fileNameRaw, unicodePath(entry) ? "utf-8" : label);
  });
}

/** The field counts only while it belongs to the name beside it: programs that rename leave it behind. */
function unicodePath({ extraFields, fileNameRaw }: Entry): Buffer | null {
  const field = extraFields.find(({ id, data }) => id === UNICODE_PATH && data.length > 5 && data[0] === 1);
  if (!field || field.data.readUInt32LE(1) !== crc32(fileNameRaw)) return null;
  const name = field.data.subarray(5);
  return isUtf8(name) ? name : null;
}

/** One member, or why it cannot be had; only too much is the archive's own fault. */
async function memberOf(
  archive: ZipFile,
  file: Buffer,
  entry: Entry,
  room: number,
): Promise<Omit<Member, "name">> {
  const without = (problem: ReasonCode) => ({ content: new Uint8Array(), problem });
  if (entry.isEncrypted()) return without("password-protected");
  try {
    const isOrdinary = entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED;
    const content = isOrdinary ? await inflated(archive, entry, room) : await unpacked(file, entry, room);
    return crc32(content) === entry.crc32 ? { content, problem: null } : without("corrupt");
  } catch (error) {
    if (error instanceof Unreadable && error.reason === "too-large") throw error;
    return without(error instanceof Unreadable ? error.reason : "corrupt");
  }
}

/** Counted while it grows: what it declares has been judged, but is only a claim. */
async function inflated(archive: ZipFile, entry: Entry, room: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of await archive.openReadStreamPromise(entry)) {
    length += (piece as Buffer).length;
    if (length > room) throw new Unreadable("too-large", `inflates to more than ${MAX_TOTAL_BYTES} bytes`);
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces, length);
}

/** Deflate64, bzip2, LZMA, PPMd, Zstandard …: the member alone, as an archive of its own, goes to the unpacker. */
async function unpacked(file: Buffer, entry: Entry, room: number): Promise<Uint8Array> {
  const at = entry.relativeOffsetOfLocalHeader;
  const from = at + LOCAL_HEADER_BYTES + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const data = file.subarray(from, from + entry.compressedSize);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(entry.versionNeededToExtract, 0);
  facts.writeUInt16LE(entry.generalPurposeBitFlag & 0x06, 2);
  facts.writeUInt16LE(entry.compressionMethod, 4);
  facts.writeUInt32LE(entry.crc32, 10);
  facts.writeUInt32LE(entry.compressedSize, 14);
  facts.writeUInt32LE(entry.uncompressedSize, 18);
  facts.writeUInt16LE(1, 22);
  const name = Buffer.from("0");
  const directory = Buffer.concat([Buffer.from("PK\x01\x02\x3f\0", "latin1"), facts, Buffer.alloc(14), name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(LOCAL_HEADER_BYTES + 1 + data.length, 12);
  const local = [Buffer.from("PK\x03\x04", "latin1"), facts, name, data];
  const alone = Buffer.concat([...local, directory, Buffer.from("PK\x05\x06", "latin1"), end]);
  const [member] = (await unpack(alone, "zip")).members;
  if (!member || member.problem) throw new Unreadable(member?.problem ?? "corrupt", "cannot be unpacked");
  if (member.content.length > room)
    throw new Unreadable("too-large", `inflates to more than ${MAX_TOTAL_BYTES} bytes`);
  return member.content;
}

/** Cut short, as uploads break off: what came whole is read. Strong encryption hides the directory, too. */
function withoutDirectory(file: Buffer, error: unknown): DocumentText {
  if (error instanceof Unreadable) throw error;
  const { message } = error as Error;
  if (/encrypt/i.test(message)) throw new Unreadable("password-protected", message);
  if (/multi-disk/i.test(message)) throw new Unreadable("split-archive", "one part of several");
  const members = membersWithoutDirectory(file);
  if (members.length === 0) throw new Unreadable("corrupt", message);
  return { ...noText, children: childrenOf(members), warnings: [`the archive is damaged: ${message}`] };
}
