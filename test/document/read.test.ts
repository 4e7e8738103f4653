// Every fixture document reads to the words it was made of; every hostile one to a named reason.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const documents = join(fixtures, "documents");
const hostile = join(fixtures, "hostile");
const shown = { inline: false };
const fromFile = (folder: string, name: string) => readDocument(readFileSync(join(folder, name)), shown);

const expected = readdirSync(documents).filter((name) => name.endsWith(".expect.txt"));

test("there are fixture documents of every format that can be read", () => {
  const extensions = new Set(expected.map((name) => name.replace(/\.expect\.txt$/, "").replace(/^.*\./, "")));
  expect([...extensions].sort()).toEqual([
    "csv",
    "doc",
    "docx",
    "fodp",
    "fods",
    "fodt",
    "html",
    "odp",
    "ods",
    "odt",
    "ofd",
    "pdf",
    "ppt",
    "pptx",
    "rtf",
    "txt",
    "wps",
    "xls",
    "xlsx",
    "xml",
    "xps",
  ]);
});

test.each(expected)("reads to its expectation: %s", async (expectation) => {
  const document = await fromFile(documents, expectation.replace(/\.expect\.txt$/, ""));
  expect(document.text).toBe(readFileSync(join(documents, expectation), "utf8").trimEnd());
  expect(document).toMatchObject({ status: "read", reason: null });
});

test("title, author and pages come from the document's own properties", async () => {
  expect(await fromFile(documents, "summary.doc")).toMatchObject({
    title: "市文化馆书面总结",
    author: "温如言",
  });
  expect(await fromFile(documents, "summary.pdf")).toMatchObject({
    title: "市文化馆书面总结",
    author: "温如言",
    pages: 1,
  });
  expect(await fromFile(documents, "idea.docx")).toMatchObject({
    title: "关于延长夜间开放时间的建议",
    author: "沈知行",
  });
  expect(await fromFile(documents, "ideas.xlsx")).toMatchObject({
    title: "金点子汇总表",
    author: "尹青禾",
    pages: 2,
  });
  expect(await fromFile(documents, "plan-web-page.doc")).toMatchObject({
    title: "非遗进校园方案",
    mediaType: "text/html",
  });
});

test("a scan without text is held, and says so", async () => {
  expect(await fromFile(documents, "scan.pdf")).toMatchObject({ status: "held", reason: "no-text" });
});

test.each([
  ["bomb.docx", "too-large"],
  ["lying-about-its-size.docx", "corrupt"],
  ["entity.docx", "corrupt"],
  ["nested-tables.docx", "no-text"],
  ["truncated.docx", "corrupt"],
  ["empty.docx", "empty-file"],
  ["encrypted.docx", "password-protected"],
  ["truncated.doc", "corrupt"],
  ["encrypted.doc", "password-protected"],
  ["program.doc", "executable"],
  ["truncated.pdf", "corrupt"],
  ["page-loop.pdf", "no-text"],
  ["encrypted.pdf", "password-protected"],
  ["rights.pdf", "rights-managed"],
  ["rights-of-microsoft.pdf", "rights-managed"],
  ["encrypted.ofd", "password-protected"],
  ["rights.ofd", "rights-managed"],
  ["truncated.ofd", "corrupt"],
  ["truncated.xlsx", "corrupt"],
  ["bomb.zip", "too-large"],
  ["encrypted.zip", "password-protected"],
  ["truncated.zip", "corrupt"],
])("%s is held: %s", async (name, reason) => {
  const document = await fromFile(hostile, name);
  expect(document).toMatchObject({ status: "held", reason, text: "" });
});

test("no file that a document names is opened", async () => {
  const document = await fromFile(hostile, "entity.docx");
  expect(JSON.stringify(document)).not.toContain("root:");
});

test("a container with more members than any office file is refused before it is opened", async () => {
  const members = Object.fromEntries(
    Array.from({ length: 2_001 }, (_, at) => [`word/${at}.xml`, new Uint8Array()]),
  );
  expect(await readDocument(zipSync(members), shown)).toMatchObject({ status: "held", reason: "too-large" });
});

test("a damaged page header or list costs the words of the body nothing, and is mentioned", async () => {
  const body = (text: string) => strToU8(`<document><body><p><r><t>${text}</t></r></p></body></document>`);
  const document = await readDocument(
    zipSync({
      "word/document.xml": body("建议照常读出"),
      "word/header1.xml": strToU8("<hdr><p>"),
      "word/numbering.xml": strToU8("<numbering"),
    }),
    shown,
  );
  expect(document).toMatchObject({ status: "read", text: "建议照常读出" });
  expect(document.warnings).toHaveLength(2);
});

