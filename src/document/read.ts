// Bytes → Document: what it is, the reader for it, and a named reason wherever there is no text. Never throws.
import { narrowBlanks } from "../text/blanks.ts";
import type { ReasonCode } from "../text/reason.ts";
import { oneLine, plainLines } from "../text/signs.ts";
import { type Aids, type Document, type FormatReader, heldDocument, ignoredDocument } from "./document.ts";
import {
  BROKEN_COMPOUND_FILE,
  BROKEN_PACKAGE,
  COMPANY_ENCRYPTED,
  DOC,
  DOCX,
  EMLX,
  EMPTY,
  ENCRYPTED_MAIL,
  ENCRYPTED_OFFICE,
  FLAT_DOCX,
  FLAT_ODT,
  IWORK,
  LZH,
  MBOX,
  ODP,
  ODS,
  ODT,
  PDF,
  PKCS7_SIGNATURE,
  PPTX,
  RIGHTS_MANAGED,
  RTF,
  SCRIPT,
  SVG,
  XLS,
  XLSX,
  ZIP,
} from "./media-types.ts";
import { isDecoration } from "./picture/decoration.ts";
import { TAR } from "./signatures.ts";
import { sniff } from "./sniff.ts";
import { Unreadable } from "./unreadable.ts";

/** Containers that the unpacker opens, with its own names for them. */
const PACKED: Record<string, string> = {
  "application/vnd.rar": "rar",
  "application/x-7z-compressed": "7z",
  [TAR]: "tar",
  "application/gzip": "gzip",
  "application/x-bzip2": "bzip2",
  "application/x-xz": "xz",
  "application/x-lzma": "lzma",
  "application/x-compress": "z",
  "application/zstd": "zstd",
  "application/vnd.ms-cab-compressed": "cab",
  "application/x-arj": "arj",
  [LZH]: "lzh",
};

/** Loaded when first met: a process that never sees a PDF never loads pdf.js. */
const formats: Record<string, () => Promise<FormatReader>> = {
  [DOCX]: async () => (await import("./format/docx.ts")).readDocx,
  "application/vnd.ms-word.xml": async () => (await import("./format/docx.ts")).readWordXml,
  [FLAT_DOCX]: async () => (await import("./format/docx.ts")).readFlatDocx,
  [DOC]: async () => (await import("./format/doc.ts")).readDoc,
  [XLSX]: async () => (await import("./format/xlsx.ts")).readXlsx,
  [XLS]: async () => (await import("./format/xls.ts")).readXls,
  "application/vnd.ms-excel.sheet.binary.macroenabled.12": async () =>
    (await import("./format/xlsb.ts")).readXlsb,
  "application/vnd.ms-excel.html": async () => (await import("./format/xls-html.ts")).readXlsHtml,
  "application/vnd.ms-excel.xml": async () => (await import("./format/xls-xml.ts")).readXlsXml,
  [ODS]: async () => (await import("./format/ods.ts")).readOds,
  [`${ODS}-template`]: async () => (await import("./format/ods.ts")).readOds,
  [`${ODS}-flat-xml`]: async () => (await import("./format/ods.ts")).readFlatOds,
  [ODP]: async () => (await import("./format/odp.ts")).readOdp,
  [`${ODP}-template`]: async () => (await import("./format/odp.ts")).readOdp,
  [`${ODP}-flat-xml`]: async () => (await import("./format/odp.ts")).readFlatOdp,
  [PPTX]: async () => (await import("./format/pptx.ts")).readPptx,
  "application/vnd.ms-powerpoint": async () => (await import("./format/ppt.ts")).readPpt,
  [ZIP]: async () => (await import("./format/archive.ts")).readArchive,
  ...Object.fromEntries(
    Object.entries(PACKED).map(([mediaType, type]) => [
      mediaType,
      async () => (await import("./format/packed.ts")).packed(type),
    ]),
  ),
  "application/ms-tnef": async () => (await import("./format/tnef.ts")).readTnef,
  [PDF]: async () => (await import("./format/pdf.ts")).loadPdf(),
  "application/ofd": async () => (await import("./format/ofd.ts")).readOfd,
  "application/oxps": async () => (await import("./format/xps.ts")).readXps,
  [ODT]: async () => (await import("./format/odt.ts")).readOdt,
  [`${ODT}-template`]: async () => (await import("./format/odt.ts")).readOdt,
  [`${ODT}-master`]: async () => (await import("./format/odt.ts")).readOdt,
  [FLAT_ODT]: async () => (await import("./format/odt.ts")).readFlatOdt,
  "image/bmp": async () => (await import("./format/picture.ts")).readPicture,
  "image/gif": async () => (await import("./format/picture.ts")).readPicture,
  "image/jpeg": async () => (await import("./format/picture.ts")).readPicture,
  "image/png": async () => (await import("./format/picture.ts")).readPicture,
  "image/tiff": async () => (await import("./format/picture.ts")).readPicture,
  "image/webp": async () => (await import("./format/picture.ts")).readPicture,
  "application/vnd.ms-outlook": async () => (await import("./format/msg.ts")).readMsg,
  "application/x-mimearchive": async () => (await import("./format/mht.ts")).readMht,
  [RTF]: async () => (await import("./format/rtf.ts")).readRtf,
  "application/pkcs7-mime": async () => (await import("./format/signed.ts")).readSigned,
  [MBOX]: async () => (await import("./format/mailbox.ts")).readMbox,
  [EMLX]: async () => (await import("./format/mailbox.ts")).readEmlx,
  [IWORK]: async () => (await import("./format/iwork.ts")).readIwork,
  [SVG]: async () => (await import("./format/svg.ts")).readSvg,
  "text/plain": async () => (await import("./format/plain.ts")).readPlain,
  "text/html": async () => (await import("./format/html.ts")).readHtml,
};

