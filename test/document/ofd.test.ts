// OFD documents: properties, watermark and attached files; pages that are pictures; what its damage costs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import type { Picture } from "../../src/document/document.ts";
import { readOfd } from "../../src/document/format/ofd.ts";
import { readDocument } from "../../src/document/read.ts";

const documents = join(import.meta.dirname, "../../fixtures/documents");
const file = (name: string) => readFileSync(join(documents, name));
const ordinary = { recognise: null };

/** The proposal with one member changed. */
function changed(member: string, change: (xml: string) => string): Uint8Array {
  const members = unzipSync(file("proposal.ofd"));
  return zipSync({ ...members, [member]: strToU8(change(strFromU8(members[member] as Uint8Array))) });
}

test("title, author, pages, watermark and attached files", async () => {
  const { children, ...read } = await readOfd(file("proposal.ofd"), ordinary);
  expect(read).toMatchObject({
    title: "排练厅开放方案",
    author: "季云深",
    pages: 2,
    properties: { watermark: "内部资料" },
    unrecognised: 0,
    warnings: [],
  });
  expect(children.map(({ filename, content }) => [filename, strFromU8(content)])).toEqual([
    ["登记表.txt", "团队名称：\n预约时间："],
  ]);
});

test("a page that is a picture is counted, or recognised from the picture as it is", async () => {
  expect(await readOfd(file("scan.ofd"), ordinary)).toMatchObject({ text: "", unrecognised: 1 });
  const seen: Picture[] = [];
  const read = await readOfd(file("scan.ofd"), {
    recognise: async (picture) => {
      seen.push(picture);
      return { text: "扫描的通知", confidence: 0.95 };
    },
  });
  expect(read).toMatchObject({ text: "扫描的通知", unrecognised: 0, confidence: 0.95 });
  expect(seen).toEqual([{ encoded: unzipSync(file("scan.ofd"))["Doc_0/Res/page.png"] }]);
});

test("a damaged or missing page costs the others nothing, and is mentioned", async () => {
  const damaged = changed("Doc_0/Pages/Page_0/Content.xml", (xml) => xml.slice(0, 300));
  const read = await readOfd(damaged, ordinary);
  expect(read.text).toBe("附：预约登记办法\n请于十日前答复");
  expect(read.warnings[0]).toMatch(/^doc_0\/pages\/page_0\/content\.xml could not be read/i);
  const missing = changed("Doc_0/Document.xml", (xml) => xml.replace("Page_1/Content", "Page_9/Content"));
  expect((await readOfd(missing, ordinary)).warnings).toEqual(["Doc_0/Pages/Page_9/Content.xml is missing"]);
});

test("two documents in one container are read one after the other", async () => {
  const body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
  const read = await readOfd(
    changed("OFD.xml", (xml) => xml.replace("</ofd:OFD>", body)),
    ordinary,
  );
  expect(read).toMatchObject({ pages: 4, title: "排练厅开放方案" });
  expect(read.text.match(/附：预约登记办法/g)).toHaveLength(2);
});

test("signs given by their shapes only are said to be missing", async () => {
  const page = "Doc_0/Pages/Page_1/Content.xml";
  const glyphs = changed(page, (xml) =>
    xml.replace(
      "<ofd:TextCode",
      '<ofd:CGTransform GlyphCount="12"><ofd:Glyphs>1</ofd:Glyphs></ofd:CGTransform><ofd:TextCode',
    ),
  );
  expect((await readOfd(glyphs, ordinary)).warnings).toEqual(["4 signs are given by their shapes only"]);
});

test("a document that names no page has no text", async () => {
  const empty = changed("Doc_0/Document.xml", (xml) => xml.replace(/<ofd:Pages>.*<\/ofd:Pages>/, ""));
  expect(
    await readDocument(zipSync({ ...unzipSync(empty), "Doc_0/Attachs/Attachments.xml": strToU8("<x/>") }), {
      inline: false,
    }),
  ).toMatchObject({
    status: "held",
    reason: "no-text",
  });
});
