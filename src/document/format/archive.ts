// ZIP archives: their files handed back with names as they were written, for the caller to read each as its own.
import { Buffer, isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { safeName } from "../../message/filename.ts";
import { type DocumentChild, type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { judgeEntries, MAX_ENTRIES, MAX_TOTAL_BYTES, type ZipEntry } from "../zip.ts";

/** General purpose bit 11: the name is UTF-8 (APPNOTE.TXT 4.4.4). Chinese Windows writes its own charset and no mark. */
const NAME_IS_UTF8 = 0x800;
/** Info-ZIP's Unicode Path field (APPNOTE.TXT 4.6.9): WinRAR's way of saying the name in UTF-8. */
const UNICODE_PATH = 0x7075;
const STORED = 0;
const DEFLATED = 8;

/** What systems and programs put beside the files: resource forks, thumbnails, folder settings, Word's lock files. */
const LEFT_BY_SOFTWARE = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$|~\$[^/]*$)/i;

interface Member extends ZipEntry {
  entry: Entry;
}

export async function readArchive(bytes: Uint8Array): Promise<DocumentText> {
  const archive = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    lazyEntries: true,
    autoClose: false,
    decodeStrings: false,
  }).catch(asUnreadable);
  const members = await filesOf(archive);
  if (members.length === 0) throw new Unreadable("empty-file", "an archive without any file");
  const children: DocumentChild[] = [];
  let total = 0;
  for (const [at, { entry, name }] of members.entries()) {
    const content = await inflated(archive, entry, MAX_TOTAL_BYTES - total);
    total += content.length;
    const filename = safeName(name, "application/octet-stream", at + 1);
    children.push({ filename, bytes: content.length, content });
  }
  return { ...noText, children };
}

/** Everything but folders and what software left; throws where the archive as a whole cannot or must not be opened. */
async function filesOf(archive: ZipFile): Promise<Member[]> {
  if (archive.entryCount > MAX_ENTRIES)
    throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members: ${archive.entryCount}`);
  const entries: Entry[] = [];
  try {
    for await (const entry of archive.eachEntry()) entries.push(entry);
  } catch (error) {
    asUnreadable(error);
  }
  const names = namesOf(entries);
  const members = entries.map((entry, at): Member => {
    const { compressedSize, uncompressedSize } = entry;
    return { entry, name: names[at] ?? "", compressedBytes: compressedSize, bytes: uncompressedSize };
  });
  judgeEntries(members);
  const files = members.filter(({ name }) => !/[/\\]$/.test(name) && !LEFT_BY_SOFTWARE.test(name));
  for (const { entry, name } of files) {
    if (entry.isEncrypted()) throw new Unreadable("password-protected", `${name} is encrypted`);
    if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
      throw new Unreadable("format-unsupported", `${name}: compression method ${entry.compressionMethod}`);
  }
  return files;
}

/**
 * Names without a mark are all UTF-8 or none is: one archive was made on one system, and a short name in GBK may be
 * UTF-8 by accident (联通). macOS takes accents and marks apart, hence NFC.
 */
function namesOf(entries: Entry[]): string[] {
  const isMarked = (entry: Entry) => (entry.generalPurposeBitFlag & NAME_IS_UTF8) !== 0;
  const unmarked = entries.filter((entry) => !isMarked(entry)).map((entry) => entry.fileNameRaw);
  const charset = unmarked.every((name) => isUtf8(name)) ? "utf-8" : "gb18030";
  return entries.map((entry) => {
    const label = isMarked(entry) && isUtf8(entry.fileNameRaw) ? "utf-8" : charset;
    const name = unicodePath(entry) ?? new TextDecoder(label).decode(entry.fileNameRaw);
    return name.normalize("NFC").replaceAll("\\", "/");
  });
}

/** The field counts only while it belongs to the name beside it: programs that rename leave it behind. */
function unicodePath({ extraFields, fileNameRaw }: Entry): string | null {
  const field = extraFields.find(({ id, data }) => id === UNICODE_PATH && data.length > 5 && data[0] === 1);
  if (!field || field.data.readUInt32LE(1) !== crc32(fileNameRaw)) return null;
  const name = field.data.subarray(5);
  return isUtf8(name) ? name.toString() : null;
}

/** One member, counted while it grows: what it declares has been judged, but is only a claim. */
async function inflated(archive: ZipFile, entry: Entry, room: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of await archive.openReadStreamPromise(entry)) {
    length += (piece as Buffer).length;
    if (length > room) throw new Unreadable("too-large", `inflates to more than ${MAX_TOTAL_BYTES} bytes`);
    pieces.push(piece as Buffer);
  }
  const content = Buffer.concat(pieces, length);
  if (crc32(content) !== entry.crc32) throw new Unreadable("corrupt", "a checksum does not agree");
  return content;
}

/** Strong encryption hides the directory too, so that yauzl stops at it. */
function asUnreadable(error: unknown): never {
  const { message } = error as Error;
  throw new Unreadable(/encrypt/i.test(message) ? "password-protected" : "corrupt", message);
}
