// What a file is, by its bytes: names and declared types lie too often to be asked (T23, T24).
import { wideCharset } from "../message/charset.ts";
import { isCompoundFile, openCompoundFile } from "./compound.ts";
import { pkcs7Of } from "./pkcs7.ts";
import { diskImage, isCompanyEncrypted, isScript, SIGNATURES } from "./signatures.ts";
import { readZip, type ZipEntry, zipEntries } from "./zip.ts";

export const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** The same as one XML file. */
export const FLAT_DOCX = `${DOCX}-flat-xml`;
export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
export const XLS = "application/vnd.ms-excel";
export const PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
export const ZIP = "application/zip";
export const DOC = "application/msword";
export const PDF = "application/pdf";
export const RTF = "application/rtf";
export const ODT = "application/vnd.oasis.opendocument.text";
/** The same as one XML file (.fodt). */
export const ODS = "application/vnd.oasis.opendocument.spreadsheet";
export const ODP = "application/vnd.oasis.opendocument.presentation";
export const FLAT_ODT = "application/vnd.oasis.opendocument.text-flat-xml";
/** Office files that a rights server opens for named readers only. */
export const RIGHTS_MANAGED = "application/x-office-rights-managed";
export const ENCRYPTED_OFFICE = "application/x-ooxml-encrypted";
/** An OLE file cut short, so that its directory is missing: some office document, no longer to be told which. */
export const BROKEN_COMPOUND_FILE = "application/x-ole-storage-damaged";
export const LZH = "application/x-lzh-compressed";
export const SVG = "image/svg+xml";
export const MBOX = "application/mbox";
export const EMLX = "application/x-emlx";
export const IWORK = "application/vnd.apple.iwork";
export const PKCS7_SIGNATURE = "application/pkcs7-signature";
export const ENCRYPTED_MAIL = "application/x-pkcs7-encrypted";
/** What an office's own protection made of a file: nobody outside can open it. */
export const COMPANY_ENCRYPTED = "application/x-company-encrypted";
export const SCRIPT = "application/x-script";
/** An Office file cut so short that only its list of contents is left. */
export const BROKEN_PACKAGE = "application/x-office-package-damaged";
export const EMPTY = "application/x-empty";
export const UNKNOWN = "application/octet-stream";

/** The media type of some bytes. Never throws; `application/octet-stream` when nothing fits. */
export function sniff(bytes: Uint8Array): string {
  if (bytes.length === 0) return EMPTY;
  if (isCompoundFile(bytes)) return ofCompoundFile(bytes);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  const latin = head.toString("latin1");
  if (/^PK(\x03\x04|\x05\x06|\x07\x08)/.test(latin)) return ofZip(bytes, latin);
  const found = SIGNATURES.find(([, at, signature]) => latin.startsWith(signature, at));
  if (found) return found[0];
  if (/^..-l[hz][0-9ds]-/s.test(latin)) return LZH;
  const image = diskImage(bytes);
  if (image) return image;
  // Readers accept junk before the header within the first kilobyte, and so do the mail gateways that add it.
  if (latin.slice(0, 1024).includes("%PDF-")) return PDF;
  // A workbook without a container around it, of Excel until version 4 or of a program that exports.
  if (/^\x09[\0\x02\x04\x08][\x04-\x10]\0[\s\S]{2}[\x05\x10]\0/.test(latin)) return XLS;
  if (isProgram(bytes, latin)) return "application/vnd.microsoft.portable-executable";
  if (latin.startsWith("BM") && bytes.length > 26 && head.readUInt32LE(6) === 0) return "image/bmp";
  if (/^0[\x80-\x84]/.test(latin) && latin.includes("\x2a\x86\x48\x86\xf7\x0d\x01\x07")) {
    const { kind } = pkcs7Of(bytes);
    if (kind === "encrypted") return ENCRYPTED_MAIL;
    if (kind === "signature") return PKCS7_SIGNATURE;
    return kind === "signed" ? "application/pkcs7-mime" : "application/x-pkcs7";
  }
  if (isCompanyEncrypted(latin)) return COMPANY_ENCRYPTED;
  return ofText(bytes, head);
}

/** Whether the bytes are a mail. Looks at the first lines only, so that the service itself may ask. */
export function isMessage(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  return ofMessage(head.toString("latin1")) === "message/rfc822";
}

