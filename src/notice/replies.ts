// What an SMTP reply means for the next attempt: a table of providers, since the first digit misleads (R36, R37); pure.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From the first intent on: then a notice that was only ever deferred is given up (RFC 5321 §4.5.4.1). */
export const GIVE_UP_AFTER_MS = 5 * DAY_MS;

/** Closed list; of the account are: login, sender, tls, quota, frequency, connections, own-mailbox-full. */
export type ReplyClass =
  /** Password or authorisation code. */
  | "login"
  /** Our envelope sender, or our right to send by this server at all. */
  | "sender"
  | "tls"
  /** The day's allowance of our account. */
  | "quota"
  /** Too much in too short a time. */
  | "frequency"
  | "connections"
  /** Ours: bounces and submissions find no room either. */
  | "own-mailbox-full"
  /** The first attempt of a stranger is turned away on purpose; nothing is wrong. */
  | "greylisted"
  | "mailbox-full"
  /** The recipient gets too much from everybody at this moment. */
  | "recipient-busy"
  | "too-large"
  /** Sending it again makes it worse: a person must look at it. */
  | "spam"
  | "later"
  | "refused";

export interface ReplyMeaning {
  class: ReplyClass;
  /** The same notice would be refused again. */
  permanent: boolean;
  retryAfterMs: number | null;
  /** `account`: it is about us, not about this notice; nothing else should be tried before the retry. */
  scope: "notice" | "account";
}

/** QQ keeps its limits secret and asks for minutes, then hours, then the next day. */
const slowLane = [10 * MINUTE_MS, HOUR_MS, DAY_MS];
const stepOf = (steps: number[], attempts: number) => steps[Math.min(attempts, steps.length) - 1] as number;

/** How long until the next attempt, by how many there were; a class without an entry is permanent. */
const waits: Partial<Record<ReplyClass, (attempts: number) => number>> = {
  login: () => 30 * MINUTE_MS,
  sender: () => 30 * MINUTE_MS,
  tls: () => 30 * MINUTE_MS,
  quota: () => DAY_MS,
  frequency: (attempts) => stepOf(slowLane, attempts),
  connections: (attempts) => Math.max(5 * MINUTE_MS, backoffMs(attempts)),
  "own-mailbox-full": () => 30 * MINUTE_MS,
  // Postgrey and its like want five minutes, and see a stranger in whoever comes back sooner.
  greylisted: (attempts) => Math.max(6 * MINUTE_MS, backoffMs(attempts)),
  "mailbox-full": (attempts) => stepOf([HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS], attempts),
  "recipient-busy": (attempts) => Math.max(30 * MINUTE_MS, backoffMs(attempts)),
  later: backoffMs,
};

const aboutAccount: ReplyClass[] = [
  "login",
  "sender",
  "tls",
  "quota",
  "frequency",
  "connections",
  "own-mailbox-full",
];

interface KnownReply {
  class: ReplyClass;
  codes: number[];
  words: RegExp;
}

