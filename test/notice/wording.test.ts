// What every notice says, in both languages, kept as text; and what a template's mistake looks like.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import type { DutyNotice } from "../../src/deadline/ladder.ts";
import { dutyIntent } from "../../src/notice/wording/duty.ts";
import { checkTemplates, sampleNotices } from "../../src/notice/wording/samples.ts";
import { campaign } from "../deadline/campaign.ts";

const golden = join(import.meta.dirname, "../golden/notices");

const english: Campaign = {
  ...campaign({ locale: "en", title: "The Great Discussion" }),
  office: { name: "Campaign Office", members: [], digest: "17:30" },
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
  { kind: "reminder" as const, level: "liaison" as const, begins: /^市图书馆 联络员，您好：/ },
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

test("the templates have no mistake, and a mistake in one is found and named", async () => {
  expect(await checkTemplates(campaign())).toEqual([]);
  const templates = await mkdtemp(join(tmpdir(), "jinbox-templates-"));
  onTestFinished(() => rm(templates, { recursive: true, force: true }));
  await cp(campaign().templates, templates, { recursive: true });
  await writeFile(join(templates, "zh-CN", "overdue.text.liquid"), "{{ unit }} owes {{ nothing_known }}");
  const mistakes = await checkTemplates(campaign({ templates }));
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(/^overdue: .*nothing_known.*line:1/);
});
