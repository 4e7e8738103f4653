// The one answer every person's mail gets: what it was taken as, what could be read, what is missing, how to correct it.
import {
  type Campaign,
  deliverableOf,
  isKnownAddress,
  ownAddresses,
  unitOf,
} from "../../campaign/campaign.ts";
import { calendarOf } from "../../deadline/calendar.ts";
import type { ReadPart } from "../../document/document.ts";
import type { Mail } from "../../message/mail.ts";
import { mayAnswer } from "../../message/origin.ts";
import { authenticated, isAuthenticating } from "../../message/sender.ts";
import { dateOf, type PlainDate, timeOfDay, writtenDate, writtenDue } from "../../text/dates.ts";
import { type ReasonCode, reasonWords } from "../../text/reason.ts";
import { likelyUnits } from "../../understand/choices.ts";
import type { Understanding } from "../../understand/evidence.ts";
import { answeredId, answerKey, messageIdDomain, replyReferences } from "../identity.ts";
import type { NoticeIntent } from "../notice.ts";
import { asLine, render } from "../render.ts";
import { attachmentViews, toSendAgain } from "./attachments.ts";
import { bareSubject } from "./subject.ts";

/** A submission as it was filed, said back to its sender. */
export interface FiledFact {
  reference: string;
  type: string;
  unit: string | null;
  item: string | null;
  people: string[];
  title: string;
  timeliness: "in-time" | "early" | "late";
  /** Counts only if a readable version follows within `clarifyWithin` working days. */
  provisional: boolean;
  /** From an address that may speak for the unit; else its paper counts once the unit's contact or the office says so. */
  verified: boolean;
  /** Reference of the version it replaces. */
  supersedes: string | null;
}

/** What came of one change the sender asked for. */
export interface CorrectionOutcome {
  reference: string;
  /** The change in words of the campaign's locale: "单位改为文化馆". */
  change: string;
  done: boolean;
  why: ReasonCode | null;
  /** Adds what was left out, and changes nothing. */
  adds: boolean;
}

export interface AnswerFacts {
  mail: Mail;
  understanding: Understanding;
  parts: ReadPart[];
  arrivedAt: Date;
  /** The recorded message; null in `explain`, which records nothing. */
  messageId: number | null;
  submissions: FiledFact[];
  corrected: CorrectionOutcome[];
  /** Reference number (or, without one, the words) of the mail this one repeats exactly. */
  duplicateOf: string | null;
  /** References of what the sender sent before and was never acknowledged, too many mails having come at once. */
  unanswered?: string[];
}

/** The answer to a mail, or null where none is due (R40, R43). */
export async function answer(facts: AnswerFacts, campaign: Campaign): Promise<NoticeIntent | null> {
  if (!isAnswered(facts, campaign)) return null;
  const sender = facts.mail.from[0];
  if (!sender) return null;
  const missing = missingThings(facts, campaign);
  const kind = missing.length === 1 ? "clarification" : "acknowledgement";
  const view = {
    campaign: { title: campaign.title, code: campaign.code },
    office: campaign.office.name,
    greeting: knownName(sender.address, facts, campaign),
    subject: bareSubject(facts.mail.subject),
    references: referenceWords(facts),
    arrived: arrivedWords(facts.arrivedAt, campaign),
    outcome: outcomeWord(facts),
    duplicateOf: facts.duplicateOf,
    held: isUnfinished(facts) ? heldWords(facts, campaign) : "",
    submissions: facts.submissions.map((submission) => submissionView(submission, campaign)),
    corrections: facts.corrected.map((outcome) => ({
      reference: outcome.reference,
      change: asLine(outcome.change, 200),
      done: outcome.done,
      words: outcome.why ? reasonWords(outcome.why, campaign.locale).sender : "",
    })),
    isSupplement: facts.corrected.every(({ adds, done }) => adds && done),
    attachments: attachmentViews(facts.parts, facts.understanding.submissions, campaign.locale),
    missing,
    unanswered: unansweredWords(facts.unanswered ?? [], campaign),
  };
  const words = await render(campaign, kind, view);
  return {
    key: answerKey(facts.messageId, facts.mail),
    kind,
    to: [{ name: asLine(sender.name, 100), email: sender.address }],
    cc: [],
    ...words,
    attachments: [],
    inReplyTo: answeredId(facts.mail),
    references: replyReferences(facts.mail),
    causeMessageId: facts.messageId,
    unit: facts.submissions[0]?.unit ?? facts.understanding.unit.value,
    stillOwed: [],
    notBefore: null,
  };
}

