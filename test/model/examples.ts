// What random campaigns found, made small, and what one would try by hand: played every time.
import type { Drive, PlayedHappening } from "./drive.ts";
import { publicOff, publicWorked } from "./holidays.ts";
import type { NaiveCampaign } from "./naive.ts";

const REPORT = { unit: "u0", deliverable: "d0", item: null };

/** One unit that owes one report on Thursday 17 May 2012, unless it is said otherwise. */
function drive(change: Partial<NaiveCampaign>, ...happenings: PlayedHappening[]): Drive {
  const unit = {
    code: "u0",
    kind: "grassroots",
    liaison: "a@u0.example",
    head: "b@u0.example",
    supervisor: null,
  };
  return {
    zone: { name: "Asia/Shanghai", offset: "+08:00" },
    holidays: { off: [], working: [] },
    campaign: {
      closes: "2012-05-20",
      units: [unit],
      deliverables: [{ code: "d0", due: "2012-05-17T23:59", owedBy: ["grassroots"], items: [] }],
      before: [7, 3, 1],
      overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 },
      workingDaysOnly: true,
      quiet: { from: "18:00", to: "08:30" },
      clarifyWithin: 2,
      off: new Set(publicOff),
      worked: new Set(publicWorked),
      ...change,
    },
    happenings,
  };
}

const ask = (at: string, machines = 1): PlayedHappening[] => [
  { at, what: "mailbox read" },
  { at, what: "ask", machines },
];
const send = (at: string, machines = 1): PlayedHappening => ({ at, what: "send", machines });
const pass = (at: string, machines = 1): PlayedHappening[] => [...ask(at, machines), send(at, machines)];
const filed = (at: string, id: number, change = {}): PlayedHappening => ({
  ...{ at, what: "filed", id, arrived: at, verified: true, unreadable: false, ...REPORT },
  ...change,
});
const held = (at: string, change = {}): PlayedHappening => ({
  ...{ at, what: "held", id: 1, units: ["u0"], isSureWhose: false, holds: "paper" as const },
  ...{ deliverable: "d0", item: null, ...change },
});

