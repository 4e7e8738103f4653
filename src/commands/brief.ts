// A mail in one line, for looking over a folder: outcome, type and unit with how sure, who, what, and the file.
import type { Campaign } from "../campaign/campaign.ts";
import { consoleWords } from "../console/words.ts";
import { ledgerWords } from "../digest/words.ts";
import { reasonWords } from "../text/reason.ts";
import type { Understanding, Verdict } from "../understand/evidence.ts";
import { type Explanation, nameOfType, nameOfUnit } from "./explained.ts";
import { columnsOf, type Look, marksOnly, type Part, padded } from "./look.ts";

/** Columns of the fixed part; what is longer is cut. */
const WIDTHS = { outcome: 10, type: 22, unit: 22 };

export function briefly(one: Explanation, campaign: Campaign, look: Look = marksOnly): string {
  const { file, mail, understanding } = one;
  const { outcome, origin, type, unit, submissions, reason } = understanding;
  const { locale } = campaign;
  const zh = locale === "zh-CN";
  const isPerson = origin === "person";
  const outcomeWords = ledgerWords(locale).verdict[outcome];
  const [first] = submissions;
  const what = first
    ? `${first.people.join(zh ? "、" : ", ") || "–"} ${zh ? "《" : "“"}${first.title}${zh ? "》" : "”"}${submissions.length > 1 ? ` +${submissions.length - 1}` : ""}`
    : mail.subject || consoleWords(locale).noSubject;
  const why = reason && outcome !== "filed" ? ` — ${reasonWords(reason, locale).label}` : "";
  const parts: Part[] = [
    { text: fitted(outcomeWords, WIDTHS.outcome), style: outcome === "held" ? "warn" : "good" },
    " ",
    fitted(
      isPerson || outcome === "filed"
        ? sure(type, (code) => nameOfType(code, campaign))
        : (consoleWords(locale).origins[origin] ?? origin),
      WIDTHS.type,
    ),
    " ",
    fitted(
      isPerson || outcome === "filed" ? sure(unit, (code) => nameOfUnit(code, campaign)) : "",
      WIDTHS.unit,
    ),
    ` ${what}${why}  `,
    { text: file, style: "faint" },
  ];
  return look(...parts);
}

function sure({ value, confidence }: Verdict, nameOf: (code: string) => string): string {
  return value === null ? "?" : `${nameOf(value)} ${Math.floor(confidence * 100)}%`;
}

function fitted(words: string, columns: number): string {
  if (columnsOf(words) <= columns) return padded(words, columns);
  let kept = "";
  for (const sign of words) {
    if (columnsOf(kept + sign) >= columns) break;
    kept += sign;
  }
  return padded(`${kept}…`, columns);
}

/** "90 封：已登记 61，待人工 14". */
export function summary(all: Pick<Understanding, "outcome">[], campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const counts = new Map<string, number>();
  for (const { outcome } of all) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = ledgerWords(campaign.locale).verdict as Record<string, string>;
  const each = [...counts].sort((a, b) => b[1] - a[1]).map(([outcome, n]) => `${words[outcome]} ${n}`);
  return zh
    ? `${all.length} 封：${each.join("，")}`
    : `${all.length} ${all.length === 1 ? "mail" : "mails"}: ${each.join(", ")}`;
}
