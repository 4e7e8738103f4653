// The provider table: what a reply means is not in its first digit. Each phrase with where it is from: a provider's own list
// (help pages of QQ, NetEase, Google, Microsoft as republished), the source of a server, or a thread that shows it.
import { expect, test } from "vitest";
import { backoffMs, classOfRecorded, meaningOf, type ReplyClass } from "../../src/notice/replies.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What each class means: again after how long (null: never), and whether everything waits for it. */
const means: Record<ReplyClass, [first: number | null, later: number | null, scope: "notice" | "account"]> = {
  login: [30 * MINUTE, 30 * MINUTE, "account"],
  sender: [30 * MINUTE, 30 * MINUTE, "account"],
  tls: [30 * MINUTE, 30 * MINUTE, "account"],
  quota: [DAY, DAY, "account"],
  frequency: [10 * MINUTE, DAY, "account"],
  connections: [5 * MINUTE, HOUR, "account"],
  "own-mailbox-full": [30 * MINUTE, 30 * MINUTE, "account"],
  greylisted: [6 * MINUTE, HOUR, "notice"],
  "mailbox-full": [HOUR, 6 * HOUR, "notice"],
  "recipient-busy": [30 * MINUTE, HOUR, "notice"],
  "too-large": [null, null, "notice"],
  spam: [null, null, "notice"],
  later: [MINUTE, HOUR, "notice"],
  refused: [null, null, "notice"],
};

const qq = "QQ help, service.mail.qq.com 退信";
const exmail = "Tencent Exmail help, service.exmail.qq.com";
const netease = "NetEase 退信代码说明, help.163.com";
const coremail = "Coremail 退信 list, icoremail.vip";
const google = "Gmail SMTP errors and codes, support.google.com/a/answer/3726730";
const microsoft = "Exchange Online NDR codes, learn.microsoft.com";
const postfix = "Postfix source";
const assumed = "assumed";

