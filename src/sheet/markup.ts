// The XML of a workbook (ECMA-376 part 1, §18), as little of it as Excel, WPS and LibreOffice want. Pure text.
import { cellText, plainText, serialOf } from "./cell.ts";
import type { Cell, Column } from "./sheet.ts";

interface Looks {
  title: string;
  timezone: string;
  locale: "zh-CN" | "en";
}

/** The order of cellXfs in `styles`. */
const STYLE = { head: 1, text: 2, number: 3, day: 4, instant: 5 };
const NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export function headOf(columns: Column[]): string {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" style="2" customWidth="1"/>`,
  );
  const titles = columns.map(({ title }, at) => textCell(`${columnLetters(at + 1)}1`, STYLE.head, title));
  return (
    `${DECLARATION}<worksheet xmlns="${NAMESPACE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' +
    '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="15"/><cols>${widths.join("")}</cols><sheetData>` +
    `<row r="1" ht="24" customHeight="1">${titles.join("")}</row>`
  );
}

/** Lines of a row that are shown; a longer text scrolls in its cell, or a report of ten pages would hide all below it. */
const LINES_MAX = 8;
const LINE_POINTS = 15;

export function rowOf(cells: Cell[], at: number, columns: Column[], looks: Looks): string {
  const tall = cells.some(
    (cell, index) => typeof cell === "string" && linesOf(cell, columns[index]?.width ?? 16) > LINES_MAX,
  );
  const height = tall ? ` ht="${LINES_MAX * LINE_POINTS}" customHeight="1"` : "";
  let written = "";
  for (const [index, cell] of cells.entries())
    written += cellOf(cell, `${columnLetters(index + 1)}${at}`, looks);
  return `<row r="${at}"${height}>${written}</row>`;
}

export function tailOf(columns: Column[], rows: number): string {
  return (
    `</sheetData><autoFilter ref="A1:${columnLetters(columns.length)}${rows}"/>` +
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>' +
    "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
  );
}

function cellOf(cell: Cell, place: string, looks: Looks): string {
  if (cell === null || cell === "") return "";
  if (typeof cell === "string") return textCell(place, STYLE.text, cell, looks);
  if (typeof cell === "number")
    return Number.isFinite(cell) ? `<c r="${place}" s="${STYLE.number}"><v>${cell}</v></c>` : "";
  const serial = serialOf(cell, looks.timezone);
  if (serial === null)
    return textCell(place, STYLE.text, cell instanceof Date ? cell.toISOString() : cell.on);
  return `<c r="${place}" s="${cell instanceof Date ? STYLE.instant : STYLE.day}"><v>${serial}</v></c>`;
}

/** An inline string: its type makes it text whatever it begins with, and its format keeps it so when it is edited. */
function textCell(place: string, style: number, text: string, looks?: Looks): string {
  const kept = cellText(text, CUT_NOTE[looks?.locale ?? "en"]);
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(kept)}</t></is></c>`;
}

const CUT_NOTE = {
  "zh-CN": "……（文字超过单元格上限，以下从略，全文见原件）",
  en: "… (more than a cell can hold; the rest stands in the original)",
};

/** "_x0041_" in a cell would be read as "A" (ECMA-376 part 1, §22.9.2.19): its first underscore is written as one. */
function escapeText(text: string): string {
  return escapeXml(text).replace(/_(?=x[0-9a-fA-F]{4}_)/g, "_x005F_");
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function linesOf(text: string, width: number): number {
  // Most cells are short: counting their characters is a cost per cell.
  if (text.length * 2 <= width && !text.includes("\n")) return 1;
  let lines = 0;
  for (const line of text.slice(0, 4000).split("\n")) {
    let half = 0;
    for (const character of line) half += character > "\u2e7f" ? 2 : 1;
    lines += Math.max(1, Math.ceil(half / width));
  }
  return lines;
}

/** 1 → "A", 27 → "AA". */
export function columnLetters(column: number): string {
  let letters = "";
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}

/** Everything but the sheets. `area` is what a sheet's filter covers. */
export function partsOf(looks: Looks, sheets: { name: string; area: string }[]): [string, string][] {
  return [
    ["xl/styles.xml", stylesOf(looks.locale)],
    ["xl/workbook.xml", workbookOf(sheets)],
    ["xl/_rels/workbook.xml.rels", relationsOf(sheets.length)],
    ["docProps/core.xml", coreOf(looks.title)],
    ["_rels/.rels", rootRelations],
    ["[Content_Types].xml", contentTypes(sheets.length)],
  ];
}

function workbookOf(sheets: { name: string; area: string }[]): string {
  const list = sheets.map(
    ({ name }, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  const names = sheets.flatMap(({ name, area }, at) => {
    const quoted = `'${escapeXml(name).replaceAll("'", "''")}'`;
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${at}" hidden="1">${quoted}!${area}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">${quoted}!$1:$1</definedName>`,
    ];
  });
  return (
    `${DECLARATION}<workbook xmlns="${NAMESPACE}" xmlns:r="${RELATIONS}"><bookViews><workbookView/></bookViews>` +
    `<sheets>${list.join("")}</sheets><definedNames>${names.join("")}</definedNames></workbook>`
  );
}

function relationsOf(sheets: number): string {
  const list = Array.from(
    { length: sheets },
    (_, at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  return relationships(
    `${list.join("")}<Relationship Id="rId${sheets + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/>`,
  );
}

function relationships(list: string): string {
  return `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`;
}

const rootRelations = relationships(
  `<Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/>` +
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>',
);

function coreOf(title: string): string {
  return (
    `${DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
    `xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escapeXml(plainText(title))}</dc:title></cp:coreProperties>`
  );
}

function contentTypes(sheets: number): string {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const list = Array.from(
    { length: sheets },
    (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${type}.worksheet+xml"/>`,
  );
  return (
    `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${list.join("")}` +
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
  );
}

/** Five looks. "@" keeps a text a text when somebody edits its cell. */
function stylesOf(locale: "zh-CN" | "en"): string {
  const name = locale === "zh-CN" ? "宋体" : "Calibri";
  const font = (bold: string) => `<font>${bold}<sz val="11"/><name val="${name}"/></font>`;
  const line = '<color rgb="FF9E9A90"/>';
  const look = (format: number, rest: string) =>
    `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">${rest}</xf>`;
  return (
    `${DECLARATION}<styleSheet xmlns="${NAMESPACE}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>` +
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts>' +
    `<fonts count="2">${font("")}${font("<b/>")}</fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEBE4"/><bgColor indexed="64"/></patternFill></fill></fills>' +
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>' +
    `<border><left/><right/><top/><bottom style="thin">${line}</bottom><diagonal/></border></borders>` +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>' +
    look(49, '<alignment vertical="top" wrapText="1"/>') +
    look(0, '<alignment vertical="top"/>') +
    look(164, '<alignment horizontal="left" vertical="top"/>') +
    look(165, '<alignment horizontal="left" vertical="top"/>') +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}
