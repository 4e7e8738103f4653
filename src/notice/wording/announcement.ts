// The letter that brings the plan: to each person by name, with how to hand something in and whom to pass it on to.
import { type Campaign, type Contact, type Locale, unitOf } from "../../campaign/campaign.ts";
import { dateOf, type PlainDate, writtenDate } from "../../text/dates.ts";
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
  /** Units the roster does not wholly name: the addressee is asked to pass it on to all their people. */
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
    paragraphs: paragraphsOf(announcement),
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
    .map(({ name, opens, closes }) => ({ name, ...windowWords(opens, closes, locale) }));
}

/** The year is said once: 2012年11月21日至12月5日, from 21 November to 5 December 2012. */
function windowWords(opens: PlainDate | null, closes: PlainDate | null, locale: Locale) {
  const [from, to] = [opens, closes].map((on) => (on === null ? "" : writtenDate(on, locale))) as [
    string,
    string,
  ];
  if (opens?.slice(0, 4) !== closes?.slice(0, 4)) return { opens: from, closes: to };
  return locale === "en"
    ? { opens: from.replace(/ \d+$/, ""), closes: to }
    : { opens: from, closes: to.replace(/^\d+年/, "") };
}

type Role = "title" | "to" | "body" | "signed";

/**
 * Blank lines and the indentation of a text file are layout: in HTML a paragraph has that of its place in an official
 * document.
 */
function paragraphsOf({ text, subject }: Announcement): { text: string; role: Role }[] {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, ""))
    .filter(Boolean);
  const signed = lines.findLastIndex((line) => !isSignature(line)) + 1;
  return lines.map((line, at) => {
    if (at === 0 && line.replace(/^#+\s*/, "") === subject) return { text: subject, role: "title" };
    if (at <= 1 && [...line].length <= 60 && /[：:]$/u.test(line)) return { text: line, role: "to" };
    return { text: line, role: at >= signed && at >= lines.length - 2 ? "signed" : "body" };
  });
}

/** Who it is from, or its date: short, and no sentence. */
const isSignature = (line: string) => [...line].length <= 30 && !/[。；！？.;!?：:]$/u.test(line);
