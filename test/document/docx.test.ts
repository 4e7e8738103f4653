// Word documents: what hangs on the body, and the forms of the package.
import { strToU8, zipSync } from "fflate";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { compoundOf } from "./compound-builder.ts";

const shown = { inline: false };
const W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;
const p = (text: string) => `<w:p>${run(text)}</w:p>`;
const part = (root: string, inner: string) =>
  strToU8(`<w:${root} xmlns:w="${W}" xmlns:r="${R}" xmlns:a="a" xmlns:v="v">${inner}</w:${root}>`);
const related = (targets: Record<string, [type: string, target: string]>) =>
  strToU8(
    `<Relationships>${Object.entries(targets)
      .map(([id, [type, target]]) => `<Relationship Id="${id}" Type="${R}/${type}" Target="${target}"/>`)
      .join("")}</Relationships>`,
  );
const docx = (body: string, members: Record<string, Uint8Array> = {}) =>
  zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": part("document", `<w:body>${body}</w:body>`),
    ...members,
  });
const read = (bytes: Uint8Array) => readDocument(bytes, shown);
const rels = "word/_rels/document.xml.rels";

test("comments come after the notes and before the headers, with who wrote them", async () => {
  const document = await read(
    docx(
      `<w:p>${run("正文")}<w:r><w:commentReference w:id="0"/><w:footnoteReference w:id="2"/></w:r></w:p>`,
      {
        "word/comments.xml": part(
          "comments",
          `<w:comment w:id="0" w:author="温如言"><w:p>${run("请核对")}</w:p><w:p>${run("第二段")}</w:p></w:comment><w:comment w:id="1"><w:p><w:del>${run("删")}</w:del>${run("无名")}</w:p></w:comment>`,
        ),
        "word/footnotes.xml": part("footnotes", `<w:footnote w:id="2">${p("脚注")}</w:footnote>`),
        "word/header1.xml": part("hdr", p("页眉")),
      },
    ),
  );
  expect(document.text).toBe("正文\n脚注\n温如言：请核对\n第二段\n无名\n页眉");
});

test("documents that Word has yet to take in are read where they stand", async () => {
  const chunk = (id: string) => `<w:altChunk r:id="${id}"/>`;
  const inner = docx(p("内文"));
  const document = await read(
    docx(`${p("前")}${chunk("a")}${chunk("b")}${chunk("c")}${chunk("d")}${chunk("gone")}${p("后")}`, {
      [rels]: related({
        a: ["aFChunk", "/word/afchunk1.htm"],
        b: ["aFChunk", "afchunk2.rtf"],
        c: ["aFChunk", "afchunk3.docx"],
        d: ["aFChunk", "afchunk4.bin"],
      }),
      "word/afchunk1.htm": strToU8("<html><ol><li>甲 &lt;一&gt;<li>乙</ol></html>"),
      "word/afchunk2.rtf": Buffer.from("{\\rtf1\\ansi\\ansicpg936 \\'b1\\'fb\\par}"),
      "word/afchunk3.docx": inner,
      "word/afchunk4.bin": new Uint8Array([1, 0, 2, 0, 3, 255, 254]),
    }),
  );
  expect(document.text).toBe("前\n1. 甲 <一>\n2. 乙\n丙\n内文\n后");
  expect(document.warnings).toEqual(["word/afchunk4.bin could not be read: application/octet-stream"]);
});

test("files inside are children, the numbers of a chart are none", async () => {
  const sheet = zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "xl/workbook.xml": strToU8("<workbook/>"),
  });
  const document = await read(
    docx(p("附件见内"), {
      [rels]: related({
        a: ["package", "embeddings/Microsoft_Excel_Sheet1.xlsx"],
        b: ["oleObject", "embeddings/oleObject1.bin"],
        c: ["oleObject", "embeddings/oleObject2.bin"],
        d: ["chart", "charts/chart1.xml"],
      }),
      "word/embeddings/Microsoft_Excel_Sheet1.xlsx": sheet,
      "word/embeddings/oleObject1.bin": compoundOf({ Package: Buffer.from(docx(p("内"))) }),
      "word/embeddings/oleObject2.bin": compoundOf({ "Equation Native": Buffer.from("x") }),
      "word/embeddings/Microsoft_Excel_Sheet2.xlsx": sheet,
      "word/charts/chart1.xml": strToU8("<c/>"),
    }),
  );
  expect(document.children.map(({ filename, bytes }) => [filename, bytes])).toEqual([
    ["attachment-1.xlsx", sheet.length],
    ["attachment-2.docx", docx(p("内")).length],
  ]);
});

