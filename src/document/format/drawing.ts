// DrawingML (ECMA-376 part 1 §21): the shapes of a slide, of a sheet's drawing, of a chart, with the words they hold.
import { AutoNumbers, type Bullet } from "./drawing-numbers.ts";
import { readXml } from "./xml.ts";

export interface Shape {
  /** What the slide's layout keeps this place for: "title", "ftr" …; null where the shape stands by itself. */
  placeholder: string | null;
  /** Paragraphs; rows of a table with tabs between their cells. */
  lines: string[];
  /** Relationships to the charts and diagrams it shows, and to pictures. */
  parts: string[];
  pictures: string[];
}

const SHAPES = new Set(["sp", "cxnSp", "pic", "graphicFrame", "contentPart"]);
/** The names that a chart shows, as copied from its cells (§21.2.2.201): a row of them is a line. */
const LABELS = new Set(["strCache", "multiLvlStrCache"]);
/** The ninth (§20.1.10.72). */
const MAX_LEVEL = 8;
/** Their text is the slide's number or the day of printing. */
const FIELDS_WITHOUT_WORDS = /^slidenum/;

export function readDrawing(part: Uint8Array): Shape[] {
  const drawing = new Drawing();
  readXml(part, {
    open: (name, attributes) => drawing.open(name, attributes),
    close: (name) => drawing.close(name),
    text: (text) => drawing.text(text),
  });
  return drawing.shapes.filter(
    ({ lines, parts, pictures }) => lines.length + parts.length + pictures.length > 0,
  );
}

/** All words of a part in their order, whatever they hang on. */
export function drawingLines(part: Uint8Array): string[] {
  return readDrawing(part).flatMap(({ lines }) => lines);
}

class Drawing {
  /** The first takes what stands in no shape, as the words of charts and diagrams do. */
  readonly shapes: Shape[] = [newShape()];
  /** A frame may hold an object's picture: the shapes that are open, the innermost last. */
  readonly #open: Shape[] = [this.shapes[0] as Shape];
  /** Rows and cells of the table that is being read; tables do not nest. */
  #row: string[] | null = null;
  #cell: string[] | null = null;
  #paragraph: string | null = null;
  readonly #labels = new Set<string>();
  #numbers = new AutoNumbers();
  #bullet: Bullet = { level: 0, type: null, startAt: 1 };
  #styleLevel: number | null = null;
  #inWords = false;
  #inField = false;
  /** The same content for older programs is left out; it may hold more of its kind. */
  #fallbacks = 0;

  open(name: string, attributes: Record<string, string>): void {
    if (name === "Fallback") this.#fallbacks++;
    if (this.#fallbacks > 0) return;
    if (SHAPES.has(name)) {
      const shape = newShape();
      this.shapes.push(shape);
      this.#open.push(shape);
    } else if (this.#paragraph === null) this.#openOutside(name, attributes);
    else this.#openInParagraph(name, attributes);
  }

  #openOutside(name: string, attributes: Record<string, string>): void {
    const shape = this.#open.at(-1) as Shape;
    if (name === "ph") shape.placeholder = attributes.type ?? "body";
    else if (name === "relIds" && attributes.dm) shape.parts.push(attributes.dm);
    else if (name === "chart" && attributes.id) shape.parts.push(attributes.id);
    else if (name === "blip" && attributes.embed) shape.pictures.push(attributes.embed);
    else if (name === "tr" || LABELS.has(name)) this.#row = [];
    else if (name === "tc") this.#cell = [];
    else if (name === "v" && this.#row) this.#openLabel();
    else if (name === "txBody") this.#numbers = new AutoNumbers();
    else if (name === "p") {
      this.#paragraph = "";
      this.#bullet = { level: 0, type: null, startAt: 1 };
    } else if (/^lvl[1-9]pPr$/.test(name)) this.#styleLevel = Number(name[3]) - 1;
    else if (name === "buAutoNum" && this.#styleLevel !== null)
      this.#numbers.setStyle(this.#styleLevel, attributes.type ?? "", Number(attributes.startAt ?? 1));
  }

  #openInParagraph(name: string, attributes: Record<string, string>): void {
    if (name === "pPr") {
      this.#bullet.level = Math.min(MAX_LEVEL, Math.max(0, Math.floor(Number(attributes.lvl ?? 0)) || 0));
      const style = this.#numbers.styleOf(this.#bullet.level);
      if (style) this.#bullet = { ...style };
    } else if (name === "buAutoNum") {
      this.#bullet.type = attributes.type ?? "";
      this.#bullet.startAt = Number(attributes.startAt ?? 1) || 1;
    } else if (name === "buNone" || name === "buChar" || name === "buBlip") this.#bullet.type = null;
    else if (name === "fld") this.#inField = FIELDS_WITHOUT_WORDS.test(attributes.type ?? "");
    else if (name === "br") this.#paragraph += "\n";
    else if (name === "t") this.#inWords = !this.#inField;
  }

  #openLabel(): void {
    this.#cell = [];
    this.#paragraph = "";
    this.#bullet.type = null;
    this.#inWords = true;
  }

  #closeLabel(): void {
    this.#inWords = false;
    this.#closeParagraph();
    this.#closeCell();
  }

  close(name: string): void {
    if (name === "Fallback") this.#fallbacks--;
    if (this.#fallbacks > 0 || name === "Fallback") return;
    if (SHAPES.has(name)) {
      if (this.#open.length > 1) this.#open.pop();
    } else if (name === "t") this.#inWords = false;
    else if (name === "fld") this.#inField = false;
    else if (name === "p") this.#closeParagraph();
    else if (name === "tc") this.#closeCell();
    else if (name === "tr") this.#closeRow();
    else if (LABELS.has(name)) this.#closeLabels();
    else if (name === "v" && this.#cell) this.#closeLabel();
    else if (/^lvl[1-9]pPr$/.test(name)) this.#styleLevel = null;
  }

  text(text: string): void {
    if (this.#inWords && this.#paragraph !== null && this.#fallbacks === 0) this.#paragraph += text;
  }

  #closeParagraph(): void {
    const words = (this.#paragraph ?? "").trim();
    this.#paragraph = null;
    if (words === "") return;
    const line = this.#numbers.label(this.#bullet) + words;
    if (this.#cell) this.#cell.push(line);
    else (this.#open.at(-1) as Shape).lines.push(line);
  }

  #closeCell(): void {
    this.#row?.push((this.#cell ?? []).join(" ").replace(/\s+/g, " "));
    this.#cell = null;
  }

  /** Each of a chart's series brings the same names again. */
  #closeLabels(): void {
    const labels = (this.#row ?? []).join("\t");
    if (this.#labels.has(labels)) this.#row = null;
    this.#labels.add(labels);
    this.#closeRow();
  }

  #closeRow(): void {
    if (this.#row?.some(Boolean)) (this.#open.at(-1) as Shape).lines.push(this.#row.join("\t"));
    this.#row = null;
  }
}

function newShape(): Shape {
  return { placeholder: null, lines: [], parts: [], pictures: [] };
}
