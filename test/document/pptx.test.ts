// Slides of PowerPoint: their order, numbers written out, tables by rows, and what belongs to the layout left out.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const read = (slides: Uint8Array) => readDocument(slides, { inline: false });
const relations = (...targets: [type: string, target: string][]) =>
  `<Relationships>${targets.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="http://x/${type}" Target="${target}"/>`).join("")}</Relationships>`;

/** A presentation of one slide with these shapes, and the parts given besides. */
function slide(shapes: string, parts: Record<string, string | Uint8Array> = {}): Uint8Array {
  const all: Record<string, string | Uint8Array> = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": relations(["officeDocument", "ppt/presentation.xml"]),
    "ppt/presentation.xml":
      '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relations(["slide", "slides/slide1.xml"]),
    "ppt/slides/slide1.xml": `<p:sld><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
    ...parts,
  };
  return zipSync(
    Object.fromEntries(
      Object.entries(all).map(([name, part]) => [name, typeof part === "string" ? strToU8(part) : part]),
    ),
    { level: 0 },
  );
}
const p = (text: string, properties = "") =>
  `<a:p><a:pPr${properties}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;
const plain = (text: string) => p(text, ">");
const sp = (body: string, placeholder = "") =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder && `<p:ph type="${placeholder}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${body}</p:txBody></p:sp>`;
const numbered = (text: string, type: string, level = 0, startAt = "") =>
  p(text, ` lvl="${level}"><a:buAutoNum type="${type}"${startAt && ` startAt="${startAt}"`}/>`);

test("slides come in the order they are shown, each once; hidden ones too", async () => {
  const presentation = slide(sp(plain("第二页")), {
    "ppt/presentation.xml":
      '<p:presentation><p:sldIdLst><p:sldId id="300" r:id="r2"/><p:sldId id="256" r:id="r1"/><p:sldId id="301" r:id="r2"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relations(
      ["slide", "slides/slide1.xml"],
      ["slide", "/ppt/slides/slide7.xml"],
    ),
    "ppt/slides/slide7.xml": `<p:sld show="0"><p:cSld>${sp(plain("第一页"))}</p:cSld></p:sld>`,
  });
  expect(await read(presentation)).toMatchObject({
    status: "read",
    text: "第一页\n\n第二页",
    pages: 2,
    pagesRead: null,
  });
});

test("the title is first, the footer last and once, numbers and dates of slides nowhere", async () => {
  const shapes = [
    sp(plain("市图书馆办公室"), "ftr"),
    sp('<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>', "sldNum"),
    sp(plain("2012/12/5"), "dt"),
    sp(plain("正文")),
    sp(plain("标题"), "title"),
    sp(
      '<a:p><a:r><a:t>第</a:t></a:r><a:fld type="slidenum"><a:t>7</a:t></a:fld><a:r><a:t>页</a:t></a:r></a:p>',
    ),
  ].join("");
  const two = slide(shapes, {
    "ppt/presentation.xml":
      '<p:presentation><p:sldIdLst><p:sldId r:id="r1"/><p:sldId r:id="r2"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relations(
      ["slide", "slides/slide1.xml"],
      ["slide", "slides/slide2.xml"],
    ),
    "ppt/slides/slide2.xml": `<p:sld>${sp(plain("再一页"))}${sp(plain("市图书馆办公室"), "ftr")}</p:sld>`,
  });
  expect((await read(two)).text).toBe("标题\n正文\n第页\n市图书馆办公室\n\n再一页");
});

test("automatic numbers are written out, by level, and begin again", async () => {
  const body = [
    numbered("共享", "ea1ChsPeriod"),
    numbered("书架", "arabicParenBoth", 1),
    numbered("书籍", "arabicParenBoth", 1),
    numbered("讲座", "ea1ChsPeriod"),
    p("", ' lvl="0"><a:buAutoNum type="ea1ChsPeriod"/>'),
    numbered("展览", "arabicParenBoth", 1),
    plain("说明"),
    numbered("另起", "ea1ChsPeriod"),
    numbered("从五", "circleNumDbPlain", 0, "5"),
    numbered("到六", "circleNumDbPlain", 0, "5"),
    numbered("甲", "alphaLcParenR"),
    numbered("乙", "romanUcPeriod"),
    numbered("全", "arabicDbPeriod"),
  ].join("");
  expect((await read(slide(sp(body)))).text.split("\n")).toEqual([
    "一、共享",
    "(1)书架",
    "(2)书籍",
    "二、讲座",
    "(1)展览",
    "说明",
    "一、另起",
    "⑤ 从五",
    "⑥ 到六",
    "a)甲",
    "I. 乙",
    "１． 全",
  ]);
});

test("a shape's own list style numbers its paragraphs, unless one says no", async () => {
  const style = '<a:lstStyle><a:lvl1pPr><a:buAutoNum type="arabicPeriod"/></a:lvl1pPr></a:lstStyle>';
  expect(
    (await read(slide(sp(`${style}${plain("试点")}${plain("推广")}${p("附注", "><a:buNone/>")}`)))).text,
  ).toBe("1. 试点\n2. 推广\n附注");
});

test("tables are rows, a line break is one, and the same for older programs is left out", async () => {
  const cell = (text: string) => `<a:tc><a:txBody>${text}</a:txBody></a:tc>`;
  const table = `<p:graphicFrame><a:tbl><a:tr>${cell(plain("馆"))}${cell(plain("人次"))}</a:tr><a:tr>${cell("")}${cell(plain("1") + plain("240"))}</a:tr></a:tbl></p:graphicFrame>`;
  const twice = `<mc:AlternateContent><mc:Choice Requires="p14">${sp(plain("新"))}</mc:Choice><mc:Fallback>${sp(plain("旧"))}</mc:Fallback></mc:AlternateContent>`;
  const broken = sp("<a:p><a:r><a:t>上</a:t></a:r><a:br/><a:r><a:t>下</a:t></a:r></a:p>");
  expect((await read(slide(table + twice + broken))).text).toBe("馆\t人次\n\t1 240\n新\n上\n下");
});

