// The stage: understood mails become submissions, corrections and verdicts, in the caller's transaction.

import type { Campaign } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import { senderCheck, senderOf } from "../message/sender.ts";
import type { Trx } from "../store/database.ts";
import type { ReasonCode } from "../text/reason.ts";
import { CORRECTION, type Understanding } from "../understand/evidence.ts";
import { auditSenders } from "./audited.ts";
import { type Corrected, correct } from "./correct.ts";
import { contentKey } from "./duplicates.ts";
import { isVerified } from "./exchange/authority.ts";
import { completeContent } from "./exchange/complete.ts";
import { noteFurther } from "./exchange/records.ts";
import { replacedBy } from "./exchange/replace.ts";
import { supplement } from "./exchange/supplement.ts";
import { type Instructed, instruct } from "./instruct.ts";
import { keepSendersWords } from "./kept.ts";
import {
  type EarlierMessage,
  earlierMessages,
  insertSubmissions,
  type MessageVerdict,
  type SentSubmission,
  setArrival,
  setSubmissionStates,
  settleMessages,
  submissionsOfMessages,
} from "./records.ts";
import {
  lacksText,
  type NewSubmission,
  type Submission,
  submissionFrom,
  timelinessOf,
} from "./submission.ts";
import { numberSubmissions, saysItReplaces, supersede } from "./supersede.ts";
import { ancestorsOf } from "./thread.ts";
import type { UnderstoodMail } from "./understood.ts";

export interface FiledMail {
  understood: UnderstoodMail;
  /** With the outcome that stands after duplicates and permissions were looked at. */
  understanding: Understanding;
  submissions: NewSubmission[];
  /** Reference of each new submission → reference of the older version it supersedes. */
  superseded: Map<string, string>;
  corrected: Corrected[];
  /** Of each new submission, in their order, the older one of its sender that it replaces. */
  replaced: (SentSubmission | null)[];
  /** The held mail that this one completed. */
  completedId: number | null;
  /** What came of the office's instructions; null: it told us nothing. */
  instructed: Instructed[] | null;
  /** Reference (or message number, while held) of the first mail this one repeats. */
  duplicateOf: string | null;
}

/**
 * Files a batch of understood mails: duplicates are recognised, reference numbers given, older versions superseded,
 * corrections carried out, and each message gets its verdict. Everything or nothing, with the caller's transaction (R32).
 */
export async function fileMails(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail[],
  now: Date,
): Promise<FiledMail[]> {
  // Told twice in the same words on two days, the office means it twice: only the very same mail is a repeat.
  const keys = understood.map(({ mail, understanding, parts, orders }) =>
    orders ? null : contentKey(mail, understanding.newText, parts),
  );
  const repeats = await findRepeats(trx, campaign, understood, keys);
  const filed: FiledMail[] = [];
  for (const [index, one] of understood.entries()) {
    filed.push(await decideOne(trx, campaign, one, repeats[index] ?? null, now));
  }
  await giveNumbers(trx, campaign, filed);
  await supersedeOlder(trx, campaign, filed);
  if (filed.some(({ superseded }) => superseded.size > 0)) crashPoint("superseded");
  const inserted = await insertSubmissions(
    trx,
    filed.flatMap(({ submissions }) => submissions),
    now,
  );
  await keepSendersWords(trx, campaign, filed, inserted, now);
  await auditSenders(trx, campaign, filed, now);
  await noteFurther(trx, firstMails(filed, inserted), now);
  for (const [index, one] of filed.entries()) {
    const repeated = repeats[index]?.kind === "duplicate" ? repeats[index].messageId : null;
    if (repeated !== null) await countFromEarlier(trx, campaign, one.understood, repeated);
  }
  await settleMessages(
    trx,
    filed.map((one, index) => verdictOf(campaign, one, keys[index] ?? null, repeats[index] ?? null)),
    now,
  );
  return filed;
}

/** A copy that came first may be handled last: what was filed of the other counts from when the first of them came. */
async function countFromEarlier(
  trx: Trx,
  campaign: Campaign,
  copy: UnderstoodMail,
  repeatedId: number,
): Promise<void> {
  const { arrivedAt } = copy;
  for (const submission of await submissionsOfMessages(trx, [repeatedId])) {
    if (submission.arrivedAt <= arrivedAt || (submission.verified && !isVerified(campaign, copy))) continue;
    const timeliness = timelinessOf(campaign, submission.type, arrivedAt);
    await setArrival(trx, submission.id, { arrivedAt, timeliness });
  }
}

