// A sheet as .csv: opens in Excel and WPS with its Chinese, and no cell begins a formula.
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, plainText } from "../../src/sheet/cell.ts";

const zone = "Asia/Shanghai";

test("a cell never begins like a formula, and any text comes back whole", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
    expect(csvCell(text, zone).replace(/^"/, "")).toMatch(/^'/);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const cell = csvCell(text, zone);
      const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      const plain = plainText(text);
      expect(read === plain || read === `'${plain}`).toBe(true);
      expect(read).not.toMatch(/^\s*[=+\-@]/);
    }),
  );
});

test("times are in the campaign's zone, dates plain, numbers bare", () => {
  expect(csvCell(new Date("2012-12-05T17:30:00Z"), zone)).toBe("2012-12-06 01:30");
  expect(csvCell({ on: "2012-12-15" }, zone)).toBe("2012-12-15");
  expect(csvCell(-1, zone)).toBe("-1");
  expect(csvCell(null, zone)).toBe("");
});
