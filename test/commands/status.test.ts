// Who owes what, as the office reads it in a terminal: now, at a past moment, and one unit's whole account.
import { afterAll, beforeAll, expect, test } from "vitest";
import { command as status, statusLines } from "../../src/commands/status.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { obligationsAt, type Ruling, type SubmissionFact } from "../../src/deadline/obligation.ts";
import { currentObligations } from "../../src/deadline/records.ts";
import { widthOf } from "../../src/text/columns.ts";
import { at, campaign as build, unit } from "../deadline/campaign.ts";
import { clear, submission } from "../notice/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const campaign = build({
  units: [
    unit("library", { name: "市图书馆" }),
    unit("museum", { name: "县级博物馆（筹）" }),
    unit("heritage", { name: "文物处", kind: "office" }),
  ],
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const paper: SubmissionFact = {
  ...{
    reference: "DTL-0001",
    type: "summary",
    item: null,
    unit: "library",
    arrivedAt: at("2012-12-26", "09:05"),
  },
  ...{ state: "current", verified: true, provisional: false, sender: "liaison@library.example" },
};
const extension: Ruling = {
  ...{
    kind: "extension",
    deliverable: "summary",
    item: null,
    unit: "museum",
    dueOn: "2012-12-28",
    dueTime: "17:00",
  },
  ...{ receivedAt: null, madeBy: "office@bureau.example", madeAt: at("2012-12-20"), why: "搬迁" },
};
const lines = (when: Date, one: string | null = null, locale: "zh-CN" | "en" = "zh-CN") => {
  const spoken = { ...campaign, locale };
  return statusLines(
    obligationsAt(spoken, calendarOf(spoken), [paper], [extension], when),
    spoken,
    when,
    one,
  );
};

test("a line a thing, in columns that stand below one another in Chinese too, and sums that add up", () => {
  expect(lines(at("2012-12-26", "10:00"))).toEqual([
    "2012-12-26 10:00  大讨论活动",
    "",
    "单位              材料                    截止              状态          说明",
    "市图书馆          书面总结                2012-12-25        逾期补交      2012-12-26 09:05 DTL-0001",
    "县级博物馆（筹）  书面总结                2012-12-28 17:00  已延期，未交  office@bureau.example: 搬迁",
    "文物处            实施方案：名城申报工程  2012-12-15        逾期未交",
    "                  书面总结                2012-12-25        逾期未交",
    "",
    "合计      应交  已交  逾期补交  免交  未交  已延期，未交  逾期未交",
    "书面总结  3     0     1         0     0     1             1",
    "实施方案  1     0     0         0     0     0             1",
    "总计      4     0     1         0     0     1             2",
  ]);
  const columns = lines(at("2012-12-26", "10:00"))
    .slice(3, 6)
    .map((line) => widthOf(line.slice(0, line.indexOf("2012"))));
  expect(new Set(columns).size).toBe(1);
});

test("at an earlier moment it says what was true then", () => {
  const [, , , library, museum] = lines(at("2012-12-19"));
  expect(library).toContain("未交");
  expect(museum).toMatch(/2012-12-25 +未交$/);
});

test("of one unit, why each thing stands so and everything that happened to it", () => {
  expect(lines(at("2012-12-29"), "museum")).toEqual([
    "2012-12-29 08:30  大讨论活动",
    "",
    "县级博物馆（筹）",
    "",
    "书面总结  【逾期未交】",
    "  延期至2012年12月28日17:00（office@bureau.example: 搬迁），尚未收到",
    "  2012-11-12 00:00  公布，截止2012年12月25日",
    "  2012-12-20 08:30  延期，截止2012年12月28日17:00（office@bureau.example：搬迁）",
    "  2012-12-28 17:00  逾期",
    "",
    "合计      应交  已交  逾期补交  免交  未交  已延期，未交  逾期未交",
    "书面总结  1     0     0         0     0     0             1",
  ]);
  expect(lines(at("2012-12-29"), "library", "en").slice(2, 9)).toEqual([
    "市图书馆",
    "",
    "书面总结  【met late】",
    "  received 26 December 2012 09:05 (DTL-0001), after 25 December 2012",
    "  2012-11-12 00:00  announced, due 25 December 2012",
    "  2012-12-26 00:00  overdue",
    "  2012-12-26 09:05  arrived DTL-0001 (liaison@library.example)",
  ]);
});

