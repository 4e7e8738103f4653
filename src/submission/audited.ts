// What senders do to what they had handed in, as entries of the audit: replaced, added to, completed.
import type { Campaign } from "../campaign/campaign.ts";
import { senderOf } from "../message/sender.ts";
import { type AuditEntry, recordAudit } from "../store/audit.ts";
import type { Trx } from "../store/database.ts";
import type { UnderstoodMail } from "./understood.ts";

interface FromSender {
  understood: UnderstoodMail;
  superseded: Map<string, string>;
  corrected: { reference: string; change: string; done: boolean; adds: boolean }[];
  completedId: number | null;
}

/** What is corrected or withdrawn is kept as a correction and entered with it. */
export async function auditSenders(
  trx: Trx,
  campaign: Campaign,
  filed: FromSender[],
  now: Date,
): Promise<void> {
  for (const { understood, superseded, corrected, completedId } of filed) {
    const { messageId, mail } = understood;
    const entries: AuditEntry[] = [...superseded].map(([about, before]) => ({
      action: "sender-supersede",
      ...{ about, before },
    }));
    for (const { reference, change, done, adds } of corrected) {
      if (done && adds) entries.push({ action: "sender-supplement", about: reference, after: change });
    }
    if (completedId !== null) entries.push({ action: "sender-complete", about: `mail/${completedId}` });
    const by = senderOf(mail)?.address ?? "";
    await recordAudit(trx, campaign.code, { by, way: "mail", askedIn: messageId, at: now }, entries);
  }
}
