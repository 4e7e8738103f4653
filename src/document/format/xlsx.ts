// Excel workbooks (.xlsx, .xlsm, .xltx; ECMA-376): what stands in parts of XML.
import type { Aids, DocumentText } from "../document.ts";
import { cellFormats } from "./cell-format.ts";
import { commentLines } from "./comments.ts";
import { readSheet, sharedStrings } from "./sheet.ts";
import { type Contents, readWorkbook, type WorkbookParts } from "./xlsx-package.ts";
import { readXml } from "./xml.ts";

const parts: WorkbookParts = {
  usualName: "xl/workbook.xml",
  contents,
  strings: sharedStrings,
  formats: cellFormats,
  sheet: readSheet,
  comments: commentLines,
};

export function readXlsx(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  return readWorkbook(bytes, parts, aids);
}

/** The sheets in the order of their tabs. */
function contents(main: Uint8Array): Contents {
  const found: Contents = { sheets: [], from1904: false };
  readXml(main, {
    open(element, { name = "", id = "", state = "visible", date1904 = "" }) {
      if (element === "sheet") found.sheets.push({ name, id, isHidden: /hidden/i.test(state) });
      else if (element === "workbookPr") found.from1904 = /^(1|true|on)$/i.test(date1904);
    },
    close() {},
  });
  return found;
}
