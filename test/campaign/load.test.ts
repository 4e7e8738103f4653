// What campaign.yaml may say, what holds where it says nothing, and how its mistakes are told.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { ConfigurationError, loadCampaign, type Problem } from "../../src/campaign/load.ts";
import { keysAt } from "../../src/campaign/schema.ts";
import { cpuMilliseconds } from "../support/cpu.ts";

const sample = resolve(import.meta.dirname, "../../config/campaign.yaml");

const smallest = `
campaign: { code: X1, title: 讨论, opens: 2012-11-12, closes: 2012-12-20 }
mailbox: { address: Ideas@Culture.Example }
units:
  - { code: library, name: 市图书馆, kind: grassroots }
deliverables:
  - { code: golden-idea, name: 金点子 }
`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function written(text: string | Uint8Array, others: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "jinbox-campaign-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(others)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "campaign.yaml"), text);
  return join(folder, "campaign.yaml");
}

function errorOf(file: string): ConfigurationError {
  try {
    loadCampaign(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

const problemsOf = (text: string): readonly Problem[] => errorOf(written(text)).problems;

test("the sample campaign loads without a warning and says what the announcement says", () => {
  const { campaign, warnings } = loadCampaign(sample);
  expect(warnings).toEqual([]);
  expect(campaign.units).toHaveLength(24);
  expect(campaign.phases.map(({ from, to }) => [from, to])).toEqual([
    ["2012-11-12", "2012-11-20"],
    ["2012-11-21", "2012-12-05"],
    ["2012-12-06", "2012-12-20"],
  ]);
  const due = Object.fromEntries(
    campaign.deliverables.map((deliverable) => [deliverable.code, deliverable.due]),
  );
  expect(due).toEqual({
    "golden-idea": null,
    "summary-report": "2012-12-25",
    "engineering-plan": "2012-12-15",
  });
  const plans = campaign.deliverables[2]?.items ?? [];
  expect(plans).toHaveLength(9);
  expect(plans.every((plan) => plan.name.endsWith("工程") && plan.lead && plan.aliases.length > 0)).toBe(
    true,
  );
  expect(plans.map((plan) => plan.name)).toContain("文化自身造血探索工程");
});

test("the sample has units sharing a domain, units without one, and a person of one name in two units", () => {
  const { campaign } = loadCampaign(sample);
  const owners = (domain: string) => campaign.units.filter((unit) => unit.domains.includes(domain)).length;
  expect(owners("stage.culture.example")).toBe(3);
  expect(campaign.units.some((unit) => unit.kind === "grassroots" && unit.domains.length === 0)).toBe(true);
  const namesakes = campaign.roster.filter((person) => person.name === "李静").map((person) => person.unit);
  expect(namesakes).toEqual(["library", "museum"]);
  expect(campaign.roster.some((person) => person.email === null)).toBe(true);
});

test("the campaign's notice is read from beside the file, as clerks save text", () => {
  const text = `${smallest}announcement: 通知.txt\n`;
  const gbk = new Uint8Array([0xb9, 0xd8, 0xd3, 0xda, 0xbf, 0xaa, 0xd5, 0xb9]);
  expect(loadCampaign(written(text, { "通知.txt": gbk })).campaign.announcement).toBe("关于开展");
  expect(loadCampaign(sample).campaign.announcement).toContain("大讨论活动");
});

test.each([
  ["announcement: nowhere.txt", {}, "没有这个文件"],
  ["announcement: notice.docx", { "notice.docx": "x" }, "notice.docx"],
  ["announcement: empty.md", { "empty.md": " \n" }, "empty.md"],
])("%s is told with file, line, key and what to write", (line, others, found) => {
  const file = written(`${smallest}${line}\n`, others as Record<string, string>);
  const { problems } = errorOf(file);
  expect(problems).toHaveLength(1);
  const lines = `${smallest}${line}`.split("\n").length;
  expect(problems[0]).toMatchObject({ file, line: lines, key: "announcement" });
  expect(problems[0]?.found).toContain(found);
  expect(problems[0]?.expected.zh).toContain("活动通知");
});

test("a file that says only what nobody else can know is enough", () => {
  const { campaign, warnings } = loadCampaign(written(smallest));
  expect(warnings).toEqual([]);
  expect(campaign).toMatchObject({
    locale: "zh-CN",
    timezone: "Asia/Shanghai",
    phases: [],
    mailbox: {
      address: "ideas@culture.example",
      imap: null,
      poll: "*/1 * * * *",
      idle: true,
      authserv: [],
      authservBelow: false,
      hops: null,
      verify: false,
      maxBytes: 60 * 1024 * 1024,
    },
    smtp: null,
    office: { name: "活动领导小组办公室", members: [], digest: "17:30", weekly: "last" },
    roster: [],
    announcement: null,
    reminders: {
      before: [7, 3, 1],
      overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 },
      workingDaysOnly: true,
      quiet: { from: "18:00", to: "08:30" },
    },
    clarifyWithin: 2,
    retention: {
      ...{ automatic: 365, held: 365, mail: 365, attachments: 365, notices: 365, people: 365 },
      submissions: null,
    },
    autoFileAt: 0.9,
    holidays: { off: [], working: [] },
  });
  expect(campaign.templates).toBe(resolve(import.meta.dirname, "../../config/templates"));
  expect(campaign.review.criteria.map((criterion) => criterion.code)).toEqual([
    "innovation",
    "foresight",
    "operability",
  ]);
  expect(campaign.units[0]).toEqual({
    code: "library",
    name: "市图书馆",
    aliases: [],
    kind: "grassroots",
    staff: null,
    domains: [],
    liaison: null,
    head: null,
    supervisor: null,
  });
  expect(campaign.deliverables[0]).toMatchObject({ from: "person", owedBy: [], due: null });
  expect(campaign.deliverables[0]?.aliases).toContain("合理化建议");
});

test("the words a campaign falls back to are those of its language", () => {
  const { campaign } = loadCampaign(written(smallest.replace("code: X1", "code: X1, locale: en")));
  expect(campaign.office.name).toBe("Campaign office");
  expect(campaign.deliverables[0]?.aliases).toContain("suggestion");
  expect(campaign.templates.endsWith("config/templates")).toBe(true);
});

test("a secure connection follows from the port unless it is said", () => {
  const servers = (imap: string, smtp: string) =>
    loadCampaign(
      written(
        smallest.replace(
          "Culture.Example }",
          `Culture.Example, imap: { host: h, ${imap} } }\nsmtp: { host: h, ${smtp} }`,
        ),
      ),
    ).campaign;
  const usual = servers("port: 993", "port: 465");
  expect([usual.mailbox.imap?.secure, usual.smtp?.secure]).toEqual([true, true]);
  expect(usual.mailbox.imap).toMatchObject({ user: "ideas@culture.example", folder: "INBOX" });
  expect(usual.smtp).toMatchObject({ perHour: 200, connections: 5, user: null });
  const plain = servers("port: 143", "port: 587");
  expect([plain.mailbox.imap?.secure, plain.smtp?.secure]).toEqual([false, false]);
  const said = servers("port: 1993, secure: true", "port: 2465, secure: true");
  expect([said.mailbox.imap?.secure, said.smtp?.secure]).toEqual([true, true]);
});

test.each([
  ["quiet: none", null],
  ["quiet:", null],
  ['quiet: "22:00-07:00"', { from: "22:00", to: "07:00" }],
])("%s under reminders", (line, expected) => {
  const { campaign } = loadCampaign(written(`${smallest}reminders:\n  ${line}\n`));
  expect(campaign.reminders.quiet).toEqual(expected);
});

test("addresses and domains are kept in lower case; sizes may be written as people write them", () => {
  const text = smallest
    .replace("Culture.Example }", "Culture.Example, maxBytes: 1.5 MB }")
    .replace(
      "kind: grassroots }",
      "kind: grassroots, domains: [Lib.Culture.Example], head: { email: Head@Lib.Culture.Example } }",
    );
  const { campaign } = loadCampaign(written(text));
  expect(campaign.mailbox.maxBytes).toBe(1.5 * 1024 * 1024);
  expect(campaign.units[0]?.domains).toEqual(["lib.culture.example"]);
  expect(campaign.units[0]?.head).toEqual({ name: "负责人", email: "head@lib.culture.example" });
});

test("every mistake is told at once, each with its line, what stands there and the line to write", () => {
  const file = written(`
campaign: { code: X1, title: 讨论, opens: 2012-12-20, closes: 2012-11-12, timezone: Asia/Beijing }
mailbox:
  address: ideas＠culture。example
  imap: { host: imap.culture.example, port: 99999, password: hunter2 }
  pol: "* * * * *"
units:
  - { code: library, name: 市图书馆, kind: 基层单位 }
  - { code: library, name: 市博物馆, kind: grassroots, domains: ["@museum.culture.example"] }
deliverables:
  - code: question
    name: 问题
  - code: plan
    name: 方案
    due: 2012年12月5日
    items: [ { code: one, name: 名城, unit: libary } ]
office: { digest: "17：30" }
autoFileAt: 95
`);
  const { problems, message } = errorOf(file);
  expect(problems.map(({ line, key, write }) => [line, key, write])).toEqual(
    expect.arrayContaining([
      [2, "campaign.timezone", "timezone: Asia/Shanghai"],
      [2, "campaign.closes", "closes: 2012-12-20"],
      [4, "mailbox.address", "address: ideas@culture.example"],
      [5, "mailbox.imap.port", "port: 993"],
      [5, "mailbox.imap.password", null],
      [6, "mailbox.pol", "poll: …"],
      [8, "units[0].kind", "kind: grassroots"],
      [9, "units[1].code", "code: library-2"],
      [9, "units[1].domains[0]", "- museum.culture.example"],
      [11, "deliverables[0].code", "code: question-paper"],
      [15, "deliverables[1].due", "due: 2012-12-05"],
      [16, "deliverables[1].items[0].unit", "unit: library"],
      [17, "office.digest", 'digest: "17:30"'],
      [18, "autoFileAt", "autoFileAt: 0.95"],
    ]),
  );
  expect(message).toContain(`${file}:8  units[0].kind`);
  expect(message).toContain('看到 / found     "基层单位"');
  expect(message).toContain("leadership, office or grassroots");
  expect(message).toContain("JINBOX_IMAP_PASSWORD");
  expect(message).not.toContain("hunter2");
});

test.each([
  ["due: 2012-12-15", "2012-12-15", null],
  ["due: 2012-12-15T17:00", "2012-12-15", "17:00"],
  ["due: 2012-12-15 09:30", "2012-12-15", "09:30"],
  ['due: "2012-12-15 09:30"', "2012-12-15", "09:30"],
])("%s is due on %s at %s", (due, on, time) => {
  const text = smallest.replace("name: 金点子", `name: 金点子, from: unit, ${due}`);
  expect(loadCampaign(written(text)).campaign.deliverables[0]).toMatchObject({ due: on, dueTime: time });
});

test.each([
  ["due: 2012-12-15T25:00", null],
  ["due: 2012年12月15日17时", "due: 2012-12-15T17:00"],
  ["due: 2012-12-15 17：30", "due: 2012-12-15T17:30"],
  ["due: 2012-12-15 24:00", "due: 2012-12-15"],
  ["due: 2012-02-30T17:00", null],
])("%s is refused, with what to write", (due, write) => {
  const text = smallest.replace("name: 金点子", `name: 金点子, from: unit, ${due}`);
  const [problem, ...others] = problemsOf(text);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    key: "deliverables[0].due",
    line: text.split("\n").findIndex((l) => l.includes(due)) + 1,
  });
  if (write) expect(problem?.write).toBe(write);
  expect(problem?.expected.zh).toContain("2012-12-05T17:00");
});