test.each<[ReplyClass, number, string, source: string]>([
  ["login", 535, "Login Fail. Please enter your authorization code to login.", qq],
  ["login", 535, "Error: authentication failed, system busy", exmail],
  ["login", 535, "Error: authentication failed", netease],
  ["login", 451, "Requested mail action not taken: too much fail authentication", netease],
  ["login", 553, "authentication is required", netease],
  ["login", 550, "User has no permission: authentication is required", assumed],
  ["login", 535, "5.7.8 Username and Password not accepted", google],
  ["login", 534, "5.7.9 Application-specific password required", google],
  ["login", 535, "5.7.3 Authentication unsuccessful", microsoft],
  ["login", 530, "5.7.57 Client not authenticated to send mail", microsoft],
  ["login", 535, "5.7.8 Error: authentication failed: UGFzc3dvcmQ6", postfix],
  ["login", 454, "4.7.0 Temporary authentication failure", postfix],
  ["tls", 530, "5.7.0 Must issue a STARTTLS command first", postfix],
  ["tls", 454, "4.7.0 TLS not available due to local problem", postfix],
  ["tls", 530, "5.7.0 Must issue a STARTTLS command first.", google],
  ["tls", 550, "5.7.1 TLS required by recipient", assumed],
  [
    "sender",
    501,
    "mail from address must be same as authorization user",
    "nodeSolidServer/node-solid-server#1281",
  ],
  ["sender", 553, "Mail from must equal authorized user", "splitbrain/dokuwiki-plugin-smtp#1"],
  ["sender", 553, "Requested action not taken: NULL sender is not allowed", netease],
  ["sender", 550, "Requested action not taken: sender is rejected", coremail],
  ["sender", 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", microsoft],
  ["sender", 554, "5.2.252 SendAsDenied; ideas not allowed to send as x", microsoft],
  ["sender", 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", microsoft],
  ["sender", 553, "5.7.1 <x@y.example>: Sender address rejected: not owned by user z", postfix],
  ["sender", 554, "5.7.1 <x@y.example>: Relay access denied", postfix],
  ["quota", 554, "MI:STC 163 smtp7,C8CowAB", netease],
  ["quota", 550, "User daily sending limit exceeded", assumed],
  ["quota", 550, "sending quota exceeded", coremail],
  ["quota", 550, "5.4.5 Daily user sending limit exceeded.", google],
  ["quota", 550, "5.1.90 Your message can't be sent because you've reached your daily limit", microsoft],
  ["connections", 421, "HL:ICC 163 mx12", netease],
  ["connections", 421, "4.7.0 mail.example Error: too many connections from 192.0.2.1", postfix],
  ["connections", 421, "Too many concurrent SMTP connections", google],
  ["connections", 451, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", microsoft],
  ["frequency", 550, "Domain frequency limited. http://service.mail.qq.com", qq],
  ["frequency", 550, "Sender frequency limited", qq],
  ["frequency", 550, "Connection frequency limited", qq],
  ["frequency", 550, "Ip frequency limited", exmail],
  ["frequency", 451, "MI:SFQ 163 smtp4", netease],
  ["frequency", 450, "MI:DMC 163 smtp4", netease],
  ["frequency", 451, "RP:QRC 163 smtp4", netease],
  ["frequency", 450, "RP:DRC 163 smtp4", netease],
  ["frequency", 421, "HL:REP 163 mx1", netease],
  ["frequency", 421, "HL:IFC 163 mx1", netease],
  ["frequency", 421, "4.7.28 unusual rate of unsolicited mail originating from your IP", google],
  ["frequency", 450, "4.7.1 Error: too much mail from 192.0.2.1", postfix],
  ["frequency", 451, "4.7.500 Server busy: throttled", microsoft],
  ["own-mailbox-full", 554, "5.2.0 STOREDRV.Submission.Exception:ShutoffQuotaExceededException", microsoft],
  ["own-mailbox-full", 552, "sender mailbox is full", assumed],
  ["own-mailbox-full", 550, "发件人邮箱空间不足", assumed],
  [
    "greylisted",
    450,
    "4.2.0 <x@y.example>: Recipient address rejected: Greylisted, see http://postgrey",
    "postgrey source",
  ],
  ["greylisted", 451, "4.7.1 Greylisting in action, please come back later", "milter-greylist source"],
  ["greylisted", 450, "4.7.1 <x@y.example>: Recipient address rejected: try later", postfix],
  ["greylisted", 421, "please retry after 300 seconds", assumed],
  ["mailbox-full", 452, "4.2.2 The email account that you tried to reach is over quota", google],
  ["mailbox-full", 552, "5.2.2 The email account that you tried to reach is over quota", google],
  ["mailbox-full", 554, "5.2.2 mailbox full; STOREDRV.Deliver", microsoft],
  ["mailbox-full", 550, "Mailbox is full", assumed],
  ["mailbox-full", 550, "收件人空间不足", qq],
  ["mailbox-full", 552, "Quota exceeded", coremail],
  ["mailbox-full", 552, "5.2.2 <x@y.example> Quota exceeded (mailbox for user is full)", "Dovecot source"],
  ["recipient-busy", 550, "Mailbox unavailable or access denied", qq],
  ["recipient-busy", 450, "4.2.1 The user you are trying to contact is receiving mail at a rate …", google],
  ["too-large", 552, "5.3.4 Message size exceeds fixed limit", postfix],
  ["too-large", 552, "Requested mail action aborted: exceeded mailsize limit", netease],
  ["too-large", 552, "5.3.4 Your message exceeded Google's message size limits", google],
  ["too-large", 552, "message too large", "RFC 5321 §4.2.3"],
  ["spam", 550, "Mail content denied. http://service.mail.qq.com", qq],
  ["spam", 550, "Suspected spam sender", qq],
  ["spam", 550, "Error: content rejected", qq],
  ["spam", 554, "DT:SPM 163 smtp1", netease],
  ["spam", 554, "MI:SPB 163 smtp1", netease],
  ["spam", 554, "Reject by content spam", coremail],
  ["spam", 550, "5.7.1 our system has detected that this message is likely unsolicited mail", google],
  ["spam", 554, "5.7.1 message rejected as spam", postfix],
  ["later", 451, "DT:SPM ,please try again", netease],
  ["later", 421, "4.3.0 service not available", "RFC 5321 §3.8"],
  ["later", 450, "4.1.2 <x@y.example>: Recipient address rejected: Domain not found", postfix],
  ["later", 450, "4.7.1 Client host rejected: cannot find your reverse hostname", postfix],
  ["later", 450, "mailbox busy", "RFC 5321 §4.2.3"],
  ["later", 452, "4.3.1 Insufficient system storage", postfix],
  ["later", 503, "bad sequence of commands", "RFC 5321 §4.2.3"],
  ["refused", 550, "Mailbox not found", qq],
  ["refused", 550, "The recipient may contain a non-existent account", exmail],
  ["refused", 550, "User not found: x@163.example", netease],
  ["refused", 550, "User suspended", coremail],
  ["refused", 553, "DNS query error: domain does not exist", assumed],
  ["refused", 550, "5.1.1 The email account that you tried to reach does not exist", google],
  ["refused", 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", microsoft],
  ["refused", 550, "5.1.1 <x@y.example>: Recipient address rejected: User unknown", postfix],
  ["refused", 556, "5.1.10 <x@y.example>: Domain does not accept mail (nullMX)", postfix],
  ["refused", 550, "5.1.2 <x@y.example>: Recipient address rejected: Domain not found", postfix],
])("%s: %i %s", (expected, code, words) => {
  const [first, later, scope] = means[expected];
  expect(meaningOf(code, words, 1)).toEqual({
    class: expected,
    permanent: first === null,
    retryAfterMs: first,
    scope,
  });
  expect(meaningOf(code, words, 9).retryAfterMs).toBe(later);
  expect(classOfRecorded(`${code} ${words}`)).toBe(expected);
  expect(classOfRecorded(`account paused: ${code}-${words}`)).toBe(expected);
});

test("a frequency limit asks for minutes, then an hour, then a day", () => {
  const waits = [0, 1, 2, 3, 9].map((n) => meaningOf(550, "Sender frequency limited", n).retryAfterMs);
  expect(waits).toEqual([10 * MINUTE, 10 * MINUTE, HOUR, DAY, DAY]);
});

test("retries are a minute apart at first and an hour at most", () => {
  expect([0, 1, 2, 3, 6, 7, 50].map(backoffMs)).toEqual([1, 1, 2, 4, 32, 60, 60].map((n) => n * MINUTE));
});

test.each(["ECONNREFUSED 127.0.0.1:25", "", "the process ended while the message was being sent"])(
  "where no server spoke there is no class (%j)",
  (response) => {
    expect(classOfRecorded(response)).toBeNull();
  },
);
