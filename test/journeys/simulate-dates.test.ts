// Dates played on the virtual clock against lists worked out by hand: make-up days, times of day, quiet hours, held mails.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { silentLogger } from "../../src/log.ts";
import { createReader, type Reader } from "../../src/reading/reader.ts";
import { campaign, unit } from "../deadline/campaign.ts";
import { arriving, digestDays, duties, played } from "../support/played.ts";

let reader: Reader;
beforeAll(() => {
  reader = createReader({ log: silentLogger, children: 1 });
});
afterAll(() => reader?.close());

const leader = "leader@bureau.example";
const contact = (name: string, email: string) => ({ name, email });
const owing = (code: string, name: string) =>
  unit(code, { name, supervisor: contact("分管领导", leader), domains: [`${code}.example`] });

/** One report owed by each of these units, due on a day. */
function reporting(due: { on: string; time?: string }, change: Partial<Campaign> = {}): Campaign {
  return campaign({
    ...{ opens: "2012-09-03", closes: "2012-12-31", units: [owing("library", "市图书馆")] },
    deliverables: [
      {
        ...{ code: "report", name: "工作总结", aliases: ["总结"], from: "unit", owedBy: ["grassroots"] },
        ...{ opens: null, closes: null, due: due.on, dueTime: due.time ?? null, items: [] },
      },
    ],
    ...change,
  });
}

const report = (code: string, name: string) => ({
  from: `联络员 <liaison@${code}.example>`,
  subject: `${name}工作总结`,
  messageId: `<report@${code}.example>`,
  text: [
    `${name}工作总结`,
    "一、主要做法。组织全体职工开展讨论，召开座谈会六场，收集意见四十三条。",
    "二、存在问题。服务时间与群众需求不合。",
    "三、下一步打算。延长开放时间，增加流动服务点。",
    name,
  ].join("\n"),
});

const days = (month: string, ...of: number[]) => of.map((day) => `${month}-${String(day).padStart(2, "0")}`);
const at = (time: string, on: string[]) => on.map((day) => `${day} ${time}`);

describe("working days", () => {
  test("a Saturday worked before the October holidays is the first day overdue, the eighth is the next", async () => {
    const play = await played(reader, reporting({ on: "2012-09-28" }), [], {
      from: "2012-09-17",
      to: "2012-10-12",
    });
    expect(duties(play)).toEqual([
      "2012-09-19 08:30 reminder library → liaison@library.example",
      "2012-09-25 08:30 reminder library → liaison@library.example",
      "2012-09-27 08:30 reminder library → liaison@library.example",
      "2012-09-29 08:30 overdue library → liaison@library.example",
      "2012-10-09 08:30 escalation library → head@library.example cc liaison@library.example",
      `2012-10-11 08:30 escalation library → ${leader} cc head@library.example, liaison@library.example`,
    ]);
    expect(digestDays(play)).toEqual(
      at("17:30", [
        ...days("2012-09", 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29),
        ...days("2012-10", 8, 9, 10, 11, 12),
      ]),
    );
  });

  test("New Year: due on a Saturday as announced, first to third off, fifth and sixth worked", async () => {
    const play = await played(reader, reporting({ on: "2012-12-29" }), [], {
      from: "2012-12-17",
      to: "2013-01-09",
    });
    expect(duties(play)).toEqual([
      "2012-12-20 08:30 reminder library → liaison@library.example",
      "2012-12-26 08:30 reminder library → liaison@library.example",
      "2012-12-28 08:30 reminder library → liaison@library.example",
      "2012-12-31 08:30 overdue library → liaison@library.example",
      "2013-01-05 08:30 escalation library → head@library.example cc liaison@library.example",
      `2013-01-07 08:30 escalation library → ${leader} cc head@library.example, liaison@library.example`,
      `2013-01-09 08:30 escalation library → ${leader} cc head@library.example, liaison@library.example`,
    ]);
    expect(digestDays(play)).toEqual(
      at("17:30", [
        ...days("2012-12", 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 31),
        ...days("2013-01", 4, 5, 6, 7, 8, 9),
      ]),
    );
    // It is named with the day that was announced, though it is a Saturday.
    expect(play.sent.find(({ kind }) => kind === "reminder")?.text).toContain("12月29日");
  });

  test("in calendar days, weekends count and are written on; the digest keeps to working days", async () => {
    const every = reporting(
      { on: "2012-12-15" },
      {
        reminders: {
          ...{ before: [2, 1], overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 } },
          ...{ workingDaysOnly: false, quiet: { from: "18:00", to: "08:30" } },
        },
      },
    );
    const play = await played(reader, every, [], { from: "2012-12-12", to: "2012-12-21" });
    expect(duties(play)).toEqual([
      "2012-12-13 08:30 reminder library → liaison@library.example",
      "2012-12-14 08:30 reminder library → liaison@library.example",
      "2012-12-16 08:30 overdue library → liaison@library.example",
      "2012-12-18 08:30 escalation library → head@library.example cc liaison@library.example",
      `2012-12-20 08:30 escalation library → ${leader} cc head@library.example, liaison@library.example`,
    ]);
    expect(digestDays(play)).toEqual(at("17:30", days("2012-12", 12, 13, 14, 17, 18, 19, 20, 21)));
  });
});

