// The summary properties of an OLE file ([MS-OLEPS]): title, author and page count of .doc, .xls and .ppt.
import { encodingOfCodePage } from "./code-page.ts";

export interface Summary {
  title: string | null;
  author: string | null;
  pages: number | null;
}

const CODEPAGE = 1;
const TITLE = 2;
const AUTHOR = 4;
const PAGES = 14;

/** A "code page" whose strings are UTF-16 although their type says otherwise ([MS-OLEPS] §2.5). */
const WIDE = 1200;

const VT_I2 = 2;
const VT_I4 = 3;
const VT_LPSTR = 30;
const VT_LPWSTR = 31;

/** Never throws: of damaged properties it gives what can be read. */
export function readSummary(stream: Buffer | null): Summary {
  const summary: Summary = { title: null, author: null, pages: null };
  if (!stream || stream.length < 48) return summary;
  const section = stream.readUInt32LE(44);
  const value = (id: number) => {
    try {
      return readProperty(stream, section, id);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
  const codepage = Number(value(CODEPAGE)) & 0xffff || 1252;
  const decode = (found: Buffer | number | string | null): string | null => {
    const text = Buffer.isBuffer(found)
      ? new TextDecoder(codepage === WIDE ? "utf-16le" : encodingOfCodePage(codepage)).decode(found)
      : found;
    return typeof text === "string"
      ? text
          .replace(/\0[\s\S]*$/, "")
          .trim()
          .slice(0, 500) || null
      : null;
  };
  const pages = value(PAGES);
  return {
    title: decode(value(TITLE)),
    author: decode(value(AUTHOR)),
    pages: typeof pages === "number" && pages > 0 ? pages : null,
  };
}

/** A number, a wide string, or the bytes of a string in the section's code page. */
function readProperty(stream: Buffer, section: number, id: number): number | string | Buffer | null {
  const count = Math.min(100, stream.readUInt32LE(section + 4));
  for (let index = 0; index < count; index++) {
    const entry = section + 8 + index * 8;
    if (stream.readUInt32LE(entry) !== id) continue;
    const at = section + stream.readUInt32LE(entry + 4);
    const type = stream.readUInt32LE(at) & 0xffff;
    if (type === VT_I2) return stream.readInt16LE(at + 4);
    if (type === VT_I4) return stream.readInt32LE(at + 4);
    const length = stream.readUInt32LE(at + 4);
    if (type === VT_LPSTR) return stream.subarray(at + 8, at + 8 + length);
    if (type === VT_LPWSTR) return stream.toString("utf16le", at + 8, at + 8 + length * 2);
    return null;
  }
  return null;
}
