// What a mail is a reply to: by our notice's Message-ID, by the sender's own earlier mail, or by a reference number.
import type { Campaign } from "../campaign/campaign.ts";
import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import type { Trx } from "../store/database.ts";
import { likelyUnits } from "../understand/choices.ts";
import type { ThreadContext } from "../understand/evidence.ts";
import { type HeldMail, heldMails } from "./exchange/records.ts";
import {
  causesOfNotices,
  type EarlierMessage,
  earlierMessages,
  type SentSubmission,
  submissionsByReference,
  submissionsOfMessages,
} from "./records.ts";
import { referencesIn, withoutCountedReference } from "./reference.ts";

export interface Thread extends ThreadContext {
  submissions: SentSubmission[];
  /** Messages of this thread that are still held, newest first. */
  heldMessageIds: number[];
}

/** A reply names at most this many earlier mails; longer chains repeat themselves. */
const ANCESTORS_MAX = 20;

export function ancestorsOf(mail: Mail): string[] {
  return [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])].slice(0, ANCESTORS_MAX);
}

/** The threads of a batch of mails, in three queries for all of them; null for a mail that replies to nothing known. */
export async function threadsOf(trx: Trx, campaign: Campaign, mails: Mail[]): Promise<(Thread | null)[]> {
  const named = mails.map((mail) => ({
    ancestors: ancestorsOf(mail),
    // Only what the sender wrote now: quoted history may name other people's numbers.
    references: referencesIn(`${mail.subject}\n${newTextOf(mail.text).text}`, campaign),
    // Where the notice itself is known, our own "(WHXDH-0042 等 2 件)" is not the sender's choice of the first.
    chosen: referencesIn(
      `${withoutCountedReference(mail.subject, campaign)}\n${newTextOf(mail.text).text}`,
      campaign,
    ),
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
  return named.map(({ ancestors, references, chosen }) => {
    const isKnown = ancestors.some((id) => typeof causes.get(id) === "number");
    const found = { causes, earlier, submissions, byReference, held };
    return threadOf(ancestors, isKnown ? chosen : references, found);
  });
}

interface Found {
  causes: Map<string, number | null>;
  earlier: EarlierMessage[];
  submissions: SentSubmission[];
  byReference: SentSubmission[];
  held: HeldMail[];
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
  const held = found.held.filter(({ id }) => messageIds.has(id));
  if (submissions.length === 0 && messageIds.size === 0 && !repliesToNotice) return null;
  const current = submissions.filter(({ state }) => state === "current");
  const latest = current[0] ?? submissions[0];
  const waiting = latest ? undefined : held[0];
  return {
    references: submissions.map(({ reference }) => reference),
    type: latest?.type ?? waiting?.understanding.submissions[0]?.type ?? null,
    unit: latest?.unit ?? surelyOf(waiting),
    repliesToNotice,
    recorded: current.length > 0 ? current : (waiting?.understanding.submissions ?? []),
    awaits: waiting?.reason ?? null,
    choices: waiting ? likelyUnits(waiting.understanding) : [],
    submissions,
    heldMessageIds: held.map(({ id }) => id),
  };
}

/** A unit that was known well enough; a guess of ours must not prove itself by the answer. */
function surelyOf(waiting: HeldMail | undefined): string | null {
  const unit = waiting?.understanding.unit;
  return unit && unit.confidence >= SURE ? unit.value : null;
}

const SURE = 0.9;

async function heldAmong(
  trx: Trx,
  campaign: Campaign,
  causes: Map<string, number | null>,
  earlier: EarlierMessage[],
): Promise<HeldMail[]> {
  const ofNotices = [...causes.values()].filter((id): id is number => id !== null);
  const ids = [...ofNotices, ...earlier.map(({ id }) => id)];
  return heldMails(trx, campaign.code, { ids: [...new Set(ids)] });
}
