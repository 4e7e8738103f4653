// Windows code pages by their numbers, as rich text, Outlook and the properties of OLE files name them.

const ENCODINGS: Record<number, string> = {
  874: "windows-874",
  932: "shift_jis",
  936: "gb18030",
  949: "euc-kr",
  950: "big5",
  1361: "euc-kr",
  10000: "macintosh",
  10001: "shift_jis",
  10002: "big5",
  10008: "gb18030",
  20936: "gb18030",
  54936: "gb18030",
  65001: "utf-8",
};

export const WESTERN = "windows-1252";

/** The label of the platform's decoder; Western where the number says nothing. */
export function encodingOfCodePage(page: number): string {
  return ENCODINGS[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : WESTERN);
}
