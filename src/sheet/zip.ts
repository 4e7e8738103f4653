// A ZIP made while it is written: entry after entry, compressed beside the event loop, never held whole.
import { Readable, type Writable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";
import { Zip, type ZipInputFile } from "fflate";
import { put } from "./destination.ts";

/** Any fixed day: the same rows make the same file. */
const MADE = new Date(1980, 0, 2);

export interface ZipWriter {
  add(name: string, text: AsyncIterable<string> | Iterable<string>): Promise<void>;
  /** The directory; the destination stays open. */
  finish(): Promise<void>;
}

export function zipTo(destination: Writable): ZipWriter {
  let waiting: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    waiting.push(part);
  });
  const flush = async (): Promise<void> => {
    const parts = waiting;
    waiting = [];
    for (const part of parts) await put(destination, part);
  };
  return {
    async add(name, text) {
      const entry: ZipInputFile & { crc: number; size: number } = {
        filename: name,
        compression: 8,
        crc: 0,
        size: 0,
        mtime: MADE,
      };
      zip.add(entry);
      const deflate = createDeflateRaw({ level: 6 });
      const source = Readable.from(counted(text, entry), { objectMode: false });
      source.once("error", (error) => deflate.destroy(error));
      source.pipe(deflate);
      try {
        for await (const part of deflate) {
          entry.ondata?.(null, part as Uint8Array<ArrayBuffer>, false);
          await flush();
        }
      } finally {
        source.destroy();
      }
      entry.ondata?.(null, new Uint8Array(0), true);
      await flush();
    },
    async finish() {
      zip.end();
      await flush();
    },
  };
}

const PIECE = 64 * 1024;
/** Without ZIP64, which WPS does not open. */
const SIZE_MAX = 0xffff_ffff;

/** The text in pieces of one size, however small its parts: a piece per row would be a turn of the event loop each. */
async function* counted(
  text: AsyncIterable<string> | Iterable<string>,
  entry: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  let held = "";
  const piece = (): Buffer => {
    const bytes = Buffer.from(held, "utf8");
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    if (entry.size > SIZE_MAX)
      throw new Error("a sheet of more than 4 GB does not fit into this kind of file");
    held = "";
    return bytes;
  };
  for await (const part of text) {
    held += part;
    if (held.length >= PIECE) yield piece();
  }
  if (held !== "") yield piece();
}
