// The digest in each of its editions and states, made of the campaign's own names: what previews show and templates are tried with.
import type { Campaign, Deliverable, Unit } from "../campaign/campaign.ts";
import type { Obligation, ObligationState } from "../deadline/obligation.ts";
import type { NoticeWords } from "../notice/render.ts";
import { addDays, dateOf, endOfDay, instantOf } from "../text/dates.ts";
import type { Books, FiledFact, HeldMail } from "./books.ts";
import { type DigestFacts, digestOf } from "./digest.ts";
import type { Edition } from "./edition.ts";
import { wordDigest } from "./wording.ts";

export interface SampleDigest {
  /** "digest-weekly": the edition, or the state it shows. */
  name: string;
  compose(): Promise<NoticeWords>;
}

/** One of a full day in each edition, and a silent one. They have no picture: nothing is drawn here. */
export function sampleDigests(campaign: Campaign): SampleDigest[] {
  const sample = (name: string, edition: Edition, silent = false): SampleDigest => ({
    name,
    compose: async () => {
      const now = instantOf(dayOf(campaign, edition), campaign.office.digest, campaign.timezone);
      const facts = silent ? silentFacts(campaign, now) : busyFacts(campaign, edition, now);
      const ledger = `${campaign.code}-${facts.on}.xlsx`;
      return wordDigest(digestOf(campaign, facts, now), campaign, { ledger, picture: null });
    },
  });
  return [
    sample("digest-daily", "daily"),
    sample("digest-weekly", "weekly"),
    sample("digest-final", "final"),
    sample("digest-silent", "daily", true),
  ];
}

function dayOf(campaign: Campaign, edition: Edition): string {
  return addDays(campaign.closes, edition === "final" ? 31 : 7);
}

const noMails = { received: 0, filed: 0, held: 0, automatic: 0, ignored: 0, oversize: 0 };
const noNotices = {
  ...{ intended: 0, claimed: 0, "data-sent": 0, accepted: 0 },
  ...{ rejected: 0, ambiguous: 0, dropped: 0, bounced: 0 },
};

function silentFacts(campaign: Campaign, now: Date): DigestFacts {
  const on = dateOf(now, campaign.timezone);
  return {
    ...{ on, edition: "daily", rulings: [], announcement: null, audit: null, week: null },
    books: quietBooks(campaign, now),
    duty: { obligations: [], withheld: [], unreachable: [], bounced: new Set() },
  };
}

function quietBooks(campaign: Campaign, now: Date): Books {
  const mailbox = campaign.mailbox.address;
  return {
    window: { from: new Date(now.getTime() - 86_400_000), to: now },
    mailsInWindow: noMails,
    mailsInTotal: { ...noMails, filed: 43, held: 2, automatic: 4, ignored: 1 },
    balance: { records: 51, messages: 50, copies: 1, unlisted: 0, verdicts: 50, balances: true },
    ...{ filed: [], filedByType: [], held: [], heldInTotal: 0, duplicates: [] },
    ...{ noticesInWindow: noNotices, noticesWaiting: 0, undelivered: [] },
    ...{ capped: [], paused: [], unmatchedReturns: 0 },
    mailboxes: [{ name: mailbox, lastReadAt: now, lastError: null, lastErrorAt: null, full: null }],
    ...{
      heldUp: { waiting: 0, since: null, paused: null },
      sentFolderError: null,
      backlogUnanswered: 0,
      shares: [],
      participants: [],
      alike: [],
      alikeInWindow: 0,
    },
  };
}

function busyFacts(campaign: Campaign, edition: Edition, now: Date): DigestFacts {
  const zh = campaign.locale === "zh-CN";
  const on = dateOf(now, campaign.timezone);
  const units = campaign.units.filter(({ kind }) => kind !== "leadership");
  const [first, second, third] = units;
  const owed = campaign.deliverables.find(({ from }) => from === "unit");
  const books = busyBooks(campaign, now);
  return {
    ...{ on, edition, books, audit: { number: 37, hash: "5f1d0c9e7b3a2846" } },
    duty: {
      obligations: owed ? obligationsOf(owed, units, edition, now, campaign) : [],
      ...{ withheld: [], unreachable: [], bounced: new Set() },
    },
    rulings: owed
      ? [
          {
            ...{ kind: "extension", deliverable: owed.code, item: owed.items[0]?.code ?? null },
            ...{ unit: third?.code ?? first?.code ?? null, dueOn: addDays(on, 7), dueTime: null },
            ...{ madeBy: campaign.office.members[0]?.email ?? "office", madeAt: now },
            why: zh ? "负责同志出差" : "its author is travelling",
          },
        ]
      : [],
    announcement: { kind: "announcement", notices: { accepted: 212, bounced: 3, intended: 40 } },
    week:
      edition === "weekly"
        ? {
            window: { from: new Date(now.getTime() - 7 * 86_400_000), to: now },
            mails: { ...noMails, filed: 12, held: 2, automatic: 1, ignored: 1 },
            filedByType: books.filedByType,
            sent: [
              { kind: "acknowledgement", notices: { accepted: 12 } },
              { kind: "overdue", notices: { accepted: 2, bounced: second ? 1 : 0 } },
            ],
          }
        : null,
  };
}

