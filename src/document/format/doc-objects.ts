// Files and other documents inside a Word document ([MS-OLEDS]), each handed back as a document of its own.
import { safeName } from "../../message/filename.ts";
import type { Storage } from "../compound.ts";
import { compoundFile } from "../compound-writer.ts";
import type { DocumentChild } from "../document.ts";
import { sniff, UNKNOWN } from "../sniff.ts";

const MAX_OBJECTS = 100;
const MAX_STREAMS = 100;
const MAX_OBJECT_BYTES = 30 * 1024 * 1024;
const MAX_TOTAL_BYTES = 100 * 1024 * 1024;
/** The first word of the Packager's own layout. */
const PACKAGED = 2;
/** The main streams of documents that Office embeds as they are. */
const MAIN_STREAMS = ["WordDocument", "Workbook", "Book", "PowerPoint Document"];

/** Objects that are pictures or formulas only are left out: they are drawn in the text. */
export function objectsOf(pool: Storage | null): DocumentChild[] {
  const children: DocumentChild[] = [];
  let room = MAX_TOTAL_BYTES;
  /** Counts what is read, and not what becomes of it: a damaged file may name the same bytes over and over. */
  const read = (object: Storage, name: string): Buffer | null => {
    const content = object.read(name, Math.min(room, MAX_OBJECT_BYTES));
    room -= content?.length ?? 0;
    return content;
  };
  for (const name of (pool?.names ?? []).slice(0, MAX_OBJECTS)) {
    const object = pool?.storage(name);
    const found = object ? packaged(object, read) : null;
    if (room <= 0) break;
    if (!found || found.content.length === 0) continue;
    const mediaType = sniff(found.content);
    if (found.name === "" && mediaType === UNKNOWN) continue;
    children.push({
      filename: safeName(found.name, mediaType, children.length + 1),
      bytes: found.content.length,
      content: found.content,
    });
  }
  return children;
}

interface Packaged {
  /** "" where the object has none. */
  name: string;
  content: Buffer;
}

function packaged(object: Storage, read: (object: Storage, name: string) => Buffer | null): Packaged | null {
  const native = read(object, "\x01Ole10Native");
  if (native) return fileIn(native);
  for (const name of ["Package", "CONTENTS"]) {
    const content = read(object, name);
    if (content) return { name: "", content };
  }
  if (!MAIN_STREAMS.some((name) => object.names.includes(name))) return null;
  const streams = object.names.slice(0, MAX_STREAMS).flatMap((name) => {
    const content = read(object, name);
    return content ? [{ name, content }] : [];
  });
  const content = compoundFile(streams, MAX_OBJECT_BYTES);
  return content && { name: "", content };
}

/** What the Packager of Windows writes: a label, the name of the file, where it was, and its bytes. Others: the bytes. */
function fileIn(native: Buffer): Packaged | null {
  if (native.length < 6 || native.readUInt16LE(4) !== PACKAGED)
    return { name: "", content: native.subarray(4) };
  let at = 6;
  const text = (): Buffer | null => {
    const end = native.indexOf(0, at);
    if (end < 0) return null;
    const found = native.subarray(at, end);
    at = end + 1;
    return found;
  };
  const label = text();
  const path = text();
  if (!label || !path || at + 8 > native.length) return null;
  at += 4;
  const temporaryPathBytes = native.readUInt32LE(at);
  at += 4 + temporaryPathBytes;
  if (at + 4 > native.length) return null;
  const length = native.readUInt32LE(at);
  const content = native.subarray(at + 4, at + 4 + length);
  const written = label.length > 0 ? label : path;
  return { name: decodeName(written), content };
}

/** In the charset of the Windows that wrote it, which with us is Chinese. */
function decodeName(bytes: Buffer): string {
  return new TextDecoder("gb18030").decode(bytes);
}
