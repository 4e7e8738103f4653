// Submissions that are alike, in words for the office: hints, and nobody else is told.
import { type Campaign, type Locale, unitOf } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import { alikeFiledBetween, type LikenessFact, likenessesOf } from "../submission/likeness/records.ts";

/** A submission filed in the window and what it is like. */
export interface AlikeFact {
  reference: string;
  title: string;
  unit: string | null;
  like: LikenessFact[];
}

/** More than these are a number: whoever has time for all of them opens the ledger. */
export const LISTED_ALIKE = 12;

export async function alikeIn(
  db: Trx,
  code: string,
  window: { from: Date; to: Date },
): Promise<{ alike: AlikeFact[]; alikeInWindow: number }> {
  const rows = await alikeFiledBetween(db, code, window, LISTED_ALIKE);
  const all = await likenessesOf(
    db,
    rows.map(({ id }) => id),
  );
  const alike = rows.map(({ id, reference, title, unit }) => ({
    ...{ reference, title, unit },
    like: all.filter((one) => one.id === id && one.kind !== "boilerplate"),
  }));
  return { alike, alikeInWindow: rows[0]?.alike ?? 0 };
}

/** "与 WHXDH-0012（市博物馆）相近 87 %", one after another. */
export function likenessWords(facts: LikenessFact[], campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  return facts.map((fact) => oneLikeness(fact, campaign)).join(zh ? "；" : "; ");
}

function oneLikeness({ other, otherUnit, kind, score }: LikenessFact, campaign: Campaign): string {
  const unit = unitOf(campaign, otherUnit)?.name;
  const zh = campaign.locale === "zh-CN";
  const named = unit ? (zh ? `${other}（${unit}）` : `${other} (${unit})`) : `${other}`;
  return phrases[campaign.locale][kind](named, `${Math.min(99, Math.round(score * 100))} %`);
}

type Phrases = Record<LikenessFact["kind"], (other: string, percent: string) => string>;

const phrases: Record<Locale, Phrases> = {
  "zh-CN": {
    "same-text": (other) => `相同文本：${other}`,
    "near-identical": (other, percent) => `与 ${other}相近 ${percent}`,
    contained: (other, percent) => `约 ${percent} 见于 ${other}`,
    contains: (other, percent) => `含有 ${other}的约 ${percent}`,
    boilerplate: (other) => `与 ${other}格式相同，内容各异`,
    "same-file": (other) => `附件与 ${other}是同一个文件`,
    announcement: (_, percent) => `约 ${percent} 与活动通知相同`,
  },
  en: {
    "same-text": (other) => `same text as ${other}`,
    "near-identical": (other, percent) => `${percent} like ${other}`,
    contained: (other, percent) => `about ${percent} of it stands in ${other}`,
    contains: (other, percent) => `has about ${percent} of ${other} in it`,
    boilerplate: (other) => `made after the same model as ${other}`,
    "same-file": (other) => `its attachment is the same file as that of ${other}`,
    announcement: (_, percent) => `about ${percent} of it stands in the campaign's notice`,
  },
};
