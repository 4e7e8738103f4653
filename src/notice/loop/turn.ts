// What a mail is in the correspondence with its sender: something new, a question of its own, or an echo of ours (R41); pure.
//
// Two responders that strip every mark can only be told by what they do: each of our answers brings another mail, and none
// of those mails brings anything. A lively person files ideas and corrects them, and whatever brings something is answered.
import { comparable, likenessOf } from "../../text/likeness.ts";
import { isReplySubject } from "../../understand/exchange.ts";

/** `brought`: something was filed or corrected; `echo`: it answers us and brings nothing. */
export type Turn = "brought" | "fresh" | "echo";

export interface TurnFacts {
  subject: string;
  /** What was newly written. */
  text: string;
  hasFiles: boolean;
  arrivedAt: Date;
  /** Something came of it: a submission filed, a correction carried out. */
  brings: boolean;
  /** It names or quotes a notice of ours. */
  answersUs: boolean;
}

/** An answer that left for this address before, or will leave. */
export interface EarlierAnswer {
  turn: Turn;
  intendedAt: Date;
  /** What the mail said that it answers. */
  text: string;
}

export interface Before {
  /** Newest first. */
  answers: EarlierAnswer[];
  /** When a notice of any kind last left for the address or its organisation, of those that the mail may answer. */
  sentAt: Date | null;
  /** Answers to echoes among the notices it names. */
  echoesInThread: number;
  /** Answers, just before it came, to mails of other addresses of its organisation that brought nothing. */
  emptyNearby: number;
  /** It answers what we wrote to somebody else: answers to echoes from its organisation since that last brought anything. */
  echoesOfStrangers: number;
}

/** Answers a responder gets before it is let talk to itself. */
const ECHOES_ANSWERED = 3;
const DAY_MS = 24 * 3_600_000;
/** Quicker than a person reads, thinks and writes again and again; slower than any responder. */
export const QUICK_MS = 5 * 60_000;
/** Servers' clocks differ, and INTERNALDATE has whole seconds. */
export const SKEW_MS = 60_000;

export function turnOf(mail: TurnFacts, before: Before): Turn {
  const writtenTo = before.answers.length > 0 || before.sentAt !== null || before.emptyNearby > 0;
  if (!writtenTo && !mail.answersUs) return mail.brings ? "brought" : "fresh";
  // Whoever hands something in may well thank for it below; a responder begins with that.
  const acknowledges = !mail.hasFiles && ACKNOWLEDGES.test(mail.text.trim().slice(0, mail.brings ? 40 : 300));
  const repeats = !mail.hasFiles && isAlike(mail.text, before.answers);
  // A person may hand in many forms that are alike; as replies to our own notices they are a machine's.
  if (mail.brings) return acknowledges || (mail.answersUs && repeats) ? "echo" : "brought";
  const isEcho =
    mail.answersUs || acknowledges || repeats || isReplySubject(mail.subject) || isQuick(mail, before);
  return isEcho ? "echo" : "fresh";
}

/** Whether an answer to this mail would only feed a loop. What its sender really hands in next is answered again. */
export function isLoop(turn: Turn, before: Before, now: Date): boolean {
  if (turn !== "echo") return false;
  const sinceBrought = before.answers.findIndex((answer) => answer.turn === "brought");
  const streak = sinceBrought < 0 ? before.answers : before.answers.slice(0, sinceBrought);
  // A responder that answers everything twice begins with two mails that answer nothing yet: the first echo tells.
  const echoes = [now, ...streak.filter(({ turn }) => turn === "echo").map(({ intendedAt }) => intendedAt)];
  const fed = streak.filter(
    ({ turn, intendedAt }) => turn === "echo" || echoes.some((at) => isWithinDay(intendedAt, at)),
  );
  const { echoesInThread, emptyNearby, echoesOfStrangers } = before;
  return Math.max(fed.length, echoesInThread, emptyNearby, echoesOfStrangers) >= ECHOES_ANSWERED;
}

const isWithinDay = (from: Date, to: Date) => to >= from && to.getTime() - from.getTime() < DAY_MS;

/** What those say who confirm and register, and hand nothing in. */
const ACKNOWLEDGES =
  /(?:已|业已|均已)(?:经)?(?:收到|收悉|受理|知悉|转交|转办|办结)|(?:来信|来函|来件|邮件|建议|请求|反馈)[^\n。]{0,6}(?:收到|收悉)|^(?:收到|收悉)|感谢(?:您|你|贵)[^\n。]{0,6}(?:的?(?:来信|来函|建议|反馈|支持|关注|参与))|工单|受理(?:编?号|单)|\bticket\b|thank(?:s| you) for (?:contacting|your (?:mail|e-?mail|message|request|inquiry|feedback))|(?:has been|was) (?:received|registered|forwarded)|\breceived your\b/i;

function isAlike(text: string, answers: EarlierAnswer[]): boolean {
  const mine = comparable(text);
  return answers.some((answer) => {
    const alike = likenessOf(mine, comparable(answer.text), new Set());
    return alike !== null && alike.kind !== "boilerplate";
  });
}

function isQuick({ arrivedAt }: TurnFacts, { sentAt, emptyNearby }: Before): boolean {
  if (emptyNearby > 0) return true;
  const after = sentAt === null ? Number.POSITIVE_INFINITY : arrivedAt.getTime() - sentAt.getTime();
  return after >= -SKEW_MS && after <= QUICK_MS;
}
