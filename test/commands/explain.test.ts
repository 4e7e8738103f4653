// Every fixture mail, explained, says at least what its .expect.json says.
import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { loadCampaign } from "../../src/campaign/load.ts";
import { virtualClock } from "../../src/clock.ts";
import { createExplainer, explanationLine } from "../../src/commands/explain.ts";
import { readable } from "../../src/commands/explained.ts";
import { lookFor } from "../../src/commands/look.ts";
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

interface Ran {
  code: number;
  out: string;
  said: string;
}

function jinbox(args: string[], input?: Uint8Array, env = process.env): Promise<Ran> {
  const main = resolve(root, "src/main.ts");
  return new Promise((settle) => {
    const options = { timeout: 180_000, env };
    const child = execFile(process.execPath, [main, ...args], options, (error, out, said) => {
      settle({ code: typeof error?.code === "number" ? error.code : 0, out, said });
    });
    child.stdin?.end(input);
  });
}

test("a held mail is no failure, a missing file is, and no file at all is wrong use", {
  timeout: 180_000,
}, async () => {
  const held = resolve(folder, names.find((name) => name.includes("question")) ?? "");
  const [explained, absent, none] = await Promise.all([
    jinbox(["explain", "--json", held]),
    jinbox(["explain", "--json", resolve(folder, "absent.eml")]),
    jinbox(["explain"]),
  ]);
  expect([explained.code, absent.code, none.code]).toEqual([0, 1, 2]);
  expect(JSON.parse(explained.out)).toMatchObject({ outcome: "held", reason: "question" });
});

