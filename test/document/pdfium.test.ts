// Which PDF is read by which engine, that both find the same words, and that the first one's breakdown costs nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { textOfPages } from "../../src/document/format/page-text.ts";
import type { PdfContent } from "../../src/document/format/pdf-content.ts";
import { contentByPdfParse } from "../../src/document/format/pdf-parsed.ts";
import { contentByPdfium } from "../../src/document/format/pdfium-content.ts";
import { pdfium } from "../../src/document/pdfium.ts";
import { readDocument } from "../../src/document/read.ts";

const documents = join(import.meta.dirname, "../../fixtures/documents");
const names = readdirSync(documents).filter((name) => name.endsWith(".pdf"));
const file = (name: string) => readFileSync(join(documents, name));

/** Left to pdf-parse: a form with notes, and fonts that do not name their signs. */
const LEFT = ["form-with-notes.pdf", "glyphs-without-names.pdf"];

function gist({ pageCount, info, pages }: PdfContent): unknown {
  const named = ["Title", "Author", "Creator", "Producer", "Subject"].map((key) => info[key] || null);
  const sheets = pages.map(({ width, height }) => [Math.round(width), Math.round(height)]);
  return {
    text: textOfPages(pages),
    pageCount,
    named,
    sheets,
    watermarks: pages.map((page) => page.watermark),
  };
}

test.each(names.filter((name) => !LEFT.includes(name)))("both engines find the same in %s", async (name) => {
  const found = await contentByPdfium(file(name));
  expect(found).not.toBeNull();
  expect(gist(found as PdfContent)).toEqual(gist(await contentByPdfParse(file(name))));
});

test.each(LEFT)("%s is left to the other engine", async (name) => {
  expect(await contentByPdfium(file(name))).toBeNull();
});

test("a document whose table of objects is damaged is left to the other engine, which finds them", async () => {
  const damaged = Buffer.from(file("plan-by-writer.pdf"));
  damaged.write("startxref\n7", damaged.lastIndexOf("startxref"), "latin1");
  expect(await contentByPdfium(damaged)).toBeNull();
  const whole = await readDocument(file("plan-by-writer.pdf"), { inline: false });
  expect((await readDocument(damaged, { inline: false })).text).toBe(whole.text);
});

/** One page whose content, packed twice, unpacks to half a gigabyte. */
function bomb(): Buffer {
  const content = deflateSync(deflateSync(Buffer.alloc(512 * 1024 * 1024, "q ")));
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
    `<</Length ${content.length}/Filter[/FlateDecode/FlateDecode]>>stream\n${content.toString("latin1")}\nendstream`,
  ];
  let text = "%PDF-1.4\n";
  const entries = objects.map((object, at) => {
    const entry = `${String(text.length).padStart(10, "0")} 00000 n \n`;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return entry;
  });
  const table = `xref\n0 5\n0000000000 65535 f \n${entries.join("")}trailer<</Size 5/Root 1 0 R>>\n`;
  return Buffer.from(`${text}${table}startxref\n${text.length}\n%%EOF\n`, "latin1");
}

test("an engine that runs out of memory is replaced, and nothing is made of what it was reading", async () => {
  const before = await pdfium();
  expect(await contentByPdfium(bomb())).toBeNull();
  const after = await pdfium();
  expect(after).not.toBe(before);
  expect(after?.memory.buffer.byteLength).toBeLessThan(64 * 1024 * 1024);
  expect(await contentByPdfium(file("plan-by-writer.pdf"))).not.toBeNull();
});

test("reading one document after the other takes no more memory", async () => {
  for (const name of names) await contentByPdfium(file(name));
  const engine = await pdfium();
  const once = engine?.memory.buffer.byteLength;
  for (let round = 0; round < 20; round++) for (const name of names) await contentByPdfium(file(name));
  expect(await pdfium()).toBe(engine);
  expect(engine?.memory.buffer.byteLength).toBe(once);
});
