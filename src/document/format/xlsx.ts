// Excel workbooks (.xlsx, ECMA-376): the sheets one sees, in their order, each named when there are several.
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { type CellFormat, cellFormats } from "./cell-format.ts";
import { mainPart, packageProperties, type Relationship, relationships } from "./package.ts";
import { readSheet, sharedStrings } from "./sheet.ts";
import { type NamedSheet, type Workbook, wholeRoom, workbookText } from "./sheet-lines.ts";
import { readXml } from "./xml.ts";

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
    room: wholeRoom(),
  };
  const sheets: NamedSheet[] = [];
  for (const { name, id, isHidden } of entries) {
    if (isHidden) {
      warnings.push(`the sheet ${name} is hidden and was not read`);
      continue;
    }
    // A sheet that is one chart has a part of another type.
    const part = partNamed((relation) => relation.id === id && relation.type === "worksheet");
    if (!part) continue;
    sheets.push({ name, ...readSheet(part, workbook), besides: [] });
  }
  return {
    ...noText,
    ...packageProperties(parts),
    ...workbookText(sheets, warnings),
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