describe("times of day", () => {
  test.each([
    { quiet: null, time: "00:00" },
    { quiet: { from: "12:00", to: "13:30" }, time: "13:30" },
    { quiet: { from: "20:00", to: "06:15" }, time: "06:15" },
  ])("notices go at the first minute after quiet hours: $time", async ({ quiet, time }) => {
    const base = reporting({ on: "2012-12-14" });
    const asked = { ...base, reminders: { ...base.reminders, before: [1], quiet } };
    const play = await played(reader, asked, [], { from: "2012-12-12", to: "2012-12-14" });
    expect(duties(play)).toEqual([`2012-12-13 ${time} reminder library → liaison@library.example`]);
  });

  test("who sends it in the morning is asked no more: before half past eight and at the very minute, not after", async () => {
    const units = [
      owing("early", "市图书馆"),
      owing("sharp", "市文化馆"),
      owing("after", "市博物馆"),
      owing("never", "市美术馆"),
    ];
    const base = reporting({ on: "2012-12-12" }, { units });
    const asked = { ...base, reminders: { ...base.reminders, before: [1] } };
    const mails = [
      await arriving("2012-12-11 08:29", report("early", "市图书馆")),
      await arriving("2012-12-11 08:30", report("sharp", "市文化馆")),
      await arriving("2012-12-11 08:31", report("after", "市博物馆")),
    ];
    const play = await played(reader, asked, mails, { from: "2012-12-10", to: "2012-12-13" });
    expect(duties(play)).toEqual([
      "2012-12-11 08:30 reminder after → liaison@after.example",
      "2012-12-11 08:30 reminder never → liaison@never.example",
      "2012-12-13 08:30 overdue never → liaison@never.example",
    ]);
  });

  test("due at noon: a minute later is late, and the first overdue notice goes on the next working day", async () => {
    const units = [
      owing("intime", "市图书馆"),
      owing("late", "市文化馆"),
      owing("never", "市博物馆"),
      owing("night", "市美术馆"),
    ];
    const base = reporting({ on: "2012-12-14", time: "12:00" }, { units });
    const asked = { ...base, reminders: { ...base.reminders, before: [1] } };
    const mails = [
      await arriving("2012-12-14 12:00", report("intime", "市图书馆")),
      await arriving("2012-12-14 12:01", report("late", "市文化馆")),
      // Friday's deadline; at three on Monday morning nobody has been told anything yet.
      await arriving("2012-12-17 03:00", report("night", "市美术馆")),
    ];
    const play = await played(reader, asked, mails, { from: "2012-12-13", to: "2012-12-17" });
    expect(duties(play)).toEqual([
      ...["intime", "late", "never", "night"].map(
        (code) => `2012-12-13 08:30 reminder ${code} → liaison@${code}.example`,
      ),
      "2012-12-17 08:30 overdue never → liaison@never.example",
    ]);
    // The office's night is no hindrance to an answer.
    expect(play.notices.find(({ to }) => to === "liaison@night.example")?.kind).toBe("reminder");
    expect(
      play.notices.filter(({ kind }) => kind === "acknowledgement").map(({ at: when }) => when.slice(0, 16)),
    ).toEqual(["2012-12-14T12:00", "2012-12-14T12:01", "2012-12-17T03:00"]);
  });

  test("what the hourly quota does not let go follows when the hour is over, not in the evening", async () => {
    const base = campaign();
    const units = ["a", "b", "c", "d"].map((code) => owing(code, `第${code}馆`));
    const smtp = { ...(base.smtp as NonNullable<Campaign["smtp"]>), perHour: 3 };
    const asked = reporting({ on: "2012-12-14" }, { units, smtp });
    const play = await played(reader, asked, [], { from: "2012-12-13", to: "2012-12-13" });
    expect(duties(play)).toEqual([
      "2012-12-13 08:30 reminder a → liaison@a.example",
      "2012-12-13 08:30 reminder b → liaison@b.example",
      "2012-12-13 09:30 reminder c → liaison@c.example",
      "2012-12-13 09:30 reminder d → liaison@d.example",
    ]);
  });
});

