// Reference numbers: "WHXDH-0042", given once, in order, without gaps.
import type { Campaign } from "../campaign/campaign.ts";

export function referenceOf(campaign: Pick<Campaign, "code">, number: number): string {
  return `${campaign.code}-${String(number).padStart(4, "0")}`;
}

/** A mail means at most this many; more are a list somebody pasted, or an attack on the query that looks them up. */
const REFERENCES_MAX = 50;

/** The reference numbers of this campaign named in a text, in order of mention, each once. */
export function referencesIn(text: string, campaign: Pick<Campaign, "code">): string[] {
  const code = campaign.code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = text.matchAll(new RegExp(`(?<![A-Za-z0-9])${code}-?(\\d{4,9})(?!\\d)`, "gi"));
  const named = new Set<string>();
  for (const match of found) {
    named.add(referenceOf(campaign, Number(match[1])));
    if (named.size === REFERENCES_MAX) break;
  }
  return [...named];
}
