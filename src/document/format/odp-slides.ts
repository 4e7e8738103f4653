// The slides of an OpenDocument presentation as its XML streams by (ODF 1.3 part 3 §10): shapes, lists, tables, notes.
import { Unreadable } from "../unreadable.ts";
import { OdfParagraph } from "./odf.ts";
import { OdtLists } from "./odt-lists.ts";
import { readXml } from "./xml.ts";

type Attributes = Record<string, string>;

const MAX_CHARACTERS = 20_000_000;
const CELL = /^table:(covered-)?table-cell$/;
const DROPPED =
  /^(text:ruby-text|svg:(title|desc)|dc:(creator|date)|office:(forms|scripts|meta)|text:page-number)$/;
/** What the program writes on every slide, and places that wait to be filled. */
const WITHOUT_WORDS = new Set(["date-time", "page-number", "header", "footer"]);

/** Titles first, then the other shapes, then what the speaker says and what others remark. */
interface Slide {
  titles: string[];
  shapes: string[];
  notes: string[];
  comments: string[];
}

export class OdpSlides {
  readonly slides: string[][] = [];
  readonly pictures: string[] = [];
  readonly #lists = new OdtLists();
  #slide: Slide | null = null;
  /** Where lines go: of the shape, cell or comment that is open, the innermost last. */
  readonly #lines: string[][] = [];
  readonly #paragraphs: { words: OdfParagraph; label: string; into: string[] }[] = [];
  #cells: string[] | null = null;
  #dropped = 0;
  #characters = 0;

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
    const isWithoutWords =
      attributes.placeholder === "true" ||
      WITHOUT_WORDS.has(name.startsWith("draw:") ? (attributes.class ?? "") : "");
    if (this.#dropped > 0 || DROPPED.test(name) || isWithoutWords) {
      this.#dropped++;
      return;
    }
    if (name === "draw:page") {
      this.#slide = { titles: [], shapes: [], notes: [], comments: [] };
      this.#lines.push(this.#slide.shapes);
    } else if (!this.#slide) this.#lists.define(name, attributes);
    // On the notes' page there is more than the notes.
    else if (name === "presentation:notes") this.#lines.push([]);
    else if (name === "office:annotation") this.#lines.push(this.#slide.comments);
    else if (isShape(name)) this.#lines.push(this.#linesOf(this.#slide, attributes));
    else if (name === "draw:image" && attributes.href) this.pictures.push(attributes.href);
    else if (name === "table:table-row") this.#cells = [];
    else if (CELL.test(name)) {
      const cell: string[] = [];
      this.#lines.push(cell);
    } else this.#openText(name, attributes);
  }

  #openText(name: string, attributes: Attributes): void {
    if (name === "text:list") this.#lists.openList(attributes);
    else if (name === "text:list-item") this.#lists.openItem(attributes);
    else if (name === "text:p" || name === "text:h") {
      const label = this.#lists.label(null);
      const into = this.#lines.at(-1) ?? [];
      this.#paragraphs.push({ words: new OdfParagraph(), label: label.startsWith("•") ? "" : label, into });
    } else this.#paragraphs.at(-1)?.words.sign(name, attributes);
  }

  #close(name: string): void {
    if (this.#dropped > 0) {
      this.#dropped--;
      return;
    }
    if (!this.#slide) return;
    if (name === "draw:page") this.#closeSlide(this.#slide);
    else if (name === "presentation:notes" || name === "office:annotation" || isShape(name))
      this.#lines.pop();
    else if (name === "table:table-row") this.#closeRow();
    else if (CELL.test(name)) this.#cells?.push((this.#lines.pop() ?? []).join(" ").replace(/\s+/g, " "));
    else if (name === "text:list") this.#lists.closeList();
    else if (name === "text:list-item") this.#lists.closeItem();
    else if (name === "text:p" || name === "text:h") this.#closeParagraph();
  }

  #linesOf(slide: Slide, attributes: Attributes): string[] {
    if (attributes.class === "notes") return slide.notes;
    if (attributes.class === "title") return slide.titles;
    return this.#lines.at(-1) ?? slide.shapes;
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    const words = paragraph?.words.words.trim();
    if (!paragraph || !words) return;
    this.#characters += words.length;
    if (this.#characters > MAX_CHARACTERS)
      throw new Unreadable("too-large", `more than ${MAX_CHARACTERS} characters`);
    paragraph.into.push(paragraph.label + words);
  }

  #closeRow(): void {
    if (this.#cells?.some(Boolean)) this.#lines.at(-1)?.push(this.#cells.join("\t"));
    this.#cells = null;
  }

  #closeSlide({ titles, shapes, notes, comments }: Slide): void {
    this.slides.push([...titles, ...shapes, ...notes, ...comments]);
    this.#slide = null;
    this.#lines.length = 0;
  }
}

/** Frames and drawn shapes alike hold paragraphs. */
function isShape(name: string): boolean {
  return name.startsWith("draw:") && name !== "draw:image" && name !== "draw:page";
}
