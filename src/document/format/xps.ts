// XPS and OpenXPS (ECMA-388), which Windows prints to where no PDF printer is: a ZIP of pages of placed glyph runs.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";
import { located } from "./ofd-package.ts";
import { PACKAGE_PARTS, packageProperties } from "./package.ts";
import { readPicturedPages } from "./page-recognition.ts";
import { textOfPages } from "./page-text.ts";
import { degrees, type Matrix, multiply, type PageWords, type PlacedWords, pageOf } from "./page-words.ts";
import { readXml } from "./xml.ts";

const MAX_PAGES = 500;
const MAX_WORDS = 30_000;
const UNTURNED: Matrix = [1, 0, 0, 1, 0, 0];

interface Page extends PageWords {
  number: number;
  pictures: string[];
}

export async function readXps(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = readZip(bytes, (name) => /\.(fdseq|fdoc|fpage)$/.test(name) || PACKAGE_PARTS.test(name));
  const names = pagesOf(parts);
  if (names.length === 0) throw new Unreadable("corrupt", "no pages are named");
  const { title, author, properties } = packageProperties(parts);
  const read: DocumentText = { ...noText, title, author, properties, warnings: [], pages: names.length };
  const pages = names.slice(0, MAX_PAGES).map((name, at) => readPage(parts, name, at + 1, read.warnings));
  if (names.length > MAX_PAGES) {
    read.pagesRead = MAX_PAGES;
    read.warnings.push(`only the first ${MAX_PAGES} of ${names.length} pages were read`);
  }
  await readPicturedPages(bytes, pages, read, aids);
  read.text = textOfPages(pages);
  return read;
}

/** Sequence → documents → pages, in order (ECMA-388 §10). */
function pagesOf(parts: Members): string[] {
  const sequence = [...parts.keys()].find((name) => name.endsWith(".fdseq")) ?? "";
  return sourcesIn(parts, sequence, "DocumentReference").flatMap((document) =>
    sourcesIn(parts, document, "PageContent"),
  );
}

function sourcesIn(parts: Members, name: string, element: string): string[] {
  const part = parts.get(name);
  const sources: string[] = [];
  if (!part) return sources;
  readXml(part, {
    open(opened, { Source }) {
      if (opened === element && Source) sources.push(located(parts, name, Source));
    },
    close() {},
  });
  return sources;
}

function readPage(parts: Members, name: string, number: number, warnings: string[]): Page {
  const words: PlacedWords[] = [];
  const pictures: string[] = [];
  const around: Matrix[] = [];
  let [width, height] = [816, 1056];
  const part = parts.get(name);
  try {
    if (!part) throw new Error("it is missing");
    readXml(part, {
      open(element, attributes) {
        const matrix = multiply(around.at(-1) ?? UNTURNED, matrixOf(attributes.RenderTransform));
        around.push(matrix);
        if (element === "FixedPage")
          [width, height] = [Number(attributes.Width) || width, Number(attributes.Height) || height];
        else if (element === "Glyphs" && words.length < MAX_WORDS) words.push(...wordsOf(attributes, matrix));
        else if (element === "ImageBrush" && attributes.ImageSource)
          pictures.push(located({ has: () => true }, name, attributes.ImageSource));
      },
      close() {
        around.pop();
      },
    });
  } catch (error) {
    warnings.push(`${name} could not be read: ${(error as Error).message}`);
  }
  return { ...pageOf(words, width, height), number, pictures };
}

function matrixOf(written = ""): Matrix {
  const numbers = written
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  return numbers.length === 6 && numbers.every(Number.isFinite) ? (numbers as unknown as Matrix) : UNTURNED;
}

/** One run (§12.1): its signs, and where its indices give them, their advances in hundredths of the size. */
function wordsOf(attributes: Record<string, string>, matrix: Matrix): PlacedWords[] {
  // A string that begins with a brace is escaped by an empty pair of them.
  const text = (attributes.UnicodeString ?? "").replace(/^\{\}/, "");
  if (text.trim() === "") return [];
  const size = Number(attributes.FontRenderingEmSize) || 1;
  const advances = (attributes.Indices ?? "")
    .split(";")
    .map((index) => Number(index.split(",")[1] || Number.NaN));
  const length = [...text].reduce((sum, sign, at) => {
    const advance = advances[at];
    const usual = /[\u0020-\u024f]/.test(sign) ? 50 : 100;
    return sum + ((advance !== undefined && Number.isFinite(advance) ? advance : usual) * size) / 100;
  }, 0);
  const start = multiply(matrix, [
    1,
    0,
    0,
    1,
    Number(attributes.OriginX) || 0,
    Number(attributes.OriginY) || 0,
  ]);
  const [a, b, c, d] = matrix;
  const isSideways = attributes.IsSideways === "true";
  return [
    {
      text,
      x: start[4],
      y: start[5],
      length: length * (Math.hypot(a, b) || 1),
      size: size * (Math.hypot(c, d) || 1),
      angle: degrees(a, b) + (isSideways ? 90 : 0),
    },
  ];
}
