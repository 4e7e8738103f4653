// One sentence on why the second guess lost, and on whether the first was sure enough, for the console and `explain`.
import type { Locale } from "../campaign/campaign.ts";
import type { Understanding, Verdict } from "../understand/evidence.ts";
import { type Lost, type Support, whyLost } from "../understand/lost.ts";
import { consoleWords } from "./words.ts";

export function lostSentence(
  verdict: Verdict,
  nameOf: (code: string) => string,
  locale: Locale,
): string | null {
  const lost = whyLost(verdict);
  return lost && (locale === "zh-CN" ? inChinese(lost, nameOf) : inEnglish(lost, nameOf));
}

const weight = (value: number) => value.toFixed(1);
const SHOWN = 3;

function inChinese(
  { value, total, seen, winner, lacks, how }: Lost,
  nameOf: (code: string) => string,
): string {
  const { places } = consoleWords("zh-CN");
  const list = (supports: Support[]) =>
    supports
      .slice(0, SHOWN)
      .map((one) => `${places[one.where]} ${weight(one.weight)}`)
      .join("、");
  const lead = `${winner ? "落选" : "未认定"}：${nameOf(value)} `;
  const [only] = seen;
  if (!only) return `${lead}没有可以核对的依据`;
  const missing = lacks.map((where) => places[where]);
  const without = missing.length > 0 ? `，没有${orList(missing, "、", "或")}支持` : "";
  switch (how) {
    case "mentioned": {
      const where = seen.slice(0, SHOWN).map((one) => places[one.where]);
      return `${lead}只在${orList(where, "、", "和")}中被提到（${weight(total)}）${without}`;
    }
    case "close":
      return `${lead}合计 ${weight(total)}（${list(seen)}），只比 ${nameOf(winner!.value)} 少 ${weight(winner!.total - total)}`;
    case "outweighed":
      return `${lead}合计 ${weight(total)}（${list(seen)}），不及 ${nameOf(winner!.value)} 的 ${weight(winner!.total)}（${list(winner!.seen)}）`;
    case "unsupported":
      return `${lead}只有 ${list(seen)}，不足以认定`;
  }
}

function inEnglish(
  { value, total, seen, winner, lacks, how }: Lost,
  nameOf: (code: string) => string,
): string {
  const { places } = consoleWords("en");
  const list = (supports: Support[]) =>
    supports
      .slice(0, SHOWN)
      .map((one) => `${places[one.where]} ${weight(one.weight)}`)
      .join(", ");
  const lead = `${winner ? "Lost" : "Not taken"}: ${nameOf(value)} `;
  const [only] = seen;
  if (!only) return `${lead}has no reason that can be looked up`;
  const missing = lacks.map((where) => places[where]!);
  const without = missing.length > 0 ? `; no ${orList(missing, ", ", " or ")} supports it` : "";
  switch (how) {
    case "mentioned": {
      const where = seen.slice(0, SHOWN).map((one) => places[one.where]!);
      return `${lead}is only mentioned in the ${orList(where, ", ", " and ")} (${weight(total)})${without}`;
    }
    case "close":
      return `${lead}comes to ${weight(total)} (${list(seen)}), only ${weight(winner!.total - total)} less than ${nameOf(winner!.value)}`;
    case "outweighed":
      return `${lead}comes to ${weight(total)} (${list(seen)}), less than the ${weight(winner!.total)} of ${nameOf(winner!.value)} (${list(winner!.seen)})`;
    case "unsupported":
      return `${lead}has only ${list(seen)}, too little to be taken for it`;
  }
}

function orList(words: (string | undefined)[], comma: string, last: string): string {
  const [first = "", ...others] = words.filter((one) => one !== undefined);
  const end = others.pop();
  return end === undefined ? first : `${[first, ...others].join(comma)}${last}${end}`;
}

/** How sure, what it had to reach to be filed unasked, and whether it did. */
export function surenessSentence(confidence: number, autoFileAt: number | null, locale: Locale): string {
  const sure = percent(confidence);
  if (autoFileAt === null) return locale === "zh-CN" ? `把握 ${sure}` : `${sure} sure`;
  const needed = percent(autoFileAt);
  const reached = confidence >= autoFileAt;
  if (locale === "zh-CN") return `把握 ${sure}，自动登记须 ${needed}：${reached ? "达到" : "未达到"}`;
  return `${sure} sure, ${needed} needed to file it unasked: ${reached ? "reached" : "not reached"}`;
}

/** Never rounded up to what it has not reached. */
export function percent(part: number): string {
  return `${Math.floor(part * 1000 + 1e-6) / 10}%`;
}

const UNSURE = ["type-unsure", "unit-unsure", "unit-unknown"];

/** Only what brings something to file had to be so sure; a correction or a thank-you had not. */
export function wasToBeFiled({
  submissions,
  reason,
}: Pick<Understanding, "submissions" | "reason">): boolean {
  return submissions?.length > 0 || UNSURE.includes(reason ?? "");
}
