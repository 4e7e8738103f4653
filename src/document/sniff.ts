// What a file is, by its bytes: names and declared types lie too often to be asked (T23, T24).
import { isCompoundFile, openCompoundFile } from "./compound.ts";
import {
  BROKEN_COMPOUND_FILE,
  BROKEN_PACKAGE,
  COMPANY_ENCRYPTED,
  DOC,
  DOCX,
  EMPTY,
  ENCRYPTED_MAIL,
  ENCRYPTED_OFFICE,
  IWORK,
  LZH,
  PDF,
  PKCS7_SIGNATURE,
  PPTX,
  RIGHTS_MANAGED,
  XLS,
  XLSX,
  ZIP,
} from "./media-types.ts";
import { pkcs7Of } from "./pkcs7.ts";
import { diskImage, isCompanyEncrypted, SIGNATURES } from "./signatures.ts";
import { ofText } from "./sniff-text.ts";
import { readZip, type ZipEntry, zipEntries } from "./zip.ts";

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
