// What a PDF says besides its lines: pages that are pictures, notes, attached files; and how much of a long one is read.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import type { Picture, Recognise } from "../../src/document/document.ts";
import { readPdf } from "../../src/document/format/pdf.ts";
import { MAX_RECOGNISED } from "../../src/document/pictures.ts";
import { readDocument } from "../../src/document/read.ts";
import { Unreadable } from "../../src/document/unreadable.ts";

const documents = join(import.meta.dirname, "../../fixtures/documents");
const file = (name: string) => readFileSync(join(documents, name));
const ordinary = { recognise: null };

/** Numbered objects; the first is the catalog, the last one's properties where `named`. */
function pdf(objects: string[], { named = false } = {}): Uint8Array {
  let text = "%PDF-1.4\n";
  const entries = objects.map((object, at) => {
    const entry = `${String(text.length).padStart(10, "0")} 00000 n \n`;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return entry;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}`;
  const info = named ? `/Info ${objects.length} 0 R` : "";
  const trailer = `trailer<</Size ${objects.length + 1}/Root 1 0 R${info}>>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}${table}${trailer}`, "latin1");
}

const stream = (content: string) => `<</Length ${content.length}>>stream\n${content}\nendstream`;
const HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

/** Pages of one content each, in Helvetica. */
function pages(contents: string[], more: (page: number) => string = () => ""): Uint8Array {
  const first = 4;
  return pdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Count ${contents.length}/Kids[${contents.map((_, at) => `${first + at * 2} 0 R`).join(" ")}]>>`,
    HELVETICA,
    ...contents.flatMap((content, at) => [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]${more(at)}/Resources<</Font<</F 3 0 R>>>>/Contents ${first + at * 2 + 1} 0 R>>`,
      stream(content),
    ]),
  ]);
}

const words = (text: string, x = 72, y = 700) => `BT /F 12 Tf 1 0 0 1 ${x} ${y} Tm (${text}) Tj ET\n`;

test("pages that are pictures are counted, and the others' words are read", async () => {
  const read = await readPdf(file("mixed-with-scans.pdf"), ordinary);
  expect(read).toMatchObject({ text: "以下为盖章扫描件，共两页。请办公室查收。", pages: 4, unrecognised: 2 });
});

test("recognition is given the pages that are pictures, as they are shown, and its words stand at their place", async () => {
  const seen: Picture[] = [];
  const recognise: Recognise = async (picture) => {
    seen.push(picture);
    return { text: `第${seen.length}张\n扫描件`, confidence: 0.9 };
  };
  const read = await readPdf(file("mixed-with-scans.pdf"), { recognise });
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatchObject({ width: 1652, height: 2338 });
  const [first] = seen as [Extract<Picture, { pixels: unknown }>];
  expect(first.pixels).toHaveLength(1652 * 2338 * 4);
  expect([...first.pixels.subarray(40_000, 40_004)]).toEqual([0xdd, 0xdd, 0xdd, 255]);
  expect(read).toMatchObject({
    text: "以下为盖章扫描件，共两页。请办公室查收。\n第1张\n扫描件\n第2张\n扫描件",
    unrecognised: 0,
    confidence: 0.9,
    pagesRead: null,
  });
});

test("a document of words never goes to recognition, whatever it shows beside them", async () => {
  const never: Recognise = () => Promise.reject(new Error("was asked"));
  for (const name of [
    "summary.pdf",
    "plan-by-writer.pdf",
    "notice-without-fonts.pdf",
    "table-with-long-cells.pdf",
  ]) {
    expect(await readPdf(file(name), ordinary)).toMatchObject({ unrecognised: 0 });
    expect((await readPdf(file(name), { recognise: never })).text).not.toBe("");
  }
});

test("of a long scan the first pages are recognised, and it says so", async () => {
  const image = `q 500 0 0 700 0 0 cm BI /W 600 /H 800 /CS /G /BPC 1 /F /AHx ID ${"00".repeat(60_000)}> EI Q`;
  const large = Buffer.from(pages(Array.from({ length: 33 }, () => image))).toString("latin1");
  const scan = Buffer.from(large.replaceAll("[0 0 595 842]", "[0 0 60 84]"), "latin1");
  expect(await readPdf(scan, ordinary)).toMatchObject({ unrecognised: 33, text: "" });
  const read = await readPdf(scan, { recognise: async () => ({ text: "字", confidence: 1 }) });
  expect(read).toMatchObject({ unrecognised: 0, pages: 33, pagesRead: MAX_RECOGNISED });
  expect(read.warnings).toEqual(["only the first 30 of 33 pages that are pictures were recognised"]);
});

test("a page that recognition cannot read costs the others nothing", async () => {
  let asked = 0;
  const recognise: Recognise = async () => {
    if (asked++ === 0) throw new Unreadable("corrupt", "blurred");
    return { text: "第二张", confidence: 0.7 };
  };
  const read = await readPdf(file("mixed-with-scans.pdf"), { recognise });
  expect(read.text).toBe("以下为盖章扫描件，共两页。请办公室查收。\n第二张");
  expect(read.warnings).toEqual([
    "page 2 could not be recognised: blurred",
    "recognised with low confidence (0.70)",
  ]);
});

test("numbers of glyphs are not taken for words", async () => {
  const document = await readDocument(file("glyphs-without-names.pdf"), { inline: false });
  expect(document).toMatchObject({ status: "held", reason: "no-text", text: "", unrecognised: 1 });
});

test("words of fonts that say the wrong thing are left to recognition, and words with accents are not", async () => {
  const wrong =
    "23@5\\304\\305\\3664\\347-\\352\\301 ;O.\\346J:\\3372 <3@5=P\\307@5\\350H Q]RST\\312 {o\\361}~q+\\337";
  expect(await readPdf(pages([words(wrong), words(wrong)]), ordinary)).toMatchObject({
    text: "",
    unrecognised: 2,
  });
  const french = "Le mus\\351e a \\351t\\351 cr\\351\\351 \\340 c\\364t\\351 de la biblioth\\350que";
  expect(await readPdf(pages([words(french)]), ordinary)).toMatchObject({
    text: "Le musée a été créé à côté de la bibliothèque",
    unrecognised: 0,
  });
});

test("attached files are read as their own", async () => {
  const { children } = await readPdf(file("form-with-notes.pdf"), ordinary);
  expect(children.map(({ filename, content }) => [filename, Buffer.from(content).toString()])).toEqual([
    ["预算.txt", "预算：五千元"],
  ]);
});

test("of a hundred thousand pages the first five hundred are read", async () => {
  const [nodes, leaves] = [1_000, 100];
  const total = nodes * leaves;
  const kids = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `${from + at} 0 R`).join(" ");
  const long = pdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Count ${total}/Kids[${kids(5, nodes)}]>>`,
    HELVETICA,
    stream(words("one of many pages of words")),
    ...Array.from(
      { length: nodes },
      (_, at) =>
        `<</Type/Pages/Parent 2 0 R/Count ${leaves}/Kids[${kids(5 + nodes + at * leaves, leaves)}]>>`,
    ),
    ...Array.from(
      { length: total },
      (_, at) =>
        `<</Type/Page/Parent ${5 + Math.floor(at / leaves)} 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>`,
    ),
  ]);
  const read = await readPdf(long, ordinary);
  expect(read).toMatchObject({ pages: total, pagesRead: 500, unrecognised: 0 });
  expect(read.text.split("\n")).toHaveLength(500);
}, 60_000);

