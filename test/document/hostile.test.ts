// What must not hurt: bombs, loops, lies, references to elsewhere, and files that end in the middle.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import type { Document } from "../../src/document/document.ts";
import { readDocument } from "../../src/document/read.ts";
import { REASON_CODES } from "../../src/text/reason.ts";
import { zipOf } from "./zip-builder.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const read = (bytes: Uint8Array) => readDocument(bytes, { inline: false });
const seeds = ["documents", "containers"].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => !/^(README|make)|\.expect\.txt$/.test(name))
    .map((name) => join(folder, name)),
);

function isAnswer({ status, reason, text, children }: Document): boolean {
  if (status === "read") return reason === null && (text !== "" || children.length > 0);
  return reason !== null && REASON_CODES.includes(reason);
}

test("there are fixtures to cut short", () => {
  expect(seeds.length).toBeGreaterThan(40);
});

test.each(seeds)("cut short at every power of two there is an answer: %s", async (name) => {
  const whole = readFileSync(join(fixtures, name));
  for (let length = 1; length < whole.length; length *= 2) {
    const document = await read(whole.subarray(0, length));
    expect([length, isAnswer(document), document.reason]).toEqual([length, true, document.reason]);
  }
});

// ── archives
const zeros = (bytes: number) => Buffer.alloc(bytes);

/** One piece of data under many names (D. Fifield, "A better zip bomb", WOOT 2019): nothing in it is nested. */
function overlapping(names: number): Buffer {
  const archive = zipOf([{ name: "0000.txt", content: zeros(90_000) }]);
  const at = archive.indexOf("PK\x01\x02", 0, "latin1");
  const entry = archive.subarray(at, archive.indexOf("PK\x05\x06", 0, "latin1"));
  const entries = Array.from({ length: names }, (_, number) => {
    const copy = Buffer.from(entry);
    copy.write(String(number).padStart(4, "0"), 46);
    return copy;
  });
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(names, 8);
  end.writeUInt16LE(names, 10);
  end.writeUInt32LE(entry.length * names, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([archive.subarray(0, at), ...entries, end]);
}

test.each<[string, () => Uint8Array, string]>([
  [
    "a ZIP that unpacks a thousandfold",
    () => zipOf([{ name: "a.txt", content: zeros(30_000_000) }]),
    "too-large",
  ],
  ["a ZIP whose members share one piece of data", () => overlapping(1_500), "corrupt"],
  [
    "a ZIP of ten thousand members",
    () => zipOf(Array.from({ length: 10_000 }, (_, at) => ({ name: `${at}` }))),
    "too-large",
  ],
  [
    "a ZIP member larger than it says",
    () => zipOf([{ name: "a.txt", content: zeros(900_000), declaredBytes: 10 }]),
    "corrupt",
  ],
  ["a gzip that unpacks a thousandfold", () => gzipSync(zeros(30_000_000)), "too-large"],
  ["a gzip in a gzip in a gzip, all of nothing", () => gzipSync(gzipSync(gzipSync(zeros(0)))), ""],
  [
    "a ZIP without a directory that unpacks a thousandfold",
    () => withoutDirectory(zeros(30_000_000)),
    "too-large",
  ],
])("%s", async (_, build, reason) => {
  const document = await read(build());
  if (reason === "") expect(document.children).toHaveLength(1);
  else expect(document).toMatchObject({ status: "held", reason, text: "", children: [] });
});

function withoutDirectory(content: Uint8Array): Buffer {
  const archive = zipOf([{ name: "a.txt", content }]);
  return archive.subarray(0, archive.indexOf("PK\x01\x02", 0, "latin1"));
}

// ── office packages
const entities =
  '<!DOCTYPE d [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">' +
  Array.from("bcdefghij", (name, at) => `<!ENTITY ${name} "${`&${"abcdefghi"[at]};`.repeat(10)}">`).join("") +
  "]>";
const types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const odfContent = (inner: string) =>
  `${entities}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>${inner}</text:p></office:text></office:body></office:document-content>`;
const packages: Record<string, Record<string, string>> = {
  "a Word document": {
    "[Content_Types].xml": types,
    "word/document.xml": `${entities}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&file;&j;</w:t></w:r></w:p></w:body></w:document>`,
  },
  "a workbook": {
    "[Content_Types].xml": types,
    "xl/workbook.xml": `${entities}<workbook><sheets><sheet name="&j;&file;"/></sheets></workbook>`,
  },
  slides: {
    "[Content_Types].xml": types,
    "ppt/presentation.xml": `${entities}<p:presentation>&j;&file;</p:presentation>`,
    "ppt/slides/slide1.xml": `${entities}<p:sld><a:t>&j;&file;</a:t></p:sld>`,
  },
  "an OpenDocument text": {
    mimetype: "application/vnd.oasis.opendocument.text",
    "content.xml": odfContent("&j;&file;"),
  },
  "an OFD": {
    "OFD.xml": `${entities}<ofd:OFD>&j;&file;</ofd:OFD>`,
    "Doc_0/Document.xml": `${entities}<x>&j;</x>`,
  },
};

test.each(Object.keys(packages))(
  "entities in the XML of %s are neither opened nor multiplied",
  async (name) => {
    const parts = Object.entries(packages[name] as Record<string, string>);
    const document = await read(
      zipSync(Object.fromEntries(parts.map(([part, xml]) => [part, strToU8(xml)])), { level: 0 }),
    );
    expect(document.status).toBe("held");
    expect(["corrupt", "no-text", "format-unsupported"]).toContain(document.reason);
    expect(JSON.stringify(document)).not.toContain("root:");
  },
);

test("a Word document that refers to elsewhere is read, and only its own words are", async () => {
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="r${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}" TargetMode="External"/>`;
  const document = await read(
    zipSync({
      "[Content_Types].xml": strToU8(types),
      "word/_rels/document.xml.rels": strToU8(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relation(1, "image", "file:///etc/passwd")}${relation(2, "attachedTemplate", "http://127.0.0.1:9/x.dotm")}${relation(3, "oleObject", "\\\\127.0.0.1\\share\\x.doc")}</Relationships>`,
      ),
      "word/document.xml": strToU8(
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body><w:p><w:r><w:t>自己的话</w:t></w:r><w:r><w:drawing><a:blip r:link="r1"/></w:drawing></w:r></w:p></w:body></w:document>',
      ),
    }),
  );
  expect(document).toMatchObject({ status: "read", text: "自己的话", children: [] });
});

