// The provider table: what a reply means is not in its first digit.
import { expect, test } from "vitest";
import { meaningOf } from "../../src/notice/replies.ts";

const MINUTE = 60_000;

test.each<[number, string, number, boolean, number | null, string]>([
  [550, "5.1.1 no such user", 1, true, null, "notice"],
  [550, "Domain frequency limited", 1, false, 10 * MINUTE, "account"],
  [550, "Sender frequency limited", 2, false, 60 * MINUTE, "account"],
  [550, "Connection frequency limited", 3, false, 1440 * MINUTE, "account"],
  [550, "Connection frequency limited", 9, false, 1440 * MINUTE, "account"],
  [451, "MI:SFQ 163 smtp4", 1, false, 10 * MINUTE, "account"],
  [554, "MI:STC 163 smtp7", 1, false, 1440 * MINUTE, "account"],
  [554, "DT:SPM 163 smtp1", 1, true, null, "notice"],
  [554, "5.7.1 message rejected as spam", 1, true, null, "notice"],
  [535, "Login Fail. Please enter your authorization code", 1, false, 30 * MINUTE, "account"],
  [553, "Mail from must equal authorized user", 1, false, 30 * MINUTE, "account"],
  [501, "mail from address must be same as authorization user", 1, false, 30 * MINUTE, "account"],
  [421, "service not available", 1, false, MINUTE, "notice"],
  [450, "mailbox busy", 3, false, 4 * MINUTE, "notice"],
  [452, "insufficient storage", 12, false, 60 * MINUTE, "notice"],
  [503, "bad sequence of commands", 1, false, MINUTE, "notice"],
  [552, "message too large", 1, true, null, "notice"],
])(
  "%i %s (attempt %i): permanent %s, again after %s ms, about the %s",
  (code, words, attempts, permanent, retryAfterMs, scope) => {
    expect(meaningOf(code, words, attempts)).toEqual({ permanent, retryAfterMs, scope });
  },
);
