// Sheets and slides cut short at every power of two: each is read in part or held with a reason, and none is a crash.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const folder = join(import.meta.dirname, "../../fixtures/documents");
const names = [
  "rooms.xls",
  "rooms.xlsx",
  "rooms.ods",
  "rooms.fods",
  "slides.ppt",
  "slides.pptx",
  "slides.odp",
  "slides.fodp",
];

test.each(names)("%s", async (name) => {
  const whole = readFileSync(join(folder, name));
  for (let bytes = 1; bytes < whole.length; bytes *= 2) {
    const document = await readDocument(whole.subarray(0, bytes), { inline: false });
    // So short that only the first members of a package are left, it is any archive.
    if (document.status === "read") expect(document.text || document.children.length).toBeTruthy();
    else expect(["corrupt", "no-text", "format-unsupported"]).toContain(document.reason);
  }
});
