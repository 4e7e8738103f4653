// The pure heart: a mail with its documents, and what the campaign knows → what it is, from whom, and why.
import { type Campaign, ownAddresses } from "../campaign/campaign.ts";
import { isDoubtful } from "../document/amount.ts";
import type { ReadPart } from "../document/document.ts";
import type { Mail, MailAddress, Origin } from "../message/mail.ts";
import { originOf, sistersAnswer, wentThroughUs } from "../message/origin.ts";
import { senderOf } from "../message/sender.ts";
import type { ReasonCode } from "../text/reason.ts";
import { unitAsRead } from "./asread.ts";
import { fileByLink } from "./bylink.ts";
import { said, talkOf } from "./conversation.ts";
import { draftsOf } from "./drafts.ts";
import {
  type Evidence,
  OTHER,
  RULE_VERSION,
  type ThreadContext,
  type Understanding,
  type Verdict,
} from "./evidence.ts";
import { type Exchange, exchangeOf, isReplySubject } from "./exchange.ts";
import { coveringIntent } from "./intent.ts";
import { calendarKinds, coverKinds, senderKinds, threadKinds, titleKinds } from "./kind.ts";
import { type Knowledge, prepare } from "./knowledge.ts";
import { labelledIn, linesOf, plainOf } from "./letter.ts";
import { withoutLinks } from "./links.ts";
import type { Drafted, Mailwide } from "./mailwide.ts";
import { speaksOfMissingFile } from "./missing-file.ts";
import { pieceUnits } from "./piece-unit.ts";
import { type Pieces, piecesOf } from "./pieces.ts";
import { bareSubject } from "./title.ts";
import { forwardedUnits, spokenFor } from "./unit-behalf.ts";
import { isLeft, movedIn } from "./unit-moved.ts";
import { isRegistered, senderEvidence, threadEvidence } from "./unit-sender.ts";
import { unitOfTalk } from "./unit-talk.ts";
import { asDivisions, BODY, signatureEvidence, textEvidence } from "./unit-text.ts";
import { titleEvidence } from "./unit-title.ts";
import { weighUnits } from "./unit-verdict.ts";
import { verdictOf } from "./verdict.ts";
import { weigh } from "./weigh.ts";

export interface Facts {
  mail: Mail;
  parts: ReadPart[];
  arrivedAt: Date;
  thread: ThreadContext | null;
}

export { type Knowledge, prepare };

/** Problems of the mail itself that a human must look at, whatever it holds. */
const HOLDING: ReasonCode[] = [
  "unparseable",
  "too-slow",
  "too-much-memory",
  "reader-failed",
  "sender-unclear",
  "mail-loop",
  "oversize",
];

export function understand(facts: Facts, knowledge: Knowledge): Understanding {
  const understanding = understandAll(facts, knowledge);
  const sure = facts.parts.map(withoutDoubtful);
  if (understanding.outcome !== "filed" || sure.every((part, at) => part === facts.parts[at]))
    return understanding;
  return standingWithout(understandAll({ ...facts, parts: sure }, knowledge), understanding);
}

/** The part as if nothing had been recognised in it, where what was recognised may well be wrong. */
function withoutDoubtful(part: ReadPart): ReadPart {
  const children = part.children.map(withoutDoubtful);
  const isSame = children.every((child, at) => child === part.children[at]);
  if (!isDoubtful(part.document)) return isSame ? part : { ...part, children };
  return { ...part, children, document: { ...part.document, text: "", title: null } };
}

/** Words that may be wrong decide nothing by themselves: what rests on them alone, a person looks at. */
function standingWithout(without: Understanding, understanding: Understanding): Understanding {
  const { type, unit } = understanding;
  const isSure = without.outcome === "filed";
  if (without.unit.value !== unit.value || (!isSure && without.reason?.startsWith("unit-")))
    return { ...understanding, outcome: "held", reason: "unit-unsure" };
  if (without.type.value !== type.value || !isSure)
    return { ...understanding, outcome: "held", reason: "type-unsure" };
  return understanding;
}

function understandAll(facts: Facts, knowledge: Knowledge): Understanding {
  const { mail } = facts;
  const { campaign } = knowledge;
  const told = originOf(mail, ownOf(campaign));
  // Our own words come back are the reading's to know, and somebody may have written among them.
  const isSisters = told.origin === "person" && !mail.text.includes(campaign.title);
  const came = (isSisters && sistersAnswer(mail)) || told;
  const originEvidence: Evidence[] =
    came.origin === "person"
      ? []
      : [{ where: came.where, words: came.words, speaksFor: came.origin, weight: 5 }];
  const content = contentOf(facts, came.origin, knowledge);
  const understanding: Understanding = {
    ruleVersion: RULE_VERSION,
    origin: came.origin,
    originEvidence,
    ...content,
  };
  const problem = mail.problems.find((one) => HOLDING.includes(one.reason));
  if (mail.problems.some(({ reason }) => reason === "oversize"))
    return { ...understanding, outcome: "oversize", reason: problem?.reason ?? "oversize" };
  if (came.origin !== "person") return unattended(understanding, mail);
  const reason = problem?.reason ?? (wentThroughUs(mail, ownOf(campaign)) ? "mail-loop" : null);
  return reason ? { ...understanding, outcome: "held", reason } : understanding;
}

