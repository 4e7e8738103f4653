// Word documents (.docx, ECMA-376): body and notes by mammoth, with Word's own numbers, then headers and footers.
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import { NO_MARKUP, plainMarkup } from "./docx-markup.ts";
import { storyText } from "./docx-tree.ts";
import { readNumbering } from "./numbering.ts";
import { readXml } from "./xml.ts";

const HEADERS_AND_FOOTERS = /^word\/(header|footer)\d*\.xml$/;
const PARTS =
  /^(_rels\/\.rels|docProps\/(core|app)\.xml|word\/((document|footnotes|endnotes|header|footer|styles|numbering)\d*\.xml|vbaProject\.bin))$/;

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
  const body = plainMarkup(main, numbering);
  const markup = (name: string) => {
    const part = parts.get(name);
    return part ? unlessDamaged(name, () => plainMarkup(part, numbering), NO_MARKUP) : NO_MARKUP;
  };
  const notes = { footnotes: markup("word/footnotes.xml").xml, endnotes: markup("word/endnotes.xml").xml };
  const stories = [await storyText({ body: body.xml, ...notes })];
  // Page numbers are all that most headers and footers hold; first, odd and even pages often have the same.
  const margins = [...parts.keys()]
    .filter((name) => HEADERS_AND_FOOTERS.test(name))
    .sort()
    .map(markup);
  for (const xml of new Set(margins.filter(({ hasLetters }) => hasLetters).map(({ xml }) => xml))) {
    stories.push((await storyText({ body: xml, footnotes: "", endnotes: "" })).trim());
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
