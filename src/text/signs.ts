// Signs that show nothing and mean nothing in words: they steer a terminal, end a header, or spoil a spreadsheet.

/** One line of valid Unicode: what a log, a list and a header can take. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\ufffe\uffff]/g, "")
    .trim()
    .toWellFormed();
}

/** Line ends alike, no other control characters, valid Unicode. */
export function plainLines(text: string): string {
  return text
    .replace(/\r\n?|[\x85\u2028\u2029\v\f]/g, "\n")
    .replace(/[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/g, "")
    .toWellFormed();
}