test("the ledger answers for a past moment what it answered then: moved, confirmed, withdrawn and read again later", async () => {
  const { db } = database;
  const calendar = calendarOf(campaign);
  const when = ["2012-12-21", "2012-12-26", "2012-12-28", "2013-01-04", "2013-01-06"].map((day) =>
    at(day, "12:00"),
  );
  const states = async (now: Date) => {
    const all = await currentObligations(db, campaign, calendar, now);
    return all.filter(({ deliverable }) => deliverable === "summary").map(({ state }) => state);
  };
  await clear(db);
  const asked: string[][] = [];
  const correct = (
    field: "unit" | "confirm" | "withdraw",
    before: string,
    after: string | null,
    made: Date,
  ) =>
    db
      .insertInto("correction")
      .columns([
        "campaign",
        "message_id",
        "submission_id",
        "field",
        "before",
        "after",
        "made_by",
        "made_at",
        "way",
      ])
      .expression((eb) =>
        eb
          .selectFrom("submission")
          .select((s) => [
            s.val(campaign.code).as("campaign"),
            "message_id",
            "id",
            s.val(field).as("field"),
            s.val(before).as("before"),
            s.val(after).as("after"),
            s.val("office").as("made_by"),
            s.val(made).as("made_at"),
            s.val("command" as const).as("way"),
          ]),
      )
      .execute();
  asked.push(await states(when[0] as Date));
  await submission(db, campaign, {
    type: "summary",
    unit: "museum",
    arrivedAt: at("2012-12-24"),
    verified: false,
  });
  asked.push(await states(when[1] as Date));
  await db.updateTable("submission").set({ unit: "library" }).execute();
  await correct("unit", "museum", "library", at("2012-12-27"));
  asked.push(await states(when[2] as Date));
  await db.updateTable("submission").set({ verified: true }).execute();
  await correct("confirm", "false", "true", at("2012-12-31"));
  asked.push(await states(when[3] as Date));
  await db.updateTable("submission").set({ state: "withdrawn" }).execute();
  await correct("withdraw", "current", null, at("2013-01-05"));
  asked.push(await states(when[4] as Date));
  expect(asked.map(([library]) => library)).toEqual(["outstanding", "overdue", "overdue", "met", "overdue"]);
  expect(await Promise.all(when.map(states))).toEqual(asked);
});

test("what an office wrote into its reason does nothing to the terminal that shows it", () => {
  const waiver: Ruling = {
    ...{ ...extension, kind: "waiver", dueOn: null },
    ...{ madeAt: at("2012-12-20"), why: "a\u001b]0;b\u0007\u202ec\nd" },
  };
  const all = obligationsAt(campaign, calendarOf(campaign), [], [waiver], at("2012-12-26"));
  const lines = statusLines(all, campaign, at("2012-12-26"), "museum");
  expect(lines.filter((line) => line.includes("]0;b"))).toHaveLength(2);
  expect(lines.filter((line) => /[\p{Cc}\u202e]/u.test(line))).toEqual([]);
});

test.each([
  ["at", "gestern", "2012-12-15T17:30"],
  ["at", "2012-12-14T25:00", "2012-12-15T17:30"],
  ["at", "2012-02-30", "2012-12-15T17:30"],
  ["unit", "市图书馆馆", "没有这个名称"],
])("--%s %s is refused with what to write", async (option, value, says) => {
  await expect(status.run({ values: { [option]: value }, positionals: [] })).rejects.toThrow(says);
});
