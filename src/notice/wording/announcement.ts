// The letter that brings the plan: to each person by name, with how to hand something in and whom to pass it on to.
import { type Campaign, type Contact, unitOf } from "../../campaign/campaign.ts";
import { dateOf, writtenDate } from "../../text/dates.ts";
import type { Announcement } from "../announce/announcement.ts";
import type { NoticeIntent } from "../notice.ts";
import { asLine, render } from "../render.ts";

export interface Announcing {
  announcement: Announcement;
  address: string;
  /** Who is written to there: one person, or those who share the mailbox. */
  people: { name: string }[];
  unit: string;
  /** By unit's code, the people known by name only whom the addressee is asked to tell. */
  tells: Map<string, string[]>;
  /** Units of whose people nobody is known: the addressee is asked to pass it on to all of them. */
  passesOn: string[];
}

export function announcementKey({ name }: Announcement, address: string): string {
  return `announcement/${name}/${address}`;
}

export async function announcementIntent(
  { announcement, address, people, unit, tells, passesOn }: Announcing,
  campaign: Campaign,
  now: Date,
): Promise<NoticeIntent> {
  const names = [...new Set(people.map(({ name }) => asLine(name, 40)))];
  const listed = (all: string[]) => all.join(campaign.locale === "en" ? ", " : "、");
  const nameOf = (code: string) => unitOf(campaign, code)?.name ?? code;
  const { filename, sha256, mediaType } = announcement;
  const words = await render(campaign, "announcement", {
    campaign: { title: campaign.title, code: campaign.code },
    office: campaign.office.name,
    mailbox: campaign.mailbox.address,
    addressee: listed(names),
    title: announcement.subject,
    filename,
    invited: invitations(campaign),
    tells: [...tells].map(([code, all]) => ({ unit: nameOf(code), names: listed(all) })),
    passesOn: listed(passesOn.map(nameOf)),
    today: writtenDate(dateOf(now, campaign.timezone), campaign.locale),
    plan: announcement.text,
    paragraphs: paragraphsOf(announcement.text),
  });
  const to: Contact[] = names.map((name) => ({ name, email: address }));
  return {
    key: announcementKey(announcement, address),
    kind: "announcement",
    to,
    cc: [],
    ...words,
    attachments: [{ filename, mediaType, sha256 }],
    inReplyTo: null,
    references: [],
    causeMessageId: null,
    unit,
    stillOwed: [],
    notBefore: null,
  };
}

/** What people send of their own accord, and until when. */
function invitations({ deliverables, locale }: Campaign) {
  return deliverables
    .filter(({ from }) => from === "person")
    .map(({ name, opens, closes }) => ({
      name,
      opens: opens === null ? "" : writtenDate(opens, locale),
      closes: closes === null ? "" : writtenDate(closes, locale),
    }));
}

/** Blank lines and the indentation of a text file are layout: in HTML the paragraph has its own. */
function paragraphsOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, ""))
    .filter(Boolean);
}
