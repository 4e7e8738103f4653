// Code pages of rich text: the document's, and those its fonts name by a Windows charset number.
import { TextDecoder } from "node:util";
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

/** What Wingdings shows for bullets, ticks and boxes of forms; other pictures in place of letters say nothing. */
const SIGN_OF: Record<number, string> = {
  82: "☑",
  84: "☒",
  108: "●",
  110: "■",
  111: "□",
  117: "◆",
  163: "□",
  168: "□",
  183: "•",
  216: "•",
  251: "✗",
  252: "✓",
  253: "☒",
  254: "☑",
};

export function signOf(place: number): string {
  return SIGN_OF[place & 0xff] ?? "";
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
