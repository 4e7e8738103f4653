// Files inside a PowerPoint 97–2003 presentation ([MS-PPT] §2.10): listed in the document, stored beside the slides.
import { inflateSync } from "node:zlib";
import type { DocumentChild } from "../document.ts";
import { embeddedFile } from "./embedded.ts";
import { type Budget, type PptRecord, recordsWithin } from "./ppt-records.ts";

const OBJECT_ATOM = 0x0fc3;
const OBJECT_STORAGE = 0x1011;
/** Kinds that are drawn on the slide: charts, organisation charts, formulas, lettering (§2.13.10). */
const DRAWN = new Set([4, 5, 6, 7]);
const MAX_OBJECTS = 100;
const MAX_OBJECT_BYTES = 30 * 1024 * 1024;
const MAX_TOTAL_BYTES = 100 * 1024 * 1024;

/** `record` answers with the record that the persist directory has under a number. */
export function pptObjects(
  stream: Buffer,
  document: PptRecord,
  record: (persistId: number) => PptRecord | null,
  budget: Budget,
): DocumentChild[] {
  const children: DocumentChild[] = [];
  const seen = new Set<number>();
  let room = MAX_TOTAL_BYTES;
  for (const { type, from, end } of recordsWithin(stream, document, budget)) {
    if (type !== OBJECT_ATOM || end - from < 20) continue;
    const isEmbedded = stream.readUInt32LE(from + 4) === 0;
    const stored =
      isEmbedded && !DRAWN.has(stream.readUInt32LE(from + 12))
        ? record(stream.readUInt32LE(from + 16))
        : null;
    if (stored?.type !== OBJECT_STORAGE || seen.has(stored.from) || seen.size >= MAX_OBJECTS) continue;
    seen.add(stored.from);
    const object = contentOf(stream, stored, Math.min(room, MAX_OBJECT_BYTES));
    room -= object?.length ?? 0;
    const child = object && embeddedFile(object, children.length + 1);
    if (child) children.push(child);
    if (room <= 0) break;
  }
  return children;
}

/** Compressed, the size before it, or as it is. */
function contentOf(
  stream: Buffer,
  { instance, from, end }: PptRecord,
  maxOutputLength: number,
): Buffer | null {
  if (instance !== 1) return stream.subarray(from, end);
  try {
    return inflateSync(stream.subarray(from + 4, end), { maxOutputLength });
  } catch {
    return null;
  }
}