test("hidden words are left out, a hidden paragraph's end is not", async () => {
  const hidden = (val: string) => `<w:r><w:rPr><w:vanish${val}/></w:rPr><w:t>藏</w:t></w:r>`;
  const body = `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>${run("前")}${hidden("")}${run("中")}${hidden(' w:val="0"')}${run("后")}</w:p>`;
  expect((await read(docx(body))).text).toBe("前中藏后");
});

test("a diagram's words are read", async () => {
  const diagram =
    '<d:dataModel xmlns:d="d" xmlns:a="a"><d:pt><d:t><a:p><a:r><a:t>馆长</a:t></a:r></a:p></d:t></d:pt><d:pt><d:t><a:p><a:r><a:t>业务部</a:t></a:r></a:p></d:t></d:pt></d:dataModel>';
  const document = await read(
    docx(p("机构图"), {
      [rels]: related({ a: ["diagramData", "diagrams/data1.xml"] }),
      "word/diagrams/data1.xml": strToU8(diagram),
    }),
  );
  expect(document.text).toBe("机构图\n馆长\n业务部");
});

test("scans are read in the order they stand, whatever their names", async () => {
  const picture = (mark: number) =>
    Buffer.concat([Buffer.from("ffd8ffe0", "hex"), Buffer.alloc(30_000, mark)]);
  const scans = docx(
    '<w:p><w:r><a:blip r:embed="b"/></w:r></w:p><w:p><w:r><v:imagedata r:id="a"/></w:r></w:p>',
    {
      [rels]: related({
        a: ["image", "media/image1.jpeg"],
        b: ["image", "media/image2.jpeg"],
        c: ["image", "media/image3.jpeg"],
      }),
      "word/media/image1.jpeg": picture(1),
      "word/media/image2.jpeg": picture(2),
      "word/media/image3.jpeg": picture(3),
    },
  );
  const seen: number[] = [];
  const recognise = async (given: object) => {
    const mark = "encoded" in given ? ((given.encoded as Uint8Array)[100] ?? 0) : 0;
    seen.push(mark);
    return { text: `第${mark}张`, confidence: 0.9 };
  };
  expect((await readDocument(scans, shown, { recognise })).text).toBe("第2张\n第1张");
});

test("a document in the strict form, and one whose main part has another name, are read", async () => {
  const strict = "http://purl.oclc.org/ooxml";
  const main = strToU8(
    `<w:document xmlns:w="${strict}/wordprocessingml/main"><w:body>${p("严格")}</w:body></w:document>`,
  );
  const package_ = `<Relationships><Relationship Id="a" Type="${strict}/officeDocument/relationships/officeDocument" Target="/word/Main.xml"/></Relationships>`;
  expect((await read(docx("", { "_rels/.rels": strToU8(package_), "word/Main.xml": main }))).text).toBe(
    "严格",
  );
});

const flat = (parts: Record<string, string>, binary: Record<string, Uint8Array> = {}) =>
  `<?xml version="1.0" standalone="yes"?>\r\n<?mso-application progid="Word.Document"?>\r\n<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">${Object.entries(
    parts,
  )
    .map(
      ([name, xml]) =>
        `<pkg:part pkg:name="${name}" pkg:contentType="application/xml"><pkg:xmlData>${xml}</pkg:xmlData></pkg:part>`,
    )
    .join("")}${Object.entries(binary)
    .map(
      ([name, bytes]) =>
        `<pkg:part pkg:name="${name}" pkg:contentType="image/jpeg" pkg:compression="store"><pkg:binaryData>${Buffer.from(bytes).toString("base64")}</pkg:binaryData></pkg:part>`,
    )
    .join("")}</pkg:package>`;

test("a document as one XML file is read like its package", async () => {
  const text = (content: Uint8Array) => Buffer.from(content).toString();
  const file = flat(
    {
      "/_rels/.rels": text(related({ a: ["officeDocument", "word/document.xml"] })),
      "/word/document.xml": text(part("document", `<w:body>${p("甲 &amp; 乙")}</w:body>`)),
      "/word/header1.xml": text(part("hdr", p("市文化馆"))),
      "/docProps/core.xml":
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>方案</dc:title></cp:coreProperties>',
    },
    { "/word/media/image1.jpeg": Buffer.alloc(30_000, 1) },
  );
  expect(await read(Buffer.from(file))).toMatchObject({
    text: "甲 & 乙\n市文化馆",
    title: "方案",
    unrecognised: 1,
  });
  expect(await read(Buffer.from(file.slice(0, file.indexOf("</w:document>"))))).toMatchObject({
    status: "held",
    reason: "corrupt",
  });
});