test.each([
  [
    "a section is missing",
    smallest.replace(/mailbox.*\n/, ""),
    "mailbox",
    "mailbox: { address: ideas@culture.example }",
  ],
  [
    "units are left out",
    smallest.replace(/units:\n.*\n/, ""),
    "units",
    "units: [ { code: library, name: 市图书馆, kind: grassroots } ]",
  ],
  ["a key is left blank", smallest.replace("code: X1", "code: "), "campaign.code", "code: WHXDH"],
  ["a code is a bare number", smallest.replace("code: library", "code: 101"), "units[0].code", 'code: "101"'],
  [
    "a list is written as text",
    smallest.replace("kind:", "aliases: 图书馆、市图, kind:"),
    "units[0].aliases",
    "aliases: [图书馆, 市图]",
  ],
  ["the colon is full-width", `${smallest}office: name：办公室\n`, "office", "office: name: 办公室"],
  [
    "a date does not exist",
    smallest.replace("2012-12-20", "2012-02-30"),
    "campaign.closes",
    "closes: 2012-12-20",
  ],
  [
    "a cron expression is none",
    `${smallest.replace("Example }", 'Example, poll: "every minute" }')}`,
    "mailbox.poll",
    'poll: "*/1 * * * *"',
  ],
])("when %s, the line to write is given", (_case, text, key, write) => {
  expect(problemsOf(text)).toContainEqual(expect.objectContaining({ key, write }));
});

