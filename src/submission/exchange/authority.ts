// Who may change, replace or complete what was handed in: its sender, or a unit's registered address, and believed (R60, R61).
import { type Campaign, deliverableOf, isRegistered } from "../../campaign/campaign.ts";
import { isBelieved, senderOf } from "../../message/sender.ts";
import type { SentSubmission } from "../records.ts";
import type { UnderstoodMail } from "../understood.ts";

/** A mail speaks for its unit when the address is registered for it and the mail may act for that address (R60). */
export function isVerified(campaign: Campaign, { understanding, mail }: UnderstoodMail): boolean {
  return understanding.senderRegistered && isBelieved(mail, campaign.mailbox);
}

export function mayChange(campaign: Campaign, { mail }: UnderstoodMail, target: SentSubmission): boolean {
  const address = senderOf(mail)?.address ?? "";
  const isAuthor = address !== "" && address === target.sentBy;
  const speaksForUnit =
    target.unit !== null &&
    deliverableOf(campaign, target.type)?.from === "unit" &&
    isRegistered(campaign, address, target.unit);
  return isBelieved(mail, campaign.mailbox) && (isAuthor || speaksForUnit);
}
