// Code pages of rich text: the document's, and those its fonts name by a Windows charset number.
import { TextDecoder } from "node:util";
import { codePoint } from "dingbat-to-unicode";
import { encodingOfCodePage } from "./code-page.ts";

/** \fcharsetN → code page (RTF 1.9.1, "Font table"). 0 and 1 say nothing of a Chinese document, 2 is a font of signs. */
const CHARSETS: Record<number, number> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** Signs by their place in a font: Symbol, Wingdings. */
export const SIGNS = "signs";

/** Null where the number says nothing. */
export function encodingOfCharset(charset: number): string | null {
  if (charset === 2) return SIGNS;
  const page = CHARSETS[charset];
  return page === undefined ? null : encodingOfCodePage(page);
}

export function isWide(encoding: string): boolean {
  return !/^(windows-|macintosh|signs)/.test(encoding);
}

/** Of fonts whose name is not told: what most of them show in bullets. */
const BULLET = 0xb7;

/** What stands at a place in a font of signs, as in .docx and .doc: a ticked box reads the same in all. */
export function signOf(place: number, font = ""): string {
  const code = place & 0xff;
  return codePoint(font.trim(), code)?.string ?? (code === BULLET ? "•" : "");
}

const decoders = new Map<string, TextDecoder>();

export function decodeAs(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (!decoder) {
    decoder = new TextDecoder(encoding, { ignoreBOM: true });
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}
