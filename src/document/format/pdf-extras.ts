// What a PDF holds beside its pages: values of form fields, notes written on it, files attached to it.
import { safeName } from "../../message/filename.ts";
import type { DocumentChild } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { MAX_TOTAL_BYTES } from "../zip.ts";
import type { PdfAnnotation, PdfDocument } from "./pdf-file.ts";

const MAX_ATTACHMENTS = 200;
const MAX_NOTE_CHARACTERS = 10_000;

/** Words that people wrote into or onto a page; pdf.js does not give them among the page's own. */
export function annotationWords(annotations: PdfAnnotation[]): string[] {
  const words: string[] = [];
  for (const annotation of inReadingOrder(annotations)) {
    if (annotation.hidden) continue;
    const text = annotation.subtype === "Widget" ? fieldWords(annotation) : noteWords(annotation);
    if (text) words.push(text.slice(0, MAX_NOTE_CHARACTERS));
  }
  return words;
}

function inReadingOrder(annotations: PdfAnnotation[]): PdfAnnotation[] {
  const top = ({ rect }: PdfAnnotation) => rect?.[3] ?? 0;
  const left = ({ rect }: PdfAnnotation) => rect?.[0] ?? 0;
  return [...annotations].sort((one, other) => top(other) - top(one) || left(one) - left(other));
}

function fieldWords(field: PdfAnnotation): string {
  if (field.password || field.fieldType === "Sig" || field.fieldType === "Btn") return "";
  const values = Array.isArray(field.fieldValue) ? field.fieldValue : [field.fieldValue];
  const shown = values.map(
    (value) => field.options?.find((one) => one.exportValue === value)?.displayValue ?? value,
  );
  return shown
    .filter((value): value is string => typeof value === "string" && value.trim() !== "")
    .join("、");
}

/** Notes in margins and typed onto the page; a link's or a stamp's words are the program's. */
function noteWords({ subtype = "", contentsObj, titleObj }: PdfAnnotation): string {
  const text = contentsObj?.str?.trim() ?? "";
  if (text === "") return "";
  if (subtype === "FreeText") return text;
  if (!/^(Text|Highlight|Underline|StrikeOut|Squiggly|Caret)$/.test(subtype)) return "";
  const author = titleObj?.str?.trim();
  return author ? `批注（${author}）：${text}` : `批注：${text}`;
}

/** Attached files, each to be read as its own: the document's, and those pinned to a page. */
export async function attachedFiles(
  document: PdfDocument,
  annotations: PdfAnnotation[],
): Promise<DocumentChild[]> {
  const listed = [...((await document.getAttachments()) ?? [])].map(([id, file]) => ({ id, file }));
  const pinned = annotations.flatMap(({ fileId, file }) => (fileId && file ? [{ id: fileId, file }] : []));
  const children: DocumentChild[] = [];
  let total = 0;
  for (const { id, file } of [...listed, ...pinned].slice(0, MAX_ATTACHMENTS)) {
    const name = file.filename || file.rawFilename || id;
    // The page then only says that a reader of Microsoft's is needed; the real document is inside, encrypted.
    if (/MicrosoftIRMServices/i.test(name)) throw new Unreadable("rights-managed", name);
    const content = await document.getAttachmentContent(id);
    if (!content || content.length === 0) continue;
    total += content.length;
    if (total > MAX_TOTAL_BYTES)
      throw new Unreadable("too-large", `attached files of more than ${MAX_TOTAL_BYTES} bytes`);
    const filename = safeName(name, "application/octet-stream", children.length + 1);
    children.push({ filename, bytes: content.length, content: new Uint8Array(content) });
  }
  return children;
}
