// What all Office Open XML files share (ECMA-376 part 2): parts named by relationships, and document properties.
import type { DocumentText } from "../document.ts";
import type { Members } from "../zip.ts";
import { readXml } from "./xml.ts";

/** The parts a reader of properties and of the main part needs; the reader adds its own. */
export const PACKAGE_PARTS = /^(_rels\/\.rels|docprops\/(core|app)\.xml)$/;

export interface Relationship {
  id: string;
  /** The last word of its type: the same in the transitional and the strict form of the standard. */
  type: string;
  /** The part's name in the container. */
  target: string;
}

/** `folder` is that of the part whose relationships these are, with its final slash; "" for the package. */
export function relationships(part: Uint8Array | undefined, folder: string): Relationship[] {
  const found: Relationship[] = [];
  if (!part) return found;
  readXml(part, {
    open(name, { Id = "", Type = "", Target = "", TargetMode }) {
      if (name !== "Relationship" || TargetMode === "External") return;
      found.push({ id: Id, type: Type.split("/").at(-1) ?? "", target: resolved(Target, folder) });
    },
    close() {},
  });
  return found;
}

/** Those of the part of this name. */
export function relatedTo(parts: Members, part: string): Relationship[] {
  const folder = part.slice(0, part.lastIndexOf("/") + 1);
  return relationships(parts.get(`${folder}_rels/${part.slice(folder.length)}.rels`), folder);
}

/** The main part is named by the package's relationships; nearly always it has its usual name. */
export function mainPart(parts: Members, usual: string): string {
  return (
    relationships(parts.get("_rels/.rels"), "").findLast(({ type }) => type === "officeDocument")?.target ??
    usual
  );
}

function resolved(target: string, folder: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith("/") ? target : `${folder}${target}`).split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

export function packageProperties(
  parts: Members,
): Pick<DocumentText, "title" | "author" | "pages" | "properties"> {
  const core = simpleElements(parts.get("docProps/core.xml"));
  const app = simpleElements(parts.get("docProps/app.xml"));
  return {
    title: core.title || null,
    author: core.creator || null,
    pages: Number(app.Pages) || null,
    properties: present({
      company: app.Company,
      modifiedBy: core.lastModifiedBy,
      subject: core.subject,
      application: app.Application,
    }),
  };
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
