// One letter's label beside what was understood: which aspects are right, and for those that are not, what was expected.
import { type Campaign, deliverableOf } from "../../src/campaign/campaign.ts";
import type { SubmissionDraft, Understanding, Verdict } from "../../src/understand/evidence.ts";
import type { Expectation, ExpectedSubmission } from "./label.ts";

export const ASPECTS = [
  "origin",
  "outcome",
  "reason",
  "type",
  "unit",
  "unitAsRead",
  "ideas",
  "count",
  "submissions",
  "item",
  "people",
  "title",
  "corrections",
  "intent",
] as const;
export type Aspect = (typeof ASPECTS)[number];

export interface Wrong {
  aspect: Aspect;
  expected: string;
  got: string;
}

export interface Judged {
  expected: Expectation;
  understanding: Understanding;
  /** An aspect that is not labelled, or has no meaning for this letter, is absent. */
  right: Map<Aspect, boolean>;
  /** Asked of each labelled submission by itself. */
  each: Record<"item" | "people" | "title", boolean[]>;
  wrong: Wrong[];
}

export function judge(expected: Expectation, understanding: Understanding, campaign: Campaign): Judged {
  const right: Judged["right"] = new Map();
  const wrong: Wrong[] = [];
  const ask = (aspect: Aspect, is: boolean, want: string, got: string): void => {
    right.set(aspect, is && right.get(aspect) !== false);
    if (!is) wrong.push({ aspect, expected: want, got });
  };
  const { type, unit, submissions, intent } = understanding;
  const each: Judged["each"] = { item: [], people: [], title: [] };
  const judged: Judged = { expected, understanding, right, each, wrong };

  ask("origin", expected.origin === understanding.origin, expected.origin, understanding.origin);
  if (expected.outcome !== undefined) {
    const got = understanding.outcome + (understanding.reason ? ` (${understanding.reason})` : "");
    ask("outcome", expected.outcome === understanding.outcome, expected.outcome, got);
  }
  // Whose mail it is when nobody wrote it is not asked.
  if (expected.origin !== "person") return judged;

  if (expected.reason && expected.outcome === "held" && understanding.outcome === "held")
    ask("reason", expected.reason === understanding.reason, expected.reason, String(understanding.reason));
  if (expected.type !== undefined)
    ask("type", expected.type === type.value, expected.type, verdictWords(type));
  if (expected.unit !== undefined)
    ask("unit", expected.unit === unit.value, String(expected.unit), verdictWords(unit));
  if (expected.unitAsRead !== undefined) {
    const { unitAsRead } = understanding;
    const is = isSameName(expected.unitAsRead, unitAsRead ?? "");
    ask("unitAsRead", is, expected.unitAsRead, unitAsRead || "nothing");
  }
  if (expected.submissions) judgeSubmissions(expected.submissions, submissions, campaign, ask, each);
  if (expected.corrections) {
    const want = expected.corrections.map((one) => correctionWords(one)).sort();
    const got = understanding.corrections.map((one) => correctionWords(one)).sort();
    ask("corrections", want.join() === got.join(), want.join(", ") || "none", got.join(", ") || "none");
  }
  if (expected.intent !== undefined)
    ask("intent", expected.intent === intent, expected.intent, String(intent));
  return judged;
}

type Ask = (aspect: Aspect, is: boolean, expected: string, got: string) => void;

