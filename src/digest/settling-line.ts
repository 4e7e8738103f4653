// The line that settles a held mail, with the best guess filled in: to be copied from the digest into a reply to it.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import type { HeldMail } from "./books.ts";

/** "#9"; a number of four digits would be read as a reference number. */
function mailNumber(id: number): string {
  return id < 1000 ? `#${id}` : `#M${id}`;
}

export function dismissingLine(campaign: Pick<Campaign, "locale">, id: number): string {
  return `${mailNumber(id)} ${campaign.locale === "zh-CN" ? "忽略" : "dismiss"}`;
}

type Guessed = Pick<HeldMail, "id" | "typeGuesses" | "unitGuesses" | "itemGuess" | "state">;

/** "？" stands where nothing was guessed, and must be filled in; what most likely brings nothing is put aside. */
export function settlingLine(campaign: Campaign, mail: Guessed): string {
  const { id, typeGuesses, unitGuesses, itemGuess, state } = mail;
  const type = typeGuesses[0]?.value ?? null;
  const deliverable = deliverableOf(campaign, type);
  if (state === "oversize" || (type !== null && !deliverable)) return dismissingLine(campaign, id);
  const zh = campaign.locale === "zh-CN";
  const item = deliverable?.items.find(({ code }) => code === itemGuess);
  const blank = zh ? "？" : "?";
  const parts = [
    [zh ? "单位" : "unit", unitOf(campaign, unitGuesses[0]?.value ?? null)?.name ?? blank],
    [zh ? "类型" : "type", deliverable?.name ?? blank],
    ...(deliverable && deliverable.items.length > 0 ? [[zh ? "分项" : "item", item?.name ?? blank]] : []),
  ];
  return `${mailNumber(id)} ${parts.map(([name, value]) => `${name}=${value}`).join(" ")}`;
}