test.each([
  ["quiet hours with one time", 'reminders: { quiet: "18:00" }', "reminders.quiet"],
  ["a reminder of 0 days", "reminders: { before: [0] }", "reminders.before[0]"],
  ["a reminder years before", "reminders: { before: [7, 3000] }", "reminders.before[1]"],
  [
    "a criterion without weight",
    "review: { criteria: [ { code: a, name: 甲, weight: 0 } ] }",
    "review.criteria[0].weight",
  ],
  ["a folder of templates that does not exist", "templates: nowhere", "templates"],
  [
    "a day off that is also worked",
    "holidays: { off: [2012-12-01], working: [2012-12-01] }",
    "holidays.working[0]",
  ],
  [
    "phases that overlap",
    "phases: [ { code: a, name: 甲, from: 2012-11-12, to: 2012-11-20 }, { code: b, name: 乙, from: 2012-11-20, to: 2012-11-21 } ]",
    "phases[1].from",
  ],
  ["an unknown section", "remainders: {}", "remainders"],
])("%s is refused", (_case, line, key) => {
  const problems = problemsOf(`${smallest}${line}\n`);
  expect(problems.map((problem) => problem.key)).toEqual([key]);
  expect(problems[0]?.line).toBe(8);
});

test.each([
  ["a tab as indentation", "campaign:\n\tcode: X\n", 2, "Tab"],
  ["a key written twice", `${smallest}office: {}\noffice: {}\n`, 9, "只能写一次"],
  [
    "a cron expression without quotes",
    smallest.replace("}\nunits", "}\noffice: { digest: */5 }\nunits"),
    4,
    "加上引号",
  ],
  ["a bracket left open", "campaign: { code: X\nunits: []\n", 2, "YAML"],
])("%s is told with its line", (_case, text, line, words) => {
  const [problem] = problemsOf(text);
  expect(problem?.line).toBe(line);
  expect(problem?.expected.zh).toContain(words);
});

