// What was understood of a mail, as people at a terminal read it: the decisions with their reasons, then the mail itself.
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import { wasToBeFiled } from "../console/lost.ts";
import { consoleWords } from "../console/words.ts";
import { ledgerWords } from "../digest/words.ts";
import { amountWords, doubtWords } from "../document/amount.ts";
import type { ReadPart } from "../document/document.ts";
import { kindWords } from "../document/kinds.ts";
import { remarksOf } from "../document/remarks.ts";
import type { Mail } from "../message/mail.ts";
import type { SenderCheck } from "../message/sender.ts";
import { senderCheckWords } from "../message/sender-words.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { dateOf, timeOfDay } from "../text/dates.ts";
import { type ReasonCode, reasonWords } from "../text/reason.ts";
import type { SubmissionDraft, Understanding } from "../understand/evidence.ts";
import { highlighted, PLACES_OF } from "../understand/highlight.ts";
import { placesOf } from "../understand/seen.ts";
import { asRead, letterOf, toPart } from "./as-read.ts";
import { changeWords, intentWords } from "./change-words.ts";
import { decisionLines, reasonLine } from "./decision.ts";
import { type AttachmentEntry, attachmentEntry } from "./extract.ts";
import { type Look, MARKS, marksOnly, type Part, padded } from "./look.ts";

export interface Explanation {
  file: string;
  arrivedAt: Date;
  mail: Mail;
  sender: SenderCheck | null;
  parts: ReadPart[];
  understanding: Understanding;
  notices: NoticeIntent[];
}

/** So much of the letter is shown, and of each document. */
const LETTER = { opening: 4, most: 30 };
const DOCUMENT = { opening: 0, most: 8 };

/** For people at a terminal: what, who, why, attachments, the letter with what decided, the answer. */
export function readable(one: Explanation, campaign: Campaign, look: Look = marksOnly): string {
  const { understanding, mail, parts, notices } = one;
  const { locale } = campaign;
  const say = sayIn(locale);
  const { text, quoted } = letterOf(mail, understanding);
  const letter = asRead(text, PLACES_OF.body, understanding, LETTER, omittedIn(locale));
  const lines: Part[][] = [
    ...headLines(one, campaign),
    ...decisions(understanding, campaign),
    ...understanding.submissions.map((draft, at) => submissionLine(draft, at, one, campaign)),
    ...understanding.corrections.map((change) => [
      label(say("更正", "Change")),
      changeWords(change, campaign),
    ]),
    ...(understanding.intent === null
      ? []
      : [[label(say("来意", "Meant as")), intentWords(understanding.intent, locale)]]),
    ...parts.flatMap((part) => attachmentLines(part, understanding, locale, 1)),
    ...(letter.length === 0 ? [] : [[say("来信原文", "The letter"), ...legend(look, locale)]]),
    ...letter.map((line): Part[] => ["    │ ", ...line]),
    ...(quoted
      ? [[faint(`    │ ${say("……（引用的往来，不作依据）", "…… (quoted history, not looked at)")}`)]]
      : []),
    ...notices.flatMap((notice): Part[][] => [
      [
        label(say("回复", "Answer")),
        `${ledgerWords(locale).noticeKind[notice.kind] ?? notice.kind} → ${notice.to.map((to) => to.email).join(", ")}: ${notice.subject}`,
      ],
      ...notice.text
        .trimEnd()
        .split("\n")
        .map((line) => [`    │ ${line}`]),
    ]),
  ];
  return `${lines.map((line) => look(...line)).join("\n")}\n`;
}

const sayIn = (locale: Locale) => (chinese: string, english: string) =>
  locale === "zh-CN" ? chinese : english;
const label = (words: string) => `${padded(words, 8)}  `;
const omittedIn = (locale: Locale) => (lines: number) =>
  locale === "zh-CN" ? `……（略 ${lines} 行）` : `…… (${lines} ${lines === 1 ? "line" : "lines"} left out)`;

function legend(look: Look, locale: Locale): Part[] {
  const words = consoleWords(locale);
  const shown = { type: words.type, unit: words.unit };
  if (look !== marksOnly) {
    return ["  ", { text: shown.type, style: "type" }, " ", { text: shown.unit, style: "unit" }];
  }
  const [type, unit] = [MARKS.type.join(""), MARKS.unit.join("")];
  const text =
    locale === "zh-CN" ? `（${type}${shown.type}，${unit}${shown.unit}）` : ` (${type} type, ${unit} unit)`;
  return [faint(text)];
}

const faint = (text: string): Part => ({ text, style: "faint" });