/** What was completed keeps the mail it began with. */
function firstMails(filed: FiledMail[], inserted: Submission[]) {
  return filed.flatMap(({ completedId, understood }) =>
    completedId === null
      ? []
      : inserted
          .filter(({ messageId }) => messageId === understood.messageId)
          .map(({ id }) => ({ submissionId: id, messageId: completedId, role: "first" as const, text: "" })),
  );
}

interface Repeat {
  kind: "duplicate" | "same-id";
  messageId: number;
  /** How the sender knows the first one. */
  name: string;
}

/** For each mail, the earlier mail it repeats: in the ledger or earlier in this batch. */
async function findRepeats(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail[],
  keys: (Buffer | null)[],
): Promise<(Repeat | null)[]> {
  const persons = understood.map(({ understanding }) =>
    understanding.outcome === "filed" || understanding.outcome === "held" ? understanding : null,
  );
  const hexes = keys.map((key, index) => (persons[index] ? (key?.toString("hex") ?? null) : null));
  const ids = understood.map(({ mail }, index) => (persons[index] ? mail.messageId : null));
  const mine = new Set(understood.map(({ messageId }) => messageId));
  // A mail that waited and is looked at again is no repeat of itself.
  const known = (await earlierMessages(trx, campaign.code, present(hexes), present(ids))).filter(
    ({ id }) => !mine.has(id),
  );
  const submissions = await submissionsOfMessages(
    trx,
    known.map(({ id }) => id),
  );
  const nameOf = (id: number) =>
    submissions.filter(({ messageId }) => messageId === id).at(-1)?.reference ?? `#${id}`;
  // A forger who is first with a unit's own words must not make the unit's mail the copy.
  const outranks = (one: UnderstoodMail, id: number) => {
    const filed = submissions.filter(({ messageId }) => messageId === id);
    return filed.length > 0 && !filed.some(({ verified }) => verified) && isVerified(campaign, one);
  };
  const repeats = understood.map((one, index) => {
    const { mail } = one;
    const same = known.find(
      (earlier) => isFirst(earlier) && earlier.contentKey !== null && earlier.contentKey === hexes[index],
    );
    const byContent = same && outranks(one, same.id) ? undefined : same;
    if (byContent) return { kind: "duplicate" as const, messageId: byContent.id, name: nameOf(byContent.id) };
    const byId = known.find((one) => one.rfcMessageId !== null && one.rfcMessageId === mail.messageId);
    if (byId && ids[index]) return { kind: "same-id" as const, messageId: byId.id, name: nameOf(byId.id) };
    return null;
  });
  const seen = new Map<string, number>();
  for (const [index, hex] of hexes.entries()) {
    if (hex === null || repeats[index]) continue;
    const first = seen.get(hex);
    if (first === undefined) seen.set(hex, index);
    else {
      const messageId = (understood[first] as UnderstoodMail).messageId;
      repeats[index] = { kind: "duplicate", messageId, name: `#${messageId}` };
    }
  }
  return repeats;
}

const isFirst = ({ state }: EarlierMessage) => state === "filed" || state === "held";

function present<T>(values: (T | null)[]): T[] {
  return [...new Set(values.filter((value): value is T => value !== null))];
}

