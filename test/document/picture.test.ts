// Pictures of words: what scanners, fax machines and telephones send is read; what cannot be is named at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Document, Recognise } from "../../src/document/document.ts";
import { type FlatStrip, flatten } from "../../src/document/picture/flat.ts";
import { readLine } from "../../src/document/picture/line.ts";
import { inReadingOrder } from "../../src/document/picture/order.ts";
import { isLegible } from "../../src/document/picture/page.ts";
import { paragraphsOf } from "../../src/document/picture/paragraphs.ts";
import { tiffPage } from "../../src/document/picture/tiff.ts";
import { doubts } from "../../src/document/pictures.ts";
import { readDocument } from "../../src/document/read.ts";
import { silentLogger } from "../../src/log.ts";
import { createReader, type Reader } from "../../src/reading/reader.ts";

const documents = join(import.meta.dirname, "../../fixtures/documents");
const fixture = (name: string) => readFileSync(join(documents, name));
const shown = { inline: false };

/** Recognises nothing, and tells how often it was asked. */
function blind(): { recognise: Recognise; asked: () => number } {
  let asked = 0;
  const recognise: Recognise = async () => {
    asked++;
    return { text: "", confidence: null };
  };
  return { recognise, asked: () => asked };
}

describe("behind the wall", () => {
  let reader: Reader;
  beforeAll(() => {
    reader = createReader({ log: silentLogger });
  });
  afterAll(() => reader.close());
  const recognised = (name: string): Promise<Document> =>
    reader.recognise(fixture(name), shown, () => undefined);

  const expectations = readdirSync(documents).filter((name) => name.endsWith(".words.txt"));

  test("there is a picture of every format", () => {
    const formats = expectations.map((name) => name.replace(/\.words\.txt$/, "").replace(/^.*\./, ""));
    expect([...new Set(formats)].sort()).toEqual(["bmp", "gif", "jpg", "png", "tif", "webp"]);
  });

  test.each(expectations)("is recognised: %s", { timeout: 120_000 }, async (expectation) => {
    const words = readFileSync(join(documents, expectation), "utf8").trimEnd();
    const document = await recognised(expectation.replace(/\.words\.txt$/, ""));
    expect(document).toMatchObject({ status: "read", reason: null, unrecognised: 0, warnings: [] });
    expect(document.confidence).toBeGreaterThan(0.85);
    expect(shareOfHan(words, document.text)).toBeGreaterThanOrEqual(0.97);
    // As many paragraphs and rows of cells as there are: neither broken at line ends nor run together.
    expect(document.text.split("\n").length).toBe(words.split("\n").length);
    expect(document.text.split("\n").map((line) => line.split("\t").length)).toEqual(
      words.split("\n").map((line) => line.split("\t").length),
    );
  });

  test("a picture without words has none", { timeout: 120_000 }, async () => {
    expect(await recognised("landscape.jpg")).toMatchObject({
      status: "held",
      reason: "no-text",
      text: "",
      confidence: null,
    });
  });

  test("a picture cut short is read as far as it goes, and that is said", { timeout: 120_000 }, async () => {
    const whole = fixture("photo.jpg");
    const half = await reader.recognise(whole.subarray(0, whole.length * 0.6), shown, () => undefined);
    expect(half).toMatchObject({ status: "read", warnings: ["the picture is cut short"] });
    const stump = await reader.recognise(whole.subarray(0, 3_000), shown, () => undefined);
    expect(stump).toMatchObject({ status: expect.stringMatching("held|ignored") });
  });
});

