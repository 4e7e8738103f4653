// Reference numbers: "WHXDH-0042", given once, in order, without gaps.
import type { Campaign } from "../campaign/campaign.ts";

export function referenceOf(campaign: Pick<Campaign, "code">, number: number): string {
  return `${campaign.code}-${String(number).padStart(4, "0")}`;
}

/** A mail means at most this many; more are a list somebody pasted, or an attack on the query that looks them up. */
const REFERENCES_MAX = 50;

/** A subject of ours without the number in it that stands for several: "(WHXDH-0042 等 2 件)", "(WHXDH-0042 and 1 more)". */
export function withoutCountedReference(subject: string, campaign: Pick<Campaign, "code">): string {
  return subject.replace(
    new RegExp(`${patternOf(campaign)}(?=\\s*(?:等\\s*\\d+\\s*件|and\\s+\\d+\\s+more))`, "gi"),
    "",
  );
}

/** The reference numbers of this campaign named in a text, in order of mention, each once. */
export function referencesIn(text: string, campaign: Pick<Campaign, "code">): string[] {
  const found = text.matchAll(new RegExp(patternOf(campaign), "gi"));
  const named = new Set<string>();
  for (const match of found) {
    named.add(referenceOf(campaign, Number(match[1])));
    if (named.size === REFERENCES_MAX) break;
  }
  return [...named];
}

function patternOf({ code }: Pick<Campaign, "code">): string {
  const plain = code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `(?<![A-Za-z0-9])${plain}-?(\\d{4,9})(?!\\d)`;
}
