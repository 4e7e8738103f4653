// What a returned mail says: RFC 3464 reports, and bounces in prose as QQ, 163, Coremail, Exchange and qmail write them.
import { Buffer } from "node:buffer";
import { decodeText } from "./charset.ts";
import { decodeWords } from "./header.ts";
import type { BounceCause, BounceReport, Mail, MailPart } from "./mail.ts";

/** Software, not people, sends from these; deliveries fail in their name. */
export const DAEMON_ADDRESS =
  /^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail-?system|mmdf|maildelivery)(?:[+@]|$)/i;

const BOUNCE_SUBJECT =
  /系统退信|退信通知|^(?:re: ?)?退信|邮件退[回信]|退回邮件|无法(?:投递|送达|传递)|(?:投递|发送|送达|传递)失败|未送达|未传递|投递延迟|邮件延迟|undeliver|returned mail|returned to sender|mail(?:er)? delivery|delivery (?:status|fail|report|problem|delay)|delivery has (?:failed|been)|failure (?:notice|delivery)|(?:mail|message|nondelivery|non-delivery|delivery) (?:failure|status|report|error|warning)|could not (?:be )?(?:deliver|send)|warning: (?:could not|message)|mail system error|user unknown|bounced|rejected mail/i;
const FAILURE_WORDS =
  /退信|无法(?:投递|送达|传递|发送)|(?:投递|发送|送达|传递)失败|未能?(?:送达|投递|传递)|被(?:拒收|拒绝|退回)|不存在|邮箱(?:已满|空间)|not (?:be |been )?(?:deliver|reach|send|sent|accept|found)|undeliver|could ?n[o']t be (?:delivered|sent)|unable to (?:deliver|send|relay|complete)|deliver\w* (?:fail|error|problem|attempt)|fail\w* (?:to|permanently|for|recipient|addresses|delivery)|(?:user|recipient|mailbox|address|host|account|domain)\b.{0,40}\b(?:unknown|not found|unavailable|full|does ?n[o']t exist|reject|disabled|exceeded|invalid)|no such (?:user|mailbox|recipient)|permanent (?:fatal )?error|returned to (?:you|sender)|unknown (?:user|recipient)|rejected|error/i;
const DELAY_WORDS =
  /投递延迟|邮件延迟|延迟(?:投递|送达|通知)|(?:继续|仍在|再次|不断)(?:尝试|重试)|尚未送达|delay|warning: (?:could not|message still)|still (?:being|trying|undelivered|in)|will (?:keep|continue|be retried|retry)|temporar\w* (?:fail|error|problem)|not yet been delivered/i;
const FINAL_WORDS =
  /已?放弃|不再(?:尝试|重试)|give[n]? up|giving up|permanent|has failed|failed permanently|retry (?:time|timeout)|expired/i;

/** Where the returned mail itself begins: nothing after it was said by the reporting server. */
const RETURNED_COPY =
  /^[- >*]{0,20}(?:below this line is a copy|original message (?:headers|follows|details)|here is a copy|included is a copy|(?:the )?(?:headers of the |original |undeliverable )(?:message|mail)\b|unsent message follows|message header follows|原(?:始)?邮件(?:内容|标头|头|如下)|-{3,60}.{0,40}(?:原始邮件|original message|copy of)|received: |return-path: |message-id: )/im;

export function bounceOf(mail: Mail): BounceReport | null {
  const report = mail.parts.find((part) => /^message\/(?:global-)?delivery-status$/.test(part.declaredType));
  const content = report ? fromDeliveryStatus(textOf(report)) : null;
  if (content) return { ...content, ...aroundIt(mail, content) };
  if (!isBounceInProse(mail)) return null;
  const prose = fromProse(mail);
  return { ...prose, ...aroundIt(mail, prose) };
}

const WORDS_KEPT = 6_000;

function aroundIt(mail: Mail, { status, diagnostic }: Report) {
  const subject = decodeWords(returnedField(mail, "subject") ?? "");
  const cause = causeOf(status, `${diagnostic}\n${saidIn(mail).slice(0, 2_000)}`);
  return {
    originalMessageId: originalMessageId(mail),
    ...(cause && { cause }),
    reporter: mail.from[0]?.address ?? "",
    words: `${subject}\n${mail.subject}\n${mail.text}`.slice(0, WORDS_KEPT).toWellFormed(),
  };
}

/** Full first: "user over quota, no such space" is about a mailbox that exists. */
const FULL =
  /(?:mail ?box|account|user|recipient|inbox)[^\n]{0,40}(?:is )?(?:over ?quota|full)|quota (?:exceeded|is full)|over (?:the )?quota|exceeded? (?:the )?(?:storage|mailbox|quota)|insufficient (?:system )?storage|(?:邮箱|信箱|收件箱|空间|容量)[^\n]{0,8}(?:已满|满了|不足|超限|超出|用完)|超[出过][^\n]{0,8}(?:配额|容量|空间)/i;