function busyBooks(campaign: Campaign, now: Date): Books {
  const zh = campaign.locale === "zh-CN";
  const [first, second] = campaign.units.filter(({ kind }) => kind !== "leadership");
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const person = zh ? "张晓岚" : "Ann Lee";
  const fact = (deliverable: Deliverable, number: number, more: Partial<FiledFact> = {}): FiledFact => ({
    ...{ reference: `${campaign.code}-${String(number).padStart(4, "0")}`, type: deliverable.code },
    ...{ item: deliverable.items[0]?.code ?? null, unit: first?.code ?? null, people: [person] },
    ...{ title: zh ? "延长夜间开放时间" : "Open at night", arrivedAt: hourAgo, verified: true },
    ...{ timeliness: "in-time", supersedes: null, confidence: null },
    ...more,
  });
  const held: HeldMail = {
    ...{ id: 9, fromName: person, fromAddress: "someone@mail.example", state: "held", reason: "unit-unsure" },
    ...{ subject: zh ? "一点想法" : "A thought", arrivedAt: new Date(now.getTime() - 2 * 86_400_000) },
    typeGuesses: campaign.deliverables.slice(0, 1).map(({ code }) => ({ value: code, confidence: 0.9 })),
    unitGuesses: [first, second].flatMap((unit, at) =>
      unit ? [{ value: unit.code, confidence: at === 0 ? 0.6 : 0.3 }] : [],
    ),
    ...{ unitAsRead: null, itemGuess: null, confidence: null, sender: null },
  };
  const people = campaign.deliverables.find(({ from }) => from === "person");
  const shares = [first, second].flatMap((unit, at) =>
    unit ? [{ unit: unit.code, submissions: 9 - at * 4, people: 6 - at * 2 }] : [],
  );
  return {
    ...quietBooks(campaign, now),
    mailsInWindow: { ...noMails, filed: 3, held: 1, automatic: 1, ignored: 1 },
    filed: campaign.deliverables.map((deliverable, at) =>
      fact(deliverable, 41 + at, at === 1 ? { verified: false, timeliness: "late" } : {}),
    ),
    filedByType: campaign.deliverables.map(({ code }, at) => ({
      type: code,
      inWindow: 1,
      current: 30 - at * 9,
    })),
    ...{ held: [held], heldInTotal: 1 },
    duplicates: [
      {
        id: 11,
        fromAddress: "someone@mail.example",
        subject: held.subject,
        original: `${campaign.code}-0041`,
      },
    ],
    ...{ noticesInWindow: { ...noNotices, accepted: 5, dropped: 1, bounced: 1 }, noticesWaiting: 2 },
    undelivered: [
      {
        ...{ id: 12, kind: "overdue", to: [`liaison@${first?.code ?? "unit"}.example`], subject: "…" },
        ...{ unit: first?.code ?? null, state: "ambiguous", response: null },
      },
      {
        ...{ id: 13, kind: "acknowledgement", to: ["someone@mail.example"], subject: "…", unit: null },
        ...{ state: "bounced", response: "5.1.1 mailbox unavailable" },
      },
    ],
    heldUp: { waiting: 0, since: null, paused: null },
    sentFolderError: null,
    backlogUnanswered: 4,
    shares: people ? shares.map((share) => ({ ...share, type: people.code })) : [],
    participants: shares,
  };
}

/** A state each, in turn; what is late was due last week, and all the rest is due in the next. */
function obligationsOf(
  { code, items }: Deliverable,
  units: Unit[],
  edition: Edition,
  now: Date,
  { timezone }: Campaign,
): Obligation[] {
  const on = dateOf(now, timezone);
  const states: ObligationState[] =
    edition === "final"
      ? ["met", "met-late", "overdue", "waived"]
      : ["overdue", "outstanding", "met", "met-late", "extended"];
  return units.slice(0, 6).map(({ code: unit }, at) => {
    const state = states[at % states.length] as ObligationState;
    const dueOn = addDays(on, state === "outstanding" || state === "extended" ? 3 : -5);
    const isMet = state === "met" || state === "met-late";
    return {
      ...{ key: `${code}/${unit}`, deliverable: code, unit, item: items[at]?.code ?? null, state },
      ...{ announcedOn: dueOn, dueOn, provisional: false, why: null },
      metAt: isMet ? endOfDay(addDays(dueOn, state === "met" ? -1 : 2), timezone) : null,
      metBy: isMet ? "paper" : null,
    } as Obligation;
  });
}
