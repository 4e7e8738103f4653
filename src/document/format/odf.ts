// What all OpenDocument files share (ODF 1.3): the package, its properties, and the words of a paragraph.
import type { DocumentText } from "../document.ts";
import { PICTURE_NAME } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";
import { readXml } from "./xml.ts";

const PARTS = /^((content|styles|meta)\.xml|meta-inf\/manifest\.xml)$/;
/** A run of blanks is one element with a count; nobody types more. */
const MOST_BLANKS = 100;

/** The parts every reader needs, and those it asks for besides. An encrypted package still says what it is (part 2 §3.4). */
export function openOdf(bytes: Uint8Array, alsoWanted: (name: string) => boolean = () => false): Members {
  const parts = readZip(bytes, (name) => PARTS.test(name) || alsoWanted(name));
  const manifest = parts.get("META-INF/manifest.xml");
  if (manifest && isEncrypted(manifest)) throw new Unreadable("password-protected", "encrypted package");
  return parts;
}

/** The part that holds the words (part 2 §3.2). */
export function odfContent(parts: Members): Uint8Array {
  const content = parts.get("content.xml");
  if (!content) throw new Unreadable("corrupt", "no content.xml");
  return content;
}

/** The pictures that sheets or slides show, each once, in their order. */
export function odfPictures(bytes: Uint8Array, names: string[]): Uint8Array[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const media = openOdf(bytes, (name) => wanted.has(name) && PICTURE_NAME.test(name));
  return [...wanted].flatMap((name) => media.get(name) ?? []);
}

function isEncrypted(manifest: Uint8Array): boolean {
  let encrypted = false;
  try {
    readXml(manifest, {
      open(name) {
        encrypted ||= name === "encryption-data";
      },
      close() {},
    });
  } catch {
    // A damaged list of members does not make the text unreadable.
  }
  return encrypted;
}

type Properties = Pick<DocumentText, "title" | "author" | "pages" | "properties">;

/** `meta` is meta.xml, or a flat document, whose properties stand in it (part 3 §4.3). */
export function odfProperties(meta: Uint8Array | undefined): Properties {
  const found: Record<string, string> = {};
  let inside = false;
  let open = "";
  let pages = 0;
  const handler = {
    open(name: string, attributes: Record<string, string>) {
      inside ||= name === "meta";
      open = inside ? name : "";
      if (inside && name === "document-statistic")
        pages = Number(attributes["page-count"] ?? attributes["table-count"]) || 0;
    },
    close(name: string) {
      open = "";
      if (name === "meta") inside = false;
    },
    text(text: string) {
      if (open !== "") found[open] = `${found[open] ?? ""}${text}`.trim().slice(0, 500);
    },
  };
  try {
    if (meta) readXml(meta, handler);
  } catch {
    // Damaged properties do not make the text unreadable.
  }
  const properties = {
    modifiedBy: found["initial-creator"] && found.creator,
    subject: found.subject,
    application: found.generator,
  };
  return {
    title: found.title || null,
    author: found["initial-creator"] || found.creator || null,
    pages: pages > 0 ? pages : null,
    properties: Object.fromEntries(
      Object.entries(properties).filter((entry): entry is [string, string] => !!entry[1]),
    ),
  };
}

/** The words of one paragraph as they stream by: a run of white space is one space, more are elements (part 3 §6.1.2). */
export class OdfParagraph {
  words = "";
  /** White space at the beginning, and after white space, is none. */
  #afterSpace = true;

  text(text: string): void {
    const narrow = text.replace(/[ \t\r\n]+/g, " ");
    const kept = this.#afterSpace && narrow.startsWith(" ") ? narrow.slice(1) : narrow;
    this.words += kept;
    if (narrow !== "") this.#afterSpace = narrow.endsWith(" ");
  }

  /** Blanks, tabs and line ends, `name` with its prefix; anything else is no sign and says nothing. */
  sign(name: string, attributes: Record<string, string>): void {
    if (name === "text:s") this.words += " ".repeat(bounded(attributes.c, MOST_BLANKS));
    else if (name === "text:tab") this.words += "\t";
    else if (name === "text:line-break") this.words += "\n";
    else return;
    this.#afterSpace = name !== "text:s";
  }
}

/** How often something is repeated: once unless said, and never more than `most`. */
export function bounded(times: string | undefined, most: number): number {
  const count = Number(times ?? 1);
  return count >= 1 ? Math.min(Math.floor(count), most) : 1;
}