const oldXml = (inner: string) =>
  Buffer.from(
    `<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:aml="a" xmlns:o="o" xmlns:wx="x"><o:DocumentProperties><o:Title>方案</o:Title><o:Author>陆听雨</o:Author></o:DocumentProperties>${inner}</w:wordDocument>`,
  );

const level = (at: number, format: string, pattern: string, more = "") =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${pattern}"/></w:lvl>`;
const numbered = (text: string, at = 0, list = 1) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${list}"/></w:numPr></w:pPr>${text === "" ? "" : run(text)}</w:p>`;
const chapters = level(0, "chineseCounting", "第%1章 ");

test.each<[string, string, string, string]>([
  [
    "in Arabic digits after a chapter in Chinese ones",
    `<w:abstractNum w:abstractNumId="0">${chapters}${level(1, "decimal", "%1.%2", "<w:isLgl/>")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`,
    numbered("总则") + numbered("目的", 1) + numbered("分则") + numbered("依据", 1),
    "第一章 总则\n1.1 目的\n第二章 分则\n2.1 依据",
  ],
  [
    "that go on through the chapters",
    `<w:abstractNum w:abstractNumId="0">${chapters}${level(1, "chineseCounting", "第%2条 ", '<w:lvlRestart w:val="0"/>')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`,
    numbered("总则") + numbered("目的", 1) + numbered("分则") + numbered("依据", 1),
    "第一章 总则\n第一条 目的\n第二章 分则\n第二条 依据",
  ],
  [
    "counted for paragraphs without words, which show none, and shown in a column of them",
    `<w:abstractNum w:abstractNumId="0">${level(0, "decimal", "%1.")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`,
    `${numbered("甲")}${numbered("")}${numbered("乙")}<w:tbl><w:tr><w:tc>${numbered("")}</w:tc><w:tc>${p("丙")}</w:tc></w:tr></w:tbl>`,
    "1. 甲\n\n3. 乙\n4.\t丙",
  ],
  [
    "not counted for paragraphs whose end was deleted with their words",
    `<w:abstractNum w:abstractNumId="0">${level(0, "decimal", "%1.")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`,
    `${numbered("甲")}<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:del w:id="2"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>${numbered("乙")}`,
    "1. 甲\n\n2. 乙",
  ],
  [
    "by a level changed for one list",
    `<w:abstractNum w:abstractNumId="0">${level(0, "decimal", "%1.")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/>${level(0, "ideographTraditional", "%1、")}</w:lvlOverride></w:num>`,
    numbered("甲项") + numbered("乙项"),
    "丙、甲项\n丁、乙项",
  ],
  [
    "by a list style",
    `<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Ideas"/></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:styleLink w:val="Ideas"/>${level(0, "chineseCounting", "（%1）")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>`,
    numbered("甲") + numbered("乙", 0, 2),
    "（一）甲\n（二）乙",
  ],
])("automatic numbers %s", async (_, lists, body, text) => {
  const styles =
    '<w:style w:type="numbering" w:styleId="Ideas"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>';
  const document = docx(body, {
    "word/numbering.xml": part("numbering", lists),
    "word/styles.xml": part("styles", styles),
  });
  expect((await read(document)).text).toBe(text);
});

test("Word 2003's XML: notes, margins and comments out of the text they stand in, numbers, tracked changes", async () => {
  const lists =
    '<w:lists><w:listDef w:listDefId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/><w:lvlText w:val="%1、"/></w:lvl></w:listDef><w:list w:ilfo="2"><w:ilst w:val="7"/></w:list></w:lists>';
  const styles =
    '<w:styles><w:style w:styleId="L"><w:pPr><w:listPr><w:ilfo w:val="2"/></w:listPr></w:pPr></w:style></w:styles>';
  const change = (type: string, inner: string) =>
    `<aml:annotation w:type="Word.${type}" aml:author="温如言"><aml:content>${inner}</aml:content></aml:annotation>`;
  const margin = (text: string) => `<w:sectPr><w:hdr w:type="odd">${p(text)}</w:hdr></w:sectPr>`;
  const body = `<w:body><wx:sect><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="2"/><wx:t wx:val="一、"/></w:listPr>${margin("市文化馆")}</w:pPr>${run("甲")}${change("Deletion", "<w:r><w:delText>旧</w:delText></w:r>")}${change("Insertion", run("新"))}${change("Comment", p("请核对"))}<w:r><w:footnote>${p("脚注")}</w:footnote></w:r>${run("尾")}</w:p><w:p><w:pPr><w:pStyle w:val="L"/></w:pPr><w:r><w:t><![CDATA[乙 & 丙]]></w:t></w:r></w:p>${margin("市文化馆")}</wx:sect></w:body>`;
  const document = await read(oldXml(lists + styles + body));
  expect(document).toMatchObject({
    mediaType: "application/vnd.ms-word.xml",
    text: "一、甲新尾\n二、乙 & 丙\n脚注\n温如言：请核对\n市文化馆",
    title: "方案",
    author: "陆听雨",
  });
});