const NOBODY =
  /(?:user|recipient|mailbox|address|account|alias)\b[^\n]{0,40}(?:unknown|not (?:be )?found|not exist|does ?n[o']t exist|n[o']t a valid|invalid|disabled|inactive|suspended|locked|unavailable|not listed)|(?:unknown|invalid|no such|non-?existent|bad) (?:user|recipient|mailbox|address|account|alias|person)|no mailbox here|unrouteable|(?:host|domain)[^\n]{0,30}(?:not found|unknown|lookup failed)|recipientnotfound|(?:收件人|用户|帐号|账号|账户|邮箱|地址|域名)[^\n]{0,40}(?:不存在|无效|有误|已?(?:停用|禁用|注销|冻结|锁定))|(?:不存在|无效)的?(?:收件人|用户|邮箱|地址)|(?:没有|无此|找不到)[^\n]{0,12}(?:用户|收件人|邮箱|地址)/i;
const REFUSAL =
  /spam|blacklist|block ?list|blocked|polic(?:y|ies)|not authori[sz]ed|dmarc|\bspf\b|reputation|frequen|access denied|message (?:content )?reject|too (?:large|big)|size (?:limit|exceed)|垃圾|拒收|黑名单|拒绝(?:接收|了)|频率|过大/i;

/** The enhanced status (RFC 3463 §3) where it says anything; else the words, which many servers are clearer in. */
function causeOf(status: string | null, words: string): BounceCause | null {
  const [, subject, detail] = (status ?? "").split(".").map(Number);
  if ((subject === 2 && detail === 2) || FULL.test(words)) return "mailbox-full";
  if (subject === 1 || (subject === 2 && detail === 1) || (subject === 4 && detail === 4))
    return "no-mailbox";
  if (subject === 7 || (subject === 2 && detail === 3) || (subject === 3 && detail === 4)) return "refused";
  if (NOBODY.test(words)) return "no-mailbox";
  return REFUSAL.test(words) ? "refused" : null;
}

function textOf(part: MailPart): string {
  return decodeText(part.content.subarray(0, 256 * 1024)).replaceAll("\r\n", "\n");
}

type Report = Pick<BounceReport, "action" | "recipients" | "status" | "diagnostic">;

/** RFC 3464 §2: blocks of fields, the first about the message, each further one about a recipient. */
function fromDeliveryStatus(text: string): Report | null {
  const recipients = text
    .replace(/\n[ \t]+(?=\S)/g, " ")
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has("final-recipient") || fields.has("original-recipient"))
    .map((fields) => ({
      address: addressIn(fields.get("original-recipient")) ?? addressIn(fields.get("final-recipient")),
      action: actionOf(fields.get("action") ?? "", fields.get("status") ?? ""),
      status: statusIn(fields.get("status") ?? "") ?? statusIn(fields.get("diagnostic-code") ?? ""),
      diagnostic: (fields.get("diagnostic-code") ?? "").replace(/^\s*[\w-]+\s*;\s*/, ""),
    }));
  if (recipients.length === 0) return null;
  // One report may tell of several recipients: the worst news decides, and names its own recipients only.
  const action = (["failed", "delayed", "delivered"] as const).find((each) =>
    recipients.some((recipient) => recipient.action === each),
  );
  const told = recipients.filter((recipient) => recipient.action === action);
  return {
    action: action ?? "failed",
    recipients: unique(told.flatMap(({ address }) => (address ? [address] : []))),
    status: told.find(({ status }) => status !== null)?.status ?? null,
    diagnostic: shortened(told.find(({ diagnostic }) => diagnostic !== "")?.diagnostic ?? ""),
  };
}

function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

function actionOf(action: string, status: string): Report["action"] {
  const word = /[a-z]+/i.exec(action)?.[0].toLowerCase() ?? "";
  if (word === "delayed" || word === "deferred") return "delayed";
  if (word === "delivered" || word === "relayed" || word === "expanded") return "delivered";
  if (word === "" && status.startsWith("4")) return "delayed";
  if (word === "" && status.startsWith("2")) return "delivered";
  return "failed";
}

