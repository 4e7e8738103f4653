// One decision for the terminal: what was decided, how surely, on which words, and why the second guess lost.
import type { Locale } from "../campaign/campaign.ts";
import { lostSentence, surenessSentence } from "../console/lost.ts";
import { consoleWords } from "../console/words.ts";
import type { Evidence, Verdict } from "../understand/evidence.ts";
import { type Part, padded } from "./look.ts";

export interface Asked {
  label: string;
  verdict: Verdict;
  nameOf: (code: string) => string;
  /** What it must reach to be filed unasked; null where that was no question. */
  autoFileAt: number | null;
  locale: Locale;
}

const SHOWN = 6;
/** Of the second guess this much is shown although other reasons weigh more. */
const SHOWN_OF_RIVAL = 2;

export function decisionLines(asked: Asked): Part[][] {
  const { label, verdict, nameOf, autoFileAt, locale } = asked;
  const { value, confidence, evidence, runnerUp } = verdict;
  const reached = autoFileAt === null || (value !== null && confidence >= autoFileAt);
  const name = value === null ? (locale === "zh-CN" ? "（未认定）" : "(none)") : nameOf(value);
  const second: Part[] = runnerUp
    ? [
        {
          text:
            locale === "zh-CN"
              ? `；其次 ${nameOf(runnerUp.value)} ${percentOf(runnerUp.confidence)}`
              : `; then ${nameOf(runnerUp.value)} ${percentOf(runnerUp.confidence)}`,
          style: "faint",
        },
      ]
    : [];
  const shown = shownOf(verdict);
  const left = evidence.length - shown.length;
  const lost = lostSentence(verdict, nameOf, locale);
  return [
    [
      `${padded(label, 8)}  `,
      { text: name, style: "strong" },
      "  ",
      { text: surenessSentence(confidence, autoFileAt, locale), style: reached ? "good" : "warn" },
      ...second,
    ],
    ...shown.map((one) => reasonLine(one, nameOf, locale)),
    ...(left > 0 ? [[faint(locale === "zh-CN" ? `    …… 另有 ${left} 条` : `    …… and ${left} more`)]] : []),
    ...(lost ? [[`    ${lost}`]] : []),
  ];
}

const percentOf = (part: number) => `${(part * 100).toFixed(1)}%`;
const faint = (text: string): Part => ({ text, style: "faint" });

function shownOf({ evidence, value, runnerUp }: Verdict): Evidence[] {
  const first = evidence.slice(0, SHOWN);
  const rival = evidence.filter((one) => one.speaksFor === runnerUp?.value && value !== null);
  return [...first, ...rival.filter((one) => !first.includes(one)).slice(0, SHOWN_OF_RIVAL)];
}

const LONGEST = 50;
/** As wide as the strongest reasons are heavy. */
const BAR = 7;

/** "    +5.2 ■■■■■□□  落款      “市图书馆” → 市图书馆". */
export function reasonLine(
  { where, words, also = [], speaksFor, weight }: Evidence,
  nameOf: (code: string) => string,
  locale: Locale,
): Part[] {
  const filled = Math.min(BAR, Math.round(Math.abs(weight)));
  const bar = "■".repeat(filled) + "□".repeat(BAR - filled);
  const place = consoleWords(locale).places[where] ?? where;
  const quoted = [words, ...also].flatMap((one, at): Part[] => [
    at > 0 ? "…“" : "“",
    { text: shortened(one), style: "strong" },
    "”",
  ]);
  return [
    `    ${weight >= 0 ? "+" : "−"}${Math.abs(weight).toFixed(1)} `,
    faint(bar),
    `  ${padded(place, locale === "zh-CN" ? 8 : 19)}  `,
    ...quoted,
    ` → ${nameOf(speaksFor)}`,
  ];
}

function shortened(words: string): string {
  const signs = [...words];
  return signs.length <= LONGEST ? words : `${signs.slice(0, LONGEST).join("")}…`;
}
