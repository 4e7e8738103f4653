// Blanks inside a line, kept to a width that people type.

/**
 * Nobody indents further, and "spaces at the end of a line" asked in the middle of a million of them costs every later
 * stage the square of their number, in the main process.
 */
const WIDEST_BLANK = 40;

/** The same text with wider blanks cut; line ends stay. */
export function narrowBlanks(text: string): string {
  let narrow = text;
  // In steps: one match of ten million blanks exhausts the expression's stack.
  for (let before = Number.POSITIVE_INFINITY; narrow.length < before; ) {
    before = narrow.length;
    narrow = narrow.replace(/[^\S\n]{41,4096}/g, (blank) => blank.slice(0, WIDEST_BLANK));
  }
  return narrow;
}
