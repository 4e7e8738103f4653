// Reference numbers: "WHXDH-0042", given once, in order, without gaps.
import type { Campaign } from "../campaign/campaign.ts";

export function referenceOf(campaign: Pick<Campaign, "code">, number: number): string {
  return `${campaign.code}-${String(number).padStart(4, "0")}`;
}

/** Every reference number of this campaign named in a text, in order of mention, each once. */
export function referencesIn(text: string, campaign: Pick<Campaign, "code">): string[] {
  const code = campaign.code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = text.matchAll(new RegExp(`(?<![A-Za-z0-9])${code}-?(\\d{4,9})(?!\\d)`, "gi"));
  return [...new Set([...found].map((match) => referenceOf(campaign, Number(match[1]))))];
}