function judgeSubmissions(
  expected: ExpectedSubmission[],
  got: SubmissionDraft[],
  campaign: Campaign,
  ask: Ask,
  each: Judged["each"],
): void {
  const isIdea = ({ type }: { type: string }) => deliverableOf(campaign, type)?.from === "person";
  const ideas = expected.filter(isIdea).length;
  const listed = got.map(draftWords).join(" ｜ ") || "none";
  if (ideas > 0) {
    const found = got.filter(isIdea).length;
    ask("ideas", ideas === found, String(ideas), `${found}: ${listed}`);
  }
  ask("count", expected.length === got.length, String(expected.length), `${got.length}: ${listed}`);
  if (expected.length === 0) return;

  const pairs = aligned(expected, got);
  const kinds = expected.map(
    ({ type, unit }, at) => `${type}·${unit === undefined ? pairs[at]?.unit : unit}`,
  );
  const found = got.map(({ type, unit }) => `${type}·${unit}`);
  const same = kinds.toSorted().join() === found.toSorted().join();
  ask("submissions", same, tally(kinds), tally(found) || "none");
  expected.forEach((want, at) => {
    const draft = pairs[at];
    const which = expected.length > 1 ? `${at + 1}. ` : "";
    if (want.people) {
      const is = sameNames(want.people, draft?.people ?? []);
      each.people.push(is);
      ask("people", is, which + names(want.people), draft ? names(draft.people) : "no submission");
    }
    if (want.titleIncludes) {
      const is = draft !== undefined && bare(draft.title).includes(bare(want.titleIncludes));
      each.title.push(is);
      ask("title", is, `${which}…${want.titleIncludes}…`, draft ? `«${draft.title}»` : "no submission");
    }
    if (want.item !== undefined && (want.item !== null || draft?.item)) {
      const is = draft !== undefined && draft.item === want.item;
      each.item.push(is);
      ask("item", is, which + want.item, draft ? String(draft.item) : "no submission");
    }
  });
}

/** Which draft stands for which labelled submission: the likest first, of equals the earliest. */
export function aligned(
  expected: ExpectedSubmission[],
  got: SubmissionDraft[],
): (SubmissionDraft | undefined)[] {
  const pairs = expected
    .flatMap((want, at) =>
      got.map((draft, place) => ({
        at,
        place,
        likeness: likeness(want, draft) - Math.abs(at - place) / 100,
      })),
    )
    .sort((a, b) => b.likeness - a.likeness);
  const chosen: (SubmissionDraft | undefined)[] = expected.map(() => undefined);
  const taken = new Set<number>();
  for (const { at, place } of pairs) {
    if (chosen[at] || taken.has(place)) continue;
    chosen[at] = got[place];
    taken.add(place);
  }
  return chosen;
}

function likeness(want: ExpectedSubmission, draft: SubmissionDraft): number {
  return (
    (want.titleIncludes && bare(draft.title).includes(bare(want.titleIncludes)) ? 6 : 0) +
    (want.type === draft.type ? 4 : 0) +
    (want.people && sameNames(want.people, draft.people) ? 3 : 0) +
    (want.unit === draft.unit ? 2 : 0) +
    (want.item && want.item === draft.item ? 5 : 0)
  );
}

/** A title is the same however its words are set. */
function bare(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** "县图书馆" and "清水县图书馆" are the same reading. */
function isSameName(expected: string, got: string): boolean {
  const [a, b] = [bare(expected), bare(got)];
  return b.length >= 2 && (a.includes(b) || b.includes(a));
}

function sameNames(a: string[], b: string[]): boolean {
  return a.toSorted().join("\n") === b.toSorted().join("\n");
}

function names(people: string[]): string {
  return people.join("、") || "nobody";
}

function tally(words: string[]): string {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].map(([one, count]) => (count > 1 ? `${count}× ${one}` : one)).join(", ");
}

function draftWords({ title, people }: SubmissionDraft): string {
  return `«${title.slice(0, 24)}»${people.length > 0 ? ` ${people.join("、")}` : ""}`;
}

export function verdictWords({ value, confidence, runnerUp }: Verdict): string {
  const second = runnerUp ? `; next ${runnerUp.value} ${runnerUp.confidence.toFixed(2)}` : "";
  return `${value} ${confidence.toFixed(3)}${second}`;
}

function correctionWords(one: {
  action: string;
  item?: string | null | undefined;
  of?: unknown;
  [key: string]: unknown;
}): string {
  const { action, item, of: _, ...values } = one;
  const said = [...Object.values(values), ...(item ? [item] : [])].flat().map(String);
  return said.length > 0 ? `${action}=${said.toSorted().join("、")}` : action;
}
