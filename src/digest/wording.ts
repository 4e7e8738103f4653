// A digest → subject, text and HTML: every fact as the words of the campaign's language, laid out by the templates.
import { type Campaign, type Locale, unitOf } from "../campaign/campaign.ts";
import type { WithheldReason } from "../deadline/interlock.ts";
import { doubtWords } from "../document/amount.ts";
import { asLine, type NoticeWords, render } from "../notice/render.ts";
import { dateOf, type PlainDate, timeOfDay, writtenDate } from "../text/dates.ts";
import type { FiledFact, UndeliveredNotice } from "./books.ts";
import type { Digest, HeldRow, OwedRow, Trouble } from "./digest.ts";
import { likenessWords } from "./likeness.ts";
import { dismissingLine } from "./settling-line.ts";
import { asReadWords, guessWords, heldAction, heldLabel, ledgerWords, subjectOr } from "./words.ts";

const LISTED_OWED = 60;

export async function wordDigest(
  digest: Digest,
  campaign: Campaign,
  ledger: string | null,
): Promise<NoticeWords> {
  return render(campaign, "digest", digestView(digest, campaign, ledger));
}

/** All the templates may use; strings only where people wrote them, so that the renderer can escape every one. */
export function digestView(digest: Digest, campaign: Campaign, ledger: string | null) {
  const { locale } = campaign;
  const moment = (at: Date) =>
    `${shortDate(dateOf(at, campaign.timezone), locale)} ${timeOfDay(at, campaign.timezone)}`;
  const listed = (rows: OwedRow[]) => rows.slice(0, LISTED_OWED).map((row) => owedView(row, locale));
  return {
    campaign: campaign.title,
    office: campaign.office.name,
    on: writtenDate(digest.on, locale),
    day: shortDate(digest.on, locale),
    from: digest.from ? moment(digest.from) : "",
    to: moment(digest.to),
    days: digest.days,
    silent: digest.silent,
    mails: digest.mails,
    total: digest.total,
    balance: digest.balance,
    filedCount: digest.filed.reduce((sum, section) => sum + section.inWindow, 0),
    filed: digest.filed.map((section) => ({
      ...section,
      rows: section.rows.map((fact) => filedView(fact, campaign)),
    })),
    heldCount: digest.held.length + digest.heldMore,
    held: digest.held.map((row) => heldView(row, locale)),
    heldMore: digest.heldMore,
    duplicates: digest.duplicates.slice(0, 20).map((one) => ({
      from: one.fromAddress,
      subject: subjectOr(asLine(one.subject, 80), locale),
      original: one.original ?? "",
    })),
    duplicateCount: digest.duplicates.length,
    alike: digest.alike.map((one) => ({
      reference: one.reference,
      title: asLine(one.title, 80),
      unit: unitOf(campaign, one.unit)?.name ?? ledgerWords(locale).unitUnknown,
      like: likenessWords(one.like, campaign),
    })),
    alikeCount: digest.alike.length + digest.alikeMore,
    alikeMore: digest.alikeMore,
    overdue: listed(digest.overdue),
    overdueMore: Math.max(0, digest.overdue.length - LISTED_OWED),
    dueSoon: listed(digest.dueSoon),
    dueSoonMore: Math.max(0, digest.dueSoon.length - LISTED_OWED),
    owed: digest.owed,
    handedIn: digest.owed.met + digest.owed.metLate,
    shares: digest.shares.map((share) => ({
      ...share,
      staff: share.staff ?? 0,
      perHundred: share.perHundred ?? "",
    })),
    quietLabel: quietLabel(campaign),
    quietUnits: digest.quietUnits.join(locale === "zh-CN" ? "、" : ", "),
    notices: { ...digest.notices, dataSent: digest.notices["data-sent"] },
    noticesWaiting: digest.noticesWaiting,
    undelivered: digest.undelivered.slice(0, 20).map((notice) => undeliveredView(notice, locale)),
    undeliveredCount: digest.undelivered.length,
    troubles: digest.troubles.map((trouble) => troubleWords(trouble, locale)),
    ledger: ledger ?? "",
  };
}

/** "尚无金点子": what those units have sent none of, by the names the campaign gives it. */
function quietLabel({ deliverables, locale }: Campaign): string {
  const names = deliverables.filter(({ from }) => from === "person").map(({ name }) => name);
  return locale === "zh-CN" ? `尚无${names.join("、")}` : `No ${names.join(", ")} yet from`;
}

function filedView(fact: FiledFact, campaign: Campaign) {
  const words = ledgerWords(campaign.locale);
  const notes = [
    fact.timeliness === "in-time" ? "" : words.timeliness[fact.timeliness],
    fact.verified ? "" : campaign.locale === "zh-CN" ? "来源未核实" : "sender not verified",
    fact.supersedes
      ? campaign.locale === "zh-CN"
        ? `替换 ${fact.supersedes}`
        : `replaces ${fact.supersedes}`
      : "",
    doubtWords(fact, campaign.locale),
  ];
  return {
    reference: fact.reference,
    title: asLine(fact.title, 80),
    unit: campaign.units.find((unit) => unit.code === fact.unit)?.name ?? words.unitUnknown,
    people: fact.people.map((name) => asLine(name, 30)).join(campaign.locale === "zh-CN" ? "、" : ", "),
    notes: notes.filter(Boolean).join(campaign.locale === "zh-CN" ? "，" : ", "),
  };
}

