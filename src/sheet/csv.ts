// A sheet as .csv: with the byte order mark without which Excel and WPS read UTF-8 as the local code page.
import type { Writable } from "node:stream";
import { csvCell } from "./cell.ts";
import { put, writeAll } from "./destination.ts";
import type { Cell, Sheet } from "./sheet.ts";

export async function writeCsv(destination: Writable, sheet: Sheet, zone: string): Promise<void> {
  const line = (cells: Cell[]) => `${cells.map((cell) => csvCell(cell, zone)).join(",")}\r\n`;
  await writeAll(destination, async () => {
    await put(destination, `\uFEFF${line(sheet.columns.map(({ title }) => title))}`);
    for await (const row of sheet.rows) await put(destination, line(row));
  });
}