function headLines(
  { file, mail, sender, arrivedAt, understanding }: Explanation,
  campaign: Campaign,
): Part[][] {
  const { locale, timezone } = campaign;
  const { outcome, reason, origin, originEvidence } = understanding;
  const say = sayIn(locale);
  const words = consoleWords(locale);
  const [from] = mail.from;
  const why = reason ? ` — ${reasonWords(reason, locale).label} (${reason})` : "";
  const part = (text: string, place: keyof typeof PLACES_OF) =>
    highlighted(text, PLACES_OF[place], understanding).map(toPart);
  return [
    [{ text: `━━ ${file}`, style: "strong" }],
    [
      label(say("发件人", "From")),
      ...part(from?.name ?? "", "sender"),
      " <",
      ...part(from?.address ?? "", "sender"),
      `>  ${dateOf(arrivedAt, timezone)} ${timeOfDay(arrivedAt, timezone)}`,
    ],
    ...(sender ? [[label(say("来源", "Source")), senderCheckWords(sender, locale)]] : []),
    [label(say("主题", "Subject")), ...part(mail.subject, "subject")],
    [
      label(say("结果", "Outcome")),
      { text: ledgerWords(locale).verdict[outcome], style: outcome === "held" ? "warn" : "good" },
      `${why}${origin === "person" ? "" : `  [${words.origins[origin]}]`}`,
    ],
    ...originEvidence.map((one) => reasonLine(one, (value) => words.origins[value] ?? value, locale)),
  ];
}

function decisions(understanding: Understanding, campaign: Campaign): Part[][] {
  const { type, unit, unitAsRead, senderRegistered } = understanding;
  const { locale } = campaign;
  const autoFileAt = wasToBeFiled(understanding) ? campaign.autoFileAt : null;
  const say = sayIn(locale);
  const words = consoleWords(locale);
  const asked = { autoFileAt, locale };
  return [
    ...decisionLines({
      ...asked,
      ...{ label: words.type, verdict: type, nameOf: (code) => nameOfType(code, campaign) },
    }),
    ...decisionLines({
      ...asked,
      ...{ label: words.unit, verdict: unit, nameOf: (code) => nameOfUnit(code, campaign) },
    }),
    ...(unitAsRead === null ? [] : [[`    ${say("来信写的是", "as written")} “${unitAsRead}”`]]),
    ...(senderRegistered
      ? [[`    ${say("发件地址已登记在该单位名下", "the sender's address is registered for this unit")}`]]
      : []),
  ];
}

/** With where each of it stands, for whoever wants to look it up. */
function submissionLine(draft: SubmissionDraft, at: number, one: Explanation, campaign: Campaign): Part[] {
  const { locale } = campaign;
  const say = sayIn(locale);
  const { places } = consoleWords(locale);
  const from = (words: string) => {
    const [first] = placesOf(words, one);
    return first ? `（${places[first]}）` : "";
  };
  const item = deliverableOf(campaign, draft.type)?.items.find((known) => known.code === draft.item);
  const people = draft.people.map((name) => `${name}${from(name)}`).join("、") || "–";
  const kind = [nameOfType(draft.type, campaign), item?.name].filter(Boolean).join(" / ");
  const unit = draft.unit === null ? "?" : nameOfUnit(draft.unit, campaign);
  return [
    label(`${say("提交", "Filed")} ${at + 1}`),
    `${kind} · ${unit} · ${people} · `,
    { text: draft.title, style: "strong" },
    from(draft.title),
  ];
}

export function nameOfType(value: string, campaign: Campaign): string {
  return deliverableOf(campaign, value)?.name ?? ledgerWords(campaign.locale).otherTypes[value] ?? value;
}

export function nameOfUnit(value: string, campaign: Campaign): string {
  return unitOf(campaign, value)?.name ?? value;
}

function attachmentLines(
  read: ReadPart,
  understanding: Understanding,
  locale: Locale,
  depth: number,
): Part[][] {
  const entry: AttachmentEntry = attachmentEntry(read);
  const { filename, mediaType, bytes, status, reason, text } = entry;
  const characters = text.replace(/\s/gu, "").length;
  const facts = [
    reason ? `${reasonWords(reason as ReasonCode, locale).label} (${reason})` : "",
    amountWords({ ...entry, characters }, locale),
    doubtWords(entry, locale),
    ...remarksOf(entry.warnings, locale),
  ].filter(Boolean);
  const [colon, semicolon] = locale === "zh-CN" ? ["：", "；"] : [": ", "; "];
  const said = facts.length > 0 ? `${colon}${facts.join(semicolon)}` : "";
  const indent = "  ".repeat(depth);
  const telling = asRead(text, PLACES_OF.document, understanding, DOCUMENT, omittedIn(locale));
  return [
    [
      `${indent}📎 `,
      ...highlighted(filename, PLACES_OF.filename, understanding).map(toPart),
      `  ${kindWords(mediaType, locale)}, ${bytes.toLocaleString("en-US")} bytes, ${consoleWords(locale).status[status]}${said}`,
    ],
    ...telling.map((line): Part[] => [`${indent}  │ `, ...line]),
    ...read.children.flatMap((child) => attachmentLines(child, understanding, locale, depth + 1)),
  ];
}
