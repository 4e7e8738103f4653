// The line a terminal shows while many files are read.
import { afterEach, expect, test } from "vitest";
import { progressLine } from "../../src/commands/progress.ts";

const { write } = process.stderr;
const { isTTY } = process.stderr;

afterEach(() => {
  process.stderr.write = write;
  process.stderr.isTTY = isTTY;
});

function shownOnATerminal(work: (line: ReturnType<typeof progressLine>) => void): string[] {
  const written: string[] = [];
  process.stderr.isTTY = true;
  process.stderr.write = ((text: string) => written.push(text) > 0) as typeof write;
  work(progressLine(3));
  return written;
}

test("a long Chinese name stays on one line of eighty columns, or it could not be written over", () => {
  const [line = ""] = shownOnATerminal((progress) => progress.file(1, `${"书面总结".repeat(20)}.pdf`));
  const shown = line.replace("\r\x1b[K", "");
  expect(shown).toMatch(/^1\/3 (?:书面总结)+/);
  expect([...shown].reduce((sum, sign) => sum + (sign > "\u1100" ? 2 : 1), 0)).toBeLessThanOrEqual(78);
});

test("a page being recognised is told in both languages", () => {
  const [line = ""] = shownOnATerminal((progress) =>
    progress.recognising({ filename: "a.pdf" } as never, { done: 1, total: 3 }),
  );
  expect(line).toContain("a.pdf：识别第 2/3 页 / recognising page 2 of 3");
});
