// The stage: what each mail just filed is in the correspondence with its sender, and whether answering it feeds a loop.
import type { Campaign } from "../../campaign/campaign.ts";
import { isPublicProvider } from "../../campaign/providers.ts";
import { senderOf } from "../../message/sender.ts";
import type { Trx } from "../../store/database.ts";
import type { FiledMail } from "../../submission/file.ts";
import { lockFiling } from "../../submission/records.ts";
import { referencesIn } from "../../submission/reference.ts";
import { ancestorsOf } from "../../submission/thread.ts";
import { CAPPED } from "../caps.ts";
import { answersAnothers, answersTo, echoesOf, filedUnanswered, saidBefore } from "./records.ts";
import { type Before, isLoop, type Turn, type TurnFacts, turnOf } from "./turn.ts";

export interface Standing {
  turn: Turn;
  /** Why no answer leaves; null: one may. */
  withheld: string | null;
  /** References of what was filed for this sender before and never acknowledged. */
  unanswered: string[];
}

/** By message; of persons' mails only. In the order they were filed: each counts for those after it. */
export async function standingsOf(
  trx: Trx,
  campaign: Campaign,
  filed: FiledMail[],
  now: Date,
): Promise<Map<number, Standing>> {
  const persons = filed.filter(({ understanding }) => understanding.origin === "person");
  const addresses = [...new Set(persons.map(addressOf))].filter((address) => address !== "");
  const standings = new Map<number, Standing>();
  if (addresses.length === 0) return standings;
  // Two machines must not both count to the last answer: what brings nothing is filed one at a time.
  if (persons.some((one) => !brings(one))) await lockFiling(trx, campaign.code);
  const answers = await answersTo(trx, campaign, addresses);
  const unanswered = await filedUnanswered(trx, campaign, addresses);
  for (const one of persons) {
    const { mail, arrivedAt, messageId } = one.understood;
    const address = addressOf(one);
    const facts = factsOf(one, campaign);
    const mine = answers.get(address) ?? [];
    const said = { address, organisation: organisationOf(address), arrivedAt, ancestors: ancestorsOf(mail) };
    const isFirst = mine.length === 0 && !facts.answersUs;
    const before = {
      answers: mine,
      ...(facts.brings && isFirst ? nothingSaid : await around(trx, campaign, said)),
    };
    const turn = turnOf(facts, before);
    const withheld = isLoop(turn, before, now) ? `${CAPPED}loop` : null;
    if (withheld === null) answers.set(address, [{ turn, intendedAt: now, text: facts.text }, ...mine]);
    standings.set(messageId, { turn, withheld, unanswered: unanswered.get(address) ?? [] });
    if (withheld === null) unanswered.delete(address);
  }
  return standings;
}

const nothingSaid = { sentAt: null, echoesInThread: 0, emptyNearby: 0, echoesOfStrangers: 0 };

async function around(
  trx: Trx,
  campaign: Campaign,
  mail: { address: string; organisation: string | null; arrivedAt: Date; ancestors: string[] },
): Promise<Omit<Before, "answers">> {
  const said = await saidBefore(trx, campaign, mail);
  const isStranger = mail.organisation !== null && (await answersAnothers(trx, campaign, mail));
  const echoes = isStranger ? await echoesOf(trx, campaign, mail.organisation ?? "") : 0;
  return { ...said, echoesOfStrangers: echoes };
}

/** Above a quotation stands whom it was from. */
const QUOTES_LOOKED_AT = 20_000;

const addressOf = ({ understood }: FiledMail) => senderOf(understood.mail)?.address ?? "";

/** Everybody has an address of a public provider: there, neighbours say nothing about one another. */
function organisationOf(address: string): string | null {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return isPublicProvider(domain) ? null : domain;
}

const brings = ({ submissions, corrected }: FiledMail) =>
  submissions.length > 0 || corrected.some(({ done }) => done);

function factsOf(one: FiledMail, campaign: Campaign): TurnFacts {
  const { mail, arrivedAt, thread } = one.understood;
  return {
    subject: mail.subject,
    text: one.understanding.newText,
    hasFiles: mail.parts.length > 0,
    arrivedAt,
    brings: brings(one),
    answersUs:
      (thread?.repliesToNotice ?? false) ||
      referencesIn(mail.subject, campaign).length > 0 ||
      mail.text.slice(0, QUOTES_LOOKED_AT).toLowerCase().includes(campaign.mailbox.address.toLowerCase()),
  };
}
