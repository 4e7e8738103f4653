// Our own notices coming back inside a mail: forwarded by hand, attached, or passed on by a list that strips every mark.
import { type Campaign, ownAddresses } from "../campaign/campaign.ts";
import type { MailAddress } from "../message/mail.ts";
import { isGreeting, type Line, plainOf } from "./letter.ts";

export function isOurAddress(from: MailAddress | null, campaign: Campaign): boolean {
  return from !== null && ownAddresses(campaign).has(from.address);
}

/** A list may add its footer below the closing. */
const LOOKED_AT = 14;

/**
 * Every notice closes with the office and under it the campaign's title; nobody else signs like that. The office alone
 * closes ours only beside one of our reference numbers.
 */
export function isOurNotice(lines: Line[], campaign: Campaign): boolean {
  const last = lines.slice(-LOOKED_AT);
  const office = plainOf(campaign.office.name);
  const title = plainOf(campaign.title);
  const signed = last.findLastIndex((line) => line.plain.replace(/\(.*\)$/, "") === office);
  if (signed < 0) return false;
  return last[signed + 1]?.plain === title || namesReference(lines, campaign);
}

function namesReference(lines: Line[], campaign: Campaign): boolean {
  const code = campaign.code.toLowerCase();
  return lines.some(({ plain }) => {
    const at = plain.indexOf(`${code}-`);
    return at >= 0 && /^\d{4,9}(?!\d)/.test(plain.slice(at + code.length + 1));
  });
}

/** Nothing but the notice: it begins with our greeting, and no second greeting shows that somebody wrote above it. */
export function isWhollyOurs(lines: Line[], campaign: Campaign): boolean {
  if (!isOurNotice(lines, campaign)) return false;
  const greetings = lines.filter((line) => isGreeting(line.plain) && GREETS.test(line.plain));
  return greetings.length === 1 && greetings[0] === lines[0];
}

const GREETS = /(?:您好|你好)[:：,，!！]?$|^(?:dear .*|good day),?$/;
