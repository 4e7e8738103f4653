// Whether a mail may tell us what to do: only a member of the office, believed, and in answer to a notice to the office;
// a unit's contact about the one thing he was asked.
import type { Campaign } from "../campaign/campaign.ts";
import { htmlText } from "../message/html.ts";
import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import { isBelieved, senderOf } from "../message/sender.ts";
import type { Trx } from "../store/database.ts";
import { knownSecret } from "../store/secret.ts";
import { dateOf, type PlainDate } from "../text/dates.ts";
import { repeating, withoutEchoes } from "../understand/echo.ts";
import type { Knowledge } from "../understand/knowledge.ts";
import { type OfficeWords, officeWordsIn } from "../understand/office-words.ts";
import { beginsWithRuling, rulingsInLine } from "../understand/ruling.ts";
import { contactOrder } from "./contact.ts";
import { isAnswerable, isToOffice, officeMessageId } from "./identity.ts";
import { OFFICE_NOTICES } from "./outbox.ts";
import { noticesById, type SaidBefore } from "./records.ts";

/** Instructions and rulings, and who gave them: the office, or a unit's contact about what he was asked. */
export type Orders = OfficeWords & { by: string; way: "mail" | "sender" };

/** A reply names at most this many earlier mails. */
const ANCESTORS_MAX = 20;

/** Whether the mail claims to come from the office; it may act for it only where the rest holds too. */
export function isFromOffice(mail: Mail, campaign: Campaign): boolean {
  const address = senderOf(mail)?.address;
  return campaign.office.members.some(({ email }) => email.toLowerCase() === address);
}

/**
 * What each mail tells us to do; null: nothing, it is read like any other. Where no server vouches for senders, From can
 * be forged, and what tells the office from a forger is the Message-ID of our notice: sent to the office alone, and made
 * with a secret, so that nobody else can name it.
 */
export async function ordersOf(
  trx: Trx,
  knowledge: Knowledge,
  mails: { mail: Mail; origin: string; arrivedAt: Date }[],
): Promise<(Orders | null)[]> {
  const { campaign } = knowledge;
  const mayOrder = mails.map(
    ({ mail, origin }) =>
      origin === "person" &&
      (isFromOffice(mail, campaign) || isFromContact(mail, campaign)) &&
      isBelieved(mail, campaign.mailbox) &&
      mail.problems.every(({ reason }) => reason !== "mail-loop"),
  );
  if (!mayOrder.includes(true)) return mails.map(() => null);
  const secret = await knownSecret(trx, OFFICE_NOTICES);
  if (secret === null) return mails.map(() => null);
  const named = mails.map(({ mail }, index) => (mayOrder[index] ? ancestorsOf(mail) : []));
  const notices = (await noticesById(trx, campaign, [...new Set(named.flat())])).filter(
    (notice) => isAnswerable(notice) && notice.rfcMessageId === officeMessageId(campaign, notice.key, secret),
  );
  return mails.map(({ mail, arrivedAt }, index) => {
    const answered = notices.filter(({ rfcMessageId }) => named[index]?.includes(rfcMessageId));
    const by = senderOf(mail)?.address;
    if (answered.length === 0 || by === undefined) return null;
    const toOffice = isFromOffice(mail, campaign) ? answered.filter(isToOffice) : [];
    if (toOffice.length > 0) {
      const today = dateOf(arrivedAt, campaign.timezone);
      const words = officeWordsIn(ownWords(mail, toOffice, knowledge, today), knowledge, today);
      const all = [...words.instructions, ...words.rulings, ...words.notices];
      if (all.length > 0) return { by, way: "mail", ...words };
    }
    const order = contactOrder(mail, answered, campaign);
    return order && { by, way: "sender", instructions: [order], rulings: [], notices: [] };
  });
}

/** Whether the mail claims to come from a unit's contact. */
function isFromContact(mail: Mail, { units }: Campaign): boolean {
  const address = senderOf(mail)?.address;
  return units.some((unit) =>
    [unit.liaison, unit.head, unit.supervisor].some((one) => one && one.email === address),
  );
}

function ancestorsOf(mail: Mail): string[] {
  return [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])].slice(0, ANCESTORS_MAX);
}

/** With what was taken for a signature: under two short lines and a telephone number may stand the instructions. */
function ownWords(mail: Mail, answered: SaidBefore[], knowledge: Knowledge, today: PlainDate): string {
  const { text, signature } = newTextOf(mail.text);
  const said = answered.flatMap((notice) => [notice.text, notice.html === null ? "" : htmlText(notice.html)]);
  const isOrder = (line: string) => {
    const { instructions, rulings, notices } = officeWordsIn(line, knowledge, today);
    const all = [...instructions, ...rulings];
    return all.length + notices.length > 0 && all.every(({ problems }) => problems.length === 0);
  };
  const isSaid = repeating(said);
  // A line of ours that tells how a thing stands ("市图书馆 书面总结 已延至 12-28") reads like a ruling and is none.
  const isReport = (line: string) =>
    isSaid(line) &&
    rulingsInLine(line, knowledge, today).length > 0 &&
    !beginsWithRuling(line, knowledge, today);
  const own = withoutEchoes(`${text}\n${signature}`, said, (line) => isOrder(line) && !isReport(line));
  return own
    .split("\n")
    .map((line) => (isReport(line) ? "" : line))
    .join("\n");
}