function heldView(row: HeldRow, locale: Locale) {
  return {
    id: row.id,
    from: asLine(row.fromName || row.fromAddress || "?", 60),
    address: asLine(row.fromAddress, 120),
    subject: subjectOr(asLine(row.subject, 80), locale),
    reason: [heldLabel(row, locale), asReadWords(nameAsRead(row), locale), doubtWords(row, locale)]
      .filter(Boolean)
      .join(locale === "zh-CN" ? "；" : "; "),
    types: guessWords(row.types, locale),
    units: guessWords(row.units, locale),
    action: heldAction(row.reason ?? row.state, locale),
    days: row.daysWaiting,
    line: row.line,
    dismissal: dismissingLine({ locale }, row.id),
  };
}

/** Only where the unit is what is missing: of a question nobody asks whose it is. */
function nameAsRead({ unitAsRead, reason }: HeldRow): string | null {
  return unitAsRead === null || reason !== "unit-unknown" ? null : asLine(unitAsRead, 40);
}

function owedView(row: OwedRow, locale: Locale) {
  return {
    unit: row.unit,
    what: row.item ?? row.deliverable,
    due: row.dueOn ? shortDate(row.dueOn, locale) : "",
    daysLeft: row.daysLeft ?? 0,
    daysLate: Math.max(0, -(row.daysLeft ?? 0)),
    state: ledgerWords(locale).obligation[row.state],
  };
}

function undeliveredView(notice: UndeliveredNotice, locale: Locale) {
  const words = ledgerWords(locale);
  return {
    to: asLine(notice.to.join(", "), 120),
    kind: words.noticeKind[notice.kind] ?? notice.kind,
    subject: asLine(notice.subject, 80),
    state: words.notice[notice.state],
    response: asLine(notice.response ?? "", 160),
  };
}

function troubleWords(trouble: Trouble, locale: Locale): string {
  const zh = locale === "zh-CN";
  switch (trouble.kind) {
    case "books-unbalanced":
      return zh
        ? "账目不平：邮件数与处理结果数不一致，请运行 npx jinbox reconcile 核对。"
        : "The books do not balance: run npx jinbox reconcile.";
    case "mailbox-never-read":
      return zh
        ? `邮箱 ${trouble.name} 还从未成功读取。`
        : `The mailbox ${trouble.name} has never been read successfully.`;
    case "mailbox-unread": {
      const error = trouble.error ? `${zh ? "：" : ": "}${asLine(trouble.error, 160)}` : "";
      return zh
        ? `邮箱 ${trouble.name} 已有 ${trouble.minutes} 分钟未能读取，期间不会发出逾期催办${error}`
        : `The mailbox ${trouble.name} has not been read for ${trouble.minutes} minutes; no overdue notice leaves meanwhile${error}`;
    }
    case "mails-open":
      return zh ? `${trouble.mails} 封邮件尚在处理中。` : `Mails still being read: ${trouble.mails}.`;
    case "backlog":
      return zh
        ? `${trouble.mails} 封开通前的旧邮件已处理，尚未回复；请运行 npx jinbox backlog 决定是否补发回执。`
        : `Mails from before the start, handled and not answered: ${trouble.mails}. Run npx jinbox backlog to decide.`;
    case "withheld":
      return withheldWords(trouble, zh);
    case "unreachable":
      return zh
        ? `催不到：${trouble.units.join("、")}（没有可用的联系邮箱），请电话联系。`
        : `Nobody to write to at: ${trouble.units.join(", ")}. Please telephone.`;
    case "calendar-unknown":
      return zh
        ? `没有 ${trouble.year} 年的放假安排，工作日暂按周一至周五计算；请在 holidays 中补上。`
        : `No public calendar for ${trouble.year}: working days are taken as Monday to Friday. Add them under holidays.`;
    case "answers-capped": {
      const listed = trouble.addresses.slice(0, 5).join(zh ? "、" : ", ");
      return zh
        ? `短时间内同一地址来信过多，${trouble.notices} 封回执未发出（${asLine(listed, 300)}${trouble.addresses.length > 5 ? " 等" : ""}），可能是对方的自动回复；来信均已照常处理。`
        : `Answers withheld from addresses that wrote too often, perhaps automatic replies: ${trouble.notices} (${asLine(listed, 300)}${trouble.addresses.length > 5 ? ", …" : ""}). Their mails were handled as usual.`;
    }
    case "ledger-left-out":
      return zh
        ? "台账过大，未随信附上；请运行 npx jinbox export --out 台账.xlsx 导出。"
        : "The ledger is too large to attach: run npx jinbox export --out ledger.xlsx.";
    default:
      return trouble satisfies never;
  }
}

function withheldWords({ units, why }: Extract<Trouble, { kind: "withheld" }>, zh: boolean): string {
  const whyZh: Record<WithheldReason, string> = {
    "mailbox-unread": "邮箱未能读取",
    "mail-waiting": "有来信尚在处理",
    "held-mail": "有一封待人工的来信可能是该单位的，请先处理",
  };
  const whyEn: Record<WithheldReason, string> = {
    "mailbox-unread": "the mailbox could not be read",
    "mail-waiting": "mails are still being read",
    "held-mail": "a held mail may be theirs; please settle it first",
  };
  return zh
    ? `催办暂缓发出：${units.join("、")}（${whyZh[why]}）。`
    : `Notices held back for ${units.join(", ")}: ${whyEn[why]}.`;
}

/** "12月5日" or "5 December": a digest is read within days, the year is in its heading. */
export function shortDate(on: PlainDate, locale: Locale): string {
  const written = writtenDate(on, locale);
  return locale === "zh-CN" ? written.replace(/^\d+年/, "") : written.replace(/ \d+$/, "");
}
