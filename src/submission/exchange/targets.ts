// Which earlier submissions a mail is about: by number, by thread, else the only ones of its sender that fit.
import type { Campaign } from "../../campaign/campaign.ts";
import { senderOf } from "../../message/sender.ts";
import type { Trx } from "../../store/database.ts";
import { normalize } from "../../text/normalize.ts";
import { containment } from "../../text/similarity.ts";
import type { SentSubmission } from "../records.ts";
import type { UnderstoodMail } from "../understood.ts";
import { currentOfSender, lockCurrent } from "./records.ts";

export interface Targets {
  submissions: SentSubmission[];
  /** Several mails of the sender fit: which is meant, only he knows. */
  isUnclear: boolean;
}

/** What the mail brings itself, where it brings something: an older version is of its type, and mostly of its title. */
export interface Brought {
  type: string;
  item: string | null;
  title: string;
}

export async function targetsOf(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  brought: Brought[] = [],
): Promise<Targets> {
  const { submissions, isUnclear } = await meantBy(trx, campaign, understood, brought);
  return { submissions: isUnclear ? submissions : await lockCurrent(trx, submissions), isUnclear };
}

async function meantBy(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  brought: Brought[],
): Promise<Targets> {
  const { thread, mail, understanding } = understood;
  const words = `${mail.subject}\n${understanding.newText}`;
  const inThread = (thread?.submissions ?? []).filter(({ state }) => state === "current");
  if (inThread.length > 0)
    return { submissions: narrowed(inThread, words, campaign, brought), isUnclear: false };
  // A number that names nothing, or a thread that came to nothing, must not end at some other mail of the sender.
  if (thread !== null && (thread.submissions.length > 0 || thread.heldMessageIds.length > 0))
    return { submissions: [], isUnclear: false };
  const own = await currentOfSender(trx, campaign.code, senderOf(mail)?.address ?? "");
  const fitting = own.filter((one) => brought.length === 0 || brought.some((each) => fits(one, each)));
  const submissions = narrowed(fitting, words, campaign, brought);
  return { submissions, isUnclear: new Set(submissions.map(({ messageId }) => messageId)).size > 1 };
}

function fits(one: SentSubmission, { type, item }: Brought): boolean {
  return one.type === type && (item === null || one.item === null || one.item === item);
}

/** Of several, those named: "第二条", by title, or by what the campaign calls them. All, where none is. */
function narrowed(
  submissions: SentSubmission[],
  words: string,
  campaign: Campaign,
  brought: Brought[],
): SentSubmission[] {
  if (submissions.length < 2) return submissions;
  const plain = normalize(words);
  const numbers = ordinalsIn(plain);
  const narrower: ((one: SentSubmission, all: SentSubmission[]) => boolean)[] = [
    (one) => one.title.length >= 4 && plain.includes(normalize(one.title)),
    (one) => brought.some(({ title }) => isNearTitle(one.title, title)),
    (one, all) => numbers.includes(placeOf(one, all)),
    (one) => brought.length === 0 && namesType(plain, one.type, campaign),
  ];
  return narrower.reduce((left, isNamed) => {
    const named = left.filter((one) => isNamed(one, submissions));
    return named.length > 0 ? named : left;
  }, submissions);
}

/** How its sender counts: in the order of the mail. */
function placeOf(one: SentSubmission, all: SentSubmission[]): number {
  const same = all.filter(({ messageId }) => messageId === one.messageId).sort((a, b) => a.id - b.id);
  return same.indexOf(one) + 1;
}

const DIGITS = "一二三四五六七八九十";

function ordinalsIn(plain: string): number[] {
  return [...plain.matchAll(/第\s*([一二三四五六七八九十]|\d{1,2})\s*[条个篇项件份则]/g)].map(([, number]) =>
    DIGITS.includes(number!) ? DIGITS.indexOf(number!) + 1 : Number(number),
  );
}

function namesType(plain: string, type: string, { deliverables }: Campaign): boolean {
  const deliverable = deliverables.find(({ code }) => code === type);
  const names = deliverable ? [deliverable.name, ...deliverable.aliases] : [];
  return names.some((name) => plain.includes(normalize(name)));
}

/** "让课间活起来" and "让课间活起来(修改稿)". */
export function isNearTitle(a: string, b: string): boolean {
  const [short, long] = [normalize(a), normalize(b)].sort((x, y) => x.length - y.length) as [string, string];
  return short.length >= 4 && containment(short, long) >= 0.75;
}
