// Excel workbooks (.xlsx, ECMA-376): the sheets one sees, in their order, each named when there are several.
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { type CellFormat, cellFormats } from "./cell-format.ts";
import { mainPart, packageProperties, type Relationship, relationships } from "./package.ts";
import { readSheet, sharedStrings, type Workbook } from "./sheet.ts";
import { readXml } from "./xml.ts";

/** Formats are painted over whole columns: empty cells count too, so that a sheet of nothing is not read for minutes. */
const MAX_CELLS = 1_000_000;
const MAX_CHARACTERS = 2_000_000;
/** Charts, pictures and copies of other workbooks' data hold no text of the sheets, and may be the most of the file. */
const WITHOUT_SHEETS = /^xl\/(charts|drawings|theme|media|pivot\w*|externallinks|embeddings|ctrlprops)\//;

const MACROS = /(^|\/)vbaproject\.bin$/;

interface SheetEntry {
  name: string;
  id: string;
  isHidden: boolean;
}

export async function readXlsx(bytes: Uint8Array): Promise<DocumentText> {
  const parts = readZip(bytes, isWanted);
  const main = mainPart(parts, "xl/workbook.xml");
  const { entries, from1904 } = contents(parts.get(main));
  const folder = main.slice(0, main.lastIndexOf("/") + 1);
  const related = relationships(parts.get(`${folder}_rels/${main.slice(folder.length)}.rels`), folder);
  const partNamed = (wanted: (relation: Relationship) => boolean) =>
    parts.get(related.find(wanted)?.target ?? "");
  const warnings = [...parts.keys()].some((name) => MACROS.test(name))
    ? ["holds macros, which were not run"]
    : [];
  const workbook: Workbook = {
    strings: sharedStrings(partNamed(({ type }) => type === "sharedStrings")),
    formats: formatsOf(
      partNamed(({ type }) => type === "styles"),
      warnings,
    ),
    from1904,
    room: { cells: MAX_CELLS, characters: MAX_CHARACTERS },
  };
  const sheets: { name: string; text: string }[] = [];
  for (const { name, id, isHidden } of entries) {
    if (isHidden) {
      warnings.push(`the sheet ${name} is hidden and was not read`);
      continue;
    }
    // A sheet that is one chart has a part of another type.
    const part = partNamed((relation) => relation.id === id && relation.type === "worksheet");
    if (!part) continue;
    const { lines, isCut } = readSheet(part, workbook);
    if (isCut) warnings.push(`the sheet ${name} was not read to its end`);
    if (lines.length > 0) sheets.push({ name, text: lines.join("\n") });
  }
  const texts = sheets.map(({ name, text }) => (sheets.length > 1 ? `${name}\n${text}` : text));
  return {
    ...noText,
    ...packageProperties(parts),
    text: texts.join("\n\n"),
    pages: sheets.length || null,
    warnings,
  };
}

function isWanted(name: string): boolean {
  return (/\.(xml|rels)$/.test(name) && !WITHOUT_SHEETS.test(name)) || MACROS.test(name);
}

/** Without styles a date is a number, which is better than no words at all. */
function formatsOf(styles: Uint8Array | undefined, warnings: string[]): CellFormat[] {
  try {
    return cellFormats(styles);
  } catch (error) {
    warnings.push(`the styles could not be read: ${(error as Error).message}`);
    return [];
  }
}

/** The sheets in the order of their tabs. */
function contents(main?: Uint8Array): { entries: SheetEntry[]; from1904: boolean } {
  if (!main) throw new Unreadable("corrupt", "no workbook part");
  const entries: SheetEntry[] = [];
  let from1904 = false;
  readXml(main, {
    open(element, { name = "", id = "", state = "visible", date1904 = "" }) {
      if (element === "sheet") entries.push({ name, id, isHidden: /hidden/i.test(state) });
      else if (element === "workbookPr") from1904 = /^(1|true|on)$/i.test(date1904);
    },
    close() {},
  });
  return { entries, from1904 };
}
