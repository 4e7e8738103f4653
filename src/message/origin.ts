// Person or machine (R40). Whether a machine may be answered is a second question: what it sent may still be a
// submission.
import { Buffer } from "node:buffer";
import { DAEMON_ADDRESS } from "./bounce.ts";
import type { Mail, Origin } from "./mail.ts";
import { isNoticeId } from "./notice-id.ts";
import { newTextOf } from "./reply.ts";
import { senderOf } from "./sender.ts";

export interface OwnIdentity {
  /** The campaign's mailbox and every address it sends from; lower case. */
  addresses: Set<string>;
  /** The domain in the Message-IDs of our notices. */
  messageIdDomain: string;
}

export interface OriginResult {
  origin: Origin;
  where: "header" | "sender-address" | "subject" | "body";
  /** The exact words that decided; "" for a person. */
  words: string;
}

const person: OriginResult = { origin: "person", where: "header", words: "" };

export function originOf(mail: Mail, own: OwnIdentity): OriginResult {
  return (
    reportOf(mail) ??
    ownMail(mail, own) ??
    bounceOrigin(mail) ??
    receiptInProse(mail) ??
    autoReplyByHeader(mail) ??
    calendarAnswer(mail) ??
    autoReplyInProse(mail) ??
    listOf(mail) ??
    systemNotice(mail) ??
    person
  );
}

function value(mail: Mail, name: string): string {
  return mail.headers[name]?.[0]?.trim() ?? "";
}

/** The header as evidence, "Auto-Submitted: auto-replied". */
function header(origin: Origin, mail: Mail, name: string): OriginResult {
  return { origin, where: "header", words: `${name}: ${value(mail, name)}`.slice(0, 200) };
}

/** multipart/report (RFC 6522): delivery status, disposition notification, abuse feedback. */
function reportOf(mail: Mail): OriginResult | null {
  const has = (type: RegExp) => mail.parts.some((part) => type.test(part.declaredType));
  const contentType = value(mail, "content-type");
  const isReport = /^multipart\/report\b/i.test(contentType);
  if (
    has(/^message\/disposition-notification$/) ||
    (isReport && /disposition-notification/i.test(contentType))
  )
    return header("receipt", mail, "content-type");
  if (has(/^message\/(?:global-)?delivery-status$/) && (isReport || mail.bounce !== null))
    return header("bounce", mail, "content-type");
  if (isReport && /delivery-status/i.test(contentType)) return header("bounce", mail, "content-type");
  if (isReport && /feedback-report/i.test(contentType)) return header("auto-reply", mail, "content-type");
  return null;
}

/** Sent by ourselves, or one of our notices come round again through a forwarding rule. */
function ownMail(mail: Mail, own: OwnIdentity): OriginResult | null {
  const address = senderOf(mail)?.address ?? "";
  if (own.addresses.has(address)) return { origin: "own", where: "sender-address", words: address };
  // A colleague's mail has our domain in its Message-ID as well: only the form is ours alone, whatever else was stripped.
  if (mail.messageId !== null && isNoticeId(mail.messageId, own.messageIdDomain))
    return header("own", mail, "message-id");
  const isOurs = wentThroughUs(mail, own) && /^auto-/i.test(value(mail, "auto-submitted"));
  return isOurs ? header("own", mail, "x-loop") : null;
}

/** Our own mark on somebody's mail (R42): made of a notice of ours. A reply does not take the mark over. */
export function wentThroughUs(mail: Mail, own: OwnIdentity): boolean {
  return (mail.headers["x-loop"] ?? []).some((each) => own.addresses.has(each.trim().toLowerCase()));
}

