// What files begin with: the formats that are read, containers, and what stays shut, so that an answer can name it.

export const TAR = "application/x-tar";

const CONTAINER_SIGNATURES: [mediaType: string, at: number, signature: string][] = [
  ["application/vnd.rar", 0, "Rar!\x1a\x07"],
  ["application/x-7z-compressed", 0, "7z\xbc\xaf\x27\x1c"],
  ["application/gzip", 0, "\x1f\x8b\x08"],
  ["application/x-bzip2", 0, "BZh"],
  ["application/x-xz", 0, "\xfd7zXZ\0"],
  ["application/zstd", 0, "\x28\xb5\x2f\xfd"],
  ["application/x-compress", 0, "\x1f\x9d"],
  ["application/x-lzma", 0, "\x5d\0\0\x80\0"],
  ["application/x-lzma", 0, "\x5d\0\0\0\x01"],
  ["application/x-lzma", 0, "\x5d\0\0\0\x04"],
  [TAR, 257, "ustar"],
  ["application/vnd.ms-cab-compressed", 0, "MSCF\0\0\0\0"],
  ["application/x-arj", 0, "\x60\xea"],
  ["application/x-ms-wim", 0, "MSWIM\0\0\0"],
  ["application/ms-tnef", 0, "\x78\x9f\x3e\x22"],
];

/** No reader, and none is missing: each is answered by what it is. */
const OTHER_SIGNATURES: [mediaType: string, at: number, signature: string][] = [
  // Disk images.
  ["application/x-vhd", 0, "conectix"],
  ["application/x-vhdx", 0, "vhdxfile"],
  ["application/x-vmdk", 0, "KDMV"],
  // Readers of one publisher: CNKI's (CAJ, KDH, NH), Founder's, SSReader, DjVu.
  ["application/x-caj", 0, "CAJ\0"],
  ["application/x-caj", 0, "KDH "],
  ["application/x-caj", 0, "HN\xc8\0"],
  ["application/x-caj", 0, "\xc8\0\0\0"],
  ["application/x-caj", 0, "TEB\0"],
  ["application/x-ceb", 0, "Founder CEB"],
  ["application/x-pdg", 0, "HH\x02\0"],
  ["image/vnd.djvu", 0, "AT&TFORM"],
  ["application/postscript", 0, "%!PS"],
  ["application/postscript", 0, "\xc5\xd0\xd3\xc6"],
  // Databases and stores of other programs.
  ["application/x-msaccess", 4, "Standard Jet DB"],
  ["application/x-msaccess", 4, "Standard ACE DB"],
  ["application/vnd.sqlite3", 0, "SQLite format 3\0"],
  ["application/vnd.ms-outlook-pst", 0, "!BDN"],
  ["application/onenote", 0, "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"],
  ["application/onenote", 0, "\xa1\x2f\xff\x43\xd9\xef\x76\x4c"],
  ["application/vnd.ms-htmlhelp", 0, "ITSF\x03\0\0\0"],
  ["application/dbase", 0, "\x03\x5f\x07"],
  // Fonts.
  ["font/ttf", 0, "\0\x01\0\0\0"],
  ["font/otf", 0, "OTTO"],
  ["font/collection", 0, "ttcf"],
  ["font/woff", 0, "wOFF"],
  ["font/woff2", 0, "wOF2"],
  // Web programs.
  ["application/wasm", 0, "\0asm"],
  ["application/vnd.android.dex", 0, "dex\n"],
];

/** Signatures at fixed places, as Latin-1 text; the first that fits decides. */
export const SIGNATURES: [mediaType: string, at: number, signature: string][] = [
  ["application/rtf", 0, "{\\rtf"],
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/tiff", 0, "II*\0"],
  ["image/tiff", 0, "MM\0*"],
  ["image/webp", 8, "WEBP"],
  ["image/heic", 4, "ftypheic"],
  ["image/heic", 4, "ftypmif1"],
  ["image/x-icon", 0, "\0\0\x01\0"],
  ["image/emf", 40, " EMF"],
  ["image/wmf", 0, "\xd7\xcd\xc6\x9a"],
  ["image/vnd.adobe.photoshop", 0, "8BPS"],
  ["image/vnd.dwg", 0, "AC10"],
  ...CONTAINER_SIGNATURES,
  ["application/x-elf", 0, "\x7fELF"],
  ["application/x-mach-binary", 0, "\xcf\xfa\xed\xfe"],
  ["application/x-mach-binary", 0, "\xce\xfa\xed\xfe"],
  ["application/java-vm", 0, "\xca\xfe\xba\xbe"],
  ["application/x-ms-shortcut", 0, "L\0\0\0\x01\x14\x02\0"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/mpeg", 0, "\xff\xfb"],
  ["audio/mpeg", 0, "\xff\xf3"],
  ["audio/amr", 0, "#!AMR"],
  ["audio/midi", 0, "MThd"],
  ["audio/flac", 0, "fLaC"],
  ["audio/x-wav", 8, "WAVE"],
  ["audio/ogg", 0, "OggS"],
  ["video/x-msvideo", 8, "AVI "],
  ["video/x-flv", 0, "FLV\x01"],
  ["video/x-ms-asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"],
  ["video/x-matroska", 0, "\x1a\x45\xdf\xa3"],
  ["video/mpeg", 0, "\0\0\x01\xba"],
  ["video/mp4", 4, "ftyp"],
  ["audio/vnd.rn-realaudio", 0, ".RMF"],
  ...OTHER_SIGNATURES,
];

/** Programs written as text: by their first words, since their names are not asked. */
const SCRIPTS: RegExp[] = [
  /^#!\s*\/\S/,
  /^\s*@echo\s+(off|on)\b/i,
  /^\s*(rem\b.*\r?\n\s*)*@?setlocal\b/i,
  /^Windows Registry Editor Version|^REGEDIT4\r?\n/,
  /^\s*\[(InternetShortcut|autorun)\]/i,
  /<hta:application\b/i,
  /^\s*(<#[\s\S]{0,400}#>\s*)?(\[CmdletBinding\(|Set-ExecutionPolicy\b|\$ErrorActionPreference\s*=)/i,
];

/** What only a script of Windows' own host asks for; saved web pages of their time ask for some of it, too. */
const HOST_OBJECTS =
  /\bWScript\.(Shell|CreateObject|Echo|Quit)\b|new\s+ActiveXObject\(|\bCreateObject\("?(WScript|Scripting|Shell|ADODB|MSXML2)\./i;

export function isScript(start: string): boolean {
  const isMarkup = /^\s*</.test(start);
  return SCRIPTS.some((pattern) => pattern.test(start)) || (!isMarkup && HOST_OBJECTS.test(start));
}

/** The marks of what offices encrypt their disks' files with (E-SafeNet, TSD): in the first bytes, before the ciphertext. */
export function isCompanyEncrypted(latin: string): boolean {
  return latin.startsWith("%TSD-Header-###%") || latin.slice(0, 512).includes("E-SafeNet\0");
}

/** Disk images say what they are far behind their beginning (ECMA-119 §8.4, Apple's koly block, the VHD footer). */
export function diskImage(bytes: Uint8Array): string | null {
  const says = (at: number, words: string) =>
    at >= 0 && Buffer.from(bytes.subarray(at, at + words.length)).toString("latin1") === words;
  if (says(32_769, "CD001")) return "application/x-iso9660-image";
  if (says(bytes.length - 512, "koly")) return "application/x-apple-diskimage";
  if (says(bytes.length - 512, "conectix")) return "application/x-vhd";
  return null;
}