/** Held for these reasons, an answer would feed a loop or a stranger's forgery. */
const unansweredReasons = new Set<ReasonCode>(["mail-loop", "sender-unclear", "spam", "own-mail", "thanks"]);

function isAnswered({ mail, understanding, duplicateOf }: AnswerFacts, campaign: Campaign): boolean {
  const address = mail.from[0]?.address;
  if (mail.from.length !== 1 || !address) return false;
  if (understanding.origin !== "person" || understanding.outcome === "automatic") return false;
  if (understanding.outcome === "ignored" && duplicateOf === null) return false;
  if (understanding.reason && unansweredReasons.has(understanding.reason)) return false;
  const origin = { origin: understanding.origin, where: "header" as const, words: "" };
  const own = { addresses: ownAddresses(campaign), messageIdDomain: messageIdDomain(campaign) };
  if (!mayAnswer(mail, origin, own).may) return false;
  return isWanted(mail, address, campaign);
}

/**
 * Whoever wrote in another's name has our answer sent to that other (R43): where senders are authenticated, a stranger is
 * answered only when it was he, and somebody we know unless it certainly was not.
 */
function isWanted(mail: Mail, address: string, campaign: Campaign): boolean {
  if (!isAuthenticating(campaign.mailbox)) return true;
  const verdict = authenticated(mail, campaign.mailbox);
  return verdict === "pass" || (verdict === "unknown" && isKnownAddress(campaign, address));
}

interface Missing {
  what: "unit" | "attachment" | "link";
  name: string;
  words: string;
  by: string;
  /** The two units it may be, to choose from; empty where there is no saying. */
  choices: string[];
}

/** What the sender must still give before the mail is complete; said one by one. */
function missingThings(facts: AnswerFacts, campaign: Campaign): Missing[] {
  if (facts.duplicateOf !== null || facts.corrected.length > 0) return [];
  const { outcome, reason, unit } = facts.understanding;
  const byLink = outcome === "held" && (reason === "large-file-link" || reason === "attachment-missing");
  const unitMissing =
    outcome === "held"
      ? reason === "unit-unknown" || reason === "unit-unsure" || (byLink && unit.value === null)
      : facts.submissions.some((submission) => submission.unit === null);
  const by = facts.submissions.some((submission) => submission.provisional)
    ? replaceBy(facts.arrivedAt, campaign)
    : null;
  const unreadable = toSendAgain(facts.parts, facts.understanding.submissions, unitMissing || byLink);
  return [
    ...(unitMissing
      ? [
          {
            what: "unit" as const,
            name: nameAsRead(facts),
            words: "",
            by: "",
            choices: choicesOf(facts, campaign),
          },
        ]
      : []),
    ...(byLink
      ? [{ what: "link" as const, name: "", words: heldWords(facts, campaign), by: "", choices: [] }]
      : []),
    ...unreadable.map((part) => ({
      what: "attachment" as const,
      name: asLine(part.part.filename, 120),
      words: part.document.reason ? reasonWords(part.document.reason, campaign.locale).sender : "",
      by: by ? writtenDate(by, campaign.locale) : "",
      choices: [],
    })),
  ];
}

/** So that the sender sees what could not be found, and writes the name as the campaign has it. */
function nameAsRead({ understanding }: AnswerFacts): string {
  return understanding.unit.value === null ? asLine(understanding.unitAsRead ?? "", 40) : "";
}