test("a missing file says which one and how to name another", () => {
  const { message } = errorOf("/nowhere/campaign.yaml");
  expect(message).toContain("/nowhere/campaign.yaml");
  expect(message).toContain("--config");
});

test("an empty file names every section it lacks", () => {
  expect(problemsOf("").length).toBeGreaterThan(0);
  expect(problemsOf("{}").map((problem) => problem.key)).toEqual([
    "campaign",
    "mailbox",
    "units",
    "deliverables",
  ]);
});

test("a file saved as GBK or with a byte order mark reads the same", () => {
  const gbk = Buffer.concat([
    Buffer.from(smallest.split("讨论")[0] ?? ""),
    Buffer.from([0xcc, 0xd6, 0xc2, 0xdb]),
    Buffer.from((smallest.split("讨论")[1] ?? "").replace("市图书馆", "Library").replace("金点子", "Idea")),
  ]);
  expect(loadCampaign(written(gbk)).campaign.title).toBe("讨论");
  expect(loadCampaign(written(`\uFEFF${smallest}`)).campaign.title).toBe("讨论");
});

test("an alias of two units is a warning, one full name for two units is a problem", () => {
  const two = (second: string) =>
    smallest.replace("kind: grassroots }", `kind: grassroots, aliases: [市图] }\n  - ${second}`);
  const { campaign, warnings } = loadCampaign(
    written(two("{ code: children, name: 少儿图书馆, kind: grassroots, aliases: [少儿馆, 市 图] }")),
  );
  expect(campaign.units).toHaveLength(2);
  expect(warnings.map(({ key, line }) => [key, line])).toEqual([["units[1].aliases[1]", 6]]);
  expect(warnings[0]?.expected.zh).toContain("市图书馆");
  const problems = problemsOf(two("{ code: other-library, name: 市图书馆, kind: grassroots }"));
  expect(problems.map(({ key }) => key)).toEqual(["units[1].name"]);
});

test("a public provider as a unit's domain is a warning", () => {
  const { warnings } = loadCampaign(
    written(smallest.replace("kind: grassroots", "kind: grassroots, domains: [qq.com]")),
  );
  expect(warnings.map(({ key }) => key)).toEqual(["units[0].domains[0]"]);
});

