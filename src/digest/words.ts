// The words for states, verdicts and columns in both languages: the digest, the ledger and the console say the same.
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import type { ObligationState } from "../deadline/obligation.ts";
import type { SenderVerdict } from "../message/sender.ts";
import { senderDoubt } from "../message/sender-words.ts";
import type { NoticeState } from "../notice/notice.ts";
import type { MessageState } from "../store/tables.ts";
import { REASON_CODES, type ReasonCode, reasonWords } from "../text/reason.ts";
import type { Guess } from "../understand/evidence.ts";

interface LedgerWords {
  submission: readonly string[];
  owedSheet: string;
  owed: readonly string[];
  heldSheet: string;
  held: readonly string[];
  yes: string;
  no: string;
  unitUnknown: string;
  noDate: string;
  provisional: string;
  state: Record<"current" | "superseded" | "withdrawn", string>;
  timeliness: Record<"in-time" | "early" | "late", string>;
  obligation: Record<ObligationState, string>;
  verdict: Record<MessageState, string>;
  notice: Record<NoticeState, string>;
  noticeKind: Record<string, string>;
  ruling: Record<string, string>;
  otherTypes: Record<string, string>;
}

const chinese: LedgerWords = {
  submission: [
    ...[
      "编号",
      "类型",
      "分项",
      "单位",
      "提交人",
      "标题",
      "正文",
      "附件",
      "到达时间",
      "时限",
      "状态",
      "已核实",
      "发件地址",
    ],
    "替换",
    "相近",
  ],
  owedSheet: "应交情况",
  owed: ["单位", "应交材料", "分项", "截止日期", "状态", "提交时间", "编号", "说明", "经过"],
  heldSheet: "待人工",
  held: ["邮件", "到达时间", "发件人", "发件地址", "主题", "原因", "可能的类型", "可能的单位"],
  yes: "是",
  no: "否",
  unitUnknown: "单位不详",
  noDate: "未定",
  provisional: "（暂计，待补可读版本）",
  state: { current: "有效", superseded: "已被替换", withdrawn: "已撤回" },
  timeliness: { "in-time": "按时", early: "提前", late: "逾期" },
  obligation: {
    outstanding: "未交",
    met: "已交",
    "met-late": "逾期补交",
    overdue: "逾期未交",
    waived: "免交",
    extended: "已延期",
  },
  verdict: {
    received: "处理中",
    filed: "已登记",
    held: "待人工",
    automatic: "自动邮件",
    ignored: "无需处理",
    oversize: "超大邮件",
  },
  notice: {
    intended: "待发",
    claimed: "发送中",
    "data-sent": "等待回执",
    accepted: "已发出",
    rejected: "被拒收",
    ambiguous: "结果不明",
    dropped: "不再需要",
    bounced: "被退回",
  },
  noticeKind: {
    acknowledgement: "回执",
    clarification: "询问",
    contact: "请单位核对",
    reminder: "提醒",
    overdue: "逾期催办",
    escalation: "上报催办",
    digest: "每日简报",
    announcement: "通知",
    ballot: "评审表",
    result: "结果通知",
    "sign-in": "登录链接",
    alert: "系统告警",
    heartbeat: "心跳",
  },
  ruling: {
    waiver: "免交",
    extension: "延期",
    receipt: "收到",
    "waiver-revoked": "取消免交",
    "extension-revoked": "取消延期",
    "receipt-revoked": "取消收到",
  },
  otherTypes: { correction: "更正", question: "提问", other: "其他" },
};

