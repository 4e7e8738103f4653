// A name that promises an office document over bytes nobody knows: mostly the work of an office's own encryption, or a
// later part of an archive.
import { type Document, heldDocument } from "../document/document.ts";
import { UNKNOWN } from "../document/media-types.ts";

/** Only the first part of a split archive begins as an archive does. */
const PART_NAME = /\.(?:(?:7z|zip|rar|tar|gz)\.\d{2,3}|z\d{2}|r\d{2}|part\d+\.rar)$/i;
const OFFICE_NAME = /\.(docx?|dotx?|docm|wps|xlsx?|xlsm|et|pptx?|dps|pdf|ofd|rtf|odt|ods|odp|zip|rar|7z)$/i;

/** What such a file is, is judged by its content alone; only what its sender is told depends on the name. */
export function underItsName(filename: string, document: Document): Document {
  const isUnknown = document.reason === "format-unsupported" && document.mediaType === UNKNOWN;
  if (isUnknown && PART_NAME.test(filename)) return heldDocument(UNKNOWN, "split-archive", document.warnings);
  return isUnknown && OFFICE_NAME.test(filename)
    ? heldDocument(UNKNOWN, "name-misleads", document.warnings)
    : document;
}
