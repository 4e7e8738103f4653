// Excel's binary workbooks ([MS-XLSB]), record by record: the same text as of the same workbook in XML.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const long = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const real = (value: number) => Buffer.from(Float64Array.of(value).buffer);
const wide = (text: string) => Buffer.concat([long(text.length), Buffer.from(text, "utf16le")]);
/** Types from 128 on and lengths take their second byte. */
const number = (value: number) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);
const record = (type: number, ...content: Uint8Array[]) => {
  const whole = Buffer.concat(content);
  return Buffer.concat([Buffer.from([...number(type), ...number(whole.length)]), whole]);
};
const cell = (type: number, column: number, value: Uint8Array, style = 0) =>
  record(type, long(column, style), value);
const row = record(0, Buffer.alloc(17));
const relations = (...targets: [type: string, target: string][]) =>
  strToU8(
    `<Relationships>${targets.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="http://x/${type}" Target="${target}"/>`).join("")}</Relationships>`,
  );

function book(cells: Buffer[], state = 0): Uint8Array {
  return zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "_rels/.rels": relations(["officeDocument", "xl/workbook.bin"]),
    "xl/workbook.bin": record(156, long(state, 1), wide("r1"), wide("表")),
    "xl/_rels/workbook.bin.rels": relations(
      ["worksheet", "worksheets/sheet1.bin"],
      ["sharedStrings", "sharedStrings.bin"],
      ["styles", "styles.bin"],
    ),
    "xl/sharedStrings.bin": record(19, Buffer.of(1), wide("图书馆".repeat(30)), long(1, 0)),
    "xl/styles.bin": Buffer.concat([
      record(44, Buffer.of(164, 0), wide("yyyy-mm-dd")),
      record(617, long(2)),
      record(47, Buffer.of(0, 0, 0, 0), Buffer.alloc(12)),
      record(47, Buffer.of(0, 0, 164, 0), Buffer.alloc(12)),
      record(618),
    ]),
    "xl/worksheets/sheet1.bin": Buffer.concat(cells),
    "xl/worksheets/_rels/sheet1.bin.rels": relations(["comments", "../comments1.bin"]),
    "xl/comments1.bin": record(637, Buffer.of(1), wide("请核实"), long(0)),
  });
}
const read = (bytes: Uint8Array) => readDocument(bytes, { inline: false });

test("cells of every type are as shown, in their rows and columns", async () => {
  const document = await read(
    book([
      row,
      cell(7, 0, long(0)),
      cell(1, 1, Buffer.alloc(0)),
      cell(6, 2, wide("甲")),
      cell(62, 3, Buffer.concat([Buffer.of(1), wide("乙"), long(1, 0)])),
      row,
      cell(2, 0, long(((125 << 2) | 3) >>> 0)),
      cell(5, 1, real(41246), 1),
      cell(4, 2, Buffer.of(1)),
      cell(3, 3, Buffer.of(0x2a)),
      row,
      cell(8, 0, Buffer.concat([wide("合计"), Buffer.alloc(4)])),
      cell(9, 1, Buffer.concat([real(0.5), Buffer.alloc(6)])),
      cell(10, 2, Buffer.of(0, 0, 0)),
      cell(11, 3, Buffer.of(7, 0, 0)),
    ]),
  );
  expect(document).toMatchObject({
    status: "read",
    text: `${"图书馆".repeat(30)}\t\t甲\t乙\n1.25\t2012-12-03\tTRUE\t#N/A\n合计\t0.5\tFALSE\t#DIV/0!\n\n请核实`,
    pages: 1,
  });
});

test.each([
  ["hidden", book([row, cell(6, 0, wide("勿读"))], 1), "no-text"],
  ["of words that are missing", book([row, cell(7, 0, long(9))]), "corrupt"],
])("a sheet %s is held", async (_, bytes, reason) => {
  expect(await read(bytes)).toMatchObject({ status: "held", reason });
});
