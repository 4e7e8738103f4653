// What an SMTP reply means for the next attempt: a provider table, since the first digit alone misleads (R36, R37); pure.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From the first intent on: then a notice that was only ever deferred is given up (RFC 5321 §4.5.4.1). */
export const GIVE_UP_AFTER_MS = 5 * DAY_MS;

export interface ReplyMeaning {
  /** The same notice would be refused again. */
  permanent: boolean;
  retryAfterMs: number | null;
  /** `account`: it is about us, not about this notice; nothing else should be tried before the retry. */
  scope: "notice" | "account";
}

interface KnownReply {
  codes: number[];
  words: RegExp;
  meaning(attempts: number): ReplyMeaning;
}

const refused: ReplyMeaning = { permanent: true, retryAfterMs: null, scope: "notice" };

/** QQ keeps its limits secret and asks for minutes, then hours, then the next day. */
const slowLane = [10 * MINUTE_MS, HOUR_MS, DAY_MS];

const knownReplies: KnownReply[] = [
  {
    // 535 of every provider; QQ and 163 say so when the authorisation code (授权码) was withdrawn.
    codes: [454, 530, 534, 535, 538],
    words: /^/,
    meaning: () => ({ permanent: false, retryAfterMs: 30 * MINUTE_MS, scope: "account" }),
  },
  {
    // 163 "553 Mail from must equal authorized user", QQ "501 mail from address must be same as authorization user":
    // our own settings are wrong, and every notice would be refused for it.
    codes: [501, 550, 553],
    words:
      /must (?:be (?:the )?same|equal)|authoriz(?:ed|ation) user|sender (?:address )?(?:rejected|denied)/iu,
    meaning: () => ({ permanent: false, retryAfterMs: 30 * MINUTE_MS, scope: "account" }),
  },
  {
    // 163: the day's allowance of the account is used up.
    codes: [554, 550],
    words: /\bMI:STC\b|daily (?:user |sending )?(?:quota|limit)|当天.*(?:超过|限制)/iu,
    meaning: () => ({ permanent: false, retryAfterMs: DAY_MS, scope: "account" }),
  },
  {
    // QQ "550 Sender/Domain/Connection frequency limited"; 163 MI:SFQ, MI:DMC, RP:QRC; exmail "exceeded".
    codes: [421, 450, 451, 452, 550, 554],
    words:
      /frequen(?:cy|t)|\b(?:MI:SFQ|MI:DMC|RP:QRC|RP:TRC|HL:REP)\b|rate limit|too many (?:mails|messages)|频率|频繁/iu,
    meaning: (attempts) => ({
      permanent: false,
      retryAfterMs: slowLane[Math.min(attempts, slowLane.length) - 1] ?? DAY_MS,
      scope: "account",
    }),
  },
  {
    // Taken for spam: sending it again makes it worse. It stays refused and the digest shows it.
    codes: [550, 554],
    words: /spam|\bDT:SPM\b|垃圾/iu,
    meaning: () => refused,
  },
];

/** `attempts` counts this one. */
export function meaningOf(code: number, response: string, attempts: number): ReplyMeaning {
  const known = knownReplies.find((reply) => reply.codes.includes(code) && reply.words.test(response));
  if (known) return known.meaning(Math.max(1, attempts));
  // 503 says the session was out of step, not that the notice was refused.
  if (code >= 500 && code < 600 && code !== 503) return refused;
  return { permanent: false, retryAfterMs: backoffMs(attempts), scope: "notice" };
}

/** 1, 2, 4 … minutes, at most an hour. */
export function backoffMs(attempts: number): number {
  return Math.min(HOUR_MS, MINUTE_MS * 2 ** Math.max(0, attempts - 1));
}
