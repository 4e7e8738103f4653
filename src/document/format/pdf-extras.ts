// What a PDF holds beside its pages: values of form fields, notes written on it, files attached to it.
import { safeName } from "../../message/filename.ts";
import type { DocumentChild } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { MAX_TOTAL_BYTES } from "../zip.ts";
import { degrees, type Matrix, multiply, type PlacedWords } from "./page-words.ts";
import type { PdfAnnotation, PdfDocument } from "./pdf-file.ts";

const MAX_ATTACHMENTS = 200;
const MAX_NOTE_CHARACTERS = 10_000;
/** In points: a large field is not filled with one large word. */
const LARGEST_TYPED = 12;

/** What people filled into the fields of a form, or typed onto the page: each where it stands, line by line. */
export function filledIn(annotations: PdfAnnotation[], transform: Matrix): PlacedWords[] {
  return annotations.flatMap((annotation): PlacedWords[] => {
    const { rect, hidden, subtype, contentsObj } = annotation;
    if (hidden || rect?.length !== 4) return [];
    const isField = subtype === "Widget";
    if (!isField && subtype !== "FreeText") return [];
    const text = (isField ? fieldWords(annotation) : (contentsObj?.str ?? "")).slice(0, MAX_NOTE_CHARACTERS);
    const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
    const [left = 0, bottom = 0, , top = 0] = rect;
    const size = Math.min(LARGEST_TYPED, Math.max(1, ((top - bottom) / Math.max(1, lines.length)) * 0.7));
    return lines.map((line, at) => {
      const baseline = top - ((top - bottom) * (at + 0.75)) / lines.length;
      const [, , , , x, y] = multiply(transform, [1, 0, 0, 1, left, baseline]);
      return {
        text: line,
        x,
        y,
        length: size * widthInSigns(line),
        size,
        angle: degrees(transform[0], transform[1]),
      };
    });
  });
}

/** Han fill a square, other signs about half of it. */
function widthInSigns(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[\u0020-\u024f]/.test(sign) ? 0.5 : 1), 0);
}

function fieldWords(field: PdfAnnotation): string {
  const { fieldType, fieldValue, checkBox, radioButton, exportValue, buttonValue, options } = field;
  if (field.password || fieldType === "Sig") return "";
  if (fieldType === "Btn") {
    const isTicked = (checkBox && fieldValue === exportValue) || (radioButton && fieldValue === buttonValue);
    return isTicked && fieldValue && fieldValue !== "Off" ? "☑" : "";
  }
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue];
  const shown = values.map(
    (value) => options?.find((one) => one.exportValue === value)?.displayValue ?? value,
  );
  return shown
    .filter((value): value is string => typeof value === "string" && value.trim() !== "")
    .join("、");
}

/** Notes in the margins of a page. A link's or a stamp's words are the program's. */
export function notesOn(annotations: PdfAnnotation[]): string[] {
  const top = ({ rect }: PdfAnnotation) => rect?.[3] ?? 0;
  return annotations
    .filter(({ hidden, subtype = "" }) => !hidden && NOTES.test(subtype))
    .sort((one, other) => top(other) - top(one))
    .flatMap(({ contentsObj, titleObj }) => {
      const text = contentsObj?.str?.trim().slice(0, MAX_NOTE_CHARACTERS) ?? "";
      const author = titleObj?.str?.trim();
      if (text === "") return [];
      return [author ? `批注（${author}）：${text}` : `批注：${text}`];
    });
}

const NOTES = /^(Text|Highlight|Underline|StrikeOut|Squiggly|Caret)$/;

/** Attached files, each to be read as its own: the document's, and those pinned to a page. */
export async function attachedFiles(
  document: PdfDocument,
  annotations: PdfAnnotation[],
  warnings: string[],
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
    if (total > MAX_TOTAL_BYTES) {
      warnings.push(`attached files of more than ${MAX_TOTAL_BYTES} bytes were left out`);
      break;
    }
    const filename = safeName(name, "application/octet-stream", children.length + 1);
    children.push({ filename, bytes: content.length, content: new Uint8Array(content) });
  }
  return children;
}