/** The first that fits counts, so the exceptions stand before the rule. Where each phrase is from: test/notice/replies.test.ts. */
const knownReplies: KnownReply[] = [
  {
    class: "tls",
    codes: [530, 454, 523, 538, 550],
    words: /starttls|\btls\b|encryption (?:required|needed)/iu,
  },
  { class: "login", codes: [432, 454, 530, 534, 535, 538], words: /^/ },
  {
    class: "login",
    codes: [451, 550, 553],
    words: /authentication is required|fail(?:ed)? authentication/iu,
  },
  {
    class: "own-mailbox-full",
    codes: [452, 550, 552, 554],
    words: /shutoffquota|submissionquota|sender'?s? mailbox (?:is )?(?:full|over)|发件人.*(?:空间|容量)/iu,
  },
  {
    class: "sender",
    codes: [501, 550, 553, 554],
    words:
      /must (?:be (?:the )?same|equal)|authoriz(?:ed|ation) user|sender (?:address )?(?:rejected|denied|is rejected)|null sender|not owned by user|send as this sender|sendasdenied|relay(?:ing)? (?:access )?(?:denied|not permitted)|unable to relay/iu,
  },
  {
    class: "quota",
    codes: [421, 450, 452, 550, 552, 554],
    words:
      /\bMI:STC\b|\b(?:daily|sending|send) (?:user |sending |mail )?(?:quota|limit)|reached your daily limit|(?:当天|今日|每日).*(?:超过|限制|上限)/iu,
  },
  {
    class: "connections",
    codes: [421, 450, 451, 454],
    words:
      /\bHL:ICC\b|too many (?:concurrent )?(?:smtp )?(?:connections|sessions)|concurrent connections|thread limit|连接数/iu,
  },
  {
    class: "frequency",
    codes: [421, 450, 451, 452, 550, 554],
    words:
      /frequen(?:cy|t)|\b(?:MI:SFQ|MI:DMC|MI:CCL|RP:QRC|RP:TRC|RP:DRC|HL:REP|HL:IFC)\b|rate limit|unusual rate|too (?:many|much) (?:mails?|messages)|too quickly|throttl|频率|频繁/iu,
  },
  {
    class: "greylisted",
    codes: [421, 450, 451],
    words:
      /gr[ea]y-?list|灰名单|\b4\.7\.1\b(?!.*(?:hostname|helo))|please (?:try|retry) (?:again )?(?:in|after) \d+ (?:sec|min)/iu,
  },
  {
    class: "mailbox-full",
    codes: [422, 450, 452, 550, 552, 554],
    words:
      /\b[45]\.2\.2\b|mailbox (?:is )?(?:full|over ?quota)|over ?quota|quota (?:is )?exceeded|exceeded (?:the |storage |their )?(?:quota|storage)|out of storage|(?:空间|容量|邮箱).{0,4}(?:不足|已满|超)/iu,
  },
  { class: "recipient-busy", codes: [450, 550], words: /mailbox unavailable or access denied|\b4\.2\.1\b/iu },
  {
    class: "too-large",
    codes: [550, 552, 554],
    words:
      /\b5\.3\.4\b|(?:message|mail) ?(?:size|too (?:large|big))|exceed.*(?:size|mailsize)|too large|邮件.{0,3}(?:过大|太大)/iu,
  },
  {
    class: "spam",
    codes: [550, 552, 554, 571],
    words:
      /spam|\bDT:SPM\b|\bMI:SPB\b|unsolicited|(?:content|mail) (?:is )?(?:rejected|denied)|content reject|垃圾/iu,
  },
];

/** `attempts` counts this one. */
export function meaningOf(code: number, response: string, attempts: number): ReplyMeaning {
  const found = classOf(code, response);
  const wait = waits[found];
  return {
    class: found,
    permanent: wait === undefined,
    retryAfterMs: wait?.(Math.max(1, attempts)) ?? null,
    scope: aboutAccount.includes(found) ? "account" : "notice",
  };
}

function classOf(code: number, response: string): ReplyClass {
  const known = knownReplies.find(({ codes, words }) => codes.includes(code) && words.test(response));
  if (known) return known.class;
  // 503 says the session was out of step, not that the notice was refused.
  return code >= 500 && code < 600 && code !== 503 ? "refused" : "later";
}

/** Of a reply as the outbox keeps it, with its code somewhere at its beginning; null where no server spoke. */
export function classOfRecorded(response: string): ReplyClass | null {
  const code = /^(?:[a-z ]+: )*([2-5]\d\d)[ -]/.exec(response)?.[1];
  return code === undefined ? null : classOf(Number(code), response);
}

/** 1, 2, 4 … minutes, at most an hour. */
export function backoffMs(attempts: number): number {
  return Math.min(HOUR_MS, MINUTE_MS * 2 ** Math.max(0, attempts - 1));
}