function ofCompoundFile(bytes: Uint8Array): string {
  const file = openCompoundFile(bytes);
  const { names } = file;
  if (names.length === 0) return BROKEN_COMPOUND_FILE;
  const lowered = names.map((name) => name.toLowerCase());
  const has = (name: string) => lowered.includes(name.toLowerCase());
  // [MS-OFFCRYPTO] §2.2: new formats name the rights among their data spaces, old ones hold them in a stream.
  const dataSpaces = file.storage("\x06DataSpaces")?.storage("DataSpaceInfo")?.names ?? [];
  if (has("\tDRMContent") || dataSpaces.includes("DRMEncryptedDataSpace")) return RIGHTS_MANAGED;
  if (has("EncryptedPackage")) return ENCRYPTED_OFFICE;
  if (has("WordDocument")) return DOC;
  if (has("Workbook") || has("Book")) return XLS;
  if (has("PowerPoint Document")) return "application/vnd.ms-powerpoint";
  if (has("VisioDocument")) return "application/vnd.visio";
  if (names.some((name) => name.startsWith("__properties_version"))) return "application/vnd.ms-outlook";
  // The streams of an installer hold tables, whose names are packed beyond ASCII.
  if (names.some((name) => name.startsWith("\u4840"))) return "application/x-msi";
  if (has("MatOST") || has("MM")) return "application/vnd.ms-works";
  return "application/x-ole-storage";
}

function ofZip(bytes: Uint8Array, head: string): string {
  let entries: ZipEntry[];
  let isCut = false;
  try {
    entries = zipEntries(bytes);
  } catch {
    isCut = true;
    // Cut short or too many members: the first members' own headers still tell a document from an archive.
    entries = [...head.matchAll(/PK\x03\x04[\s\S]{26}([\x20-\x7e]{1,80})/g)].map((match) => ({
      name: match[1] ?? "",
      compressedBytes: 0,
      bytes: 0,
    }));
  }
  const names = entries.map(({ name }) => name.replaceAll("\\", "/").toLowerCase());
  const has = (name: string) => names.some((known) => known.startsWith(name.toLowerCase()));
  // An archive may well hold a folder named "word": an office file has its list of parts, or at least the main one.
  const isPackage = has("[Content_Types].xml");
  if (has("word/document") || (isPackage && has("word/"))) return DOCX;
  if (has("xl/workbook.bin")) return "application/vnd.ms-excel.sheet.binary.macroenabled.12";
  if (has("xl/workbook") || (isPackage && has("xl/"))) return XLSX;
  if (has("ppt/presentation") || (isPackage && has("ppt/"))) return PPTX;
  if (has("OFD.xml")) return "application/ofd";
  if (has("FixedDocSeq.fdseq") || has("FixedDocumentSequence.fdseq")) return "application/oxps";
  if (
    names.some((name) => /(^|\/)(index\/[^/]+\.iwa|index\.(xml|apxl)|index\.zip)$/.test(name)) &&
    isIwork(names)
  )
    return IWORK;
  if (has("AndroidManifest.xml")) return "application/vnd.android.package-archive";
  // ODF and EPUB: the first member, stored uncompressed, says what it is (ODF 1.3 part 2 §3.3).
  const declared = /^PK\x03\x04[\s\S]{26}mimetype(?:[\s\S]{0,28}?)(application\/[\w.+-]{1,100})(?=PK|$)/.exec(
    head,
  )?.[1];
  if (declared) return declared;
  // Packed again by a careless program: the member is there, but neither first nor as it should be.
  if (has("content.xml") && has("mimetype")) return declaredWithin(bytes) ?? ZIP;
  if (has("META-INF/MANIFEST.MF")) return "application/java-archive";
  return isCut && isPackage ? BROKEN_PACKAGE : ZIP;
}

function declaredWithin(bytes: Uint8Array): string | null {
  try {
    const declared = readZip(bytes, (name) => name === "mimetype").get("mimetype");
    const text = Buffer.from(declared?.subarray(0, 100) ?? [])
      .toString("latin1")
      .trim();
    return /^application\/vnd\.oasis\.[\w.-]+$/.test(text) ? text : null;
  } catch {
    return null;
  }
}

/** A web page may be called index, too. */
function isIwork(names: string[]): boolean {
  return names.some((name) =>
    /(^|\/)(index\/document\.iwa|buildversionhistory\.plist|metadata\/properties\.plist|\.iwp[hv]2?)$/.test(
      name,
    ),
  );
}

/** "MZ" alone also begins ordinary text; a program's header points to "PE", "NE" or "LE". */
function isProgram(bytes: Uint8Array, latin: string): boolean {
  if (!latin.startsWith("MZ")) return false;
  if (bytes.length < 64) return false;
  const at = Buffer.from(bytes.buffer, bytes.byteOffset + 60, 4).readUInt32LE(0);
  const second = Buffer.from(bytes.subarray(at, at + 2)).toString("latin1");
  return ["PE", "NE", "LE", "LX"].includes(second) || latin.includes("\0");
}

