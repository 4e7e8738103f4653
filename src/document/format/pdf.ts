// PDF text through pdf-parse, with the maps and fonts that Chinese files without embedded fonts need (T14).
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { PDFParse } from "pdf-parse";
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";

const MAX_PAGES = 500;

/** The pdf.js that pdf-parse itself uses, wherever it was installed. */
const pdfjsFolder = dirname(
  createRequire(import.meta.resolve("pdf-parse")).resolve("pdfjs-dist/package.json"),
);

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
};

/** Text as pdf.js orders it: no "-- 1 of 4 --" between pages, no guesses at cells and lines. */
const asDrawn = { first: MAX_PAGES, pageJoiner: "", cellSeparator: "", lineEnforce: false };

interface Properties {
  Title?: unknown;
  Author?: unknown;
}

export async function readPdf(bytes: Uint8Array): Promise<DocumentText> {
  // pdf.js takes the buffer over: give it a copy, the caller still has use for the bytes.
  const parser = new PDFParse({ ...settings, data: new Uint8Array(bytes) });
  try {
    const { pages, total } = await parser.getText({ ...asDrawn });
    const texts = pages.map(({ text }) => joinHan(text));
    const silent = pages.filter((_, at) => texts[at]?.trim() === "").map(({ num }) => num);
    if (silent.length === pages.length) throw new Unreadable("no-text", `${total} pages without any text`);
    const warnings: string[] = [];
    if (total > pages.length) warnings.push(`only the first ${pages.length} of ${total} pages were read`);
    if (silent.length > 0) warnings.push(`no text on page ${silent.slice(0, 20).join(", ")}`);
    const info = await parser.getInfo().then(
      (found): Properties => found.info,
      (error: Error): Properties => {
        warnings.push(`properties could not be read: ${error.message}`);
        return {};
      },
    );
    return {
      ...noText,
      text: texts.join("\n"),
      title: property(info.Title),
      author: property(info.Author),
      pages: total,
      warnings,
    };
  } catch (error) {
    if ((error as Error).name === "PasswordException")
      throw new Unreadable("password-protected", "needs a password");
    throw error;
  } finally {
    await close(parser);
  }
}

/** pdf-parse 2.4.5 closes the document itself, which pdf.js 6 does through its loading task. */
async function close(parser: PDFParse): Promise<void> {
  const { doc } = parser as unknown as { doc?: { loadingTask: { destroy(): Promise<void> } } };
  await doc?.loadingTask.destroy();
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
function joinHan(text: string): string {
  return text
    .replace(SPACES_WITHIN_EAST_ASIAN, "")
    .replace(SPACES_BESIDE_DIGITS, "")
    .replace(DIGITS_SET_WIDE, (digits) => digits.replaceAll(" ", ""));
}
