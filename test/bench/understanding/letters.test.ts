// The labelled letters are what they claim to be: each file in its form, each code configured, no style on both sides.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authorFile, foreignAddresses, labelProblems } from "../../../bench/understanding/label.ts";
import { chosen, readLetters } from "../../../bench/understanding/letters.ts";

const folder = join(import.meta.dirname, "../../../fixtures/letters");
const set = readLetters([folder]);

test("every file can be taken, and every label means something", () => {
  expect(set.problems).toEqual([]);
});

test("there are letters enough, by hands enough", () => {
  expect(chosen(set, { split: "all", only: [] }).length).toBeGreaterThanOrEqual(300);
  expect(set.authors.length).toBeGreaterThanOrEqual(20);
});

test("every author stands on one side", () => {
  const sides = set.authors.map(({ organisation, name, content }) => ({
    author: `${organisation.name}/${name}`,
    side: content.split,
  }));
  expect(sides.filter(({ side }) => side === undefined)).toEqual([]);
  // One hand writes one style: the same style under two names would be on both.
  const styles = set.authors.map(({ content }) => content.style);
  expect(new Set(styles).size).toBe(styles.length);
});

test("a letter is one letter", () => {
  const all = chosen(set, { split: "all", only: [] });
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const said = all.map(({ letter }) =>
    JSON.stringify([letter.from, letter.subject, letter.body, letter.attachments]),
  );
  expect(said.filter((one, at) => said.indexOf(one) !== at)).toEqual([]);
});

test("nobody owns an address that stands anywhere in the set", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(yaml|csv)$/.test(name),
  );
  expect(files.length).toBeGreaterThan(2);
  const foreign = files.flatMap((name) => foreignAddresses(readFileSync(join(folder, name), "utf8")));
  expect(foreign).toEqual([]);
});

const letter = {
  shows: "an idea",
  arrived: "2025-04-02T10:20:00+08:00",
  from: { name: "甲", address: "a@qq.example" },
  subject: "建议",
  body: "建议延长开放。",
  expect: { origin: "person", type: "idea", unit: "library" },
};
const file = (changed: object) => ({
  organisation: "town",
  style: "短",
  letters: [{ ...letter, ...changed }],
});

test("a word the form does not know is refused", () => {
  expect(authorFile.safeParse(file({})).success).toBe(true);
  expect(authorFile.safeParse(file({ subjcet: "建议" })).success).toBe(false);
  expect(authorFile.safeParse(file({ expect: { ...letter.expect, untit: null } })).success).toBe(false);
  expect(authorFile.safeParse(file({ arrived: "2025-04-02" })).success).toBe(false);
  expect(authorFile.safeParse(file({ attachments: [{ filename: "a.docx" }] })).success).toBe(false);
});

test("a code that is not configured and an address somebody may own are found", () => {
  const known = { units: [{ code: "library" }], deliverables: [{ code: "idea", items: [] }] } as never;
  const problems = (changed: object) => labelProblems(authorFile.parse(file(changed)), known);
  expect(problems({})).toEqual([]);
  expect(problems({ expect: { ...letter.expect, unit: "museum" } })).toEqual(["#1 no unit museum"]);
  expect(problems({ expect: { ...letter.expect, type: "ideas" } })).toEqual(["#1 no deliverable ideas"]);
  expect(problems({ body: "写信给 b@qq.com" })).toEqual(["#1 b@qq.com"]);
});
