// OpenDocument spreadsheets and presentations by hand: what repeats, what hides, and what LibreOffice does not write.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const read = (kind: string, body: string, styles = "") =>
  readDocument(
    zipSync({
      mimetype: [strToU8(`application/vnd.oasis.opendocument.${kind}`), { level: 0 }],
      "content.xml": strToU8(
        `<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
      ),
    }),
    { inline: false },
  );
const sheet = (rows: string, name = "表") => `<table:table table:name="${name}">${rows}</table:table>`;
const cell = (text: string, attributes = "") =>
  `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`;
const value = (type: string, attribute: string, written: string) =>
  `office:value-type="${type}" office:${attribute}="${written}"`;

test("values are as other workbooks show them", async () => {
  const row = [
    cell("￥1,240.50", value("currency", "value", "1240.5")),
    cell("62.5 %", value("percentage", "value", "0.625")),
    cell("12月3日", value("date", "date-value", "2012-12-03")),
    cell("12月3日 16:20", value("date", "date-value", "2012-12-03T16:20:00")),
    cell("8:30", value("time", "time-value", "PT08H30M00S")),
    cell("真", value("boolean", "boolean-value", "true")),
    '<table:table-cell office:value-type="string"><text:p>两<text:s text:c="2"/>段</text:p><text:p>之二<text:ruby><text:ruby-base>绘本</text:ruby-base><text:ruby-text>huìběn</text:ruby-text></text:ruby></text:p></table:table-cell>',
  ].join("");
  expect((await read("spreadsheet", sheet(`<table:table-row>${row}</table:table-row>`))).text).toBe(
    "1240.5\t62.5%\t2012-12-03\t2012-12-03 16:20\t08:30\tTRUE\t两 段 之二绘本",
  );
});

test("what repeats is written out, as far as anyone would read", async () => {
  const rows = `<table:table-row table:number-rows-repeated="2">${cell("是", 'table:number-columns-repeated="3"')}<table:covered-table-cell table:number-columns-repeated="2"/>${cell("末")}</table:table-row>`;
  expect((await read("spreadsheet", sheet(rows))).text).toBe("是\t是\t是\t\t\t末\n是\t是\t是\t\t\t末");
  const endless = `<table:table-row table:number-rows-repeated="1048576">${cell("满", 'table:number-columns-repeated="16384"')}</table:table-row>`;
  const document = await read(
    "spreadsheet",
    sheet(endless) + sheet(`<table:table-row>${cell("后")}</table:table-row>`, "二"),
  );
  expect(document.text.length).toBeLessThan(2_100_000);
  expect(document).toMatchObject({ pages: 2, pagesRead: 1 });
  expect(document.warnings).toEqual([
    "the sheet 表 was not read to its end",
    "the sheet 二 was not read to its end",
  ]);
});

test("titles come first, places to be filled say nothing, list numbers and notes are read", async () => {
  const styles =
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/><text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>';
  const frame = (inner: string, attributes = "") =>
    `<draw:frame ${attributes}><draw:text-box>${inner}</draw:text-box></draw:frame>`;
  const item = (inner: string) => `<text:list-item>${inner}</text:list-item>`;
  const list = `<text:list text:style-name="L">${item("<text:p>共享</text:p>")}${item(`<text:p>讲座</text:p><text:list>${item("<text:p>每周</text:p>")}</text:list>`)}</text:list>`;
  const page = [
    frame(list),
    `<draw:g><draw:custom-shape><text:p>组合中</text:p></draw:custom-shape></draw:g>`,
    frame("<text:p>单击此处</text:p>", 'presentation:class="outline" presentation:placeholder="true"'),
    frame(
      "<text:p>第 <text:page-number>3</text:page-number> 页</text:p>",
      'presentation:class="page-number"',
    ),
    frame("<text:p>标题</text:p>", 'presentation:class="title"'),
    `<office:annotation><dc:creator>甲</dc:creator><text:p>请核实</text:p></office:annotation>`,
    `<presentation:notes>${frame("<text:p>讲慢些</text:p>", 'presentation:class="notes"')}${frame("<text:p>页眉</text:p>", 'presentation:class="header"')}</presentation:notes>`,
  ].join("");
  const document = await read(
    "presentation",
    `<draw:page>${page}</draw:page><draw:page>${frame("<text:p>完</text:p>")}</draw:page>`,
    styles,
  );
  expect(document).toMatchObject({
    text: "标题\n一、共享\n二、讲座\n每周\n组合中\n讲慢些\n请核实\n\n完",
    pages: 2,
  });
});

test.each(["spreadsheet", "presentation"])("a damaged or empty %s is held", async (kind) => {
  expect(await read(kind, "")).toMatchObject({ status: "held", reason: "no-text" });
  expect(await read(kind, "<draw:page><text:p>")).toMatchObject({ status: "held", reason: "corrupt" });
});