const english: LedgerWords = {
  submission: [
    ...[
      "Reference",
      "Type",
      "Item",
      "Unit",
      "People",
      "Title",
      "Text",
      "Attachments",
      "Arrived",
      "Timing",
      "State",
      "Verified",
    ],
    ...["Sent from", "Replaces", "Like"],
  ],
  owedSheet: "Owed",
  owed: ["Unit", "Deliverable", "Item", "Due", "State", "Submitted", "Reference", "Note", "History"],
  heldSheet: "Needs you",
  held: ["Mail", "Arrived", "Sender", "Address", "Subject", "Reason", "Likely type", "Likely unit"],
  yes: "yes",
  no: "no",
  unitUnknown: "unit unknown",
  noDate: "not set",
  provisional: " (provisional: a readable version must follow)",
  state: { current: "current", superseded: "superseded", withdrawn: "withdrawn" },
  timeliness: { "in-time": "in time", early: "early", late: "late" },
  obligation: {
    outstanding: "outstanding",
    met: "met",
    "met-late": "met late",
    overdue: "overdue",
    waived: "waived",
    extended: "extended",
  },
  verdict: {
    received: "being read",
    filed: "filed",
    held: "needs you",
    automatic: "automatic",
    ignored: "nothing to do",
    oversize: "too large",
  },
  notice: {
    intended: "waiting",
    claimed: "sending",
    "data-sent": "awaiting answer",
    accepted: "sent",
    rejected: "rejected",
    ambiguous: "outcome unknown",
    dropped: "no longer needed",
    bounced: "came back",
  },
  noticeKind: {
    acknowledgement: "acknowledgement",
    clarification: "question to sender",
    contact: "unit asked to check",
    reminder: "reminder",
    overdue: "overdue notice",
    escalation: "escalation",
    digest: "daily digest",
    announcement: "announcement",
    ballot: "ballot",
    result: "result",
    "sign-in": "sign-in link",
    alert: "alert",
    heartbeat: "heartbeat",
  },
  ruling: {
    waiver: "waived",
    extension: "extended",
    receipt: "received",
    "waiver-revoked": "waiver taken back",
    "extension-revoked": "extension taken back",
    "receipt-revoked": "receipt taken back",
  },
  otherTypes: { correction: "correction", question: "question", other: "other" },
};

export function ledgerWords(locale: Locale): LedgerWords {
  return locale === "zh-CN" ? chinese : english;
}

/** The short label of a reason; a code of a newer version is shown as it is. */
export function reasonLabel(reason: string | null, locale: Locale): string {
  const code = REASON_CODES.find((known) => known === reason);
  return code ? reasonWords(code, locale).label : (reason ?? "");
}

/** Why a mail waits for a person; its state where no reason was kept. */
export function heldLabel(
  mail: { reason: string | null; state: MessageState; sender?: SenderVerdict | null },
  locale: Locale,
): string {
  const label = reasonLabel(mail.reason, locale) || ledgerWords(locale).verdict[mail.state];
  const doubt = mail.sender ? senderDoubt(mail.sender, locale) : "";
  return [label, doubt].filter(Boolean).join(locale === "zh-CN" ? "；" : "; ");
}

/** A guess less likely than this helps nobody to decide. */
const WORTH_SAYING = 0.05;

/** What a held mail most likely brings; nothing where it most likely brings nothing, which its reason says already. */
export function likelyTypes(campaign: Campaign, guesses: Guess[]): string[] {
  const others: Record<string, string> = ledgerWords(campaign.locale).otherTypes;
  const isMaterial = deliverableOf(campaign, guesses[0]?.value ?? null) !== null;
  return isMaterial
    ? worthSaying(guesses).map((code) => deliverableOf(campaign, code)?.name ?? others[code] ?? code)
    : [];
}

export function likelyUnits(campaign: Campaign, guesses: Guess[]): string[] {
  return worthSaying(guesses).map((code) => unitOf(campaign, code)?.name ?? code);
}

const worthSaying = (guesses: Guess[]): string[] =>
  guesses.filter(({ confidence }) => confidence >= WORTH_SAYING).map(({ value }) => value);

