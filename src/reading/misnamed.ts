// A name that promises an office document over bytes nobody knows: mostly the work of an office's own encryption.
import { type Document, heldDocument } from "../document/document.ts";
import { UNKNOWN } from "../document/sniff.ts";

const OFFICE_NAME = /\.(docx?|dotx?|docm|wps|xlsx?|xlsm|et|pptx?|dps|pdf|ofd|rtf|odt|ods|odp|zip|rar|7z)$/i;

/** What such a file is, is judged by its content alone; only what its sender is told depends on the name. */
export function underItsName(filename: string, document: Document): Document {
  const isUnknown = document.reason === "format-unsupported" && document.mediaType === UNKNOWN;
  return isUnknown && OFFICE_NAME.test(filename)
    ? heldDocument(UNKNOWN, "name-misleads", document.warnings)
    : document;
}