const PROGRAMS = new Set([
  "application/vnd.microsoft.portable-executable",
  "application/x-elf",
  "application/x-mach-binary",
  "application/java-vm",
  "application/java-archive",
  "application/vnd.android.package-archive",
  "application/x-ms-shortcut",
  "application/x-msi",
  "application/wasm",
  "application/vnd.android.dex",
  SCRIPT,
]);

/** Far more than any office document; the rest would only burden what comes after. */
const MAX_TEXT_CHARACTERS = 2_000_000;

const MAX_PAGES = 1_000_000;

/** `inline`: the mail's body shows it, so it belongs to the layout and not to what was sent in. */
export async function readDocument(
  bytes: Uint8Array,
  hints: { inline: boolean },
  aids: Aids = { recognise: null },
  mediaType: string = sniff(bytes),
): Promise<Document> {
  const load = formats[mediaType];
  if ((load || hints.inline) && isPictureToIgnore(mediaType, bytes, hints))
    return ignoredDocument(mediaType, "decoration");
  if (!load) return withoutReader(mediaType);
  try {
    const found = await (await load())(bytes, aids);
    const read = {
      ...found,
      title: found.title && oneLine(found.title),
      author: found.author && oneLine(found.author),
      pages: countOf(found.pages),
      members: found.children.length,
    };
    const text = tidy(read.text);
    // A drawing without words is one like any other; it is small because it has no dots.
    if (text === "" && mediaType === SVG) return ignoredDocument(mediaType, "decoration");
    if (text === "" && read.children.length === 0)
      return { ...read, text, status: "held", reason: "no-text", mediaType };
    const warnings = [...read.warnings];
    if (text.length > MAX_TEXT_CHARACTERS)
      warnings.push(`only the first ${MAX_TEXT_CHARACTERS} characters were kept`);
    return {
      ...read,
      text: text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed(),
      warnings,
      status: "read",
      reason: null,
      mediaType,
    };
  } catch (error) {
    const reason = error instanceof Unreadable ? error.reason : "corrupt";
    return heldDocument(mediaType, reason, [String((error as Error)?.message ?? error).slice(0, 500)]);
  }
}

/** Most formats keep their number of pages as their writer pleases: a broken or endless one is none. */
function countOf(pages: number | null): number | null {
  return pages !== null && Number.isInteger(pages) && pages >= 0 && pages <= MAX_PAGES ? pages : null;
}

function isPictureToIgnore(mediaType: string, bytes: Uint8Array, hints: { inline: boolean }): boolean {
  if (mediaType === SVG) return hints.inline;
  return mediaType.startsWith("image/") && isDecoration(bytes, hints);
}

/** Loads every reader, so that the first document is not the slow one. */
export async function loadFormats(): Promise<void> {
  await Promise.all(Object.values(formats).map((load) => load()));
}

function withoutReader(mediaType: string): Document {
  // A signature or key beside the message (RFC 8551): made by software, for software.
  if (mediaType === PKCS7_SIGNATURE) return ignoredDocument(mediaType, "machine-part");
  return heldDocument(mediaType, reasonWithoutReader(mediaType));
}

function reasonWithoutReader(mediaType: string): ReasonCode {
  if (mediaType === EMPTY) return "empty-file";
  if ([RIGHTS_MANAGED, COMPANY_ENCRYPTED, ENCRYPTED_MAIL].includes(mediaType)) return "rights-managed";
  if (mediaType === BROKEN_COMPOUND_FILE || mediaType === BROKEN_PACKAGE) return "corrupt";
  if (mediaType === ENCRYPTED_OFFICE) return "password-protected";
  if (PROGRAMS.has(mediaType)) return "executable";
  if (/^(audio|video)\//.test(mediaType)) return "media";
  return "format-unsupported";
}

/** Plain lines without trailing spaces, at most one blank line in a row. */
function tidy(text: string): string {
  // Signs that show nothing are gone first: blanks on both sides of one are one run, which is what takes time.
  return narrowBlanks(plainLines(text))
    .replace(/[^\S\n]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+/, "")
    .trimEnd();
}