/** Only software's own mail can be a bounce: a person who writes about one ("退信了怎么办") is a person. */
function isBounceInProse(mail: Mail): boolean {
  if (/disposition-notification|feedback-report/i.test(mail.headers["content-type"]?.[0] ?? "")) return false;
  if (mail.headers["x-failed-recipients"]) return true;
  const sender = mail.from[0]?.address ?? "";
  const isDaemon =
    DAEMON_ADDRESS.test(sender) || /mailer-?daemon|postmaster/i.test(mail.headers.from?.[0] ?? "");
  const isNamedSystem = /mail delivery|系统退信|mail system|邮件系统|mailer-daemon/i.test(
    mail.from[0]?.name ?? "",
  );
  if (!isDaemon && !isNamedSystem && mail.returnPath !== "") return false;
  const isAbout = BOUNCE_SUBJECT.test(mail.subject);
  const saysFailure =
    FAILURE_WORDS.test(mail.text.slice(0, 4000)) || DELAY_WORDS.test(mail.text.slice(0, 4000));
  return isDaemon || isNamedSystem ? isAbout || saysFailure : isAbout && saysFailure;
}

/** The reporting server's own words. */
function saidIn(mail: Mail): string {
  const cut = RETURNED_COPY.exec(mail.text)?.index ?? mail.text.length;
  return mail.text.slice(0, Math.min(cut, 8000));
}

function fromProse(mail: Mail): Report {
  const said = saidIn(mail);
  const diagnostic = diagnosticIn(said);
  const status = statusIn(diagnostic) ?? statusIn(said);
  const isDelay =
    !FINAL_WORDS.test(said) &&
    !/(?<![\d.])5\d\d[ -]|(?<![\d.])5\.\d+\.\d+/.test(said) &&
    (DELAY_WORDS.test(mail.subject) || DELAY_WORDS.test(said));
  return {
    action: isDelay ? "delayed" : "failed",
    recipients: failedRecipients(mail, said),
    status,
    diagnostic: shortened(diagnostic),
  };
}

const ADDRESS = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9][a-z0-9.-]{0,250}[a-z0-9]/gi;

/** Exim and Gmail name them in a field; otherwise every address told of that is neither the reporter nor us. */
function failedRecipients(mail: Mail, said: string): string[] {
  const named = mail.headers["x-failed-recipients"]?.join(",").match(ADDRESS);
  if (named) return unique(named);
  const ours = new Set([...mail.to, ...mail.cc, ...mail.from].map(({ address }) => address));
  const told = unique(said.match(ADDRESS) ?? []).filter(
    (each) => !ours.has(each) && !DAEMON_ADDRESS.test(each),
  );
  // Some name nobody and only return the mail.
  return told.length > 0
    ? told.slice(0, 50)
    : unique(returnedField(mail, "to")?.match(ADDRESS) ?? []).slice(0, 50);
}

/** The server's own words: the line with an SMTP reply, or the first that speaks of failure. */
function diagnosticIn(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const reply = lines.findIndex((line) =>
    /(?<![\d.])[45]\d\d[ -]#?(?:[45]\.\d|[A-Za-z<\u4e00-\u9fff])|#[45]\.\d+\.\d+/.test(line),
  );
  if (reply >= 0) return lines.slice(reply, reply + 2).join(" ");
  return lines.find((line) => FAILURE_WORDS.test(line)) ?? "";
}

/** An enhanced status code (RFC 3463), never part of an IP address. */
function statusIn(text: string): string | null {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/.exec(text)?.[1] ?? null;
}

/** From the returned mail or its header; else from what the bounce answers. */
function originalMessageId(mail: Mail): string | null {
  const id = /<[^<>\s\0]{1,996}>/.exec(returnedField(mail, "message-id") ?? "")?.[0];
  return id ?? mail.inReplyTo[0] ?? mail.references.at(-1) ?? null;
}

/** A field of the mail that came back: attached whole, its header alone, or copied into the text. */
function returnedField(mail: Mail, name: string): string | null {
  const field = new RegExp(`^[> ]*${name}:[ \\t]*(.+(?:\\r?\\n[ \\t].*)*)`, "im");
  for (const part of mail.parts) {
    if (!/^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers?)$/.test(part.declaredType))
      continue;
    const header = Buffer.from(part.content.subarray(0, 64 * 1024))
      .toString("latin1")
      .trimStart();
    const found = field.exec(header.split(/\r?\n\r?\n/, 1)[0] ?? "");
    if (found?.[1]) return found[1];
  }
  const copy = RETURNED_COPY.exec(mail.text.slice(0, 64 * 1024));
  return (copy && field.exec(mail.text.slice(copy.index, copy.index + 16 * 1024))?.[1]) || null;
}

function addressIn(field: string | undefined): string | null {
  return (
    field
      ?.replace(/^[\w-]+\s*;/, "")
      .match(ADDRESS)?.[0]
      .toLowerCase() ?? null
  );
}

function unique(addresses: string[]): string[] {
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}

function shortened(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 500).toWellFormed();
}
