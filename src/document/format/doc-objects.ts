// Files and other documents inside an OLE file of Word or Excel ([MS-OLEDS]), each handed back as a document of its own.
import { safeName } from "../../message/filename.ts";
import type { Storage } from "../compound.ts";
import { compoundFile } from "../compound-writer.ts";
import type { DocumentChild } from "../document.ts";
import { UNKNOWN } from "../media-types.ts";
import { sniff } from "../sniff.ts";
import { packagedFile } from "./embedded.ts";

const MAX_OBJECTS = 100;
const MAX_STREAMS = 100;
const MAX_OBJECT_BYTES = 30 * 1024 * 1024;
const MAX_TOTAL_BYTES = 100 * 1024 * 1024;
/** The main streams of documents that Office embeds as they are. */
const MAIN_STREAMS = ["WordDocument", "Workbook", "Book", "PowerPoint Document"];

/** Objects that are pictures or formulas only are left out: they are drawn in the text. */
export function objectsOf(
  pool: Storage | null,
  isObject: (name: string) => boolean = () => true,
): DocumentChild[] {
  const children: DocumentChild[] = [];
  let room = MAX_TOTAL_BYTES;
  /** Counts what is read, and not what becomes of it: a damaged file may name the same bytes over and over. */
  const read = (object: Storage, name: string): Buffer | null => {
    const content = object.read(name, Math.min(room, MAX_OBJECT_BYTES));
    room -= content?.length ?? 0;
    return content;
  };
  for (const name of (pool?.names ?? []).filter(isObject).slice(0, MAX_OBJECTS)) {
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
  if (native) return packagedFile(native.subarray(4));
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
