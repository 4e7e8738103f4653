// Forgetting a person: in every place at once, with what must stay true kept under a pseudonym.
import { randomBytes } from "node:crypto";
import type { Campaign } from "../../campaign/campaign.ts";
import { crashPoint } from "../../crash-point.ts";
import { byCommand, forgetAudited, recordAudit } from "../../store/audit.ts";
import type { Database, Trx } from "../../store/database.ts";
import {
  allowErasing,
  eraseAttachments,
  eraseEnclosed,
  eraseNotices,
  eraseSubmissions,
  eraseWords,
} from "../retention/erase.ts";
import { type HeldRow, heldAbout, patternOf, reword } from "./places.ts";
import {
  alsoKnownAs,
  anonymise,
  dropOriginals,
  forgetAddresses,
  ideasOf,
  mailsNaming,
  mailsOf,
  noteForgetting,
  noticesTo,
  type Person,
  remember,
  returned,
  silence,
  withPapers,
} from "./records.ts";

/** The words given: what has an @ is an address. */
export function personOf(words: string[]): Person {
  const given = words.map((word) => word.trim()).filter(Boolean);
  return {
    addresses: given.filter((word) => word.includes("@")).map((word) => word.toLowerCase()),
    names: given.filter((word) => !word.includes("@")),
  };
}

export interface Held {
  mails: number;
  rows: HeldRow[];
  alsoKnownAs: string[];
  /** Papers of units among the person's mails, which stay. */
  papers: number;
}

export async function whatIsHeld(trx: Trx, campaign: Campaign, person: Person, now: Date): Promise<Held> {
  const mails = await mailsOf(trx, person, now);
  return {
    mails: mails.length,
    rows: await heldAbout(trx, patternOf([...person.addresses, ...person.names]), mails),
    alsoKnownAs: await alsoKnownAs(trx, person),
    papers: (await withPapers(trx, mails, personalTypes(campaign))).length,
  };
}

export interface Forgetting {
  person: Person;
  pseudonym: string;
  by: string;
  /** Mails up to this instant. */
  until: Date;
  now: Date;
}

export const newPseudonym = () => `〔匿名${randomBytes(3).toString("hex")}〕`;

/** One transaction: a killed run has forgotten nothing. Returns how many rows named the person. */
export async function forget(db: Database, campaign: Campaign, forgetting: Forgetting): Promise<number> {
  const { person, pseudonym, by, until, now } = forgetting;
  const words = [...person.addresses, ...person.names];
  const pattern = patternOf(words);
  const personal = personalTypes(campaign);
  return db.transaction().execute(async (trx) => {
    await allowErasing(trx);
    const mails = await mailsOf(trx, person, until);
    const papers = new Set(await withPapers(trx, mails, personal));
    const ideas = mails.filter((id) => !papers.has(id));
    const naming = await mailsNaming(trx, pattern, until);
    await silence(trx, mails, now);
    await forgetAddresses(trx, person);
    const { answers, enclosing } = await noticesTo(trx, person, { mails, until });
    await eraseNotices(trx, answers, now);
    await eraseEnclosed(trx, enclosing, now);
    const own = await ideasOf(trx, mails, person.names, personal);
    await eraseSubmissions(trx, own, now);
    await anonymise(trx, { mails, ideas: own, pseudonym, now });
    await dropOriginals(trx, [...new Set([...mails, ...naming])], pattern, now);
    await eraseWords(trx, mails, now);
    await eraseAttachments(trx, ideas, now);
    const rows = await reword(trx, pattern, pseudonym, until);
    await noteForgetting(trx, { mails, rows: rows + mails.length, by, now });
    await forgetAudited(trx, pattern, byCommand(now));
    // An act of its own, also where no entry named the person; by the pseudonym, which names nobody.
    await recordAudit(trx, null, { ...byCommand(now), by }, [
      { action: "forget", about: `person/${pseudonym}` },
    ]);
    await remember(trx, words, pseudonym, now);
    crashPoint("forgetting");
    return rows;
  });
}

/** After a restore, and before it may speak: whom this installation has forgotten stays forgotten. Returns how many. */
export async function forgetAgain(db: Database, campaign: Campaign, now: Date): Promise<number> {
  const back = await returned(db, now);
  for (const { words, pseudonym, at } of back) {
    const person = personOf(words);
    await forget(db, campaign, { person, pseudonym, by: "restore", until: at, now });
  }
  return back.length;
}

const personalTypes = ({ deliverables }: Campaign) =>
  deliverables.filter(({ from }) => from === "person").map(({ code }) => code);