/** Each with the moments, kinds and first addressees of what must leave: the model is not the only judge of these. */
export const examples: { name: string; drive: Drive; sent: string[] }[] = [
  {
    name: "the ladder from seven days before to where there is nobody above the head",
    drive: drive(
      {},
      ...["2012-05-08", "2012-05-14", "2012-05-16", "2012-05-17"].flatMap((day) => pass(`${day}T08:30`)),
      ...["2012-05-18", "2012-05-22", "2012-05-24"].flatMap((day) => pass(`${day}T08:30`)),
    ),
    sent: [
      "2012-05-08T08:30 reminder a@u0.example",
      "2012-05-14T08:30 reminder a@u0.example",
      "2012-05-16T08:30 reminder a@u0.example",
      "2012-05-18T08:30 overdue a@u0.example",
      "2012-05-22T08:30 escalation b@u0.example",
      "2012-05-24T08:30 escalation b@u0.example",
    ],
  },
  {
    name: "days without the service are not made up for; the same day is, until the quiet hours begin",
    drive: drive({}, ...pass("2012-05-15T08:30"), ...pass("2012-05-16T18:00"), ...pass("2012-05-18T17:59")),
    sent: ["2012-05-18T17:59 overdue a@u0.example"],
  },
  {
    name: "two machines at once, twice",
    drive: drive({}, ...pass("2012-05-16T08:30", 2), ...pass("2012-05-16T08:30", 2)),
    sent: ["2012-05-16T08:30 reminder a@u0.example"],
  },
  {
    name: "a make-up Saturday is a day like any other, a holiday none",
    drive: drive(
      {
        closes: "2012-10-20",
        deliverables: [{ code: "d0", due: "2012-09-28T23:59", owedBy: ["grassroots"], items: [] }],
      },
      ...["2012-09-29", "2012-10-01", "2012-10-08", "2012-10-09"].flatMap((day) => pass(`${day}T08:30`)),
    ),
    sent: ["2012-09-29T08:30 overdue a@u0.example", "2012-10-09T08:30 escalation b@u0.example"],
  },
  {
    name: "what lies held as theirs is not even reminded of; where another unit may have sent it, neither is",
    drive: drive({}, held("2012-05-15T09:00", { units: ["elsewhere", "u0"] }), ...pass("2012-05-16T08:30")),
    sent: [],
  },
  {
    name: "a question lets everything go",
    drive: drive(
      {},
      held("2012-05-15T09:00", { holds: "question", deliverable: null }),
      ...pass("2012-05-18T08:30"),
    ),
    sent: ["2012-05-18T08:30 overdue a@u0.example"],
  },
  {
    name: "what was filed from an unknown address came all the same, and is theirs once confirmed",
    drive: drive(
      {},
      filed("2012-05-17T09:00", 1, { verified: false }),
      ...pass("2012-05-18T08:30"),
      { at: "2012-05-18T09:00", what: "withdrawn", id: 1 },
      ...pass("2012-05-18T09:30"),
    ),
    sent: ["2012-05-18T09:30 overdue a@u0.example"],
  },
  {
    name: "asked, silenced by a paper, and due again when it is withdrawn the same day",
    drive: drive(
      {},
      ...ask("2012-05-18T08:30"),
      filed("2012-05-18T08:35", 1),
      send("2012-05-18T08:40"),
      { at: "2012-05-18T08:45", what: "withdrawn", id: 1 },
      ...pass("2012-05-18T08:50"),
    ),
    sent: ["2012-05-18T08:50 overdue a@u0.example"],
  },
  {
    name: "what could not be read counts for two working days",
    drive: drive(
      {},
      filed("2012-05-16T20:00", 1, { unreadable: true }),
      ...pass("2012-05-18T08:30"),
      ...pass("2012-05-22T08:30"),
    ),
    sent: ["2012-05-22T08:30 escalation b@u0.example"],
  },
  {
    name: "both addressees come back, one report after the other",
    drive: drive(
      {
        units: [
          {
            code: "u0",
            kind: "office",
            liaison: "a@u0.example",
            head: "b@u0.example",
            supervisor: "c@u0.example",
          },
        ],
        deliverables: [{ code: "d0", due: "2012-05-17T23:59", owedBy: ["office"], items: [] }],
      },
      ...pass("2012-05-22T08:30"),
      { at: "2012-05-22T09:00", what: "returned", unit: "u0", level: "head" },
      { at: "2012-05-22T09:05", what: "returned", unit: "u0", level: "liaison" },
      { at: "2012-05-22T10:00", what: "extended", until: "2012-05-30T17:00", ...REPORT },
      ...pass("2012-05-29T08:30"),
    ),
    sent: [
      "2012-05-22T08:30 escalation b@u0.example",
      "2012-05-29T08:30 reminder a@u0.example+b@u0.example+c@u0.example",
    ],
  },
  {
    name: "given more time to an hour, and the more time taken back",
    drive: drive(
      {},
      { at: "2012-05-16T20:00", what: "extended", until: "2012-05-21T12:00", ...REPORT },
      ...pass("2012-05-18T08:30"),
      { at: "2012-05-18T10:00", what: "taken back", ruling: "extension", ...REPORT },
      ...pass("2012-05-18T10:30"),
    ),
    sent: ["2012-05-18T08:30 reminder a@u0.example"],
  },
  {
    name: "a mailbox unread for half an hour stops who would be called overdue, not who is reminded",
    drive: drive(
      {},
      { at: "2012-05-16T08:00", what: "mailbox read" },
      { at: "2012-05-16T08:31", what: "ask" },
      send("2012-05-16T08:31"),
      { at: "2012-05-18T08:00", what: "mailbox read" },
      { at: "2012-05-18T08:31", what: "ask" },
      send("2012-05-18T08:31"),
      { at: "2012-05-18T08:36", what: "mailbox read" },
      { at: "2012-05-18T08:36", what: "ask" },
      send("2012-05-18T08:36"),
    ),
    sent: ["2012-05-16T08:31 reminder a@u0.example", "2012-05-18T08:36 overdue a@u0.example"],
  },
];
