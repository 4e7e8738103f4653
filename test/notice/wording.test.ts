// What every notice says, in both languages, kept as text; and what a template's mistake looks like.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import type { DutyNotice } from "../../src/deadline/ladder.ts";
import { dutyIntent } from "../../src/notice/wording/duty.ts";
import { templateMistakes } from "../../src/notice/wording/mistakes.ts";
import { sampleNotices } from "../../src/notice/wording/samples.ts";
import { campaign } from "../deadline/campaign.ts";

const golden = join(import.meta.dirname, "../golden/notices");

const english: Campaign = {
  ...campaign({ locale: "en", title: "The Great Discussion" }),
  office: { name: "Campaign Office", members: [], digest: "17:30", weekly: "last" },
  units: [
    {
      ...(campaign().units[0] as Campaign["units"][0]),
      name: "City Library",
      liaison: { name: "A. Page", email: "liaison@library.example" },
      head: { name: "B. Stack", email: "head@library.example" },
    },
  ],
  deliverables: campaign().deliverables.map((deliverable) => ({
    ...deliverable,
    name:
      { "golden-idea": "Golden Idea", summary: "Written Summary", plan: "Engineering Plan" }[
        deliverable.code
      ] ?? "",
    items: deliverable.items.map((item) => ({ ...item, name: "Heritage City" })),
  })),
};

const cases = [campaign(), english].flatMap((one) =>
  sampleNotices(one).map((sample) => ({ locale: one.locale, name: sample.name, compose: sample.compose })),
);

test.each(cases)("$locale $name reads as agreed", async ({ locale, name, compose }) => {
  const intent = await compose();
  expect(intent).not.toBeNull();
  if (!intent) return;
  const people = (contacts: { name: string; email: string }[]) =>
    contacts.map((one) => `${one.name} <${one.email}>`).join(", ");
  const page = [
    `Kind: ${intent.kind}`,
    `To: ${people(intent.to)}`,
    `Cc: ${people(intent.cc)}`,
    `Subject: ${intent.subject}`,
    "",
    intent.text,
    "---------- html ----------",
    intent.html,
  ].join("\n");
  const file = join(golden, `${locale}-${name}.txt`);
  if (process.env.UPDATE_GOLDEN) await writeFile(file, page);
  expect(page).toBe(await readFile(file, "utf8"));
});

test.each([
  { kind: "reminder" as const, level: "liaison" as const, begins: /^市图书馆联络员同志：/ },
  { kind: "reminder" as const, level: "head" as const, begins: /^负责人同志：/ },
  { kind: "overdue" as const, level: "head" as const, begins: /^负责人同志：/ },
])("a $kind to the $level begins as it should", async ({ kind, level, begins }) => {
  const { text } = await dutyIntent(dutyNotice(kind, level), campaign(), calendarOf(campaign()));
  expect(text).toMatch(begins);
});

test("a leader is asked to see to it, never to attach the material", async () => {
  const notice = dutyNotice("escalation", "head");
  const { text } = await dutyIntent(notice, campaign(), calendarOf(campaign()));
  expect(text).toContain("请予督促");
  expect(text).not.toContain("附上材料");
});

test("where nobody stands above the liaison, they are asked to deliver and not to urge themselves", async () => {
  const notice = dutyNotice("escalation", "liaison");
  const { kind, subject, text } = await dutyIntent(notice, campaign(), calendarOf(campaign()));
  expect(kind).toBe("escalation");
  expect(subject).toMatch(/^【逾期】/);
  expect(text).toMatch(/^市图书馆联络员同志：\n\n贵单位/);
  expect(text).not.toContain("督促");
});

test("the hour stands behind the day of the week", async () => {
  const notice = dutyNotice("overdue", "liaison");
  const owed = notice.owed.map((one) => ({ ...one, dueTime: "10:00" }));
  const { text, html } = await dutyIntent({ ...notice, owed }, campaign(), calendarOf(campaign()));
  for (const words of [text, html]) expect(words).toContain("2012年12月25日（星期二）10:00");
});

function dutyNotice(kind: DutyNotice["kind"], level: "liaison" | "head"): DutyNotice {
  const [unit] = campaign().units;
  const contact = unit?.[level];
  if (!unit || !contact) throw new Error(`the test's campaign needs a unit with a ${level}`);
  const owed = [
    {
      key: "summary/library",
      deliverable: "summary",
      item: null,
      unit: unit.code,
      dueOn: "2012-12-25",
      announcedOn: "2012-12-25",
      state: "overdue" as const,
      metAt: null,
      metBy: null,
      provisional: false,
      why: null,
      dueTime: null,
      dueAt: new Date("2012-12-25T15:59:59.999Z"),
      announcedAt: new Date("2012-12-25T15:59:59.999Z"),
      reason: "",
      history: [],
    },
  ];
  const causes = [{ key: "summary/library", days: 3 }];
  return { unit: unit.code, on: "2012-12-28", kind, to: [contact], cc: [], owed, causes, returned: [] };
}

