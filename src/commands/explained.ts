// What was understood of a mail, as people at a terminal read it.
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import { consoleWords } from "../console/words.ts";
import { ledgerWords } from "../digest/words.ts";
import { amountWords, doubtWords } from "../document/amount.ts";
import type { ReadPart } from "../document/document.ts";
import { kindWords } from "../document/kinds.ts";
import { remarksOf } from "../document/remarks.ts";
import type { Mail } from "../message/mail.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { dateOf, timeOfDay } from "../text/dates.ts";
import { cutAt } from "../text/occurrence.ts";
import { type ReasonCode, reasonWords } from "../text/reason.ts";
import type { Evidence, Place, Understanding, Verdict } from "../understand/evidence.ts";
import { isOutside } from "../understand/seen.ts";
import { type AttachmentEntry, attachmentEntry } from "./extract.ts";

export interface Explanation {
  file: string;
  arrivedAt: Date;
  mail: Mail;
  parts: ReadPart[];
  understanding: Understanding;
  notices: NoticeIntent[];
}

/** For people at a terminal: what, who, why, attachments, answer. */
export function readable(one: Explanation, campaign: Campaign): string {
  const { file, mail, parts, understanding, notices, arrivedAt } = one;
  const { outcome, reason, origin, type, unit, submissions, corrections } = understanding;
  const [from] = mail.from;
  const zh = campaign.locale === "zh-CN";
  const say = (chinese: string, english: string) => (zh ? chinese : english);
  const words = consoleWords(campaign.locale);
  const because = (name: (value: string) => string) => (one: Evidence) =>
    evidenceLine(one, words.places, name);
  const why = reason ? ` — ${reasonWords(reason, campaign.locale).label} (${reason})` : "";
  const lines = [
    `━━ ${file}`,
    `${say("发件人", "From")}    ${from?.name ?? ""} <${from?.address ?? ""}>  ${dateOf(arrivedAt, campaign.timezone)} ${timeOfDay(arrivedAt, campaign.timezone)}`,
    `${say("主题", "Subject")}    ${marked(mail.subject, wordsSeen(understanding, "subject"))}`,
    `${say("结果", "Outcome")}    ${ledgerWords(campaign.locale).verdict[outcome]}${why}${origin === "person" ? "" : `  [${words.origins[origin]}]`}`,
    ...understanding.originEvidence.map(because((value) => words.origins[value] ?? value)),
    `${say("类型", "Type")}    ${nameOfType(type.value, campaign)}  ${sureness(type, (value) => nameOfType(value, campaign))}`,
    ...type.evidence.slice(0, 6).map(because((value) => nameOfType(value, campaign))),
    `${say("单位", "Unit")}    ${nameOfUnit(unit.value, campaign)}  ${sureness(unit, (value) => nameOfUnit(value, campaign))}${understanding.senderRegistered ? say("  登记地址", "  registered address") : ""}`,
    ...(understanding.unitAsRead === null
      ? []
      : [`    ${say("来信写的是", "as written")} “${understanding.unitAsRead}”`]),
    ...unit.evidence.slice(0, 6).map(because((value) => nameOfUnit(value, campaign))),
    ...submissions.map(
      (one, i) =>
        `${say("提交", "Filed")} ${i + 1}  ${nameOfType(one.type, campaign)}${one.item ? `/${one.item}` : ""} · ${nameOfUnit(one.unit, campaign)} · ${one.people.join("、") || "–"} · ${one.title}`,
    ),
    ...corrections.map((one) => `${say("更正", "Change")}    ${JSON.stringify(one)}`),
    ...parts.flatMap((part) => attachmentLines(attachmentEntry(part), campaign.locale, 1)),
    ...notices.flatMap((notice) => [
      `${say("回复", "Answer")}    ${notice.kind} → ${notice.to.map((to) => to.email).join(", ")}: ${notice.subject}`,
      ...notice.text.split("\n").map((line) => `    │ ${line}`),
    ]),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

/** Words that decided something, in marks that survive copying. */
function marked(text: string, words: string[]): string {
  return cutAt(text, words)
    .map((piece) => (piece.words === null ? piece.text : `【${piece.text}】`))
    .join("");
}

function wordsSeen({ type, unit }: Understanding, where: Place): string[] {
  return [...type.evidence, ...unit.evidence]
    .filter((one) => one.where === where && !isOutside(one.where))
    .flatMap(({ words, also }) => [words, ...(also ?? [])]);
}

/** A mail's words must not move the cursor or colour the terminal. */
function printable(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ");
}

function evidenceLine(
  { where, words, speaksFor, weight }: Evidence,
  places: Record<string, string>,
  name: (value: string) => string,
): string {
  return `    ${weight >= 0 ? "+" : ""}${weight.toFixed(1)}  ${places[where] ?? where}: “${[...words].slice(0, 50).join("")}” → ${name(speaksFor)}`;
}

function sureness({ confidence, runnerUp }: Verdict, name: (value: string) => string): string {
  const second = runnerUp ? ` ; ${name(runnerUp.value)} ${(runnerUp.confidence * 100).toFixed(1)}%` : "";
  return `(${(confidence * 100).toFixed(1)}%${second})`;
}

function nameOfType(value: string | null, campaign: Campaign): string {
  return deliverableOf(campaign, value)?.name ?? value ?? "?";
}

function nameOfUnit(value: string | null, campaign: Campaign): string {
  return unitOf(campaign, value)?.name ?? "?";
}

function attachmentLines(entry: AttachmentEntry, locale: Locale, depth: number): string[] {
  const { filename, mediaType, bytes, status, reason, text, children } = entry;
  const characters = text.replace(/\s/gu, "").length;
  const facts = [
    reason ? `${reasonWords(reason as ReasonCode, locale).label} (${reason})` : "",
    amountWords({ ...entry, characters }, locale),
    doubtWords(entry, locale),
    ...remarksOf(entry.warnings, locale),
  ].filter(Boolean);
  const [colon, semicolon] = locale === "zh-CN" ? ["：", "；"] : [": ", "; "];
  const said = facts.length > 0 ? `${colon}${facts.join(semicolon)}` : "";
  return [
    `${"  ".repeat(depth)}📎 ${filename}  ${kindWords(mediaType, locale)}, ${bytes.toLocaleString("en-US")} bytes, ${consoleWords(locale).status[status]}${said}`,
    ...children.flatMap((child) => attachmentLines(child, locale, depth + 1)),
  ];
}
