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

/** One page of one content, in Helvetica, with its table of objects. */
function page(content: string, packing = ""): Buffer {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
    `<</Length ${content.length}${packing}>>stream\n${content}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
  ];
  let text = "%PDF-1.4\n";
  const entries = objects.map((object, at) => {
    const entry = `${String(text.length).padStart(10, "0")} 00000 n \n`;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return entry;
  });
  const table = `xref\n0 6\n0000000000 65535 f \n${entries.join("")}trailer<</Size 6/Root 1 0 R>>\n`;
  return Buffer.from(`${text}${table}startxref\n${text.length}\n%%EOF\n`, "latin1");
}

test("words that stand in for what is drawn have no place, and are left to the other engine", async () => {
  const [before, after] = ["BT /F 12 Tf 72 700 Td (The library is ) Tj", "( every day.) Tj ET"];
  const plain = page(`${before} (open) Tj ${after}`);
  const spelled = page(`${before} /Span<</ActualText(closed)>>BDC (open) Tj EMC ${after}`);
  expect(await contentByPdfium(plain)).not.toBeNull();
  expect(await contentByPdfium(spelled)).toBeNull();
  const [one, other] = [plain, spelled].map((bytes) => readDocument(bytes, { inline: false }));
  expect((await other)?.text).toBe((await one)?.text);
});

test("a gap between words is a space, kerning is none, and what stands far off is a cell", async () => {
  const found = await contentByPdfium(
    page("BT /F 12 Tf 72 700 Td [(Open) -300 (ever) 60 (y ) -20 (day)] TJ 200 0 Td (18:00) Tj ET"),
  );
  expect(found && textOfPages(found.pages)).toBe("Open every day\t18:00");
});

/** Packed twice, half a gigabyte. */
function bomb(): Buffer {
  const content = deflateSync(deflateSync(Buffer.alloc(512 * 1024 * 1024, "q ")));
  return page(content.toString("latin1"), "/Filter[/FlateDecode/FlateDecode]");
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