const mistakes = (one: Campaign) => templateMistakes(one, sampleNotices(one));

async function ownTemplates(files: Record<string, string>): Promise<string> {
  const templates = await mkdtemp(join(tmpdir(), "jinbox-templates-"));
  onTestFinished(() => rm(templates, { recursive: true, force: true }));
  await mkdir(join(templates, "zh-CN"));
  for (const [name, words] of Object.entries(files)) await writeFile(join(templates, "zh-CN", name), words);
  return templates;
}

test("the templates that come with the program have no mistake", async () => {
  expect(await mistakes(campaign())).toEqual([]);
  expect(await mistakes(english)).toEqual([]);
});

test.each([
  {
    file: "overdue.text.liquid",
    words: "您好：\n{{ unit }} owes {{ nothing_known }}",
    said: ":2: undefined variable: nothing_known",
  },
  {
    file: "owed.text.liquid",
    words: "{% for one in overdue %}\n\n{{ one.title }}{% endfor %}",
    said: ":3: undefined variable: one.title",
  },
  {
    file: "reminder.html.liquid",
    words: "<p>{% if unit %}{{ unit }}</p>",
    said: ":1: tag {% if unit %} not closed",
  },
  { file: "announcement.subject.liquid", words: "{{ title | shout }}", said: ":1: undefined filter: shout" },
  { file: "clarification.text.liquid", words: "\n{% render 'nowhere.liquid' %}", said: ":2: ENOENT" },
  { file: "escalation.subject.liquid", words: " \n", said: ":1: no words come of it" },
  { file: "remainder.text.liquid", words: "x", said: ":1: no notice has a template of this name" },
])("a mistake in $file is found, with its file and line", async ({ file, words, said }) => {
  const templates = await ownTemplates({ [file]: words });
  const found = await mistakes(campaign({ templates }));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${join(templates, "zh-CN", file)}${said}`);
});

test("a folder with one template of the office's own takes the others from the program", async () => {
  const templates = await ownTemplates({ "reminder.subject.liquid": "【温馨提示】{{ unit }}" });
  const own = await dutyIntent(
    dutyNotice("reminder", "liaison"),
    campaign({ templates }),
    calendarOf(campaign()),
  );
  const builtIn = await dutyIntent(dutyNotice("reminder", "liaison"), campaign(), calendarOf(campaign()));
  expect(own).toEqual({ ...builtIn, subject: "【温馨提示】市图书馆" });
});

test("a template that cannot be used costs no notice: the built-in words go, and say what was wrong", async () => {
  const templates = await ownTemplates({
    "overdue.text.liquid": "{{ gone }}",
    "overdue.html.liquid": "{% if %}",
  });
  const notice = dutyNotice("overdue", "liaison");
  const { wordingFault, ...words } = await dutyIntent(
    notice,
    campaign({ templates }),
    calendarOf(campaign()),
  );
  expect(words).toEqual(await dutyIntent(notice, campaign(), calendarOf(campaign())));
  expect(wordingFault?.split("\n").map((line) => line.slice(templates.length + 7))).toEqual([
    "overdue.text.liquid:1: undefined variable: gone",
    expect.stringContaining("overdue.html.liquid:1: "),
  ]);
});

test("a template without end is tried once, not for every notice of a day", async () => {
  const endless = "{% for i in (1..900000000) %}x{% endfor %}";
  const templates = await ownTemplates({
    "overdue.text.liquid": `{% if unit == "市图书馆" %}${endless}{% endif %}x`,
    "reminder.text.liquid": "{% for i in (1..150000) %}0123456789{% endfor %}",
  });
  const said = async (kind: "overdue" | "reminder", name: string) => {
    const { units, ...rest } = campaign({ templates });
    const renamed = { ...rest, units: units.map((unit) => ({ ...unit, name })) };
    return (await dutyIntent(dutyNotice(kind, "liaison"), renamed, calendarOf(renamed))).wordingFault;
  };
  const first = await said("overdue", "市图书馆");
  expect(first).toContain("limit exceeded");
  expect(await said("overdue", "市博物馆")).toBe(first);
  expect(await said("reminder", "市图书馆")).toContain("1500000 characters come of it");
});