/** "您是甲的，还是乙的？" is answered in a word; of one guess alone nobody is asked. */
function choicesOf({ understanding }: AnswerFacts, campaign: Campaign): string[] {
  const units = likelyUnits(understanding).map((code) => unitOf(campaign, code)?.name ?? code);
  return units.length > 1 ? units : [];
}

function replaceBy(arrivedAt: Date, campaign: Campaign): PlainDate {
  return calendarOf(campaign).addWorkingDays(dateOf(arrivedAt, campaign.timezone), campaign.clarifyWithin);
}

/** The name people of the campaign know the sender by; a display name may be a nickname and is not used. */
function knownName(address: string, facts: AnswerFacts, campaign: Campaign): string {
  const person = campaign.roster.find((entry) => entry.email === address.toLowerCase());
  if (person) return asLine(person.name, 40);
  const people = new Set(facts.submissions.flatMap((submission) => submission.people));
  const [only] = people;
  return people.size === 1 && only && facts.mail.from[0]?.name === only ? asLine(only, 40) : "";
}

function outcomeWord(facts: AnswerFacts): "duplicate" | "corrected" | "held" | "filed" {
  if (facts.duplicateOf !== null) return "duplicate";
  if (facts.corrected.length > 0) return "corrected";
  return isUnfinished(facts) || facts.submissions.length === 0 ? "held" : "filed";
}

function isUnfinished({ understanding }: AnswerFacts): boolean {
  return understanding.outcome === "held" || understanding.outcome === "oversize";
}

function heldWords({ understanding }: AnswerFacts, campaign: Campaign): string {
  return understanding.reason ? reasonWords(understanding.reason, campaign.locale).sender : "";
}

function referenceWords(facts: AnswerFacts): { first: string; count: number } {
  const all = [
    ...facts.submissions.map((submission) => submission.reference),
    ...facts.corrected.map((outcome) => outcome.reference),
    ...(facts.duplicateOf === null ? [] : [facts.duplicateOf]),
  ].filter(Boolean);
  const distinct = new Set(all);
  return { first: all[0] ?? "", count: distinct.size };
}

const UNANSWERED_NAMED = 10;

/** "WHXDH-0004、WHXDH-0005"; "" where nothing is left unsaid. */
function unansweredWords(references: string[], { locale }: Campaign): string {
  const named = references.slice(0, UNANSWERED_NAMED).join(locale === "zh-CN" ? "、" : ", ");
  const more = references.length - UNANSWERED_NAMED;
  if (more <= 0) return named;
  return locale === "zh-CN" ? `${named} 等 ${references.length} 件` : `${named} and ${more} more`;
}

function arrivedWords(at: Date, campaign: Campaign): string {
  return writtenDue(dateOf(at, campaign.timezone), timeOfDay(at, campaign.timezone), campaign.locale);
}

function submissionView(submission: FiledFact, campaign: Campaign) {
  const deliverable = deliverableOf(campaign, submission.type);
  const item = deliverable?.items.find((one) => one.code === submission.item);
  const isUnits = deliverable?.from === "unit";
  const last = isUnits ? deliverable.due : deliverable?.closes;
  const limit = submission.timeliness === "early" ? deliverable?.opens : last;
  const time = isUnits && limit === deliverable.due ? deliverable.dueTime : null;
  return {
    reference: submission.reference,
    type: deliverable?.name ?? submission.type,
    item: item?.name ?? "",
    unit: unitOf(campaign, submission.unit)?.name ?? "",
    people: submission.people.map((name) => asLine(name, 40)),
    title: asLine(submission.title, 120),
    timeliness: submission.timeliness,
    limit: limit ? writtenDue(limit, time, campaign.locale) : "",
    unverified: isUnits && !submission.verified,
    supersedes: submission.supersedes ?? "",
  };
}