describe("held mails and changes of a day", () => {
  const units = [owing("library", "市图书馆"), owing("museum", "市博物馆")];

  test("a unit whose report may be a held mail is not called overdue; once the office has dismissed it, it is, that day", async () => {
    const base = reporting({ on: "2012-12-12" }, { units });
    const asked = { ...base, reminders: { ...base.reminders, before: [] } };
    const unsure = await arriving("2012-12-12 16:00", {
      from: "联络员 <liaison@museum.example>",
      subject: "材料",
      text: "材料已发，请查收。",
      messageId: "<unsure@museum.example>",
    });
    const span = { from: "2012-12-11", to: "2012-12-13" };
    const without = await played(reader, asked, [unsure], span);
    expect(duties(without)).toEqual(["2012-12-13 08:30 overdue library → liaison@library.example"]);
    const digest = without.sent.find(({ kind, text }) => kind === "digest" && text.includes("#1"));
    const answer = await arriving("2012-12-13 10:20", {
      from: "办公室 <office@bureau.example>",
      subject: `Re: ${digest?.subject}`,
      inReplyTo: digest?.messageId ?? "",
      references: [digest?.messageId ?? ""],
      text: "忽略 #1",
    });
    const ruled = await played(reader, asked, [unsure, answer], span);
    expect(duties(ruled)).toEqual([
      "2012-12-13 08:30 overdue library → liaison@library.example",
      "2012-12-13 10:20 overdue museum → liaison@museum.example",
    ]);
  });

  test("withdrawn on the day of a reminder, it is asked for that day", async () => {
    const base = reporting({ on: "2012-12-12" }, { units });
    const asked = { ...base, reminders: { ...base.reminders, before: [1] } };
    const mails = [
      await arriving("2012-12-10 09:00", report("library", "市图书馆")),
      await arriving("2012-12-11 10:00", {
        from: "联络员 <liaison@library.example>",
        subject: "Re: 市图书馆工作总结",
        inReplyTo: "<report@library.example>",
        references: ["<report@library.example>"],
        text: "撤回这份总结。",
      }),
    ];
    const play = await played(reader, asked, mails, { from: "2012-12-10", to: "2012-12-11" });
    expect(duties(play)).toEqual([
      "2012-12-11 08:30 reminder museum → liaison@museum.example",
      "2012-12-11 10:00 reminder library → liaison@library.example",
    ]);
  });
});