test("a deliverable with items is owed by their units alone", () => {
  const text = smallest.replace(
    "name: 金点子 }",
    "name: 金点子 }\n  - { code: plan, name: 方案, owedBy: [office], items: [ { code: a, name: 甲, unit: library } ] }",
  );
  const { campaign, warnings } = loadCampaign(written(text));
  expect(campaign.deliverables[1]).toMatchObject({ from: "unit", owedBy: [] });
  expect(warnings.map(({ key }) => key)).toEqual(["deliverables[1].owedBy"]);
});

test("mistakes of the roster show together with the file's own", () => {
  const file = written(`${smallest.replace("kind: grassroots", "kind: grass")}roster: people.csv\n`, {
    "people.csv": "姓名,邮箱,单位\n张某,,市图书\n",
  });
  const { problems, message } = errorOf(file);
  expect(problems.map(({ key }) => key)).toEqual(["units[0].kind", "unit"]);
  expect(message).toMatch(/people\.csv:2 {2}unit/);
});

test("a roster that is not there is told where it is named", () => {
  const [problem] = problemsOf(`${smallest}roster: people.csv\n`);
  expect(problem).toMatchObject({ key: "roster", line: 8 });
});

test("five hundred units and twenty thousand people load in half a second", () => {
  const units = Array.from(
    { length: 500 },
    (_, n) =>
      `  - { code: unit-${n}, name: 第${n}单位, aliases: [单位${n}, ${n}号], kind: grassroots, staff: ${n + 1}, domains: [u${n}.culture.example], liaison: { name: 甲, email: l${n}@u${n}.culture.example } }`,
  );
  const people = Array.from(
    { length: 20_000 },
    (_, n) => `人${n},p${n}@u${n % 500}.culture.example,单位${n % 500}`,
  );
  const file = written(
    `${smallest}`.replace(/units:\n.*\n/, `units:\n${units.join("\n")}\n`).concat("roster: r.csv\n"),
    {
      "r.csv": ["name,email,unit", ...people].join("\n"),
    },
  );
  loadCampaign(sample);
  // The best of three: the caches of a busy machine do not count.
  const spent = [1, 2, 3].map(() => cpuMilliseconds(() => loadCampaign(file)));
  expect(Math.min(...spent)).toBeLessThan(500);
  const { campaign } = loadCampaign(file);
  expect(campaign.units).toHaveLength(500);
  expect(campaign.roster).toHaveLength(20_000);
  expect(campaign.roster[19_999]).toEqual({
    name: "人19999",
    email: "p19999@u499.culture.example",
    unit: "unit-499",
  });
});

/** "units[].liaison.email" and all others the schema knows. */
function everyKey(path: string[] = []): string[] {
  return keysAt(path).flatMap((key) => {
    const below = everyKey([...path, key]);
    return [[...path, key].join("."), ...(below.length > 0 ? below : everyKey([...path, key, "0"]))];
  });
}

test("every key that may be written is shown in the sample or in the operator's manual", () => {
  const manual = readFileSync(resolve(import.meta.dirname, "../../docs/operator.md"), "utf8");
  const shown = readFileSync(sample, "utf8") + manual;
  const keys = everyKey();
  expect(keys).toContain("units.0.liaison.email");
  expect(keys).toContain("mailbox.imap.folder");
  const names = [...new Set(keys.map((key) => key.split(".").at(-1) ?? ""))];
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(shown))).toEqual([]);
});

const broken = fc.constantFrom(
  "null",
  "[]",
  "{}",
  "[1]",
  "- x",
  "\n",
  '"',
  "：",
  ": ",
  "*/5 * * * *",
  "&a ",
  "<<: *a",
  "",
);

test("whatever is broken in a file, it loads or its mistakes are told; nothing else happens", () => {
  const text = readFileSync(sample, "utf8").replace(/^(roster|announcement): .*$/gm, "");
  const file = written(text);
  const edits = fc.array(fc.tuple(fc.nat(text.length), fc.constantFrom(0, 1, 5, 40), broken), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(edits, (changes) => {
      const changed = changes.reduce(
        (all, [at, cut, put]) => all.slice(0, at) + put + all.slice(at + cut),
        text,
      );
      writeFileSync(file, changed);
      try {
        loadCampaign(file);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        expect((error as Error).message).not.toMatch(/undefined|NaN|\[object/);
      }
    }),
    { numRuns: 60 },
  );
});
