// "XML Spreadsheet 2003", which many a program writes under the name of .xls: rows and cells that say their values' types.
import { decodeText } from "../../message/charset.ts";
import { type DocumentText, noText } from "../document.ts";
import { type CellFormat, formatOf, shownNumber } from "./cell-format.ts";
import { type NamedSheet, SheetLines, wholeRoom, workbookText } from "./sheet-lines.ts";
import { readXml } from "./xml.ts";

type Attributes = Record<string, string>;

export async function readXlsXml(bytes: Uint8Array): Promise<DocumentText> {
  // Written by programs of all kinds, in the charset they declare.
  const declared = /encoding\s*=\s*["']([\w-]+)/.exec(
    Buffer.from(bytes.subarray(0, 200)).toString("latin1"),
  )?.[1];
  const xml = Buffer.from(decodeText(bytes, declared).replace(/^\ufeff/, ""));
  const sheets = new Sheets();
  readXml(xml, {
    open: (name, attributes) => sheets.open(name, attributes),
    close: (name) => sheets.close(name),
    text: (text) => sheets.text(text),
  });
  const hidden = sheets.sheets.filter(({ isHidden }) => isHidden);
  const warnings = hidden.map(({ name }) => `the sheet ${name} is hidden and was not read`);
  return {
    ...noText,
    title: sheets.properties.Title?.trim() || null,
    author: sheets.properties.Author?.trim() || null,
    ...workbookText(
      sheets.sheets.filter(({ isHidden }) => !isHidden),
      warnings,
    ),
  };
}

class Sheets {
  readonly sheets: (NamedSheet & { isHidden: boolean })[] = [];
  readonly properties: Attributes = {};
  readonly #room = wholeRoom();
  readonly #formats = new Map<string, CellFormat>();
  #style = "";
  #lines = new SheetLines(this.#room);
  #column = 0;
  #cellStyle = "";
  #type = "";
  #inComment = false;
  /** Takes the text of the element that is open; words in fonts of their own stand in elements of their own. */
  #words: string | null = null;
  #property = "";

  open(name: string, attributes: Attributes): void {
    if (name === "Style") this.#style = attributes.ID ?? "";
    else if (name === "NumberFormat") this.#formats.set(this.#style, formatNamed(attributes.Format ?? ""));
    else if (name === "Worksheet") this.#openSheet(attributes.Name ?? "");
    else if (name === "Row") this.#column = 0;
    else if (name === "Cell") {
      this.#column = Number(attributes.Index ?? 0) > 0 ? Number(attributes.Index) - 1 : this.#column;
      this.#cellStyle = attributes.StyleID ?? "";
    } else if (name === "Comment") this.#inComment = true;
    else if (name === "Data" || name === "Visible") {
      this.#type = attributes.Type ?? "String";
      this.#words = "";
    } else if (this.sheets.length === 0) this.#property = name;
  }

  close(name: string): void {
    this.#property = "";
    const sheet = this.sheets.at(-1);
    if (name === "Comment") this.#inComment = false;
    if (!sheet) return;
    if (name === "Visible") sheet.isHidden = /hidden/i.test(this.#words ?? "");
    else if (name === "Data") this.#closeData(sheet);
    else if (name === "Row") this.#lines.fill(() => this.#lines.endRow());
    if (name === "Cell") this.#column++;
    if (name === "Visible" || name === "Data") this.#words = null;
    sheet.isCut = this.#lines.isCut;
  }

  text(text: string): void {
    if (this.#words !== null) this.#words += text;
    else if (this.#property !== "")
      this.properties[this.#property] = `${this.properties[this.#property] ?? ""}${text}`.slice(0, 500);
  }

  #openSheet(name: string): void {
    this.#lines = new SheetLines(this.#room);
    this.sheets.push({ name, lines: this.#lines.lines, isCut: false, besides: [], isHidden: false });
  }

  #closeData(sheet: NamedSheet): void {
    const words = this.#words ?? "";
    this.#lines.fill(() => {
      if (this.#inComment) {
        this.#lines.countCharacters(words.length);
        if (words.trim() !== "") sheet.besides.push(words.trim());
      } else {
        this.#lines.countCell();
        this.#lines.put(this.#column, this.#shown(words));
      }
    });
  }

  #shown(words: string): string {
    if (this.#type === "Number")
      return shownNumber(words, this.#formats.get(this.#cellStyle) ?? "general", false);
    if (this.#type === "Boolean") return words.trim() === "1" ? "TRUE" : "FALSE";
    if (this.#type !== "DateTime") return words;
    const [day = "", time = ""] = words.trim().split("T");
    const clock = time.slice(0, 5);
    // A time alone is written as of the day before days are counted.
    if (day === "1899-12-31") return clock;
    return clock === "" || clock === "00:00" ? day : `${day} ${clock}`;
  }
}

/** Formats have names of their own here, or a code. */
function formatNamed(format: string): CellFormat {
  if (format === "Percent") return "percent";
  return /^(General|General Number|Fixed|Standard|Currency|Scientific)$/.test(format)
    ? "general"
    : formatOf(0, format);
}