test("a clerk reads outcome, reasons, formats and places in the campaign's language", async () => {
  const name = readdirSync(folder).find((file) => /docx.*\.eml$/.test(file)) ?? "";
  const [one] = await explainer.explain([{ file: name, raw: readFileSync(resolve(folder, name)) }]);
  const text = readable(one!, campaign);
  expect(text).toMatch(/^结果 {6}(?:已登记|待人工)/m);
  expect(text).toMatch(/📎 .* {2}文字文档, [\d,]+ bytes, 已读出：.*字$/m);
  expect(text).toMatch(/^ {4}\+\d\.\d ■+□* {2}(?:文件名|主题|文档标题) +“.*” → (?:金点子|书面总结)/m);
  expect(text).not.toMatch(/golden-idea|summary-report|application\//);
});

const aboutTheMuseum = "015-idea-librarian-about-the-museum.eml";

test("the letter shows in place which words decided, and the second guess why it lost", async () => {
  const raw = readFileSync(resolve(folder, aboutTheMuseum));
  const [one] = await explainer.explain([{ file: aboutTheMuseum, raw }]);
  const text = readable(one!, campaign);
  expect(text).toMatch(/^主题 {6}〖建议〗：〔博物馆〕的展柜说明太难懂$/m);
  expect(text).toMatch(/^ {4}│ 〖建议〗〔博物馆〕请几个小学语文老师/m);
  expect(text).toMatch(/^单位 {6}市图书馆 {2}把握 [\d.]+%，自动登记须 [\d.]+%：达到；其次 市博物馆/m);
  expect(text).toMatch(/^ {4}落选：市博物馆 合计 .*不及 市图书馆 的/m);
  expect(text).toMatch(/^提交 1 {4}金点子 · 市图书馆 · 李静（正文） · 博物馆的展柜说明太难懂（主题）$/m);
  const english = readable(one!, { ...campaign, locale: "en" });
  expect(english).toMatch(/^ {4}Lost: 市博物馆 comes to .*, less than the/m);
});

test("what a sender quotes is left out where it decided nothing, and a change is told in words", async () => {
  const file = "023-reply-wrong-unit.eml";
  const [one] = await explainer.explain([{ file, raw: readFileSync(resolve(folder, file)) }]);
  const text = readable(one!, campaign);
  expect(text).toMatch(/^更正 {6}单位改为 市图书馆$/m);
  expect(text).toMatch(/^来意 {6}更正已登记的内容 \(correct\)$/m);
  expect(text).toContain("引用的往来，不作依据");
  expect(text).not.toContain("自动登记须");
});

test("colours only where they are wanted; what a mail brings of its own never gets through", async () => {
  const raw = readFileSync(resolve(folder, aboutTheMuseum));
  const [one] = await explainer.explain([{ file: aboutTheMuseum, raw }]);
  const coloured = readable(one!, campaign, lookFor("always", process.stdout));
  expect(coloured).toContain("\u001b[");
  expect(stripVTControlCharacters(coloured)).not.toMatch(/[〖〔]/);
  const steering = new TextEncoder().encode(
    "From: a@b.example\r\nSubject: =?utf-8?B?5bu66K6uG1szMW3nuqI=?=\r\n\r\n\u001b[2Jhello\r\n",
  );
  const [red] = await explainer.explain([{ file: "red.eml", raw: steering }]);
  expect(readable(red!, campaign, lookFor("always", process.stdout))).not.toMatch(/\u001b\[(?:31m|2J)/);
});

test("standard input, and a folder in one line a mail", { timeout: 120_000 }, async () => {
  const path = resolve(folder, aboutTheMuseum);
  const piped = await jinbox(["explain", "--json", "-"], readFileSync(path));
  expect(JSON.parse(piped.out)).toMatchObject({ file: "-", unit: { value: "library" } });
  const paths = [path, resolve(folder, "absent.eml"), resolve(folder, "004-empty-mail.eml")];
  const brief = await jinbox(["explain", "--brief", ...paths]);
  expect(brief.code).toBe(1);
  expect(brief.out.trimEnd().split("\n")).toHaveLength(2);
  expect(brief.out).toMatch(/^已登记 +金点子 \d+% +市图书馆 \d+% +李静 《博物馆.*》 +015-/);
  expect(brief.said).toMatch(/absent\.eml[\s\S]*2 封：已登记 1，待人工 1/);
});

test("what is no mail, a folder without any, and options that are wrong", { timeout: 120_000 }, async () => {
  const path = resolve(folder, aboutTheMuseum);
  const document =
    readdirSync(resolve(root, "fixtures/documents")).find((name) => name.endsWith(".docx")) ?? "";
  const noMail = await jinbox(["explain", resolve(root, "fixtures/documents", document)]);
  expect([noMail.code, noMail.said]).toEqual([0, expect.stringContaining("jinbox extract")]);
  const noMails = await jinbox(["explain", resolve(root, "src")]);
  expect([noMails.code, noMails.said]).toEqual([1, expect.stringContaining("no .eml file")]);
  expect((await jinbox(["explain", "--json", "--brief", path])).code).toBe(2);
  expect((await jinbox(["explain", "--color", "perhaps", path])).code).toBe(2);
});

test("no colours into a pipe unless they are asked for", { timeout: 120_000 }, async () => {
  const path = resolve(folder, "004-empty-mail.eml");
  const { FORCE_COLOR: _, ...env } = process.env;
  expect((await jinbox(["explain", path], undefined, env)).out).not.toContain("\u001b");
  expect((await jinbox(["explain", "--color", "always", path], undefined, env)).out).toContain("\u001b");
});

test("a reader who has seen enough ends it without a failure", { timeout: 120_000 }, async () => {
  const main = resolve(root, "src/main.ts");
  const child = spawn(process.execPath, [main, "explain", folder], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes) => {
    said += bytes;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((settle) => child.once("close", settle));
  expect([code, said.includes("EPIPE")]).toEqual([0, false]);
});

test("the help speaks both languages and names every option", async () => {
  const { code, out } = await jinbox(["explain", "--help"]);
  expect(code).toBe(0);
  for (const words of ["--brief", "--json", "--config", "--color", "每封一行", "one line a mail", "标准输入"])
    expect(out).toContain(words);
});

test("each line of JSON carries type and unit with reasons and the second guess, and the rules' version", async () => {
  const raw = readFileSync(resolve(folder, aboutTheMuseum));
  const [one] = await explainer.explain([{ file: aboutTheMuseum, raw }]);
  const line = JSON.parse(JSON.stringify(explanationLine(one!)));
  expect(line).toMatchObject({
    ruleVersion: expect.any(Number),
    unit: { value: "library", runnerUp: { value: "museum" } },
  });
  for (const { evidence } of [line.type, line.unit])
    for (const reason of evidence)
      expect(reason).toMatchObject({ where: expect.any(String), words: expect.any(String) });
});
