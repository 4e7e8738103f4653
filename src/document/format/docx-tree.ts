// mammoth's reading of a Word document, laid out as lines: paragraphs, table rows with tabs between cells, then notes.
import { strToU8, zipSync } from "fflate";
import mammoth from "mammoth";

const W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/** mammoth's own tree (its lib/documents.js), as far as it is looked at here. */
interface Element {
  type: string;
  children?: Element[];
  value?: string;
}
interface Note {
  body: Element[];
}
interface Tree extends Element {
  children: Element[];
  notes: { resolve(reference: Element): Note | null };
}

export interface Story {
  body: string;
  footnotes: string;
  endnotes: string;
}

/** `story` is markup of `plainMarkup`. mammoth sees nothing else: no styles, no pictures, no path into the system. */
export async function storyText(story: Story): Promise<string> {
  const part = (root: string, content: string) => strToU8(`<w:${root} xmlns:w="${W}">${content}</w:${root}>`);
  const container = zipSync(
    {
      "word/document.xml": part("document", `<w:body>${story.body}</w:body>`),
      "word/footnotes.xml": part("footnotes", story.footnotes),
      "word/endnotes.xml": part("endnotes", story.endnotes),
    },
    { level: 0 },
  );
  const { children, notes } = await treeOf(Buffer.from(container));
  const references: Element[] = [];
  const body = blocks(children, references);
  const noted = references.flatMap((reference) =>
    blocks(notes.resolve(reference)?.body ?? [], [])
      .join("\n")
      .trim(),
  );
  return [...body, ...noted].join("\n");
}

/** The tree is handed out by the hook for rewriting it; what is put in its place has nothing left to be made HTML of. */
async function treeOf(container: Buffer): Promise<Tree> {
  let tree: Tree | undefined;
  const transformDocument = (document: Tree): Tree => {
    tree = document;
    return { ...document, children: [] };
  };
  await mammoth.convertToHtml({ buffer: container }, { transformDocument, externalFileAccess: false });
  return tree as unknown as Tree;
}

function blocks(elements: Element[], references: Element[]): string[] {
  return elements.flatMap((element) =>
    element.type === "table"
      ? (element.children ?? []).map((row) => cells(row, references).join("\t"))
      : [inline(element, references)],
  );
}

function cells(row: Element, references: Element[]): string[] {
  return (row.children ?? []).map((cell) =>
    blocks(cell.children ?? [], references)
      .join("\n")
      .trimEnd(),
  );
}

function inline(element: Element, references: Element[]): string {
  switch (element.type) {
    case "text":
      return element.value ?? "";
    case "tab":
      return "\t";
    case "break":
      return "\n";
    case "noteReference":
      references.push(element);
      return "";
    default:
      return (element.children ?? []).map((child) => inline(child, references)).join("");
  }
}
