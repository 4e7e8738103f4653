// The sheets of an OpenDocument spreadsheet as its XML streams by (ODF 1.3 part 3 §9): values as other workbooks show them.
import { shownNumber } from "./cell-format.ts";
import { bounded, OdfParagraph } from "./odf.ts";
import { MAX_COLUMNS, type NamedSheet, type Room, SheetLines, wholeRoom } from "./sheet-lines.ts";
import { readXml } from "./xml.ts";

type Attributes = Record<string, string>;

const MOST_ROWS = 1_048_576;
const CELL = /^table:(covered-)?table-cell$/;
/** Their text is no cell's: what was there before a change, sounds above signs, names of shapes. */
const DROPPED =
  /^(table:tracked-changes|table:dde-links|text:ruby-text|svg:(title|desc)|dc:(creator|date)|office:(forms|scripts|meta|event-listeners))$/;

export interface OdsSheet extends NamedSheet {
  isHidden: boolean;
  /** The words of boxes and shapes; `besides` takes comments first, and then these. */
  boxes: string[];
}

export class OdsSheets {
  readonly sheets: OdsSheet[] = [];
  readonly pictures: string[] = [];
  readonly #room: Room = wholeRoom();
  readonly #hiddenStyles = new Set<string>();
  #style = "";
  #sheet: OdsSheet | null = null;
  #lines: SheetLines | null = null;
  /** Tables within cells are not sheets. */
  #tables = 0;
  #row = { column: 0, repeated: 1 };
  #cell: { attributes: Attributes; paragraphs: string[] } | null = null;
  readonly #paragraphs: { words: OdfParagraph; into: string[] }[] = [];
  /** Comments, boxes and shapes that are open. */
  #besides = 0;
  #inComment = false;
  #dropped = 0;

  read(xml: Uint8Array): void {
    readXml(xml, {
      open: (_, attributes, name) => this.#open(name, attributes),
      close: (_, name) => this.#close(name),
      text: (text) => {
        if (this.#dropped === 0) this.#paragraphs.at(-1)?.words.text(text);
      },
    });
  }

  #open(name: string, attributes: Attributes): void {
    if (this.#dropped > 0 || DROPPED.test(name)) {
      this.#dropped++;
      return;
    }
    if (name === "table:table" && ++this.#tables === 1) this.#openSheet(attributes);
    else if (this.#sheet === null) this.#define(name, attributes);
    else if (isBeside(name)) {
      this.#besides++;
      if (name === "office:annotation") this.#inComment = true;
      if (name === "draw:image" && attributes.href) this.pictures.push(attributes.href);
    } else if (name === "text:p" || name === "text:h") {
      const beside = this.#inComment ? this.#sheet.besides : this.#sheet.boxes;
      const into = this.#besides > 0 ? beside : this.#cell?.paragraphs;
      this.#paragraphs.push({ words: new OdfParagraph(), into: into ?? [] });
    } else if (this.#tables > 1) return;
    else if (name === "table:table-row")
      this.#row = { column: 0, repeated: bounded(attributes["number-rows-repeated"], MOST_ROWS) };
    else if (CELL.test(name)) this.#cell = { attributes, paragraphs: [] };
    else this.#paragraphs.at(-1)?.words.sign(name, attributes);
  }

  #close(name: string): void {
    if (this.#dropped > 0) {
      this.#dropped--;
      return;
    }
    if (name === "table:table" && --this.#tables === 0) {
      for (const line of this.#sheet?.boxes ?? []) this.#sheet?.besides.push(line);
      this.#sheet = null;
    } else if (this.#sheet === null) return;
    else if (isBeside(name)) {
      this.#besides--;
      if (name === "office:annotation") this.#inComment = false;
    } else if (name === "text:p" || name === "text:h") this.#closeParagraph();
    else if (this.#tables > 1) return;
    else if (name === "table:table-row") this.#fill((lines) => lines.endRow(this.#row.repeated));
    else if (CELL.test(name)) this.#closeCell();
  }

  #openSheet({ name = "", "style-name": style = "" }: Attributes): void {
    const lines = new SheetLines(this.#room);
    this.#lines = lines;
    this.#sheet = {
      name,
      lines: lines.lines,
      isCut: false,
      besides: [],
      boxes: [],
      isHidden: this.#hiddenStyles.has(style),
    };
    this.sheets.push(this.#sheet);
  }

  #define(name: string, attributes: Attributes): void {
    if (name === "style:style") this.#style = attributes.family === "table" ? (attributes.name ?? "") : "";
    else if (name === "style:table-properties" && attributes.display === "false")
      this.#hiddenStyles.add(this.#style);
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    const words = paragraph?.words.words.trim();
    if (!paragraph || !words) return;
    this.#fill((lines) => {
      if (paragraph.into !== this.#cell?.paragraphs) lines.countCharacters(words.length);
      paragraph.into.push(words);
    });
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (!cell) return;
    const repeated = bounded(cell.attributes["number-columns-repeated"], MOST_ROWS);
    const first = this.#row.column;
    this.#row.column += repeated;
    const words = shown(cell.attributes, cell.paragraphs);
    this.#fill((lines) => {
      lines.countCell();
      if (words === "") return;
      const last = Math.min(first + repeated, Math.max(first + 1, MAX_COLUMNS));
      for (let column = first; column < last; column++) lines.put(column, words);
    });
  }

  /** Hidden sheets take nothing, and none takes more than there is room for. */
  #fill(put: (lines: SheetLines) => void): void {
    const sheet = this.#sheet;
    const lines = this.#lines;
    if (!sheet || !lines || sheet.isHidden) return;
    if (this.#room.cells < 0 || this.#room.characters < 0) lines.isCut = true;
    else lines.fill(() => put(lines));
    sheet.isCut = lines.isCut;
  }
}

function isBeside(name: string): boolean {
  return name.startsWith("draw:") || name === "office:annotation";
}

/** §19.385: a value beside the words it is shown as; where it says nothing, the words count. */
function shown(attributes: Attributes, paragraphs: string[]): string {
  const { value = "", "value-type": type } = attributes;
  const words = paragraphs.join(" ");
  if (type === "float" || type === "currency") return shownNumber(value, "general", false) || words;
  if (type === "percentage") return shownNumber(value, "percent", false) || words;
  if (type === "boolean") return attributes["boolean-value"] === "true" ? "TRUE" : "FALSE";
  if (type === "date") return dateShown(attributes["date-value"] ?? "") || words;
  if (type === "time") return timeShown(attributes["time-value"] ?? "") || words;
  return words || (attributes["string-value"] ?? "");
}

function dateShown(date: string): string {
  const [day = "", time = ""] = date.split("T");
  const clock = time.slice(0, 5);
  return clock === "" || clock === "00:00" ? day : `${day} ${clock}`;
}

/** "PT08H30M00S" → "08:30". */
function timeShown(time: string): string {
  const [, hours, minutes] = /^PT(\d+)H(\d+)M/.exec(time) ?? [];
  return hours && minutes ? `${hours.padStart(2, "0")}:${minutes}` : "";
}