test("words set aslant are a watermark, and the page is read as it is turned", async () => {
  const turned = `BT /F 12 Tf 0 1 -1 0 300 72 Tm (read on its side) Tj ET BT /F 40 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET`;
  for (const rotate of ["", "/Rotate 90", "/Rotate 270"]) {
    const read = await readPdf(
      pages([turned], () => rotate),
      ordinary,
    );
    expect(read).toMatchObject({ text: "read on its side", properties: { watermark: "DRAFT" } });
  }
});

test("running heads are said once, page numbers never; a form's title begins every form", async () => {
  const page = (number: number) =>
    `BT /F 8 Tf 1 0 0 1 72 810 Tm (City Library, paper ${number}) Tj ET\n${words("Idea registration form", 200, 770)}${words(`Idea number ${number * 11}`)}${words("A second line.", 72, 680)}${words(`- ${number} -`, 290, 30)}`;
  const read = await readPdf(pages([page(1), page(2), page(3)]), ordinary);
  expect(read.text).toBe(
    "City Library, paper 1\nIdea registration form\nIdea number 11\nA second line.\nIdea registration form\nIdea number 22\nA second line.\nIdea registration form\nIdea number 33\nA second line.",
  );
});

/** One page, with these as its document's properties. */
const withProperties = (info: string) => {
  const page =
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>";
  const tree = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
  return pdf(["<</Type/Catalog/Pages 2 0 R>>", tree, page, stream(words("words")), HELVETICA, info], {
    named: true,
  });
};

