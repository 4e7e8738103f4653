// The digest in its sample states, with the campaign's own units and deliverables: for the preview and for the doctor.
import type { Campaign } from "../campaign/campaign.ts";
import { calendarOf } from "../deadline/calendar.ts";
import { obligationsAt } from "../deadline/obligation.ts";
import type { NoticeState } from "../notice/notice.ts";
import type { NoticeWords } from "../notice/render.ts";
import { addDays, instantOf } from "../text/dates.ts";
import type { Books, FiledFact, HeldMail, MailTally } from "./books.ts";
import { type DigestFacts, digestOf } from "./digest.ts";
import { wordDigest } from "./wording.ts";

export interface DigestSample {
  name: string;
  words: NoticeWords;
}

const none: MailTally = { received: 0, filed: 0, held: 0, automatic: 0, ignored: 0, oversize: 0 };
const noNotices: Record<NoticeState, number> = {
  ...{ intended: 0, claimed: 0, "data-sent": 0, accepted: 0 },
  ...{ rejected: 0, ambiguous: 0, dropped: 0, bounced: 0 },
};

/** A busy day and a silent one, the week's and the closing edition. */
export async function digestSamples(campaign: Campaign): Promise<DigestSample[]> {
  const on = addDays(campaign.closes, -3);
  const now = instantOf(on, campaign.office.digest, campaign.timezone);
  const busy = { ...silentFacts(campaign, on, now), ...busyFacts(campaign, now) };
  const states: Record<string, DigestFacts> = {
    "digest-busy": busy,
    "digest-silent": silentFacts(campaign, on, now),
    "digest-weekly": {
      ...busy,
      edition: "weekly",
      week: {
        window: busy.books.window,
        mails: busy.books.mailsInWindow,
        filedByType: busy.books.filedByType,
        sent: [],
      },
    },
    "digest-final": { ...busy, edition: "final" },
  };
  return Promise.all(
    Object.entries(states).map(async ([name, facts]) => {
      const ledger = `${campaign.code}-${on}.xlsx`;
      return {
        name,
        words: await wordDigest(digestOf(campaign, facts, now), campaign, { ledger, picture: null }),
      };
    }),
  );
}

function silentFacts(campaign: Campaign, on: string, now: Date): DigestFacts {
  const noList = { filed: [], filedByType: [], held: [], duplicates: [], undelivered: [], capped: [] };
  const noSums = { heldInTotal: 0, noticesWaiting: 0, backlogUnanswered: 0, alikeInWindow: 0 };
  const books: Books = {
    window: { from: new Date(now.getTime() - 24 * 3_600_000), to: now },
    mailsInWindow: none,
    mailsInTotal: { ...none, filed: 40, automatic: 3 },
    balance: { records: 43, messages: 43, copies: 0, unlisted: 0, verdicts: 43, balances: true },
    noticesInWindow: noNotices,
    mailboxes: [{ name: campaign.mailbox.address, lastReadAt: now, lastError: null, lastErrorAt: null }],
    ...{ ...noList, ...noSums, shares: [], participants: [], alike: [] },
  };
  const duty = { obligations: [], withheld: [], unreachable: [], bounced: new Set<string>() };
  return { on, edition: "daily", books, duty, rulings: [], announcement: null, week: null };
}

function busyFacts(campaign: Campaign, now: Date): Pick<DigestFacts, "books" | "duty" | "rulings"> {
  const zh = campaign.locale === "zh-CN";
  const say = (chinese: string, english: string) => (zh ? chinese : english);
  const idea = campaign.deliverables.find(({ from }) => from === "person") ?? campaign.deliverables[0];
  const [unit = campaign.units[0], second = unit] = campaign.units.filter(
    ({ kind }) => kind !== "leadership",
  );
  const reference = (number: number) => `${campaign.code}-${String(number).padStart(4, "0")}`;
  const fact: FiledFact = {
    ...{ reference: reference(41), type: idea?.code ?? "", item: null, unit: unit?.code ?? null },
    ...{
      people: [say("张某", "J. Wood")],
      title: say("阅览室延长开放到晚上十点", "Keep the reading room open until ten"),
    },
    ...{ arrivedAt: now, verified: true, timeliness: "in-time", supersedes: null, confidence: null },
  };
  const held: HeldMail = {
    ...{ id: 9, fromName: say("李某", "K. Lake"), fromAddress: "someone@sender.example", state: "held" },
    ...{ subject: say("一点想法", "An idea"), arrivedAt: now, reason: "unit-unsure", unitAsRead: null },
    typeGuesses: [{ value: fact.type, confidence: 0.96 }],
    unitGuesses: [unit, second].map((one, at) => ({ value: one?.code ?? "", confidence: 0.5 - at / 10 })),
    ...{ itemGuess: null, confidence: null },
  };
  const share = { unit: fact.unit, type: fact.type, submissions: 3, people: 2 };
  const { books, ...rest } = silentFacts(campaign, "", now);
  return {
    books: {
      ...books,
      mailsInWindow: { ...none, filed: 2, held: 2, automatic: 1 },
      mailsInTotal: { ...none, filed: 42, held: 2, automatic: 4 },
      balance: { records: 48, messages: 48, copies: 0, unlisted: 0, verdicts: 48, balances: true },
      filed: [
        fact,
        {
          ...fact,
          reference: reference(42),
          unit: null,
          people: [],
          timeliness: "late",
          verified: false,
          confidence: 0.6,
        },
      ],
      filedByType: [{ type: fact.type, inWindow: 2, current: 31 }],
      held: [held, { ...held, id: 10, reason: "question", typeGuesses: [], unitGuesses: [] }],
      heldInTotal: 2,
      duplicates: [
        { id: 11, fromAddress: "someone@sender.example", subject: fact.title, original: fact.reference },
      ],
      noticesInWindow: { ...noNotices, accepted: 5, bounced: 1 },
      noticesWaiting: 2,
      undelivered: [
        {
          ...{ id: 1, kind: "overdue", to: ["liaison@unit.example"], subject: "", unit: fact.unit },
          ...{ state: "bounced", response: "5.1.1 no such user" },
        },
      ],
      alike: [
        {
          ...{ reference: fact.reference, title: fact.title, unit: fact.unit },
          like: [
            {
              id: 41,
              other: reference(12),
              otherUnit: second?.code ?? null,
              kind: "near-identical",
              score: 0.87,
            },
          ],
        },
      ],
      alikeInWindow: 1,
      backlogUnanswered: 4,
      shares: [share],
      participants: [{ unit: fact.unit, people: 2 }],
    },
    // What the campaign's units really owe, and nothing of it handed in.
    duty: { ...rest.duty, obligations: obligationsAt(campaign, calendarOf(campaign), [], [], now) },
    rulings: [],
  };
}
