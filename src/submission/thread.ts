// What a mail is a reply to: by our notice's Message-ID, by the sender's own earlier mail, or by a reference number.
import type { Campaign } from "../campaign/campaign.ts";
import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import type { Trx } from "../store/database.ts";
import type { ThreadContext } from "../understand/evidence.ts";
import {
  causesOfNotices,
  type EarlierMessage,
  earlierMessages,
  heldIds,
  type SentSubmission,
  submissionsByReference,
  submissionsOfMessages,
} from "./records.ts";
import { referencesIn } from "./reference.ts";

export interface Thread extends ThreadContext {
  submissions: SentSubmission[];
  /** Messages of this thread that are still held, newest first. */
  heldMessageIds: number[];
}

/** A reply names at most this many earlier mails; longer chains repeat themselves. */
const ANCESTORS_MAX = 20;

function ancestorsOf(mail: Mail): string[] {
  return [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])].slice(0, ANCESTORS_MAX);
}

/** The threads of a batch of mails, in three queries for all of them; null for a mail that replies to nothing known. */
export async function threadsOf(trx: Trx, campaign: Campaign, mails: Mail[]): Promise<(Thread | null)[]> {
  const named = mails.map((mail) => ({
    ancestors: ancestorsOf(mail),
    // Only what the sender wrote now: quoted history may name other people's numbers.
    references: referencesIn(`${mail.subject}\n${newTextOf(mail.text).text}`, campaign),
  }));
  const ids = [...new Set(named.flatMap(({ ancestors }) => ancestors))];
  const causes = await causesOfNotices(trx, campaign.code, ids);
  const earlier = await earlierMessages(trx, campaign.code, [], ids);
  const messageIds = [...causes.values(), ...earlier.map(({ id }) => id)].filter((id) => id !== null);
  const submissions = await submissionsOfMessages(trx, [...new Set(messageIds)]);
  const byReference = await submissionsByReference(trx, campaign.code, [
    ...new Set(named.flatMap(({ references }) => references)),
  ]);
  const held = await heldAmong(trx, campaign, causes, earlier);
  return named.map(({ ancestors, references }) =>
    threadOf(ancestors, references, { causes, earlier, submissions, byReference, held }),
  );
}

interface Found {
  causes: Map<string, number | null>;
  earlier: EarlierMessage[];
  submissions: SentSubmission[];
  byReference: SentSubmission[];
  held: Set<number>;
}

function threadOf(ancestors: string[], references: string[], found: Found): Thread | null {
  const messageIds = new Set<number>();
  let repliesToNotice = false;
  for (const id of ancestors) {
    const cause = found.causes.get(id);
    if (cause !== undefined) repliesToNotice = true;
    if (typeof cause === "number") messageIds.add(cause);
    for (const message of found.earlier) if (message.rfcMessageId === id) messageIds.add(message.id);
  }
  const named = found.byReference.filter(({ reference }) => references.includes(reference));
  // A number written by the sender says exactly which one is meant; the thread only says which mail.
  const submissions =
    named.length > 0 ? named : found.submissions.filter(({ messageId }) => messageIds.has(messageId));
  const heldMessageIds = [...messageIds].filter((id) => found.held.has(id)).sort((a, b) => b - a);
  if (submissions.length === 0 && messageIds.size === 0 && !repliesToNotice) return null;
  const current = submissions.filter(({ state }) => state === "current");
  const latest = current[0] ?? submissions[0];
  return {
    references: submissions.map(({ reference }) => reference),
    type: latest?.type ?? null,
    unit: latest?.unit ?? null,
    repliesToNotice,
    submissions,
    heldMessageIds,
  };
}

async function heldAmong(
  trx: Trx,
  campaign: Campaign,
  causes: Map<string, number | null>,
  earlier: EarlierMessage[],
): Promise<Set<number>> {
  const held = new Set(earlier.filter(({ state }) => state === "held").map(({ id }) => id));
  const others = [...causes.values()].filter((id): id is number => id !== null);
  for (const id of await heldIds(trx, campaign.code, others)) held.add(id);
  return held;
}