test("diagrams and charts say their words, then come notes and comments", async () => {
  const presentation = slide(
    `<p:grpSp><p:grpSp>${sp(plain("组合中"))}</p:grpSp></p:grpSp><p:graphicFrame><dgm:relIds r:dm="r1"/></p:graphicFrame><p:graphicFrame><c:chart r:id="r2"/></p:graphicFrame>`,
    {
      "ppt/slides/_rels/slide1.xml.rels": relations(
        ["diagramData", "../diagrams/data1.xml"],
        ["chart", "../charts/chart1.xml"],
        ["notesSlide", "../notesSlides/notesSlide1.xml"],
        ["comments", "../comments/comment1.xml"],
      ),
      "ppt/diagrams/data1.xml": `<dgm:dataModel><dgm:pt><dgm:t>${plain("馆长")}</dgm:t></dgm:pt><dgm:pt><dgm:t>${plain("副馆长")}</dgm:t></dgm:pt></dgm:dataModel>`,
      "ppt/charts/chart1.xml": `<c:chart><c:title><c:rich>${plain("到馆人次")}</c:rich></c:title><c:ser><c:cat><c:strCache><c:pt><c:v>一季度</c:v></c:pt><c:pt><c:v>二季度</c:v></c:pt></c:strCache></c:cat><c:val><c:numCache><c:pt><c:v>12</c:v></c:pt></c:numCache></c:val></c:ser><c:ser><c:cat><c:strCache><c:pt><c:v>一季度</c:v></c:pt><c:pt><c:v>二季度</c:v></c:pt></c:strCache></c:cat></c:ser></c:chart>`,
      "ppt/notesSlides/notesSlide1.xml": `<p:notes>${sp(plain("讲慢些"), "body")}${sp(plain("3"), "sldNum")}</p:notes>`,
      "ppt/comments/comment1.xml": "<p:cmLst><p:cm><p:text>请核实</p:text></p:cm></p:cmLst>",
    },
  );
  expect((await read(presentation)).text).toBe(
    "组合中\n馆长\n副馆长\n到馆人次\n一季度\t二季度\n讲慢些\n请核实",
  );
});

test("slides that are pictures are counted for recognition, in their order", async () => {
  const picture = (sign: number) => new Uint8Array(30_000).fill(sign);
  const parts = {
    "ppt/slides/_rels/slide1.xml.rels": relations(
      ["image", "../media/image2.png"],
      ["image", "../media/image1.png"],
    ),
    "ppt/media/image1.png": picture(1),
    "ppt/media/image2.png": picture(2),
    "ppt/media/image3.png": picture(3),
  };
  const shown =
    '<p:pic><p:blipFill><a:blip r:embed="r1"/></p:blipFill></p:pic><p:pic><p:blipFill><a:blip r:embed="r2"/></p:blipFill></p:pic>';
  expect(await read(slide(shown, parts))).toMatchObject({
    status: "held",
    reason: "no-text",
    unrecognised: 2,
  });
  const recognise = async (image: { encoded: Uint8Array } | object) => ({
    text: "encoded" in image ? `图${image.encoded[0]}` : "",
    confidence: 0.9,
  });
  const read2 = await readDocument(slide(shown, parts), { inline: false }, { recognise });
  expect(read2).toMatchObject({ status: "read", text: "图2\n图1", unrecognised: 0 });
});

test.each<[string, Uint8Array, string]>([
  ["without words", slide(sp("")), "no-text"],
  ["whose only slide breaks off", slide("<p:sp>"), "corrupt"],
  [
    "without its main part",
    slide("", { "_rels/.rels": relations(["officeDocument", "ppt/none.xml"]) }),
    "corrupt",
  ],
])("a presentation %s is held", async (_, presentation, reason) => {
  expect(await read(presentation)).toMatchObject({ status: "held", reason });
});

test("a thousand slides that name one large chart do not read it a thousand times", async () => {
  const names = Array.from({ length: 1_000 }, (_, at) => at + 1);
  const parts: Record<string, string> = {
    "ppt/presentation.xml": `<p:presentation><p:sldIdLst>${names.map((at) => `<p:sldId r:id="r${at}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(
      ...names.map((at): [string, string] => ["slide", `slides/slide${at}.xml`]),
    ),
    "ppt/charts/chart1.xml": `<c:chart>${plain("图".repeat(500_000))}</c:chart>`,
  };
  for (const at of names.slice(0, 900)) {
    parts[`ppt/slides/slide${at}.xml`] = '<p:sld><c:chart r:id="r1"/></p:sld>';
    parts[`ppt/slides/_rels/slide${at}.xml.rels`] = relations(["chart", "../charts/chart1.xml"]);
  }
  const document = await read(slide("", parts));
  expect(document.text).toHaveLength(500_000);
});

test("a file inserted into a slide is a child", async () => {
  const parts = {
    "ppt/slides/_rels/slide1.xml.rels": relations(["oleObject", "../embeddings/oleObject1.bin"]),
    "ppt/embeddings/oleObject1.bin": "设自助还书机",
  };
  const { children } = await read(slide(sp(plain("附件如下")), parts));
  expect(children.map(({ filename, content }) => [filename, Buffer.from(content).toString()])).toEqual([
    ["attachment-1.txt", "设自助还书机"],
  ]);
});
