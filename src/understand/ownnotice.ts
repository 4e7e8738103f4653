// Our own notices coming back inside a mail: forwarded by hand, attached, or passed on by a list that strips every mark.
import { type Campaign, ownAddresses } from "../campaign/campaign.ts";
import type { MailAddress } from "../message/mail.ts";
import { type Line, plainOf } from "./letter.ts";

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

/**
 * Nothing but the notice: whom it addresses stands first, and neither a second greeting nor a question shows that
 * somebody wrote above it. Where in doubt it is not: ignoring a mail is silence.
 */
export function isWhollyOurs(lines: Line[], campaign: Campaign): boolean {
  if (!isOurNotice(lines, campaign)) return false;
  const [first, ...others] = lines;
  const addresses = first !== undefined && ADDRESSEE.test(first.plain);
  return addresses && !others.some((line) => GREETING.test(line.plain) || /[?？]/.test(line.raw));
}

/** "邓凯，您好：", "负责人同志：", "A. Page, City Library". */
const ADDRESSEE = /^[^。!！?？;；]{1,80}$/;
const GREETING =
  /^.{0,60}[您你]好[:,!。.]?$|^.{1,20}(?:同志|领导|老师)[:,]$|^(?:dear .{1,60}|good day|hello|hi)[,:!]?$/;
