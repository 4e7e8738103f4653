// PDF text through pdf.js, with the maps and fonts that Chinese files without embedded fonts need (T14).
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { TextContent } from "pdfjs-dist/types/src/display/api.js";
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";

const MAX_PAGES = 500;
const MAX_CHARACTERS = 5_000_000;

const pdfjsFolder = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));

const settings = {
  cMapUrl: join(pdfjsFolder, "cmaps") + sep,
  cMapPacked: true,
  standardFontDataUrl: join(pdfjsFolder, "standard_fonts") + sep,
  wasmUrl: join(pdfjsFolder, "wasm") + sep,
  useSystemFonts: false,
  disableFontFace: true,
  // No code is made from fonts (CVE-2024-4367), no forms are run, nothing is fetched.
  isEvalSupported: false,
  enableXfa: false,
  verbosity: VerbosityLevel.ERRORS,
};

export async function readPdf(bytes: Uint8Array): Promise<DocumentText> {
  // pdf.js takes the buffer over: give it a copy, the caller still has use for the bytes.
  const task = getDocument({ ...settings, data: new Uint8Array(bytes) });
  try {
    const document = await task.promise;
    const warnings: string[] = [];
    const pages = Math.min(document.numPages, MAX_PAGES);
    if (document.numPages > pages)
      warnings.push(`only the first ${MAX_PAGES} of ${document.numPages} pages were read`);
    let text = "";
    const silent: number[] = [];
    for (let number = 1; number <= pages && text.length < MAX_CHARACTERS; number++) {
      const page = await document.getPage(number);
      const pageText = joinItems((await page.getTextContent()).items);
      if (pageText.trim() === "") silent.push(number);
      text += `${pageText}\n`;
      page.cleanup();
    }
    if (text.trim() === "") throw new Unreadable("no-text", `${document.numPages} pages without any text`);
    if (silent.length > 0) warnings.push(`no text on page ${silent.slice(0, 20).join(", ")}`);
    const { info } = (await document.getMetadata()) as { info: { Title?: unknown; Author?: unknown } };
    return {
      ...noText,
      text,
      title: property(info.Title),
      author: property(info.Author),
      pages: document.numPages,
      warnings,
    };
  } catch (error) {
    if ((error as Error).name === "PasswordException")
      throw new Unreadable("password-protected", "needs a password");
    throw error;
  } finally {
    await task.destroy();
  }
}

function property(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** A signature of East Asian writing: scripts that set no space between words, and their punctuation. */
const EAST_ASIAN = "[\\p{Script=Han}\\u3000-\\u303f\\uff01-\\uff5e\\u2018-\\u201d\\u2014\\u2026]";
const SPACES_WITHIN_EAST_ASIAN = new RegExp(`(?<=${EAST_ASIAN})[ \\u00a0]+(?=${EAST_ASIAN})`, "gu");
const SPACES_BESIDE_DIGITS = /(?<=\p{Script=Han}) (?=[0-9])|(?<=[0-9]) (?=\p{Script=Han})/gu;
/** "2 0 1 2年", set wide with its line; columns of a table have more than one digit or no Han after them. */
const DIGITS_SET_WIDE = new RegExp(`(?<=^|\\n|${EAST_ASIAN})[0-9](?: [0-9])+(?=\\p{Script=Han})`, "gu");

/** pdf.js reads gaps between glyphs as spaces; Han set justified, or beside digits, has gaps that mean nothing. */
function joinItems(items: TextContent["items"]): string {
  let text = "";
  for (const item of items) {
    if ("str" in item) text += item.str + (item.hasEOL ? "\n" : "");
  }
  return text
    .replace(SPACES_WITHIN_EAST_ASIAN, "")
    .replace(SPACES_BESIDE_DIGITS, "")
    .replace(DIGITS_SET_WIDE, (digits) => digits.replaceAll(" ", ""));
}
