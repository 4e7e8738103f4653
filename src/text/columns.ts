// Text in columns for a terminal, where a Chinese sign is as wide as two Latin ones; pure.

/** Signs that terminals draw two columns wide: Han, kana, Hangul, full-width forms and their punctuation. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
export function widthOf(text: string): number {
  let columns = 0;
  for (const sign of text) columns += NO_WIDTH.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1;
  return columns;
}

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Rows as lines, every column as wide as its widest cell; the last one is left as it is. */
export function inColumns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : padded(cell, (widths[index] ?? 0) + gap)))
      .join("")
      .trimEnd(),
  );
}