const wordDocument = (inner: string) =>
  zipSync({
    "word/document.xml": strToU8(
      `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${inner}</w:body></w:document>`,
    ),
  });
const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;

test.each([
  ["the result of a field", `<w:fldSimple w:instr="AUTHOR">${run("季云深")}</w:fldSimple>`, "季云深"],
  [
    "signs below their sounds",
    `<w:r><w:ruby><w:rt>${run("huì")}</w:rt><w:rubyBase>${run("绘本")}</w:rubyBase></w:ruby></w:r>`,
    "绘本",
  ],
  ["a ticked box", `<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>${run("同意")}`, "🗹同意"],
  [
    "a text box without a form for old Word",
    `<w:r><w:txbxContent><w:p>${run("框中")}</w:p></w:txbxContent></w:r>`,
    "\n框中",
  ],
  ["signs of markup as words", run("A&amp;B &lt;完&gt;"), "A&B <完>"],
])("a Word document gives %s", async (_, inner, text) => {
  const document = await readDocument(wordDocument(`<w:p>${run("读：")}${inner}</w:p>`), shown);
  expect(document.text).toBe(`读：${text}`);
});

test("a Word document of more parts than mammoth can hold in memory is held before mammoth sees it", async () => {
  const many = Array.from({ length: 80_000 }, (_, at) => `<w:p>${run(String(at * 7919))}</w:p>`).join("");
  expect(await readDocument(wordDocument(many), shown)).toMatchObject({
    status: "held",
    reason: "too-large",
  });
});

test("small and inline pictures are decoration, large ones may hold words", async () => {
  const header = "89504e470d0a1a0a0000000d4948445200000400000003000802000000";
  const picture = (bytes: number) => Buffer.concat([Buffer.from(header, "hex"), Buffer.alloc(bytes)]);
  expect(await readDocument(picture(1_500), shown)).toMatchObject({
    status: "ignored",
    reason: "decoration",
  });
  expect(await readDocument(picture(40_000), { inline: true })).toMatchObject({ status: "ignored" });
  expect(await readDocument(picture(90_000), { inline: true })).toMatchObject({ unrecognised: 1 });
  expect(await readDocument(picture(90_000), shown)).toMatchObject({ status: "held", reason: "no-text" });
});

test("text that only looks Western is read in its own charset", async () => {
  for (const charset of ["gbk", "gb18030", "utf-8", "big5"]) {
    const text = "關於設立兒童閱覽室的建議。請審閱，謝謝！";
    expect((await readDocument(iconv.encode(text, charset), shown)).text).toBe(text);
  }
});

test("whatever the bytes, there is an answer: read with words, or not read with a reason", async () => {
  const names = [
    "idea.docx",
    "revised.docx",
    "ideas.xlsx",
    "rooms.xls",
    "rooms.ods",
    "slides.ppt",
    "slides.pptx",
    "slides.odp",
    "summary.doc",
    "notice-without-fonts.pdf",
    "proposal.ofd",
    "plan.html",
  ];
  const files = names.map((name) => readFileSync(join(documents, name)));
  const archive = zipSync(
    Object.fromEntries(names.slice(0, 3).map((name, at) => [name, files[at] as Buffer])),
  );
  const seeds = [...files, Buffer.from(archive)];
  const damage = fc.record({
    seed: fc.integer({ min: 0, max: seeds.length - 1 }),
    places: fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })),
      { maxLength: 12 },
    ),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ seed, places, keep }) => {
      const bytes = Buffer.from(seeds[seed] as Buffer);
      for (const [where, value] of places) bytes[Math.floor(where * bytes.length)] = value;
      const document = await readDocument(bytes.subarray(0, Math.ceil(keep * bytes.length)), shown);
      const isSomething = document.text !== "" || document.children.length > 0;
      expect(document.status === "read" ? isSomething : document.reason !== null).toBe(true);
      expect(document.text.isWellFormed()).toBe(true);
      expect(document.text).not.toContain("\0");
    }),
    { numRuns: 300 },
  );
});

test.each<[string, string]>([
  ["blanks round signs that show nothing", " \u001b".repeat(1_000_000)],
  ["blanks", " ".repeat(12_000_000)],
  ["lines of a wide blank", "\n\u2003".repeat(1_000_000)],
  ["line ends of every kind", "\r\u2028\f\n".repeat(400_000)],
])("%s by the million are read as what they show", async (_, blanks) => {
  const { text } = await readDocument(Buffer.from(`甲${blanks}乙`), shown);
  expect(text).toMatch(/^甲\s{1,42}乙$/);
});