/** A web page may be a workbook: Excel's own, and what exporting programs write in its manner. */
function pageType(start: string): string {
  return /urn:schemas-microsoft-com:office:excel|content=["']?Excel\.Sheet/i.test(start)
    ? "application/vnd.ms-excel.html"
    : "text/html";
}

function ofText(bytes: Uint8Array, head: Buffer): string {
  const text = isTextThroughout(bytes) ? asText(head) : asWideText(bytes, head);
  if (text === null) return UNKNOWN;
  const start = text.replace(/^\ufeff/, "").trimStart();
  if (/^From \S.*\d{4}\s*\n[!-9;-~]+:/.test(start)) return MBOX;
  if (/^\d{2,9}\s*\n/.test(start) && ofMessage(start.replace(/^\d+\s*\n/, "")) === "message/rfc822")
    return EMLX;
  if (isScript(start)) return SCRIPT;
  if (/^<\?xml/i.test(start)) return ofXml(start);
  if (PAGE.test(withoutComments(start))) return pageType(start);
  if (/^<(!doctype )?svg\b/i.test(start)) return SVG;
  return ofMessage(start) ?? "text/plain";
}

const PAGE =
  /^<(!doctype html|html|head|meta|link|base|body|title|style|script|table|div|center|p|h[1-6]|ul|ol|pre|font|span)\b/i;

/** One after the other: a single expression for any number of comments tries every way to share them out. */
function withoutComments(start: string): string {
  let rest = start;
  while (rest.startsWith("<!--") && rest.includes("-->", 4))
    rest = rest.slice(rest.indexOf("-->", 4) + 3).trimStart();
  return rest;
}

function ofXml(start: string): string {
  if (/<(!doctype )?html\b/i.test(start)) return pageType(start);
  if (/<svg\b/i.test(start)) return SVG;
  if (/<pkg:package\b/.test(start)) {
    // All parts of a Word document in one file; of the others nobody makes any.
    return /progid="Word\.Document"|pkg:name="\/word\//.test(start) ? FLAT_DOCX : "application/xml";
  }
  if (/progid="Word\.Document"|<w:wordDocument/.test(start)) return "application/vnd.ms-word.xml";
  if (/office:mimetype="application\/vnd\.oasis\.opendocument\.text/.test(start)) return FLAT_ODT;
  const flat = /office:mimetype="(application\/vnd\.oasis\.opendocument\.(spreadsheet|presentation))/.exec(
    start,
  )?.[1];
  if (flat) return `${flat}-flat-xml`;
  if (/progid="Excel\.Sheet"|urn:schemas-microsoft-com:office:spreadsheet/.test(start))
    return "application/vnd.ms-excel.xml";
  return "application/xml";
}

/** A message, or a web archive (Word's "single file web page", often named .doc): headers from the first line on. */
function ofMessage(start: string): string | null {
  const headers = start.split(/\r?\n\r?\n/)[0] ?? "";
  if (!/^[A-Za-z-]+:[ \t]/.test(headers)) return null;
  const known = /^(from|to|subject|date|received|return-path|message-id|mime-version|content-type):/gim;
  const names = new Set([...headers.matchAll(known)].map((match) => (match[1] ?? "").toLowerCase()));
  // Browsers that save a page write "From: <Saved by …>"; what goes to somebody is a mail.
  const isSent = names.has("received") || names.has("message-id") || names.has("to");
  const isPage =
    /^content-type:\s*(multipart\/related|text\/html)/im.test(headers) && names.has("mime-version");
  if (isPage && !isSent) return "application/x-mimearchive";
  const signed = names.has("from") || names.has("received") || names.has("message-id");
  return signed && names.size >= 3 ? "message/rfc822" : null;
}

/** UTF-16 that no mark announces, as databases and some editors write it; null when the bytes are binary. */
function asWideText(bytes: Uint8Array, head: Buffer): string | null {
  const charset = wideCharset(bytes);
  return charset && new TextDecoder(charset).decode(head.subarray(0, head.length & ~1));
}

/** The first bytes as text for looking at markup. */
function asText(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return head.subarray(2).toString("utf16le");
  if (head[0] === 0xfe && head[1] === 0xff)
    return Buffer.from(head.subarray(2, head.length & ~1))
      .swap16()
      .toString("utf16le");
  return head.toString("latin1").replace(/^\xef\xbb\xbf/, "");
}

/**
 * Text in any charset an office uses holds no control characters but a stray one, and perhaps zeros to the end of a disk
 * block. UTF-16 does, which a byte order mark announces.
 */
function isTextThroughout(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const looked = withoutPadding(bytes.subarray(0, 65_536));
  let strange = 0;
  for (const byte of looked) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 26 && byte !== 27)
      strange++;
  }
  return looked.length > 0 && strange * 100 <= looked.length;
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
