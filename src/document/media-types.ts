// What files are called here: the registered media types, and names of our own for what has none.

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
export const ODS = "application/vnd.oasis.opendocument.spreadsheet";
export const ODP = "application/vnd.oasis.opendocument.presentation";
/** The same as one XML file (.fodt). */
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