const BOUNCE_SUBJECT =
  /^(?:系统退信|退信通知|邮件退信|退信|投递失败|undeliver(?:able|ed))(?:$|[:：/\s，,（(])/i;
const BOUNCE_TEXT =
  /(?:您|你)的?[^\n]{0,40}邮件[^\n]{0,40}(?:退回|退信|(?:未能|无法|没有|不能)[^\n]{0,8}(?:投递|送达|发送))/;

function bounceOrigin(mail: Mail): OriginResult | null {
  const address = mail.from[0]?.address ?? "";
  const isDaemon = /^mailer-?daemon(?:[+@]|$)/i.test(address);
  const isBounce = mail.bounce !== null || isDaemon;
  if (isBounce && DAEMON_ADDRESS.test(address))
    return { origin: "bounce", where: "sender-address", words: address };
  return isBounce || saysReturned(mail)
    ? { origin: "bounce", where: "subject", words: mail.subject.slice(0, 200) }
    : null;
}

/** What mail services write themselves, from an address of any name. */
function saysReturned(mail: Mail): boolean {
  if (!BOUNCE_SUBJECT.test(mail.subject.trim()) || hasFiles(mail)) return false;
  const text = mail.text.slice(0, 2_000);
  return BOUNCE_TEXT.test(text) && !PROPOSES_OR_ASKS.test(text);
}

const RECEIPT_SUBJECT =
  /^(?:已读|已阅读|已显示|未读|未阅读即?(?:被)?删除|已送达|已传递|收条|回执|阅读回执|已读回执|送达回执|邮件回执|(?:not )?read|delivered|return receipt(?: \(displayed\))?|disposition notification|read[- ]receipt)(?:$|\s*[:：(（-]|\s+-)/i;
const RECEIPT_TEXT =
  /(?:邮件|信件|来信).{0,60}(?:已读回执|已(?:于.{0,30})?被[^\n。]{0,10}(?:阅读|打开|查看|显示)|已经?(?:阅读|查看)|的?收条)|[您你]的(?:邮件|信件|消息)\s[\s\S]{0,400}(?:于|在)\s?\d[^\n]{0,40}(?:被)?(?:阅读|读取|打开|查看|显示|删除)|未(?:经)?阅读(?:即|就|便)?(?:已?被)?删除|[您你]的(?:邮件|信件|消息)已(?:经)?送达(?:以下|下列)|your message has been delivered to the following|已读回执|这是(?:一?封?)?.{0,20}(?:回执|收条)|your message\b[\s\S]{0,300}\bwas (?:read|displayed|opened|deleted without)|(?:return|read) receipt for the mail|this is a (?:return|read) receipt/i;

/** Receipts of clients that send no report part (Foxmail, web mailers). */
function receiptInProse(mail: Mail): OriginResult | null {
  const subject = mail.subject.trim();
  if (mail.text.length > 1500 || hasFiles(mail)) return null;
  if (!RECEIPT_SUBJECT.test(subject)) return receiptInSentence(mail);
  const words = RECEIPT_TEXT.exec(mail.text)?.[0];
  if (words === undefined && !/^(?:已读回执|送达回执|阅读回执|read[- ]receipt|return receipt)/i.test(subject))
    return null;
  return words === undefined
    ? { origin: "receipt", where: "subject", words: subject.slice(0, 200) }
    : { origin: "receipt", where: "body", words: words.slice(0, 200) };
}

/** The whole of it, under any subject: "您发给我的邮件《提醒》已于12月3日被阅读。本回执由邮件系统自动生成。" */
const RECEIPT_SENTENCE =
  /^[^\n]{0,30}(?:您好[,，!！:：]?\s*)?(?:(?:收件人|对方|用户)[^\n。]{0,40}(?:已经?|已于[^\n。]{0,30})(?:阅读|打开|查看|读取)了?(?:您|你)?(?:发送|发来|发给)?的?[^\n。]{0,30}(?:邮件|信件)|(?:您|你)[^\n。]{0,60}(?:邮件|信件|消息)[^\n。]{0,80}(?:已经?|于[^\n。]{0,30})被[^\n。]{0,30}(?:阅读|打开|查看|读取|显示)|这是(?:一?封)?[^\n。]{0,12}(?:阅读|已读|收信)回执)/;

function receiptInSentence(mail: Mail): OriginResult | null {
  const own = newTextOf(mail.text).text.trim();
  const words =
    own.length <= 200 && !PROPOSES_OR_ASKS.test(own) ? RECEIPT_SENTENCE.exec(own)?.[0] : undefined;
  return words === undefined ? null : { origin: "receipt", where: "body", words: words.slice(0, 200) };
}

/** Files somebody attached: no responder does. */
function hasFiles(mail: Mail): boolean {
  return mail.parts.some((part) => !part.inline && !/^(?:message|text)\//.test(part.declaredType));
}

/** Fields that only responders write. */
const RESPONDER_FIELDS = [
  "x-autoreply",
  "x-auto-reply",
  "x-autorespond",
  "x-autoresponder",
  "x-autoreply-from",
  "x-auto-reply-from",
  "x-mail-autoreply",
  "x-qq-auto-reply",
  "x-qq-autoreply",
  "x-netease-autoreply",
  "x-vacation",
  "x-ms-exchange-autoreply",
  "x-facebook-autoreply",
];

function autoReplyByHeader(mail: Mail): OriginResult | null {
  if (/^auto-(?:replied|notified)\b/i.test(value(mail, "auto-submitted")))
    return header("auto-reply", mail, "auto-submitted");
  for (const name of RESPONDER_FIELDS)
    if (value(mail, name) !== "" && !/^(?:no|false|0)$/i.test(value(mail, name)))
      return header("auto-reply", mail, name);
  for (const name of ["precedence", "x-precedence"])
    if (/^auto[_-]?reply/i.test(value(mail, name))) return header("auto-reply", mail, name);
  if (/autoresponder/i.test(value(mail, "x-post-messageclass")))
    return header("auto-reply", mail, "x-post-messageclass");
  return null;
}

/** Somebody's calendar accepts, declines or takes back (RFC 5546); what he writes about it himself stands in no such part. */
function calendarAnswer(mail: Mail): OriginResult | null {
  for (const part of mail.parts.filter(({ declaredType }) => declaredType === "text/calendar")) {
    const text = Buffer.from(part.content.subarray(0, 8_192)).toString("latin1");
    const words = /^METHOD:(?:REPLY|COUNTER|CANCEL|REFRESH|DECLINECOUNTER)\s*$/im.exec(text)?.[0].trim();
    if (words) return { origin: "auto-reply", where: "body", words };
  }
  return null;
}

/** How an acknowledgement of another office like ours begins, below its greeting. */
const SISTER =
  /^[^\n]{0,40}\s*(?:您的来信已于[^\n]{4,30}收到(?:（到达时间以此为准）|，(?:登记|还需|更正|已补))|your mail arrived on [^\n]{4,60}(?:\(the official time of arrival\)|what you asked for))/i;

/** Told by its words alone: the caller must know that the mail speaks of no campaign of ours. */
export function sistersAnswer(mail: Mail): OriginResult | null {
  if (hasFiles(mail) || mail.text.length > 2_000) return null;
  const words = SISTER.exec(mail.text.trimStart())?.[0];
  return words === undefined ? null : { origin: "auto-reply", where: "body", words: words.slice(0, 200) };
}

/** What responders put before the subject they answer. After a "Re:" it is a person who answers one. */
const AUTO_SUBJECT =
  /^[[【(（]?(?:(?:系统|邮件|假期|休假|离职|外出(?:时的)?)?自动(?:回复|答复|应答|回覆)|自动(?:回复|答复)(?:邮件)?|不在办公室|外出(?:自动)?(?:回复|答复)|automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder|answer)|out[- ]of[- ](?:the[- ])?office(?: auto(?:matic)?[- ]?reply)?|abwesenheitsnotiz|réponse automatique|respuesta automática|ooo|vacation(?: (?:reply|response|notice|message))?)(?:[\]】)）]|\s*(?:[:：]|$|-\s))/i;

/** Said outright: this text was written by no one. */
const SAYS_AUTOMATIC =
  /[（(【[]自动(?:回复|答复)[)）】\]]|这是(?:一?封)?(?:来自.{0,12})?(?:的|系统)?.{0,6}自动(?:回复|答复|应答)(?:的?(?:邮件|信件|信息|消息))?|(?:本|此|该)(?:邮件|信件|信)(?:为|是|由).{0,10}自动(?:回复|答复|发送|发出|生成)|系统自动(?:回复|答复|发出|发送),?.{0,6}(?:请勿|不要|无需)(?:直接)?回复|this is an? auto(?:matic|mated|matically|-)?[- ]?(?:generated )?(?:e-?mail )?(?:reply|response|message|answer)|(?:automatic|automated|auto)[- ]?(?:reply|response|responder)\b/i;

/** Why there will be no answer now, and that one may come later. */
const SAYS_ABSENT =
  /(?:休假|度假|放假|年假|产假|出差|外出|请假|离职|不在(?:办公室|岗|单位|公司)|学习培训)[^\n]{0,40}(?:无法|不能|未能|没法|暂不|不便)[^\n]{0,16}(?:回复|答复|处理|查[看阅收]|阅读|收发|回信)|(?:您|你)的(?:邮件|来信|来函|信件|请求)[^\n]{0,6}已(?:经)?收到[^\n]{0,40}(?:尽快|稍后|第一时间|及时)[^\n]{0,12}(?:回复|答复)|(?:已(?:经)?收到|收到了?)(?:您|你)[^\n]{0,12}(?:邮件|来信|来函|信件)[^\n]{0,40}(?:尽快|稍后|第一时间|及时)[^\n]{0,12}(?:回复|答复|处理|联系|查[看阅])|(?:i am|i'm|i will be|we are|currently)\b[^\n]{0,60}(?:out of (?:the )?office|on (?:annual |sick |maternity |vacation|holiday|leave)|away from (?:the|my) office)|limited access to (?:my )?e-?mail/i;

/** Longer than any standing text; a person who writes about auto-replies has more to say. */
const LONGEST_STANDING_TEXT = 500;

/**
 * Responders without marks (QQ, 163, Exchange, Foxmail rules). One sign alone is never enough: people title a mail
 * "自动回复" when they propose one, and write "我在休假" when they answer in person.
 */
function autoReplyInProse(mail: Mail): OriginResult | null {
  if (hasFiles(mail)) return null;
  const subject = AUTO_SUBJECT.exec(mail.subject.trim())?.[0];
  const own = newTextOf(mail.text).text.trim();
  const isShort = own.length <= LONGEST_STANDING_TEXT;
  const beginning = own.slice(0, 200);
  const automatic = SAYS_AUTOMATIC.exec(beginning)?.[0];
  const absent = SAYS_ABSENT.exec(own.slice(0, 300))?.[0];
  const isAnswer = mail.inReplyTo.length > 0 || mail.references.length > 0 || mail.returnPath === "";
  const isTitledAnswer = /^(?:re|回复|答复|自动)/i.test(mail.subject.trim());

  if (subject && isShort && (isAnswer || automatic || absent || own.length <= 30))
    return { origin: "auto-reply", where: "subject", words: subject };
  if (
    automatic &&
    isShort &&
    (isAnswer || isTitledAnswer || own.indexOf(automatic) <= 12) &&
    saysNothingElse(own)
  )
    return { origin: "auto-reply", where: "body", words: automatic.slice(0, 200) };
  // The null sender is a machine's (RFC 3834); what it says in place of an answer is a standing text.
  if (
    mail.returnPath === "" &&
    /^(?:re|回复|答复)/i.test(mail.subject.trim()) &&
    isShort &&
    saysNothingElse(own)
  )
    return { origin: "auto-reply", where: "header", words: "return-path: <>" };
  if (absent && own.length <= 200 && (isAnswer || isTitledAnswer) && saysNothingElse(own))
    return { origin: "auto-reply", where: "body", words: absent.slice(0, 200) };
  return null;
}

const PROPOSES_OR_ASKS = /建议|金点子|提议|[?？]/;

/** A standing text proposes, asks and hands in nothing. */
function saysNothingElse(text: string): boolean {
  return !PROPOSES_OR_ASKS.test(text) && !/总结|方案|附件|补交|修改稿|更正|撤回/.test(text);
}

function listOf(mail: Mail): OriginResult | null {
  const name = Object.keys(mail.headers).find((key) => key.startsWith("list-"));
  if (name) return header("list", mail, name);
  if (/^list\b/i.test(value(mail, "precedence"))) return header("list", mail, "precedence");
  return value(mail, "mailing-list") === "" ? null : header("list", mail, "mailing-list");
}

const NOTICE_SUBJECT =
  /验证码|校验码|登录(?:提醒|通知|保护|异常)|密码(?:即将|已|重置|修改)|邮箱(?:容量|空间)|(?:空间|容量)(?:不足|已满|告警)|账单|系统通知|安全(?:提醒|通知|警告)|隔离区|verification code|security alert|password (?:reset|expir|change)|sign-?in|quota|quarantine|mailbox (?:is )?(?:almost )?full/i;

/** Tells the mailbox's owner to look at something elsewhere. */
const NOTIFIES =
  /(?:您|你)(?:有|的)[^\n。]{0,24}(?:新的?|待|条|个|即将|已|于)|请(?:及时|尽快|立即)?(?:登录|前往|打开[^\n。]{0,8}(?:查看|处理)|下载|修改密码)|即将(?:开始|过期|到期)/;
const SYSTEM_FOOTER =
  /(?:本|此|该|这)(?:封)?(?:邮件|信件|消息|通知)?(?:为|是|由|系)[^\n。]{0,12}(?:系统|自动)[^\n。]{0,10}(?:邮件|发送|发出|生成|通知|推送)/;
const HANDS_IN = /建议|金点子|提议|总结|方案|报送|提交|投稿|稿件/;

/** A machine's notice to the mailbox itself. Anything else from an unattended sender is read like a person's mail. */
function systemNotice(mail: Mail): OriginResult | null {
  if (hasFiles(mail)) return null;
  const address = mail.from[0]?.address ?? "";
  const isNotice =
    mail.text.length <= LONGEST_STANDING_TEXT &&
    NOTIFIES.test(mail.text) &&
    !HANDS_IN.test(`${mail.subject}\n${mail.text}`);
  const isSystem = isNotice || NOTICE_SUBJECT.test(mail.subject);
  if (isSystem && /^auto-generated\b/i.test(value(mail, "auto-submitted")))
    return header("auto-reply", mail, "auto-submitted");
  if (isSystem && (UNATTENDED_ADDRESS.test(address) || DAEMON_ADDRESS.test(address)))
    return { origin: "auto-reply", where: "sender-address", words: address };
  // Office systems put the same line under what people hand in through them.
  const footer = isNotice ? SYSTEM_FOOTER.exec(mail.text)?.[0] : undefined;
  return footer === undefined ? null : { origin: "auto-reply", where: "body", words: footer };
}

const UNATTENDED_ADDRESS =
  /no[-_.]?-?reply|do[-_.]?not[-_.]?reply|^owner-|-(?:request|owner|bounces?)@|^bounces?[+@-]|^(?:auto|autoreply|autoresponder|notification|notifications|daemon|nobody|root|cron)@|^system@/i;

/** Chinese office systems write from an address like any other and say it in its name. */
const NOT_TO_BE_ANSWERED =
  /(?:请勿|不要|无需|勿)(?:直接)?(?:回复|回信|答复)|do[- ]?not[- ]?reply|no[- ]?reply/i;

/** All of R40 but the caps: whether a mail may be answered at all, whatever it holds. */
export function mayAnswer(
  mail: Mail,
  result: OriginResult,
  own: OwnIdentity,
): { may: boolean; why: string | null } {
  const why = whyNotAnswer(mail, result, own);
  return { may: why === null, why };
}

function whyNotAnswer(mail: Mail, result: OriginResult, own: OwnIdentity): string | null {
  if (result.origin !== "person") return `origin is ${result.origin} (${result.words})`;
  const sender = senderOf(mail);
  if (sender === null) return "From does not name exactly one mailbox";
  if (own.addresses.has(sender.address)) return "it came from our own address";
  if (mail.returnPath === "") return "Return-Path is empty";
  for (const address of [sender.address, mail.returnPath ?? ""])
    if (UNATTENDED_ADDRESS.test(address) || DAEMON_ADDRESS.test(address))
      return `${address} is not read by a person`;
  if (NOT_TO_BE_ANSWERED.test(sender.name)) return `${sender.name} wants no answer`;
  const marks: [name: string, forbidden: RegExp][] = [
    ["auto-submitted", /^(?!no\b)\S/i],
    ["content-type", /^multipart\/report\b/i],
    ...["precedence", "x-precedence"].map((name): [string, RegExp] => [
      name,
      /^(?:bulk|list|junk|auto[_-]?reply)/i,
    ]),
    // Domino writes it on what rules forward and answer.
    ["x-autogenerated", /\S/],
    ["x-auto-response-suppress", /\b(?:all|autoreply)\b/i],
    ["x-ms-exchange-inbox-rules-loop", /\S/],
    ...RESPONDER_FIELDS.map((name): [string, RegExp] => [name, /^(?!(?:no|false|0)$)\S/i]),
  ];
  for (const [name, forbidden] of marks)
    if ((mail.headers[name] ?? []).some((each) => forbidden.test(each.trim())))
      return `${name}: ${value(mail, name)}`;
  const list = Object.keys(mail.headers).find((key) => key.startsWith("list-"));
  if (list) return `it came through a list (${list})`;
  return isOurLoop(mail, own) ? `x-loop: ${value(mail, "x-loop")}` : null;
}

function isOurLoop(mail: Mail, own: OwnIdentity): boolean {
  const loops = (mail.headers["x-loop"] ?? []).map((each) => each.toLowerCase());
  return loops.some(
    (loop) =>
      (own.messageIdDomain !== "" && loop.includes(own.messageIdDomain)) ||
      [...own.addresses].some((address) => loop.includes(address)),
  );
}
