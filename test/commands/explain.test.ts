// Every fixture mail, explained, says at least what its .expect.json says.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadCampaign } from "../../src/campaign/load.ts";
import { virtualClock } from "../../src/clock.ts";
import { createExplainer, explanationLine } from "../../src/commands/explain.ts";
import { readable } from "../../src/commands/explained.ts";
import { silentLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = resolve(root, "fixtures/mailbox");
const { campaign } = loadCampaign(resolve(root, "config/campaign.yaml"));
const reader = createReader({ children: 1, log: silentLogger });
const clock = virtualClock(new Date("2012-11-30T02:00:00Z"));
const explainer = createExplainer(campaign, reader, clock);
afterAll(() => reader.close());

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".eml"))
  .sort();

test("there are fixture mails to explain", () => {
  expect(names.length).toBeGreaterThan(0);
});

interface Expectation {
  shows: string;
  type?: string;
  unit?: string | null;
  submissions?: ({ titleIncludes?: string } & Record<string, unknown>)[];
  [key: string]: unknown;
}

type Line = ReturnType<typeof explanationLine>;

/** The line reduced to the keys expected, values instead of verdicts, so that a difference reads plainly. */
function reduced(line: Line, expected: Expectation) {
  const { shows: _, type, unit, submissions, ...rest } = expected;
  const got: Record<string, unknown> = {};
  const want: Record<string, unknown> = {};
  if (type !== undefined) [got.type, want.type] = [line.type.value, type];
  if (unit !== undefined) [got.unit, want.unit] = [line.unit.value, unit];
  if (submissions) {
    want.submissions = submissions.map(({ titleIncludes, ...one }) => ({
      ...one,
      ...(titleIncludes ? { title: titleIncludes } : {}),
    }));
    got.submissions = line.submissions.map((one, i) => {
      const { titleIncludes, ...keys } = submissions[i] ?? {};
      const kept = Object.fromEntries(Object.keys(keys).map((key) => [key, one[key as keyof typeof one]]));
      if (titleIncludes) kept.title = one.title.includes(titleIncludes) ? titleIncludes : one.title;
      return submissions[i] ? kept : one;
    });
  }
  for (const [key, value] of Object.entries(rest))
    [got[key], want[key]] = [subsetOf(line[key as keyof Line], value), value];
  return { got, want };
}

/** Only what is asked for, however deep. */
function subsetOf(value: unknown, asked: unknown): unknown {
  if (Array.isArray(asked) && Array.isArray(value))
    return value.map((one, i) => (i < asked.length ? subsetOf(one, asked[i]) : one));
  if (
    asked !== null &&
    typeof asked === "object" &&
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(asked)
  ) {
    return Object.fromEntries(
      Object.keys(asked).map((key) => [key, subsetOf(value[key as never], asked[key as never])]),
    );
  }
  return value;
}

test.each(names)("%s is understood as expected", async (name) => {
  const expected = JSON.parse(readFileSync(resolve(folder, name.replace(/\.eml$/, ".expect.json")), "utf8"));
  const [one] = await explainer.explain([{ file: name, raw: readFileSync(resolve(folder, name)) }]);
  const { got, want } = reduced(explanationLine(one!), expected);
  expect(got, expected.shows).toEqual(want);
  expect(readable(one!, campaign)).toContain(name);
});

test("bytes that are no mail still give a line, held with a reason", async () => {
  const [one] = await explainer.explain([{ file: "noise.eml", raw: new Uint8Array([0, 255, 1, 254]) }]);
  const line = explanationLine(one!);
  expect(line.file).toBe("noise.eml");
  expect(line.outcome).toBe("held");
  expect(line.reason).not.toBeNull();
});

test("control characters in a subject do not reach the terminal", async () => {
  const raw = new TextEncoder().encode(
    "From: a@b.example\r\nSubject: =?utf-8?B?G1szMW3nuqI=?=\r\n\r\nhello\r\n",
  );
  const [one] = await explainer.explain([{ file: "red.eml", raw }]);
  expect(readable(one!, campaign)).not.toContain("\u001b");
});

test("a mail without any date arrives now", async () => {
  const [one] = await explainer.explain([
    { file: "a.eml", raw: new TextEncoder().encode("From: a@b.example\r\n\r\nhi") },
  ]);
  expect(one?.arrivedAt).toEqual(clock.now());
});

function jinbox(...args: string[]): Promise<{ code: number; out: string }> {
  const main = resolve(root, "src/main.ts");
  return new Promise((settle) => {
    execFile(process.execPath, [main, ...args], { timeout: 30_000 }, (error, out) => {
      settle({ code: typeof error?.code === "number" ? error.code : 0, out });
    });
  });
}

test("a held mail is no failure, a missing file is, and no file at all is wrong use", {
  timeout: 60_000,
}, async () => {
  const held = resolve(folder, names.find((name) => name.includes("question")) ?? "");
  const [explained, absent, none] = await Promise.all([
    jinbox("explain", "--json", held),
    jinbox("explain", "--json", resolve(folder, "absent.eml")),
    jinbox("explain"),
  ]);
  expect([explained.code, absent.code, none.code]).toEqual([0, 1, 2]);
  expect(JSON.parse(explained.out)).toMatchObject({ outcome: "held", reason: "question" });
});

test("a clerk reads outcome, reasons, formats and places in the campaign's language", async () => {
  const name = readdirSync(folder).find((file) => /docx.*\.eml$/.test(file)) ?? "";
  const [one] = await explainer.explain([{ file: name, raw: readFileSync(resolve(folder, name)) }]);
  const text = readable(one!, campaign);
  expect(text).toMatch(/^结果 {4}(?:已登记|待人工)/m);
  expect(text).toMatch(/📎 .* {2}文字文档, [\d,]+ bytes, 已读出：.*字$/m);
  expect(text).toMatch(/^ {4}\+\d\.\d {2}(?:文件名|主题|文档标题): “.*” → (?:金点子|书面总结)/m);
  expect(text).not.toMatch(/golden-idea|summary-report|application\//);
});
