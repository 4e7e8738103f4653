// Every reason has its words, in both languages.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REASON_CODES, reasonWords } from "../../src/text/reason.ts";

/** Reasons of mails that are never answered: nobody is told. */
const silent = new Set(
  "mail-loop thanks spam own-mail auto-reply bounce receipt mailing-list office-dismissed decoration machine-part".split(
    " ",
  ),
);

test("the list of codes is the whole type", () => {
  const source = readFileSync(new URL("../../src/text/reason.ts", import.meta.url), "utf8");
  const type = source.slice(source.indexOf("export type ReasonCode"), source.indexOf("export interface"));
  expect([...REASON_CODES].sort()).toEqual(
    [...type.matchAll(/\| "([a-z-]+)"/g)].map((found) => found[1]).sort(),
  );
});

test.each(REASON_CODES)("%s is worded in Chinese and in English", (code) => {
  const [chinese, english] = [reasonWords(code, "zh-CN"), reasonWords(code, "en")];
  expect(chinese.label).toMatch(/\p{Script=Han}/u);
  expect(english.label).toMatch(/^[\x20-\x7e]+$/);
  expect(chinese.sender === "").toBe(silent.has(code));
  expect(english.sender === "").toBe(silent.has(code));
});

const told = REASON_CODES.filter((code) => !silent.has(code));

test.each(told)("what the sender is told about %s is whole sentences in the language asked for", (code) => {
  expect(reasonWords(code, "zh-CN").sender).toMatch(/^[^a-z]+.*。$/);
  expect(reasonWords(code, "en").sender).toMatch(/^[\x20-\x7e]+\.$/);
});

test("labels are told apart", () => {
  for (const locale of ["zh-CN", "en"] as const)
    expect(new Set(REASON_CODES.map((code) => reasonWords(code, locale).label)).size).toBe(
      REASON_CODES.length,
    );
});