export function ownOf(campaign: Campaign): { addresses: Set<string>; messageIdDomain: string } {
  const { address } = campaign.mailbox;
  return { addresses: ownAddresses(campaign), messageIdDomain: address.slice(address.lastIndexOf("@") + 1) };
}

const REASON_OF: Record<Exclude<Origin, "person">, ReasonCode> = {
  "auto-reply": "auto-reply",
  bounce: "bounce",
  receipt: "receipt",
  list: "mailing-list",
  own: "own-mail",
};

const ANSWERS =
  /自动(?:回复|答复|回覆)|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|vacation|休假|外出/i;

/** A scanner or a list may carry a real submission; an absence notice that quotes ours carries none. */
function unattended(understanding: Understanding, mail: Mail): Understanding {
  const { origin, submissions } = understanding;
  if (origin === "person") return understanding;
  const mayCarry =
    origin === "list" ||
    (origin === "auto-reply" && !ANSWERS.test(mail.subject) && mail.inReplyTo.length === 0);
  const brings =
    mail.parts.length > 0 || labelledIn(linesOf(understanding.newText)).length >= 2 || origin === "list";
  if (mayCarry && brings && understanding.outcome === "filed" && submissions.length > 0) return understanding;
  const outcome = origin === "own" ? "ignored" : "automatic";
  const nothing = { submissions: [], corrections: [], intent: null };
  return { ...understanding, ...nothing, outcome, reason: REASON_OF[origin] };
}

type Content = Omit<Understanding, "ruleVersion" | "origin" | "originEvidence">;

/** `ownUnit`: without what a quotation says, which anybody can write and nobody gains rights by (R60). */
type Decided = Omit<Content, "unitAsRead" | "senderRegistered"> & { ownUnit?: Verdict };

function contentOf(facts: Facts, origin: Origin, knowledge: Knowledge): Content {
  const pieces = piecesOf(facts.mail, facts.parts, knowledge.campaign);
  const { ownUnit, ...content } = decidedOf(facts, pieces, origin, knowledge);
  const unitless = origin === "person" && content.unit.value === null;
  return {
    ...content,
    unitAsRead: unitless ? unitAsRead(facts.mail, pieces, knowledge) : null,
    senderRegistered: isRegistered(senderOf(facts.mail), (ownUnit ?? content.unit).value, knowledge),
  };
}

function decidedOf(facts: Facts, pieces: Pieces, origin: Origin, knowledge: Knowledge): Decided {
  const { mail } = facts;
  const all = mailwide(facts, pieces, knowledge);
  const drafts = draftsOf(pieces.pieces, all, knowledge);
  const base = {
    newText: pieces.newText,
    unit: all.unit,
    submissions: drafts.map((one) => one.draft),
    corrections: [],
    intent: null,
  };
  if (origin === "person" && pieces.onlyOurs)
    return {
      ...base,
      submissions: [],
      outcome: "ignored",
      reason: "own-mail",
      type: ourOwn(mail),
    };
  const byLink = pieces.linked ? fileByLink(pieces, pieces.linked, all, knowledge) : null;
  if (byLink && pieces.linked?.byMailProgram) return { ...base, ...byLink };
  const exchange = exchangeOf(mail, pieces.quoted, facts.thread, knowledge);
  const talk = origin === "person" ? talkOf({ mail, pieces, drafts, all, exchange }, knowledge) : null;
  if (byLink && (talk === null || talk.reason === "thanks")) return { ...base, ...byLink };
  if (talk) {
    const claims = talk.corrections.some(({ action }) => action === "unit");
    const ownUnit = claims ? {} : { ownUnit: all.unit };
    return { ...base, submissions: [], unit: unitOfTalk(talk, all, exchange), ...ownUnit, ...talk };
  }
  const covering = origin === "person" ? coveringOf(pieces, drafts, all, exchange) : NO_COVERING;
  if (origin === "person" && !byLink && speaksOfMissingFile(pieces)) {
    const known = drafts.length > 0 ? verdictOf(drafts, knowledge) : nothing(base, pieces, all);
    return { ...base, ...known, ...covering, submissions: [], outcome: "held", reason: "attachment-missing" };
  }
  if (drafts.length === 0) {
    // Whose it is a file may say although nobody can say what it is.
    const unit = all.unit.value === null ? unitOfPieces(pieces, all, knowledge) : all.unit;
    return { ...nothing({ ...base, unit }, pieces, all), ...covering };
  }
  return { ...base, ...verdictOf(drafts, knowledge), ...covering };
}

