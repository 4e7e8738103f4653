// The unit's contact and what others did in the unit's name: he is told, and his answer confirms it or puts it back (R61).
import { type Campaign, deliverableOf, isOurMailbox, unitOf } from "../campaign/campaign.ts";
import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import { senderOf } from "../message/sender.ts";
import type { FiledMail } from "../submission/file.ts";
import { contactWord } from "../understand/contact-word.ts";
import type { Instruction } from "../understand/instruction.ts";
import { CONTACT } from "./identity.ts";
import type { NoticeIntent } from "./notice.ts";
import type { SaidBefore } from "./records.ts";
import { asLine, render } from "./render.ts";

type Matter = "unverified" | "replaced" | "withdrawn" | "changed";

/** One thing that the contact should know. */
export interface ForContact {
  matter: Matter;
  unit: string;
  /** What it is about: the older version, the thing withdrawn. */
  reference: string;
  type: string;
  title: string;
  /** The newer version, or the change in words. */
  by: string;
}

/** What a filed mail did that somebody else answers for: told to each unit's liaison, unless it was he. */
export async function tellContacts(filed: FiledMail, campaign: Campaign): Promise<NoticeIntent[]> {
  const { mail, messageId } = filed.understood;
  const told: NoticeIntent[] = [];
  for (const one of matters(filed, campaign)) {
    const to = unitOf(campaign, one.unit)?.liaison;
    if (!to || isOurMailbox(to.email, campaign)) continue;
    if (senderOf(mail)?.address === to.email && one.matter !== "unverified") continue;
    told.push(await contactIntent(one, { to, mail, messageId }, campaign));
  }
  return told;
}

function matters(filed: FiledMail, campaign: Campaign): ForContact[] {
  const isOwed = (type: string) => deliverableOf(campaign, type)?.from === "unit";
  const about = (one: { unit: string | null; type: string; title: string }) =>
    one.unit !== null && isOwed(one.type) ? [{ unit: one.unit, type: one.type, title: one.title }] : [];
  const filedNow = filed.submissions.flatMap((one): ForContact[] => {
    const older = filed.superseded.get(one.reference);
    return about(one).flatMap((facts): ForContact[] => {
      if (!one.verified) return [{ ...facts, matter: "unverified", reference: one.reference, by: "" }];
      return older ? [{ ...facts, matter: "replaced", reference: older, by: one.reference }] : [];
    });
  });
  const changed = filed.corrected.flatMap(({ done, adds, before, change, reference, withdraws }) =>
    done && !adds && before
      ? about(before).map(
          (facts): ForContact => ({
            ...facts,
            matter: withdraws ? "withdrawn" : "changed",
            reference,
            by: withdraws ? "" : change,
          }),
        )
      : [],
  );
  return [...filedNow, ...changed];
}

export async function contactIntent(
  { matter, unit, reference, type, title, by }: ForContact,
  { to, mail, messageId }: { to: NoticeIntent["to"][number]; mail: Mail; messageId: number },
  campaign: Campaign,
): Promise<NoticeIntent> {
  const sender = senderOf(mail);
  const view = {
    ...{ matter, reference, by: asLine(by, 120), title: asLine(title, 120) },
    type: deliverableOf(campaign, type)?.name ?? type,
    unit: unitOf(campaign, unit)?.name ?? unit,
    sender: asLine(`${sender?.name ?? ""} <${sender?.address ?? ""}>`.trim(), 120),
    office: campaign.office.name,
    campaign: campaign.title,
  };
  return {
    key: `${CONTACT}${matter}/${messageId}/${reference}`,
    kind: "contact",
    to: [to],
    cc: [],
    ...(await render(campaign, "contact", view)),
    attachments: [],
    inReplyTo: null,
    references: [],
    causeMessageId: messageId,
    unit,
    stillOwed: [],
    notBefore: null,
  };
}

/** What the answer of a contact who is believed asks for; null: nothing, it is read like any other mail. */
export function contactOrder(mail: Mail, answered: SaidBefore[], campaign: Campaign): Instruction | null {
  const address = senderOf(mail)?.address;
  const notice = answered.find(({ key }) => key.startsWith(CONTACT));
  const [, matter, , reference = ""] = notice?.key.split("/") ?? [];
  const unit = unitOf(campaign, notice?.unit ?? null);
  if (!notice || ![unit?.liaison, unit?.head, unit?.supervisor].some((one) => one?.email === address))
    return null;
  const { text } = newTextOf(mail.text);
  const word = contactWord(text);
  const line = text.trim().split("\n")[0]?.trim() ?? "";
  const act =
    matter === "unverified"
      ? ({ confirms: "file", denies: "withdraw" } as const)
      : ({ confirms: null, denies: "restore" } as const);
  const asked = word && act[word];
  if (!asked) return null;
  const target = { written: reference, reference, mail: null };
  return { line, at: 0, target, changes: {}, act: asked, problems: [] };
}
