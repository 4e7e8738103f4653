// The stage: what stands in the ledger now → the book (汇编) as a .docx. One moment's reading, nothing written.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Calendar } from "../../deadline/calendar.ts";
import { currentObligations } from "../../deadline/records.ts";
import { type Database, inSnapshot } from "../../store/database.ts";
import { type BookRequest, bookOf } from "./contents.ts";
import { wordDocument } from "./document.ts";
import { manuscriptsOf } from "./records.ts";

export interface Compendium {
  bytes: Buffer;
  /** References asked for that are not current proposals of this campaign. */
  unknown: string[];
}

export async function compendium(
  db: Database,
  campaign: Campaign,
  calendar: Calendar,
  request: BookRequest,
  now: Date,
): Promise<Compendium> {
  const types = campaign.deliverables
    .map(({ code }) => code)
    .filter((code) => request.only.length === 0 || request.only.includes(code));
  const { manuscripts, obligations } = await inSnapshot(db, async (trx) => ({
    manuscripts: await manuscriptsOf(trx, campaign.code, types),
    obligations: await currentObligations(trx, campaign, calendar, now),
  }));
  const ideas = new Set(
    campaign.deliverables.filter(({ from }) => from === "person").map(({ code }) => code),
  );
  const known = new Set(manuscripts.flatMap(({ type, reference }) => (ideas.has(type) ? [reference] : [])));
  const unknown = [...(request.selected ?? [])].filter((reference) => !known.has(reference));
  const book = bookOf(campaign, manuscripts, obligations, request, now);
  return { bytes: await wordDocument(book, campaign.locale), unknown };
}