async function decideOne(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  repeat: Repeat | null,
  now: Date,
): Promise<FiledMail> {
  const none = {
    submissions: [],
    superseded: new Map<string, string>(),
    corrected: [],
    replaced: [],
    completedId: null,
    instructed: null,
    duplicateOf: null,
  };
  const { understanding, orders } = understood;
  if (repeat?.kind === "duplicate" || (repeat && orders)) {
    return {
      ...none,
      understood,
      understanding: { ...understanding, outcome: "ignored", reason: "duplicate", submissions: [] },
      duplicateOf: repeat.name,
    };
  }
  if (repeat) return { ...none, understood, understanding: held(understanding, "same-id-different-content") };
  if (orders) {
    const decider = { by: orders.by, way: orders.way, askedIn: understood.messageId, at: now };
    const instructed = await instruct(trx, campaign, orders.instructions, decider);
    const lines = [...orders.instructions, ...orders.rulings, ...orders.notices].map(({ line }) => line);
    return { ...none, understood, understanding: instructing(understanding, lines), instructed };
  }
  const isWhole = understanding.outcome === "filed" || understanding.outcome === "held";
  if (understanding.type.value === CORRECTION && isWhole) {
    const { corrected, completed } = await correct(trx, campaign, understood, now);
    const refused = corrected.find(({ done }) => !done);
    const standing: Understanding = refused
      ? held(understanding, refused.why ?? "correction-unclear")
      : { ...understanding, outcome: "filed", reason: null };
    return { ...none, understood, understanding: standing, corrected, submissions: completed };
  }
  if (isWhole) {
    const corrected = await supplement(trx, campaign, understood, now);
    if (corrected) {
      const refused = corrected.find(({ done }) => !done);
      const standing = refused
        ? held(understanding, refused.why ?? "correction-unclear")
        : added(understanding);
      return { ...none, understood, understanding: standing, corrected };
    }
  }
  if (understanding.outcome !== "filed") return { ...none, understood, understanding };
  const completed = await completeContent(trx, campaign, understood, now);
  if (completed) {
    const { submissions, first } = completed;
    return { ...none, understood, understanding, submissions, completedId: first.id };
  }
  const { older: replaced, why } = await replacedBy(trx, campaign, understood);
  if (why) return { ...none, understood, understanding: held(understanding, why) };
  const source = {
    messageId: understood.messageId,
    arrivedAt: understood.arrivedAt,
    verified: isVerified(campaign, understood),
    provisional: lacksText(understood.parts, understanding.submissions),
  };
  const submissions = understanding.submissions.map((draft, index) =>
    submissionFrom(campaign, source, draft, index),
  );
  return { ...none, understood, understanding, submissions, replaced };
}

/** Added to what is filed, it is no submission of its own. */
function added(understanding: Understanding): Understanding {
  return { ...understanding, outcome: "filed", reason: null, submissions: [] };
}

/** The office's word about other mails submits nothing itself. */
function instructing(understanding: Understanding, lines: string[]): Understanding {
  const evidence = lines.map((words) => ({
    where: "body" as const,
    words,
    speaksFor: CORRECTION,
    weight: 5,
  }));
  const type = { value: CORRECTION, confidence: 0.9995, evidence, runnerUp: null };
  return { ...understanding, outcome: "filed", reason: null, type, submissions: [], corrections: [] };
}

function held(understanding: Understanding, reason: ReasonCode): Understanding {
  return { ...understanding, outcome: "held", reason };
}

async function giveNumbers(trx: Trx, campaign: Campaign, filed: FiledMail[]): Promise<void> {
  await numberSubmissions(
    trx,
    campaign,
    filed.flatMap((one) => one.submissions),
  );
  // A repeat of a mail of this very batch was known by its message only; now it has a number.
  for (const one of filed) {
    const first = filed.find(({ understood }) => one.duplicateOf === `#${understood.messageId}`);
    one.duplicateOf = first?.submissions[0]?.reference ?? one.duplicateOf;
  }
}

async function supersedeOlder(trx: Trx, campaign: Campaign, filed: FiledMail[]): Promise<void> {
  const newer = filed.flatMap((one) =>
    one.submissions.map((submission) => ({
      submission,
      saysSo: saysItReplaces(one.understood.understanding),
      answers: one.understood.thread?.references ?? [],
    })),
  );
  const superseded = await supersede(trx, campaign, newer);
  for (const one of filed) {
    for (const [index, submission] of one.submissions.entries()) {
      const older = one.replaced[index];
      if (!older || submission.supersedes !== null) continue;
      submission.supersedes = older.id;
      superseded.set(submission.reference, older.reference);
      await setSubmissionStates(trx, [older.id], "superseded");
    }
    for (const { reference } of one.submissions) {
      const older = superseded.get(reference);
      if (older !== undefined) one.superseded.set(reference, older);
    }
  }
}

function verdictOf(
  campaign: Campaign,
  filed: FiledMail,
  key: Buffer | null,
  repeat: Repeat | null,
): MessageVerdict {
  const { mail, messageId } = filed.understood;
  const { understanding } = filed;
  const sender = senderOf(mail) ?? mail.from[0] ?? null;
  return {
    id: messageId,
    state: understanding.outcome,
    reason: understanding.reason,
    detail: mail.problems.map(({ detail }) => detail).join("; ") || null,
    origin: understanding.origin,
    rfcMessageId: mail.messageId,
    contentKey: key,
    fromName: sender?.name ?? null,
    fromAddress: sender?.address ?? null,
    subject: mail.subject,
    claimedAt: mail.claimedAt,
    newText: understanding.newText,
    understanding,
    duplicateOf: repeat?.messageId ?? null,
    ancestors: ancestorsOf(mail),
    senderCheck: senderCheck(mail, campaign.mailbox),
  };
}
