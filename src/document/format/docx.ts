// Word documents (.docx, ECMA-376): body with its automatic numbers and tables, then notes, headers and footers.
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { type ListPosition, type Numbering, readNumbering } from "./numbering.ts";
import { readXml } from "./xml.ts";

const MAX_CHARACTERS = 20_000_000;
const STORIES = /^word\/(footnotes|endnotes|header\d*|footer\d*)\.xml$/;
const PARTS =
  /^(_rels\/\.rels|docProps\/(core|app)\.xml|word\/((document|footnotes|endnotes|header|footer|styles|numbering)\d*\.xml|vbaProject\.bin))$/;

/** Elements whose text is not the document's: deleted or moved away, repeated for older readers, sounds above signs. */
const NOT_TEXT = new Set(["del", "moveFrom", "Fallback", "rt", "instrText", "delText"]);

export async function readDocx(bytes: Uint8Array): Promise<DocumentText> {
  const parts = readZip(bytes, (name) => PARTS.test(name));
  const main = parts.get(mainPart(parts.get("_rels/.rels")));
  if (!main) throw new Unreadable("corrupt", "no main document part");
  const warnings = parts.has("word/vbaProject.bin") ? ["holds macros, which were not run"] : [];
  /** Everything but the body may be damaged: the words are still there. */
  const unlessDamaged = <T>(part: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      warnings.push(`${part} could not be read: ${(error as Error).message}`);
      return otherwise;
    }
  };
  const lists = parts.get("word/numbering.xml");
  // Styles are often the largest part by far, and matter only to lists.
  const styles = lists && parts.get("word/styles.xml");
  const numbering = unlessDamaged("numbering", () => readNumbering(lists, styles), readNumbering());
  const stories = [storyText(main, numbering)];
  for (const [name, xml] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!STORIES.test(name)) continue;
    const text = unlessDamaged(name, () => storyText(xml, numbering).trim(), "");
    // Page numbers and separators are all that most headers and footers hold.
    if (/\p{L}/u.test(text) && !stories.includes(text)) stories.push(text);
  }
  const core = simpleElements(parts.get("docProps/core.xml"));
  const app = simpleElements(parts.get("docProps/app.xml"));
  return {
    ...noText,
    text: stories.join("\n"),
    title: core.title || null,
    author: core.creator || null,
    pages: Number(app.Pages) || null,
    properties: present({
      company: app.Company,
      modifiedBy: core.lastModifiedBy,
      subject: core.subject,
      application: app.Application,
    }),
    warnings,
  };
}

/** The main part is named by the package's relationships; nearly always it is word/document.xml. */
function mainPart(relationships?: Uint8Array): string {
  let target = "word/document.xml";
  if (relationships) {
    readXml(relationships, {
      open(name, attributes) {
        if (name === "Relationship" && attributes.Type?.endsWith("/officeDocument") && attributes.Target) {
          target = attributes.Target.replace(/^\//, "");
        }
      },
      close() {},
    });
  }
  return target;
}

/** Paragraphs as lines, table rows as lines with tabs between their cells; text boxes after the paragraph they hang on. */
function storyText(xml: Uint8Array, numbering: Numbering): string {
  const story = new Story(numbering);
  readXml(xml, {
    open: (name, attributes) => story.open(name, attributes),
    close: (name) => story.close(name),
    text: (text) => story.characters(text),
  });
  return story.text();
}

interface Paragraph {
  text: string;
  position: Partial<ListPosition>;
  styleId: string;
  /** Lines of the text boxes anchored in it. */
  boxes: string[];
}

/** Gathers one story while its elements stream by. */
class Story {
  readonly #numbering: Numbering;
  /** Open paragraphs: a text box holds paragraphs inside a paragraph. */
  readonly #paragraphs: Paragraph[] = [];
  /** Lines of the story, and of each open cell and text box in it. */
  readonly #blocks: string[][] = [[]];
  /** Cells so far of each open table row. */
  readonly #rows: string[][] = [];
  #hidden = 0;
  #properties = 0;
  #inText = false;
  #size = 0;

  constructor(numbering: Numbering) {
    this.#numbering = numbering;
  }

  text(): string {
    return (this.#blocks[0] ?? []).join("\n");
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.#hidden > 0 || (NOT_TEXT.has(name) && this.#properties === 0)) this.#hidden++;
    else if (this.#properties > 0 || name === "pPr" || name === "rPr") {
      this.#properties++;
      this.#property(name, attributes.val ?? "");
    } else if (name === "p") this.#paragraphs.push({ text: "", position: {}, styleId: "", boxes: [] });
    else if (name === "t") this.#inText = true;
    else if (name === "tab") this.#add("\t");
    else if (name === "br" || name === "cr") this.#add("\n");
    else if (name === "noBreakHyphen") this.#add("-");
    else if (name === "tr") this.#rows.push([]);
    else if (name === "tc" || name === "txbxContent") this.#blocks.push([]);
  }

  close(name: string): void {
    if (this.#hidden > 0) this.#hidden--;
    else if (this.#properties > 0) this.#properties--;
    else if (name === "t") this.#inText = false;
    else if (name === "p") this.#endParagraph();
    else if (name === "tc") this.#rows.at(-1)?.push(this.#endBlock().join("\n").trimEnd());
    else if (name === "tr") this.#line((this.#rows.pop() ?? []).join("\t"));
    else if (name === "txbxContent") this.#paragraphs.at(-1)?.boxes.push(...this.#endBlock());
  }

  characters(text: string): void {
    if (this.#inText && this.#hidden === 0) this.#add(text);
  }

  #property(name: string, value: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph) return;
    if (name === "numId") paragraph.position.listId = value;
    else if (name === "ilvl") paragraph.position.level = Number(value);
    else if (name === "pStyle") paragraph.styleId = value;
  }

  #add(text: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph) return;
    this.#size += text.length;
    if (this.#size > MAX_CHARACTERS)
      throw new Unreadable("too-large", `more than ${MAX_CHARACTERS} characters`);
    paragraph.text += text;
  }

  #endParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    const { listId, level } = { ...this.#numbering.ofStyle(paragraph.styleId), ...paragraph.position };
    // A list id of 0 takes a paragraph out of its style's list (§17.9.18).
    const numbered = listId !== undefined && listId !== "0" && paragraph.text.trim() !== "";
    this.#line((numbered ? this.#numbering.label({ listId, level: level ?? 0 }) : "") + paragraph.text);
    for (const line of paragraph.boxes) this.#line(line);
  }

  #line(text: string): void {
    this.#blocks.at(-1)?.push(text);
  }

  /** The story itself stays, whatever unbalanced markup asks for. */
  #endBlock(): string[] {
    return this.#blocks.length > 1 ? (this.#blocks.pop() ?? []) : [];
  }
}

/** Text of each element by its name: enough for the flat property parts. */
function simpleElements(xml?: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  if (!xml) return found;
  let open = "";
  try {
    readXml(xml, {
      open: (name) => {
        open = name;
      },
      close: () => {
        open = "";
      },
      text: (text) => {
        if (open !== "") found[open] = `${found[open] ?? ""}${text}`.trim().slice(0, 500);
      },
    });
  } catch {
    // Damaged properties do not make the text unreadable.
  }
  return found;
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));
}
