// Word 2003's XML ("WordprocessingML 2003", w:wordDocument): taken apart into the parts that later Word keeps it in.
import { Unreadable } from "../unreadable.ts";
import { Members } from "../zip.ts";
import { FORMATS } from "./doc-lists.ts";
import { readXml } from "./xml.ts";

type Attributes = Record<string, string>;

/** Office's own limits are far below; what is written again is at most a few times what was sent. */
const MAX_WRITTEN_CHARACTERS = 200_000_000;
const MAX_SIDES = 2_000;
const NO_NUMBER = "255";

/** The same under another name. */
const RENAMED = new Map([
  ["listDef", "abstractNum"],
  ["listDefId", "abstractNumId"],
  ["list", "num"],
  ["ilst", "abstractNumId"],
  ["listPr", "numPr"],
  ["ilfo", "numId"],
  ["nfc", "numFmt"],
]);
/** Where words, lists and styles are; all else is settings. */
const REGIONS = new Map([
  ["body", "word/document.xml"],
  ["lists", "word/numbering.xml"],
  ["styles", "word/styles.xml"],
]);
const PROPERTIES = new Map([
  ["Title", "title"],
  ["Author", "creator"],
  ["LastAuthor", "lastModifiedBy"],
  ["Company", "Company"],
  ["Pages", "Pages"],
]);

/** A note, a comment or a page's margin: it stands where it hangs, and becomes a part or a piece of one. */
interface Side {
  name: string;
  end: string;
  /** How many elements of its name are open within. */
  nested: number;
  region: string;
  begin: string;
  pieces: string[];
}

export function wordXmlParts(xml: Uint8Array): Members {
  const copy = new Parts();
  readXml(xml, {
    open: (name, attributes) => copy.open(name, attributes),
    close: (name) => copy.close(name),
    text: (text) => copy.text(text),
  });
  return copy.members();
}

class Parts {
  readonly #members = new Members();
  readonly #regions = new Map<string, string[]>();
  readonly #properties: Record<string, string> = {};
  readonly #sides: Side[] = [];
  /** The names under which what is open was written. */
  readonly #names: string[] = [];
  #region = "";
  #property = "";
  #inWords = false;
  #picture: { name: string; base64: string[] } | null = null;
  #number = 0;
  #characters = 0;

  open(name: string, attributes: Attributes): void {
    this.#property = PROPERTIES.get(name) ?? "";
    if (this.#region === "") {
      this.#region = REGIONS.get(name) ?? "";
      return;
    }
    const side = this.#sides.at(-1);
    if (this.#beginsSide(name, attributes)) return;
    if (side?.name === name) side.nested++;
    if (name === "binData") {
      const extension = /\.(\w{3,4})$/.exec(attributes.name ?? "")?.[1]?.toLowerCase() ?? "bin";
      this.#picture = { name: `word/media/image${++this.#number}.${extension}`, base64: [] };
    } else if (name === "t") this.#inWords = true;
    this.#write(`<w:${nameOf(name, attributes)}${written(name, attributes)}>`);
    this.#names.push(nameOf(name, attributes));
  }

  close(name: string): void {
    this.#property = "";
    if (this.#region === "") return;
    if (this.#sides.length === 0 && REGIONS.get(name) === this.#region) {
      this.#region = "";
      return;
    }
    const side = this.#sides.at(-1);
    if (side?.name === name && side.nested-- === 0) {
      this.#endSide(side);
      return;
    }
    if (name === "t") this.#inWords = false;
    if (name === "binData" && this.#picture) {
      this.#members.set(this.#picture.name, Buffer.from(this.#picture.base64.join(""), "base64"));
      this.#picture = null;
    }
    this.#write(`</w:${this.#names.pop()}>`);
  }

  text(text: string): void {
    if (this.#picture) this.#picture.base64.push(text);
    else if (this.#inWords) this.#write(escaped(text));
    else if (this.#property !== "" && this.#region === "")
      this.#properties[this.#property] = `${this.#properties[this.#property] ?? ""}${text}`.slice(0, 500);
  }

  members(): Members {
    const part = (inner: string) => Buffer.from(`<part>${inner}</part>`);
    for (const [region, pieces] of this.#regions) this.#members.set(region, part(pieces.join("")));
    const properties = Object.entries(this.#properties).map(
      ([name, text]) => `<${name}>${escaped(text)}</${name}>`,
    );
    this.#members.set("docprops/core.xml", part(properties.join("")));
    this.#members.set("docprops/app.xml", part(properties.join("")));
    return this.#members;
  }

  #beginsSide(name: string, attributes: Attributes): boolean {
    const isNote = name === "footnote" || name === "endnote";
    const isMargin = name === "hdr" || name === "ftr";
    const isComment = name === "annotation" && attributes.type === "Word.Comment";
    if (!isNote && !isMargin && !isComment) return false;
    const id = ++this.#number;
    if (this.#sides.length >= 20 || id > MAX_SIDES)
      throw new Unreadable("too-large", "too many notes in notes");
    if (isNote) this.#write(`<w:${name}Reference w:id="${id}"/>`);
    const region = isNote
      ? `word/${name}s.xml`
      : isMargin
        ? `word/${name === "hdr" ? "header" : "footer"}${id}.xml`
        : "word/comments.xml";
    const element = isNote ? name : "comment";
    const begin = isMargin
      ? ""
      : `<w:${element} w:id="${id}" w:author="${escaped(attributes.author ?? "")}">`;
    const end = isMargin ? "" : `</w:${element}>`;
    this.#sides.push({ name, nested: 0, region, begin, pieces: [], end });
    return true;
  }

  #endSide({ region, begin, pieces, end }: Side): void {
    this.#sides.pop();
    this.#piecesOf(region).push(begin, pieces.join(""), end);
  }

  #piecesOf(region: string): string[] {
    const pieces = this.#regions.get(region) ?? [];
    this.#regions.set(region, pieces);
    return pieces;
  }

  #write(piece: string): void {
    this.#characters += piece.length;
    if (this.#characters > MAX_WRITTEN_CHARACTERS) throw new Unreadable("too-large", "too much markup");
    (this.#sides.at(-1)?.pieces ?? this.#piecesOf(this.#region)).push(piece);
  }
}

/** Tracked changes are annotations of several types; what was put in stays. */
function nameOf(name: string, attributes: Attributes): string {
  if (name === "annotation") return attributes.type === "Word.Deletion" ? "del" : "ins";
  return RENAMED.get(name) ?? name;
}

function written(name: string, attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => {
      const kept = name === "nfc" && key === "val" ? formatOf(value) : value;
      const attribute = key === "listDefId" ? "abstractNumId" : key === "ilfo" ? "numId" : key;
      return ` w:${attribute}="${escaped(kept)}"`;
    })
    .join("");
}

function formatOf(code: string): string {
  return code === NO_NUMBER ? "none" : (FORMATS.get(Number(code)) ?? "decimal");
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
