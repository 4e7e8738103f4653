// The campaign as configured: units, people, deliverables, dates, wording. Everything that differs between organisations.
import type { PlainDate, TimeOfDay } from "../text/dates.ts";

export type Locale = "zh-CN" | "en";
export type UnitKind = "leadership" | "office" | "grassroots";

export interface Contact {
  name: string;
  email: string;
}

export interface Unit {
  code: string;
  name: string;
  aliases: string[];
  kind: UnitKind;
  /** Head-count, for participation; null when not configured. */
  staff: number | null;
  /** Mail domains, lower case. One domain may belong to several units. */
  domains: string[];
  liaison: Contact | null;
  head: Contact | null;
  supervisor: Contact | null;
}

/** One row of the roster; an empty address is a person known by name only. */
export interface Person {
  name: string;
  /** Lower case; null when unknown. */
  email: string | null;
  /** Unit code. */
  unit: string;
}

/** One named part of a deliverable that is owed separately, such as one of the nine plans. */
export interface DeliverableItem {
  code: string;
  name: string;
  aliases: string[];
  /** The unit that drafts it and is reminded. */
  unit: string;
  /** The leader answerable for it, told when it is overdue. */
  lead: Contact | null;
}

export interface Deliverable {
  code: string;
  name: string;
  /** Other words people use for it ("建议", "合理化建议"); evidence of the type. */
  aliases: string[];
  from: "person" | "unit";
  /** Kinds of unit that owe it; empty for what individuals send and for deliverables with items. */
  owedBy: UnitKind[];
  opens: PlainDate | null;
  closes: PlainDate | null;
  /** Due until that time of the day in the campaign's zone; without a time until 23:59:59. */
  due: PlainDate | null;
  dueTime: TimeOfDay | null;
  items: DeliverableItem[];
}

export interface Phase {
  code: string;
  name: string;
  from: PlainDate;
  to: PlainDate;
}

export interface MailboxSettings {
  address: string;
  imap: { host: string; port: number; secure: boolean; user: string; folder: string } | null;
  /** node-cron expression. */
  poll: string;
  idle: boolean;
  /** The folder that keeps copies of what is sent; absent or "auto": found by itself, "off": never looked at. */
  sent?: string;
  /** Trusted authserv-ids (RFC 8601); empty: no Authentication-Results header is believed. */
  authserv: string[];
  /** Their servers write the field below their own Received, and not above it. */
  authservBelow: boolean;
  /** How many Received fields our own servers write on a mail from outside; null: as told by their names. */
  hops: number | null;
  /** We verify DKIM, SPF and DMARC ourselves. */
  verify: boolean;
  /** Largest raw mail that is fetched; above it the mail ends as `oversize` (R15). */
  maxBytes: number;
  /**
   * Mail that arrived before this day is filed and not answered until the office says so; null: what was there at the
   * first contact.
   */
  answerFrom: PlainDate | null;
}

export interface SmtpSettings {
  host: string;
  port: number;
  secure: boolean;
  user: string | null;
  perHour: number;
  connections: number;
  /** Envelope sender: the account (absent), none ("null", RFC 3834 §3.3), or an address that bounces go to. */
  mailFrom?: string;
  /** Every notice goes to the published mailbox as well: proof of sending where the server keeps none. */
  copyToSelf?: boolean;
}

export interface OfficeSettings {
  name: string;
  members: Contact[];
  digest: TimeOfDay;
  /** The last day of the office's week that can have the weekly edition: a weekday, or "last": the last working day. */
  weekly: (typeof WEEKLY_DAYS)[number];
}