/** In order, without figures: how sure a rule is says nothing to a clerk that its order does not. */
export function guessWords([first, second]: string[], locale: Locale): string {
  if (first === undefined) return "";
  if (locale === "zh-CN") return `最可能是${first}${second === undefined ? "" : `，其次${second}`}`;
  return `most likely ${first}${second === undefined ? "" : `, then ${second}`}`;
}

/** So that the office sees at once whether a unit, an alias or nothing is missing in the configuration. */
export function asReadWords(name: string | null, locale: Locale): string {
  if (name === null) return "";
  return locale === "zh-CN"
    ? `来件写的是“${name}”，配置中没有`
    : `the mail names “${name}”, which is not configured`;
}

export function subjectOr(subject: string, locale: Locale): string {
  return subject.trim() || (locale === "zh-CN" ? "（无主题）" : "(no subject)");
}

/** One line saying what a person can do about a held mail. */
export function heldAction(reason: string | null, locale: Locale): string {
  const actions = locale === "zh-CN" ? chineseActions : englishActions;
  return actions[reason as ReasonCode] ?? actions.otherwise;
}

type Actions = Partial<Record<ReasonCode, string>> & { otherwise: string };

const chineseActions: Actions = {
  "unit-unknown": "请发件人直接回复，写明单位全称；回信到达后自动登记。",
  "unit-unsure": "请发件人直接回复，写明单位全称；回信到达后自动登记。",
  "type-unsure": "看一眼原文，请发件人回复说明是哪一种材料。",
  "nothing-found": "看一眼原文；若确有内容，请发件人改用正文或常见格式重发。",
  question: "请直接给发件人回信解答。",
  "correction-unclear": "请发件人回复，写明编号和要改成什么。",
  "office-decided": "发件人要改办公室已定的内容：同意的，回复本简报写明编号和新内容。",
  "correction-unauthorised":
    "发件人无权这样更正：请向该单位核实；属实的，请按登记编号更正，例如“#0042 单位=某某单位”，再忽略这一封。",
  "same-id-different-content": "与另一封邮件编号相同而内容不同：请比对两封原文。",
  "sender-unclear": "发件人不明：请查看原始邮件，确认后联系本人。",
  "mail-loop": "疑似自动往返的邮件：确认后请对方关闭自动转发。",
  unparseable: "邮件无法解析：请下载原始邮件查看。",
  "processing-failed": "处理时多次出错：请查看原始邮件，并告知系统管理员。",
  "large-file-link": "只有下载链接：已请发件人以普通附件重发；收到后，这封作无需处理。",
  oversize: "邮件过大，未下载：请发件人压缩或分次发送。",
  otherwise: "请查看原文后处理。",
};

const englishActions: Actions = {
  "unit-unknown": "Ask the sender to reply with the unit's full name; the reply files it.",
  "unit-unsure": "Ask the sender to reply with the unit's full name; the reply files it.",
  "type-unsure": "Look at the mail and ask the sender which deliverable it is.",
  "nothing-found": "Look at the mail; if it has content, ask for it in the body or a common format.",
  question: "Answer the sender directly.",
  "correction-unclear": "Ask the sender to reply with the reference number and what it should become.",
  "office-decided":
    "Its sender wants changed what the office decided: if you agree, reply with the number and the change.",
  "correction-unauthorised":
    "The sender may not change this: check with the unit; if it is so, correct it by its number, as “#0042 unit=NAME”, and dismiss this mail.",
  "same-id-different-content": "Same Message-ID as another mail, other content: compare the two.",
  "sender-unclear": "The sender is unclear: look at the original mail and contact the person.",
  "mail-loop": "Looks like a mail loop: ask the other side to stop its automatic forwarding.",
  unparseable: "The mail cannot be parsed: download the original.",
  "processing-failed": "It failed several times: look at the original and tell whoever runs the system.",
  "large-file-link":
    "Only a download link: the sender was asked for an ordinary attachment; once it is there, dismiss this one.",
  oversize: "Too large to fetch: ask the sender to compress or split it.",
  otherwise: "Look at the mail and decide.",
};