/** The share of the Han signs of `expected` that `found` has, each as often. */
function shareOfHan(expected: string, found: string): number {
  const han = (text: string): string[] => text.match(/\p{Script=Han}/gu) ?? [];
  const left = han(found);
  const signs = han(expected);
  const there = signs.filter((sign) => {
    const at = left.indexOf(sign);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return there.length / signs.length;
}

/** A PNG's beginning: what says its size. */
const pngOf = (width: number, height: number, bytes: number) => {
  const head = Buffer.from("89504e470d0a1a0a0000000d4948445200000000000000000802000000", "hex");
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return Buffer.concat([head, Buffer.alloc(Math.max(0, bytes - head.length))]);
};

test("a picture of too many pixels is refused before anything is decoded", async () => {
  for (const picture of [pngOf(30_000, 30_000, 100_000), pngOf(8_001, 5_000, 100_000)]) {
    const { recognise, asked } = blind();
    expect(await readDocument(picture, shown, { recognise })).toMatchObject({
      status: "held",
      reason: "too-large",
    });
    expect(asked()).toBe(0);
  }
  expect(await readDocument(pngOf(8_000, 5_000, 100_000), shown)).toMatchObject({ unrecognised: 1 });
});

test("a page of a fax that claims too many pixels is left out before it is decoded", async () => {
  const fax = Buffer.from(fixture("fax.tif"));
  const second = fax.readUInt32LE(fax.readUInt32LE(4) + 2 + fax.readUInt16LE(fax.readUInt32LE(4)) * 12);
  for (let at = second + 2; at < second + 2 + fax.readUInt16LE(second) * 12; at += 12)
    if ([256, 257].includes(fax.readUInt16LE(at)))
      fax.writeUInt32LE(30_000, fax.writeUInt16LE(4, at + 2) + 4);
  const { recognise, asked } = blind();
  const document = await readDocument(fax, shown, { recognise });
  expect(asked()).toBe(1);
  expect(document.warnings).toEqual(["page 2 could not be read: 30000 × 30000 pixels"]);
});

test("a damaged header is named", async () => {
  const loop = Buffer.alloc(30_000);
  loop.write("II*\0", "latin1");
  loop.writeUInt32LE(8, 4);
  loop.writeUInt32LE(8, 10);
  for (const damaged of [
    pngOf(0, 900, 50_000),
    loop,
    Buffer.concat([Buffer.from("ffd8ffe0ffff", "hex"), Buffer.alloc(40_000)]),
  ])
    expect(await readDocument(damaged, shown)).toMatchObject({ status: "held", reason: "corrupt" });
});

test.each([
  ["a logo of many bytes", pngOf(180, 90, 45_000), false, "decoration"],
  ["a bullet", pngOf(40, 40, 900), false, "decoration"],
  ["a line across the mail", pngOf(1_200, 30, 30_000), false, "decoration"],
  ["a fax of few bytes", pngOf(1_728, 2_200, 8_000), false, "no-text"],
  ["a signature in the mail's body", pngOf(500, 200, 70_000), true, "decoration"],
  ["a background in the mail's body", pngOf(1_000, 800, 30_000), true, "decoration"],
  ["a photographed page in the mail's body", pngOf(1_080, 1_440, 150_000), true, "no-text"],
])("%s", async (_, picture, inline, reason) => {
  const document = await readDocument(picture, { inline });
  expect(document.reason).toBe(reason);
  expect(document.unrecognised).toBe(reason === "no-text" ? 1 : 0);
});

test("without recognition the pages are counted", async () => {
  expect(await readDocument(fixture("fax.tif"), shown)).toMatchObject({
    status: "held",
    reason: "no-text",
    pages: 2,
    unrecognised: 2,
  });
});

test("little certainty is said", () => {
  expect(doubts(0.62)).toEqual(["recognised with low confidence (0.62)"]);
  expect(doubts(0.97)).toEqual([]);
  expect(doubts(null)).toEqual([]);
});

test.each([
  ["12 signs of a page blurred beyond reading", 12, 0.51, false],
  ["two signs out of a blur", 2, 0.74, false],
  ["a blurred page with a title that is right", 89, 0.63, true],
  ["a door plate", 4, 0.93, true],
])("%s", (_what, signs, confidence, legible) => {
  expect(isLegible(signs, confidence)).toBe(legible);
});

test("a sign repeated without a gap is one, with a gap two", () => {
  const signs = ["", "山", "水"];
  const places = [1, 1, 0, 1, 2].flatMap((sign) => signs.map((_, at) => (at === sign ? 0.9 : 0.05)));
  const { text, confidence } = readLine(Float32Array.from(places), signs);
  expect(text).toBe("山山水");
  expect(confidence).toBeCloseTo(0.9);
});

const strip = (text: string, left: number, y: number): FlatStrip => ({
  text,
  left,
  right: left + [...text].length * 20,
  y,
  thickness: 24,
});
const textOf = (strips: FlatStrip[]) => paragraphsOf(inReadingOrder(strips));
const full = "这一行写到了右边的页边为止没有停";

test("a paragraph's lines are joined, those of a list are not", () => {
  const lines = [
    strip(`${full.slice(2)}`, 40, 0),
    strip(full, 0, 40),
    strip("到此结束。", 0, 80),
    strip(`一、${full.slice(4)}`, 40, 120),
    strip(`二、${full.slice(4)}`, 40, 160),
    strip("完。", 40, 200),
  ];
  expect(textOf(lines)).toBe(
    [`${full.slice(2)}${full}到此结束。`, lines[3]?.text, lines[4]?.text, "完。"].join("\n"),
  );
});

test("rows slanted by perspective stay rows", () => {
  const seen = ["甲乙丙丁戊己", "子丑寅卯辰巳"].flatMap((word, row) =>
    [0, 1, 2].map((column) => {
      const slope = 0.05 + 0.03 * row;
      const x = 100 + column * 300;
      const along = { x: 1 / Math.hypot(1, slope), y: slope / Math.hypot(1, slope) };
      return {
        text: word,
        confidence: 1,
        x,
        y: 100 + row * 40 + x * slope,
        along,
        length: 150,
        thickness: 24,
      };
    }),
  );
  expect(textOf(flatten(seen, { x: 1, y: 0 }))).toBe(
    "甲乙丙丁戊己\t甲乙丙丁戊己\t甲乙丙丁戊己\n子丑寅卯辰巳\t子丑寅卯辰巳\t子丑寅卯辰巳",
  );
});

test("damaged TIFFs come to an end", { timeout: 60_000 }, () => {
  let seed = 2012;
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  let drawn = 0;
  for (const name of ["scan-lzw.tif", "fax.tif"]) {
    const whole = fixture(name);
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change < 4; change++) {
        // Where the fields stand, at the file's end, as often as anywhere.
        const at = change % 2 === 0 ? below(bytes.length) : bytes.length - 1 - below(300);
        bytes[at] = below(256);
      }
      try {
        const { pixels, width, height } = tiffPage(bytes, 0);
        expect(pixels).toHaveLength(width * height * 4);
        drawn++;
      } catch (error) {
        // The library throws words at times.
        expect(error).not.toBeUndefined();
      }
    }
  }
  expect(drawn).toBeGreaterThan(100);
});