// ── compound files
test("a compound file whose chains go round ends", async () => {
  const file = Buffer.from(readFileSync(join(fixtures, "documents/summary.doc")));
  const sectorBytes = 1 << file.readUInt16LE(30);
  const table = (file.readUInt32LE(76) + 1) * sectorBytes;
  for (const [which, next] of [
    ["every sector followed by the first", () => 0],
    ["every sector followed by itself", (at: number) => at],
    ["two by two", (at: number) => at ^ 1],
  ] as const) {
    const round = Buffer.from(file);
    for (let at = 0; at < sectorBytes / 4; at++) round.writeUInt32LE(next(at), table + at * 4);
    expect([which, isAnswer(await read(round))]).toEqual([which, true]);
  }
  const directory = (file.readUInt32LE(48) + 1) * sectorBytes;
  const siblings = Buffer.from(file);
  for (let entry = 0; entry < sectorBytes / 128; entry++)
    for (const field of [68, 72, 76]) siblings.writeUInt32LE(entry, directory + entry * 128 + field);
  expect(isAnswer(await read(siblings))).toBe(true);
});

// ── PDF
const pdfOf = (objects: string[]) =>
  Buffer.from(
    `%PDF-1.4\n${objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj\n`).join("")}trailer<</Root 1 0 R>>\n%%EOF\n`,
  );

test("a PDF of a hundred thousand pages without a word is held", async () => {
  const numbers = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => `${at + from} 0 R`).join(" ");
  const branches = Array.from(
    { length: 1000 },
    (_, at) => `<</Type/Pages/Parent 2 0 R/Count 100/Kids[${numbers(100, 1003 + at * 100)}]>>`,
  );
  const pages = Array.from(
    { length: 100_000 },
    (_, at) => `<</Type/Page/Parent ${3 + Math.floor(at / 100)} 0 R>>`,
  );
  const root = `<</Type/Pages/Count 100000/MediaBox[0 0 9 9]/Kids[${numbers(1000, 3)}]>>`;
  const document = await read(pdfOf(["<</Type/Catalog/Pages 2 0 R>>", root, ...branches, ...pages]));
  expect(document).toMatchObject({ status: "held", reason: "no-text", pages: 100_000 });
  expect(document.warnings.join()).toMatch(/only the first \d+ of 100000 pages/);
});

test("a PDF whose pages hold each other ends", async () => {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
    "<</Type/Pages/Count 9/Kids[3 0 R 2 0 R]/Parent 3 0 R>>",
    "<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]/Parent 2 0 R>>",
    "<</First 4 0 R/Last 4 0 R/Next 4 0 R/Title(x)>>",
  ];
  expect(isAnswer(await read(pdfOf(objects)))).toBe(true);
});

// ── pictures
/** A PNG (ISO/IEC 15948) that announces its size; its picture data is a few rows of nothing. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (kind: string, data: Uint8Array) => {
    const named = Buffer.concat([Buffer.from(kind), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const data = deflateSync(Buffer.alloc(30_000_000), { level: 9 });
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array()),
  ]);
}

test("a picture of 30,000 by 30,000 dots is never drawn", async () => {
  const picture = pngOf(30_000, 30_000);
  expect(picture.length).toBeLessThan(60_000);
  expect(await read(picture)).toMatchObject({ status: "held", reason: "too-large" });
});

// ── damage anywhere
test("a container with bytes changed anywhere is read as far as it is whole, or held", async () => {
  const containers = seeds.filter((name) => name.startsWith("containers"));
  const files = containers.map((name) => readFileSync(join(fixtures, name)));
  const damage = fc.record({
    file: fc.integer({ min: 0, max: files.length - 1 }),
    places: fc.array(fc.tuple(fc.nat(11_000), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, places }) => {
      const bytes = Buffer.from(files[file] as Buffer);
      for (const [at, value] of places) bytes[at % bytes.length] = value;
      const document = await read(bytes);
      expect([containers[file], isAnswer(document)]).toEqual([containers[file], true]);
      for (const { reason, bytes: size, content } of document.children)
        expect(reason ? content.length === 0 : content.length === size).toBe(true);
    }),
    { numRuns: 300 },
  );
});
