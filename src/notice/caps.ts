// Caps that break loops which carry no marks, and floods: what goes over them is dropped and shown (R41); pure.
import { isToOffice } from "./identity.ts";
import type { NoticeKind } from "./notice.ts";
import type { SentLately } from "./sending/records.ts";

export const ANSWERS_PER_SUBJECT = 3;
export const NOTICES_PER_ADDRESS = 10;

/** How the outbox marks what a cap dropped, for the digest to find. */
export const CAPPED = "cap: ";

export type Cap = "answers-per-subject" | "notices-per-address";

const answers: string[] = ["acknowledgement", "clarification", "contact"] satisfies NoticeKind[];

/**
 * The cap an answer would break, given what left for its addresses in the last 24 hours. A mail that was filed or carried out
 * a correction is no turn of a loop: five corrections in one thread are answered, though their subjects are the same. Only answers are capped: they
 * are as many as a stranger wants them to be, and a stranger who writes ten mails in the liaison's or the office's name
 * must not silence the day's reminder or digest. What the office asked us to do is always reported: nobody else can ask.
 */
export function brokenCap(
  notice: { key: string; kind: string; subject: string; brought: boolean | null; to: { email: string }[] },
  lately: SentLately[],
  campaignCode: string,
): Cap | null {
  if (!answers.includes(notice.kind) || isToOffice(notice)) return null;
  const addresses = new Set(notice.to.map(({ email }) => email.toLowerCase()));
  const theirs = lately.filter(({ address }) => addresses.has(address));
  const form = subjectForm(notice.subject, campaignCode);
  const alike = theirs.filter(
    ({ kind, subject, brought }) =>
      !brought && answers.includes(kind) && subjectForm(subject, campaignCode) === form,
  );
  if (!notice.brought && alike.length >= ANSWERS_PER_SUBJECT) return "answers-per-subject";
  return theirs.length >= NOTICES_PER_ADDRESS ? "notices-per-address" : null;
}

/** A subject without reply marks, our reference numbers, spacing and case: equal for every turn of a loop. */
export function subjectForm(subject: string, campaignCode: string): string {
  const code = campaignCode.replace(/[^\p{L}\p{N}]/gu, "\\$&");
  return subject
    .normalize("NFKC")
    .replace(new RegExp(`[([【]*${code}-\\d+[^)\\]】]*[)\\]】]*`, "giu"), "")
    .replace(
      /(?:^|\s)(?:re|fw|fwd|aw|回复|答复|转发|自动回复|auto(?:matic)? reply)\s*(?:\[\d+\])?\s*:/giu,
      "",
    )
    .replace(/\s+/gu, "")
    .toLowerCase();
}