test("a scan in Word 2003's XML is counted; a file cut short is damaged", async () => {
  const data = Buffer.alloc(30_000, 7).toString("base64").replace(/.{76}/g, "$&\n");
  const scan = oldXml(
    `<w:body><w:p><w:r><w:pict><w:binData w:name="wordml://01.jpg">${data}</w:binData></w:pict></w:r></w:p></w:body>`,
  );
  expect(await read(scan)).toMatchObject({ reason: "no-text", unrecognised: 1 });
  expect(await read(scan.subarray(0, 9_000))).toMatchObject({ status: "held", reason: "corrupt" });
});

test("a part destroyed in the package costs only what hangs on the body", async () => {
  const whole = Buffer.from(docx(p("正文"), { "word/header1.xml": part("hdr", p("页眉".repeat(50))) }));
  const name = whole.indexOf("word/header1.xml");
  whole.fill(0xff, name + 16, name + 40);
  const document = await read(whole);
  expect(document).toMatchObject({ status: "read", text: "正文" });
  expect(document.warnings.join()).toMatch(/^only the body could be read/);
});

test("an upload that broke off is damaged, words named .docx are words", async () => {
  const whole = docx(p("甲".repeat(3_000)), {
    "word/styles.xml": Buffer.from(iconv.encode("x".repeat(9_000), "utf8")),
  });
  for (const length of [60, 200, whole.length - 30])
    expect(await read(whole.subarray(0, length)), String(length)).toMatchObject({
      status: "held",
      reason: "corrupt",
    });
  expect(await read(Buffer.from("这其实是文本"))).toMatchObject({ status: "read", mediaType: "text/plain" });
});

test("what only the form for older readers says is read, and what both say once", async () => {
  const box = (text: string) =>
    `<w:pict><v:textbox><w:txbxContent>${p(text)}</w:txbxContent></v:textbox></w:pict>`;
  const choice = (newer: string, older: string) =>
    `<w:p><w:r><AlternateContent><Choice>${newer}</Choice><Fallback>${older}</Fallback></AlternateContent></w:r></w:p>`;
  const document = await read(
    docx(choice("<w:drawing/>", box("落款甲")) + choice(box("落款乙"), box("落款乙"))),
  );
  expect(document.text.split("\n").filter(Boolean)).toEqual(["落款甲", "落款乙"]);
});

test("levels that no list has, and labels as long as a book, cost nothing", async () => {
  const level = (at: string, start: string, label: string) =>
    `<w:lvl w:ilvl="${at}"><w:start w:val="${start}"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="${label}"/></w:lvl>`;
  const levels = [
    level("0", "4", "%1、"),
    level("1000000000", "1", "%1"),
    level("-1", "1", "%1"),
    level("1", "1", "长".repeat(5_000)),
  ];
  const numbering = `<w:abstractNum w:abstractNumId="0">${levels.join("")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`;
  const item = (at: string) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="1"/></w:numPr></w:pPr>${run("项")}</w:p>`;
  const body = ["0", "1000000000", "-1", "NaN", "0"].map(item).join("") + item("1").repeat(2_000);
  const document = await read(docx(body, { "word/numbering.xml": part("numbering", numbering) }));
  expect(document.text.split("\n").slice(0, 6)).toEqual([
    "IV、项",
    "项",
    "项",
    "项",
    "V、项",
    `${"长".repeat(100)} 项`,
  ]);
});

test.each(["2.5", "99999999999", "1e300", "-3", "viele"])("%s is no number of pages", async (pages) => {
  const properties = strToU8(`<Properties><Pages>${pages}</Pages></Properties>`);
  expect(await read(docx(p("正文"), { "docProps/app.xml": properties }))).toMatchObject({
    text: "正文",
    pages: null,
  });
});
