// The mail that stands for one whose bytes could not be read.
import type { Mail, MailProblem } from "../message/mail.ts";

/** A mail of which nothing could be read: its bytes are kept, the office sees the problem. */
export function emptyMail(problem: MailProblem): Mail {
  return {
    messageId: null,
    inReplyTo: [],
    references: [],
    from: [],
    replyTo: [],
    to: [],
    cc: [],
    returnPath: null,
    subject: "",
    claimedAt: null,
    headers: {},
    trace: [],
    checked: null,
    text: "",
    html: null,
    parts: [],
    bounce: null,
    problems: [problem],
  };
}
