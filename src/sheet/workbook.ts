// An .xlsx written as its rows come: frozen head, filters, real dates, text that stays text, a further sheet when one is full.
import type { Writable } from "node:stream";
import { writeAll } from "./destination.ts";
import { columnLetters, headOf, partsOf, rowOf, tailOf } from "./markup.ts";
import type { Cell, Sheet } from "./sheet.ts";
import { takenName } from "./sheet-name.ts";
import { zipTo } from "./zip.ts";

export interface Workbook {
  title: string;
  /** The zone instants are shown in: a cell has none of its own. */
  timezone: string;
  locale: "zh-CN" | "en";
  sheets: Iterable<Sheet> | AsyncIterable<Sheet>;
  /** Rows a sheet holds, its head included. */
  rowsMax?: number;
}

const ROWS_MAX = 1_048_576;

/** Writes the workbook and resolves once `destination` has taken every byte. */
export async function writeWorkbook(destination: Writable, workbook: Workbook): Promise<void> {
  const { rowsMax = ROWS_MAX } = workbook;
  await writeAll(destination, async () => {
    const zip = zipTo(destination);
    const written: { name: string; area: string }[] = [];
    const names = new Set<string>();
    for await (const sheet of workbook.sheets) {
      const rows = iterate(sheet.rows);
      try {
        for (let next = await rows.next(), first = true; first || !next.done; first = false) {
          const page = { rows: 1, next };
          const part = async function* (): AsyncGenerator<string> {
            yield headOf(sheet.columns);
            for (; !page.next.done && page.rows < rowsMax; page.next = await rows.next()) {
              page.rows += 1;
              yield rowOf(page.next.value, page.rows, sheet.columns, workbook);
            }
            yield tailOf(sheet.columns, page.rows);
          };
          await zip.add(`xl/worksheets/sheet${written.length + 1}.xml`, part());
          const area = `$A$1:$${columnLetters(sheet.columns.length)}$${page.rows}`;
          written.push({ name: takenName(sheet.name, names), area });
          next = page.next;
        }
      } finally {
        await rows.return?.();
      }
    }
    for (const [name, text] of partsOf(workbook, written)) await zip.add(name, [text]);
    await zip.finish();
  });
}

function iterate(rows: Sheet["rows"]): AsyncIterator<Cell[]> | Iterator<Cell[]> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}
