// ZIP containers from strangers: what is inside, and the wanted members, never more than was agreed to (R19).
import { unzipSync } from "fflate";
import { Unreadable } from "./unreadable.ts";

export interface ZipEntry {
  name: string;
  compressedBytes: number;
  bytes: number;
}

export const MAX_ENTRIES = 2_000;
export const MAX_TOTAL_BYTES = 200 * 1024 * 1024;
/** Deflate cannot exceed about 1,030:1. Small members are exempt: a short file of repeated markup harms nobody. */
const MAX_RATIO = 200;
const RATIO_APPLIES_FROM_BYTES = 1024 * 1024;

/** The central directory; throws when there is none (cut short, or no ZIP at all). */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const entries: ZipEntry[] = [];
  unzipSync(bytes, {
    filter: ({ name, size, originalSize }) => {
      entries.push({ name, compressedBytes: size, bytes: originalSize });
      if (entries.length > MAX_ENTRIES) {
        throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members`);
      }
      return false;
    },
  });
  return entries;
}

/** Judges what a container declares before anything of it is inflated. */
export function judgeEntries(entries: ZipEntry[]): void {
  if (entries.length > MAX_ENTRIES) throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members`);
  let total = 0;
  for (const entry of entries) {
    total += entry.bytes;
    if (total > MAX_TOTAL_BYTES)
      throw new Unreadable("too-large", `inflates to more than ${MAX_TOTAL_BYTES} bytes`);
    if (entry.bytes > RATIO_APPLIES_FROM_BYTES && entry.bytes > entry.compressedBytes * MAX_RATIO) {
      throw new Unreadable("too-large", `${entry.name} is compressed more than ${MAX_RATIO}:1`);
    }
  }
}

/** Counts what really comes out of a container of so many bytes: what it declares is only a claim. */
export function unpackingMeter(packedBytes: number): (bytes: number) => void {
  let total = 0;
  return (bytes) => {
    total += bytes;
    if (total > MAX_TOTAL_BYTES)
      throw new Unreadable("too-large", `unpacks to more than ${MAX_TOTAL_BYTES} bytes`);
    if (total > RATIO_APPLIES_FROM_BYTES && total > packedBytes * MAX_RATIO)
      throw new Unreadable("too-large", `is compressed more than ${MAX_RATIO}:1`);
  };
}

/** Members by name. Office files' names differ neither in case nor, made by careless software, in their slashes. */
export class Members extends Map<string, Uint8Array> {
  override get(name: string): Uint8Array | undefined {
    return super.get(memberKey(name));
  }
  override has(name: string): boolean {
    return super.has(memberKey(name));
  }
}

function memberKey(name: string): string {
  return name.replaceAll("\\", "/").toLowerCase();
}

/**
 * The members wanted, inflated; `wanted` is asked in lower case. A member that lies about its size cannot grow past the
 * buffer its lie reserved, so the declared total is also the real bound.
 */
export function readZip(bytes: Uint8Array, wanted: (name: string) => boolean): Members {
  judgeEntries(zipEntries(bytes));
  const inflated = Object.entries(unzipSync(bytes, { filter: ({ name }) => wanted(memberKey(name)) }));
  return new Members(inflated.map(([name, content]) => [memberKey(name), content]));
}
