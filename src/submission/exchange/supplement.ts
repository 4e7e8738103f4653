// A forgotten attachment is added to the submission it belongs to: one number, two mails.
import type { Campaign } from "../../campaign/campaign.ts";
import type { ReadPart } from "../../document/document.ts";
import type { Trx } from "../../store/database.ts";
import type { Corrected } from "../correct.ts";
import { lacksText } from "../submission.ts";
import type { UnderstoodMail } from "../understood.ts";
import { mayChange } from "./authority.ts";
import { addSupplement } from "./records.ts";
import { targetsOf } from "./targets.ts";

function saysItSupplements({ understanding }: UnderstoodMail): boolean {
  return understanding.corrections.some(({ action }) => action === "supplement");
}

/** Null: it belongs to nothing that is filed, and is handled for itself. */
export async function supplement(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  now: Date,
): Promise<Corrected[] | null> {
  const files = understood.parts.filter(({ document }) => document.status !== "ignored");
  if (!saysItSupplements(understood) || files.length === 0) return null;
  const { submissions, isUnclear } = await targetsOf(
    trx,
    campaign,
    understood,
    understood.understanding.submissions,
  );
  const [target] = submissions;
  const asked = { change: describe(campaign, files), adds: true, withdraws: false, before: null };
  if (!target) return null;
  if (isUnclear || submissions.length > 1)
    return [{ ...asked, reference: "", done: false, why: "correction-unclear" }];
  if (!mayChange(campaign, understood, target))
    return [{ ...asked, reference: target.reference, done: false, why: "correction-unauthorised" }];
  const text = files.map(textOf).filter(Boolean).join("\n\n");
  const completes = text !== "" && !lacksText(understood.parts, [{ text }]);
  await addSupplement(trx, target, { messageId: understood.messageId, text, completes }, now);
  return [{ ...asked, reference: target.reference, done: true, why: null }];
}

function textOf({ document, children }: ReadPart): string {
  return [document.text.trim(), ...children.map(textOf)].filter(Boolean).join("\n\n");
}

function describe(campaign: Campaign, files: ReadPart[]): string {
  const names = files.slice(0, 5).map(({ part }) => part.filename);
  return campaign.locale === "zh-CN"
    ? `补充附件：${names.join("、")}`
    : `attachment added: ${names.join(", ")}`;
}