function unitOfPieces(pieces: Pieces, all: Mailwide, knowledge: Knowledge): Verdict {
  const units = pieces.pieces.flatMap((piece) => pieceUnits(piece, false, knowledge));
  return weighUnits(asDivisions([...all.units, ...units], knowledge));
}

const NO_COVERING = { intent: null, corrections: [] };

/** What the words say that come with something to file: a newer version, a forgotten file. */
function coveringOf(
  pieces: Pieces,
  drafts: Drafted[],
  all: Mailwide,
  exchange: Exchange,
): Pick<Content, "intent" | "corrections"> {
  const covering = {
    lines: pieces.newLines,
    subject: plainOf(all.subject),
    submissions: drafts.map(({ draft }) => draft),
    hasFiles: pieces.pieces.some((piece) => piece.source === "document"),
  };
  return coveringIntent(covering, exchange);
}

function ourOwn(mail: Mail): Verdict {
  if (mail.subject.trim() !== "") return said(OTHER, [mail.subject], 5, () => "subject");
  return said(OTHER, [mail.text.trim().split("\n")[0] ?? ""], 5);
}

/** What remains of a list's word for a unit that the writer says he has left. */
const LEFT = 0.25;

/** Reasons that hold for everything in the mail. */
function mailwide(facts: Facts, pieces: Pieces, knowledge: Knowledge): Mailwide {
  const { mail, thread } = facts;
  const sender = senderOf(mail);
  const subject = bareSubject(withoutLinks(mail.subject));
  // Of a notice of ours that is forwarded, the subject is ours as well.
  const subjectKinds = pieces.forwardsOurs ? [] : titleKinds(subject, "subject", 3.2, knowledge);
  const headed = [...subjectKinds].sort((a, b) => b.weight - a.weight)[0];
  const owed =
    headed !== undefined && headed.speaksFor !== OTHER && !knowledge.personal.has(headed.speaksFor);
  const cover = pieces.cover;
  const isReply = pieces.forwardsOurs || mail.inReplyTo.length > 0 || isReplySubject(mail.subject);
  const kinds = [
    ...subjectKinds,
    ...coverKinds(cover, knowledge),
    ...senderKinds(roleOf(sender, knowledge), sender?.address ?? "", knowledge),
    ...threadKinds(thread),
    ...calendarKinds(facts.arrivedAt, knowledge),
  ];
  const moved = movedIn(pieces.newLines, knowledge);
  const own = [
    ...senderEvidence(sender, knowledge).map((one) =>
      isLeft(moved, one.speaksFor) ? { ...one, weight: one.weight * LEFT } : one,
    ),
    ...moved.evidence,
    ...titleEvidence(subject, "subject", owed, knowledge),
    ...signatureEvidence(withoutLinks(pieces.signature), knowledge),
    ...threadEvidence(thread),
    ...textEvidence(pieces.newLines, labelledIn(pieces.newLines), BODY, knowledge),
  ];
  const units = asDivisions(
    pieces.forwardedFrom
      ? forwardedUnits(own, pieces.forwardedFrom, subject, pieces, knowledge)
      : spokenFor(own, subject, pieces, knowledge),
    knowledge,
  );
  return {
    subject,
    sender,
    signature: pieces.signature,
    cover,
    isReply,
    kinds,
    units,
    unit: weighUnits(units),
    moved,
    forwardedFrom: pieces.forwardedFrom,
  };
}

function roleOf(sender: MailAddress | null, knowledge: Knowledge): "contact" | "person" | "unknown" {
  const known = sender ? (knowledge.addresses.get(sender.address) ?? []) : [];
  if (known.some((one) => one.role === "liaison" || one.role === "head")) return "contact";
  return known.length > 0 ? "person" : "unknown";
}

function nothing(
  base: Pick<Content, "newText" | "unit" | "submissions" | "corrections" | "intent">,
  pieces: Pieces,
  all: Mailwide,
): Decided {
  const type = weigh(all.kinds, { doubt: 1.5, atLeast: 1 });
  const guessed = type.value !== null && type.value !== OTHER && type.confidence >= 0.4;
  if (guessed && pieces.pieces.length > 0) return { ...base, outcome: "held", reason: "type-unsure", type };
  const other = type.value === OTHER ? type : { ...type, value: OTHER, confidence: 0.5, runnerUp: null };
  return { ...base, outcome: "held", reason: "nothing-found", type: other };
}
