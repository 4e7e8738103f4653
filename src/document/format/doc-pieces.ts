// The pieces a document's text is made of ([MS-DOC] §2.8.35 PlcPcd): saving in a hurry leaves them out of order.
import type { WordFile } from "./doc-file.ts";
import { PART } from "./doc-file.ts";
import type { Changes } from "./doc-properties.ts";

export interface Piece {
  /** First character in the document, and the one after the last. */
  start: number;
  end: number;
  /** Where its first byte is in the main stream. */
  at: number;
  bytesEach: 1 | 2;
  /** What was changed in all of it since it was written. */
  changes: Changes | null;
}

const TEXT_IS_BYTES = 0x40000000;

/** In the order of the document; one piece where there is no list of them. */
export function readPieces(file: WordFile): Piece[] {
  const stored = file.part(PART.pieces);
  const groups: Buffer[] = [];
  let at = 0;
  while (stored[at] === 1 && at + 3 <= stored.length) {
    const length = stored.readUInt16LE(at + 1);
    groups.push(stored.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  const pieces = stored[at] === 2 ? listed(file, stored.subarray(at + 5), groups) : [];
  return pieces.length > 0 ? pieces : [wholeText(file)];
}

function listed(file: WordFile, list: Buffer, groups: Buffer[]): Piece[] {
  const count = Math.floor((list.length - 4) / 12);
  const pieces: Piece[] = [];
  let left = file.main.length;
  for (let index = 0; index < count; index++) {
    const start = list.readUInt32LE(index * 4);
    const end = list.readUInt32LE(index * 4 + 4);
    const entry = (count + 1) * 4 + index * 8;
    const place = list.readUInt32LE(entry + 2);
    const isBytes = file.isOld || (place & TEXT_IS_BYTES) !== 0;
    const at = file.isOld ? place : isBytes ? (place & 0x3fffffff) >>> 1 : place & 0x3fffffff;
    // Pieces follow one another and share no bytes: else a small damaged file could hold endless text.
    left -= (end - start) * (isBytes ? 1 : 2);
    if (end < start || start !== (pieces.at(-1)?.end ?? 0) || left < 0) break;
    const changes = changesOf(list.readUInt16LE(entry + 6), groups, file.isOld);
    pieces.push({ start, end, at, bytesEach: isBytes ? 1 : 2, changes });
  }
  return pieces;
}

/** §2.9.214 Prm: a single change of one byte in the old codes, or the number of a group of changes. */
function changesOf(prm: number, groups: Buffer[], isOld: boolean): Changes | null {
  if (prm === 0) return null;
  if ((prm & 1) === 0) return { bytes: Buffer.from([(prm >> 1) & 0x7f, prm >> 8]), isOld: true };
  const bytes = groups[prm >> 1];
  return bytes ? { bytes, isOld } : null;
}

function wholeText(file: WordFile): Piece {
  const length = Object.values(file.lengths).reduce((sum: number, one: number) => sum + one, 0);
  const isWide = !file.isOld && file.textEnd - file.textStart >= length * 2;
  return { start: 0, end: length, at: file.textStart, bytesEach: isWide ? 2 : 1, changes: null };
}