export const WEEKLY_DAYS = [
  "last",
  "none",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

export interface ReminderSettings {
  /** The n-th (working) days before the due day. */
  before: number[];
  overdue: { liaison: number; head: number; supervisor: number; every: number };
  workingDaysOnly: boolean;
  quiet: { from: TimeOfDay; to: TimeOfDay } | null;
}

/** For how many days after the campaign closes what is kept; null: for ever. What is due goes when somebody says so. */
export interface Retention {
  /** Automatic and ignored mail, whole. */
  automatic: number | null;
  /** Mail nobody settled, whole. */
  held: number | null;
  /** Originals, subjects and texts of filed mail. */
  mail: number | null;
  attachments: number | null;
  notices: number | null;
  /** Names and addresses. */
  people: number | null;
  /** Titles and texts in the ledger. */
  submissions: number | null;
}

/** How somebody outside notices that the service stands still (R52). */
export interface WatchSettings {
  /** Who hears of troubles besides the office. */
  tell: Contact[];
  /** Asked every minute while all is well; null: nobody is. */
  url: string | null;
  /** Whether the address may be one of the house's own network. */
  inside: boolean;
  /** A second mailbox, and every how many hours it hears that all is well. */
  mail: { to: string; every: number } | null;
}

export interface Criterion {
  code: string;
  name: string;
  weight: number;
}

/** What proposals may be about, for grouping them in the book. */
export interface Theme {
  code: string;
  name: string;
  /** Words that speak for it, besides its name. */
  keywords: string[];
}

export interface Campaign {
  code: string;
  title: string;
  locale: Locale;
  timezone: string;
  opens: PlainDate;
  closes: PlainDate;
  phases: Phase[];
  mailbox: MailboxSettings;
  smtp: SmtpSettings | null;
  office: OfficeSettings;
  units: Unit[];
  roster: Person[];
  /** The text of the notice that called for the campaign; null when not configured. */
  announcement: string | null;
  deliverables: Deliverable[];
  /** In the order of the book; empty: proposals are grouped by unit only. */
  themes: Theme[];
  reminders: ReminderSettings;
  /** Working days a sender has to replace an unreadable attachment before the obligation reopens. */
  clarifyWithin: number;
  review: { criteria: Criterion[]; forum: number };
  retention: Retention;
  /** Confidence from which a decision is filed without a human. */
  autoFileAt: number;
  /** Days that differ from the public calendar. */
  holidays: { off: PlainDate[]; working: PlainDate[] };
  /** Folder of Liquid templates, one folder a language in it (absolute). */
  templates: string;
  watch: WatchSettings;
}

export function unitOf(campaign: Campaign, code: string | null): Unit | null {
  return campaign.units.find((unit) => unit.code === code) ?? null;
}

export function deliverableOf(campaign: Campaign, code: string | null): Deliverable | null {
  return campaign.deliverables.find((deliverable) => deliverable.code === code) ?? null;
}

/** What is sent to the mailbox that collects the submissions comes back to us, and no person reads it there. */
export function isOurMailbox(address: string, { mailbox }: Pick<Campaign, "mailbox">): boolean {
  return address.toLowerCase() === mailbox.address.toLowerCase();
}

/** Every address that speaks for the campaign itself: mail from there is our own come back. */
export function ownAddresses(campaign: Campaign): Set<string> {
  return new Set(
    [campaign.mailbox.address, campaign.smtp?.user ?? ""].filter(Boolean).map((a) => a.toLowerCase()),
  );
}

/** Whether an address is known to belong to a unit: one of its contacts, a person of its roster, or its mail domain. */
export function isRegistered(campaign: Campaign, address: string, unitCode: string): boolean {
  const unit = unitOf(campaign, unitCode);
  if (!unit || address === "") return false;
  const contacts = [unit.liaison, unit.head, unit.supervisor];
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return (
    contacts.some((contact) => contact?.email === address) ||
    unit.domains.includes(domain) ||
    campaign.roster.some((person) => person.email === address && person.unit === unitCode)
  );
}

/** Whether the address itself, not merely its domain, is somebody's whom the campaign knows. */
export function isKnownAddress({ units, roster, office }: Campaign, address: string): boolean {
  const contacts = units.flatMap(({ liaison, head, supervisor }) => [liaison, head, supervisor]);
  return [...contacts, ...roster, ...office.members].some((one) => one?.email?.toLowerCase() === address);
}