test("a title in the charset of Chinese Windows, which PDF does not know, is read all the same", async () => {
  const gbk = iconv.encode("关于设立读诗角的建议", "gbk").toString("latin1");
  const named = withProperties(`<</Title(${gbk})/Author(Li Bai)>>`);
  expect(await readPdf(named, ordinary)).toMatchObject({ title: "关于设立读诗角的建议", author: "Li Bai" });
});

/** A page as large as a scan, with words of its own drawn over it. */
const scanBelow = (over: string) => {
  const image = `q 500 0 0 700 0 0 cm BI /W 600 /H 800 /CS /G /BPC 1 /F /AHx ID ${"00".repeat(60_000)}> EI Q\n`;
  return pages([image + over]);
};

test("words under a scan are its text where they are words, and noise where they are not", async () => {
  const sentence = "The library will open its reading room on every weekday evening from now on";
  expect(await readPdf(scanBelow(words(sentence)), ordinary)).toMatchObject({
    text: sentence,
    unrecognised: 0,
  });
  const noise = "II^1 rflT ~xk1 Wq.j 4#n lfl| tTt1 Jk]] zxq vv~ ZZt1 qq1x wrt# pfh1";
  expect(await readPdf(scanBelow(words(noise)), ordinary)).toMatchObject({ text: "", unrecognised: 1 });
  const figures = Array.from({ length: 20 }, (_, row) => words(`${row}.50 ${row * 7}`, 72, 700 - row * 20));
  const table = scanBelow(`${words("Budget of the museum by quarter")}${figures.join("")}`);
  expect(await readPdf(table, ordinary)).toMatchObject({ unrecognised: 0 });
});

test("a stamp over a scan is kept until recognition has read the page", async () => {
  const stamped = scanBelow(words("COPY 12"));
  expect(await readPdf(stamped, ordinary)).toMatchObject({ text: "COPY 12", unrecognised: 1 });
  const all = await readPdf(stamped, { recognise: async () => ({ text: "COPY 12\n通知", confidence: 1 }) });
  expect(all.text).toBe("COPY 12\n通知");
  const none = await readPdf(stamped, { recognise: async () => ({ text: "", confidence: null }) });
  expect(none).toMatchObject({ text: "COPY 12", unrecognised: 0, confidence: null });
});

test("ticked boxes and chosen entries of a form stand beside their words", async () => {
  const field = (entries: string, x: number, y: number) =>
    `<</Type/Annot/Subtype/Widget/Rect[${x} ${y} ${x + 80} ${y + 14}]/F 4${entries}>>`;
  const box = (state: string) => `/FT/Btn/V/${state}/AS/${state}/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>`;
  const form = pdf([
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R 8 0 R]>>>>",
    "<</Type/Pages/Count 1/Kids[5 0 R]>>",
    HELVETICA,
    stream(""),
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents 9 0 R/Annots[6 0 R 7 0 R 8 0 R]>>",
    field(`/T(a)${box("Yes")}`, 60, 697),
    field(`/T(b)${box("Off")}`, 60, 677),
    field("/FT/Ch/Ff 131072/T(c)/Opt[[(1)(City Library)][(2)(Museum)]]/V(2)", 110, 637),
    stream(`${words("agreed", 90, 700)}${words("refused", 90, 680)}${words("Unit:", 72, 640)}`),
  ]);
  expect((await readPdf(form, ordinary)).text.split("\n")).toEqual([
    expect.stringMatching(/^☑\s*agreed$/),
    "refused",
    expect.stringMatching(/^Unit:\s*Museum$/),
  ]);
});
