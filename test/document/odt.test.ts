// OpenDocument texts: what the fixtures do not show, as its elements stand in the XML.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const shown = { inline: false };
const ODT = "application/vnd.oasis.opendocument.text";
const root = (inner: string) =>
  strToU8(
    `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="a" xmlns:style="s" xmlns:draw="d" xmlns:xlink="x" xmlns:xml="http://www.w3.org/XML/1998/namespace">${inner}</office:document-content>`,
  );
const body = (inner: string, styles = "") =>
  root(
    `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${inner}</office:text></office:body>`,
  );
const odt = (inner: string, styles = "", members: Record<string, Uint8Array> = {}, type = ODT) =>
  zipSync({ mimetype: [strToU8(type), { level: 0 }], "content.xml": body(inner, styles), ...members });
const list = (inner: string, attributes = "") => `<text:list ${attributes}>${inner}</text:list>`;
const item = (text: string, attributes = "") =>
  `<text:list-item ${attributes}><text:p>${text}</text:p></text:list-item>`;
const numbers = (level: number, format: string, more = "") =>
  `<text:list-level-style-number text:level="${level}" style:num-format="${format}" ${more}/>`;
const style = (inner: string) => `<text:list-style style:name="L">${inner}</text:list-style>`;
const L = 'text:style-name="L"';

test.each<[string, string, string, string]>([
  [
    "a list that goes on after other words",
    style(numbers(1, "一, 二, 三, ...", 'style:num-suffix="、"')),
    `${list(item("甲项"), `${L} xml:id="l1"`)}<text:p>插话</text:p>${list(item("乙项"), `${L} text:continue-list="l1"`)}${list(item("丙项"), `${L} text:continue-numbering="true"`)}${list(item("另起"), L)}`,
    "一、甲项\n插话\n二、乙项\n三、丙项\n一、另起",
  ],
  [
    "numbers of several levels, and a list within an item of its own",
    style(
      numbers(1, "1", 'style:num-suffix="."') +
        numbers(2, "1", 'text:display-levels="2" text:start-value="3"'),
    ),
    list(
      `${item("总则")}<text:list-item>${list(item("目的") + item("依据"))}</text:list-item>${item("分则")}`,
      L,
    ),
    "1. 总则\n1.3 目的\n1.4 依据\n2. 分则",
  ],
  [
    "numbers in the newer form",
    style(numbers(1, "一, 二, 三, ...", 'style:num-list-format="第%1%条"')),
    list(item("总则") + item("分则", 'text:start-value="5"'), L),
    "第一条 总则\n第五条 分则",
  ],
  [
    "bullets, headers without one, and paragraphs that go on",
    style('<text:list-level-style-bullet text:level="1" text:bullet-char="l"/>'),
    list(
      `<text:list-header><text:p>题</text:p></text:list-header><text:list-item><text:p>点</text:p><text:p>续</text:p></text:list-item>`,
      L,
    ),
    "题\n• 点\n续",
  ],
  [
    "no hidden section",
    "",
    '<text:section text:display="none"><text:p>底稿</text:p></text:section><text:section><text:p>正文</text:p></text:section>',
    "正文",
  ],
  [
    "words in a shape after the paragraph it hangs in",
    "",
    "<text:p>前<draw:custom-shape><text:p>章</text:p></draw:custom-shape>后</text:p>",
    "前后\n章",
  ],
  [
    "a table within a cell",
    "",
    "<table:table><table:table-row><table:table-cell><table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell><table:table-cell><text:p>里</text:p></table:table-cell></table:table-row></table:table></table:table-cell><table:table-cell><text:p>外</text:p></table:table-cell></table:table-row></table:table>",
    "内\t里\t外",
  ],
])("an OpenDocument text gives %s", async (_, styles, inner, text) => {
  expect(await readDocument(odt(inner, styles), shown)).toMatchObject({ status: "read", text });
});

test("a template, and a file packed again so that its type stands last, are OpenDocument texts too", async () => {
  const words = "<text:p>模板中的话</text:p>";
  expect(await readDocument(odt(words, "", {}, `${ODT}-template`), shown)).toMatchObject({
    text: "模板中的话",
  });
  const repacked = zipSync({ "content.xml": body(words), mimetype: strToU8(ODT) });
  expect(await readDocument(repacked, shown)).toMatchObject({ mediaType: ODT, text: "模板中的话" });
});

test("an encrypted OpenDocument text is held for its password", async () => {
  const manifest = strToU8("<manifest><file-entry><encryption-data/></file-entry></manifest>");
  const secret = odt("<text:p>密</text:p>", "", { "META-INF/manifest.xml": manifest });
  expect(await readDocument(secret, shown)).toMatchObject({ status: "held", reason: "password-protected" });
});

test("a scan pasted into an OpenDocument text is counted, and read where words can be recognised", async () => {
  const picture = Buffer.concat([Buffer.from("ffd8ffe0", "hex"), Buffer.alloc(30_000, 7)]);
  const scan = odt('<text:p><draw:image xlink:href="Pictures/1.jpg"/></text:p>', "", {
    "Pictures/1.jpg": picture,
  });
  expect(await readDocument(scan, shown)).toMatchObject({ reason: "no-text", unrecognised: 1 });
  const recognise = async () => ({ text: "盖章扫描件", confidence: 0.9 });
  expect(await readDocument(scan, shown, { recognise })).toMatchObject({
    status: "read",
    text: "盖章扫描件",
  });
});

test("what repeats within what repeats ends as too large, not in all memory", async () => {
  const row = `<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000000"><text:p>重</text:p></table:table-cell></table:table-row>`;
  const table = `<table:table>${row.repeat(2_000)}</table:table>`;
  expect(await readDocument(odt(table), shown)).toMatchObject({ status: "held", reason: "too-large" });
});

test("a hundred boxes in one another are read, thousands are refused", async () => {
  const boxes = (depth: number) =>
    odt(
      `${"<text:p><draw:frame><draw:text-box>".repeat(depth)}<text:p>深</text:p>${"</draw:text-box></draw:frame></text:p>".repeat(depth)}`,
    );
  expect((await readDocument(boxes(100), shown)).text.trim()).toBe("深");
  expect(await readDocument(boxes(30_000), shown)).toMatchObject({ status: "held", reason: "too-large" });
});

test("a label as long as a book is cut before it is repeated", async () => {
  const long = style(numbers(1, "1", `style:num-prefix="${"长".repeat(50_000)}"`));
  const { text } = await readDocument(odt(list(item("项").repeat(5_000), L), long), shown);
  expect(text.split("\n")[1]).toBe(`${"长".repeat(100)}2 项`);
});
