// A digest → subject, text and HTML: every fact as the words of the campaign's language, laid out by the templates.
import { type Campaign, type Locale, unitOf } from "../campaign/campaign.ts";
import { doubtWords } from "../document/amount.ts";
import type { NoticeState } from "../notice/notice.ts";
import { asLine, type NoticeWords, render } from "../notice/render.ts";
import { dateOf, type PlainDate, timeOfDay, writtenDate } from "../text/dates.ts";
import type { FiledFact, UndeliveredNotice } from "./books.ts";
import type { Digest, HeldRow, RulingRow, WeekSums } from "./digest.ts";
import { likenessWords } from "./likeness.ts";
import { type OwedGroup, type OwedRow, owedTogether } from "./owed.ts";
import { noticeLines, rulingLines } from "./owed-line.ts";
import { pictureInWords } from "./picture/facts.ts";
import { WIDTH } from "./picture/layout.ts";
import type { KindTally } from "./records.ts";
import { dismissingLine } from "./settling-line.ts";
import { listed, troubleWords, unreachedWords, withheldWords } from "./trouble-words.ts";
import { asReadWords, guessWords, heldAction, heldLabel, ledgerWords, subjectOr } from "./words.ts";

const LISTED_OWED = 60;
const LISTED_FEW = 15;
/** More bars than these are not looked at; the busiest are first. */
const LISTED_SHARES = 40;
/** 64 bits: more than can be met by trying, and short enough to be typed. */
const HASH_SHOWN = 16;

/** What goes with the mail: the ledger's name, and the Content-ID of the picture; null where they are left out. */
export interface Enclosed {
  ledger: string | null;
  picture: string | null;
}

export async function wordDigest(
  digest: Digest,
  campaign: Campaign,
  enclosed: Enclosed,
): Promise<NoticeWords> {
  return render(campaign, "digest", digestView(digest, campaign, enclosed));
}

/** All the templates may use; strings only where people wrote them, so that the renderer can escape every one. */
function digestView(digest: Digest, campaign: Campaign, { ledger, picture }: Enclosed) {
  const { locale } = campaign;
  const moment = (at: Date) =>
    `${shortDate(dateOf(at, campaign.timezone), locale)} ${timeOfDay(at, campaign.timezone)}`;
  const first = digest.overdue[0] ?? digest.dueSoon[0];
  return {
    campaign: campaign.title,
    office: campaign.office.name,
    edition: digest.edition,
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
    ...cut("duplicates", digest.duplicates, LISTED_FEW, (one) => ({
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
    overdue: owedTogether(digest.overdue).map((group) => owedView(group, campaign)),
    dueSoon: owedTogether(digest.dueSoon).map((group) => owedView(group, campaign)),
    dueToday: digest.dueSoon.filter(({ daysLeft }) => daysLeft === 0).length,
    metLate: owedTogether(digest.metLate).map((group) => owedView(group, campaign)),
    ...cut("waived", digest.waived, LISTED_OWED, (row) => ({
      unit: row.unit,
      what: row.item ?? row.deliverable,
      why: asLine(row.why ?? "", 120),
    })),
    rulingLines: first ? rulingLines(campaign, first, digest.on) : [],
    ...cut("withheld", digest.withheld, LISTED_FEW, (one) => withheldWords(one, locale)),
    ...cut("unreached", digest.unreached, LISTED_FEW, (one) => unreachedWords(one, locale)),
    ...cut("rulings", digest.rulings, LISTED_FEW, (row) => rulingView(row, locale)),
    owed: digest.owed,
    handedIn: digest.owed.met + digest.owed.metLate,
    week: digest.week ? weekView(digest.week, campaign, moment) : null,
    units: digest.units,
    ideas: digest.ideas,
    people: digest.people,
    ...cut("shares", digest.shares, LISTED_SHARES, (share) => ({
      ...share,
      staff: share.staff ?? 0,
      share: share.share ?? "",
    })),
    quietLabel: quietLabel(campaign),
    quietUnits: listed(digest.quietUnits, locale),
    picture: picture ?? "",
    pictureWidth: WIDTH,
    pictureWords: digest.picture ? asLine(pictureInWords(digest.picture), 400) : "",
    notices: { ...digest.notices, dataSent: digest.notices["data-sent"] },
    noticesWaiting: digest.noticesWaiting,
    announcement: digest.announcement ? tallyWords(digest.announcement, locale) : "",
    audit: digest.audit
      ? {
          number: digest.audit.number,
          head: `${digest.audit.number}:${digest.audit.hash.slice(0, HASH_SHOWN)}`,
        }
      : "",
    undelivered: digest.undelivered.slice(0, LISTED_FEW).map((notice) => undeliveredView(notice, campaign)),
    undecided: digest.undelivered.slice(0, LISTED_FEW).some(({ state }) => state === "ambiguous"),
    undeliveredCount: digest.undelivered.length,
    undeliveredMore: Math.max(0, digest.undelivered.length - LISTED_FEW),
    troubles: digest.troubles.map((trouble) => troubleWords(trouble, locale)),
    ledger: ledger ?? "",
  };
}

/** "overdue" and "overdueMore": so many rows, and how many are left out. */
function cut<Name extends string, Row, View>(
  name: Name,
  rows: Row[],
  most: number,
  view: (row: Row) => View,
): Record<Name, View[]> & Record<`${Name}More`, number> {
  return {
    [name]: rows.slice(0, most).map(view),
    [`${name}More`]: Math.max(0, rows.length - most),
  } as Record<Name, View[]> & Record<`${Name}More`, number>;
}

function weekView(week: WeekSums, { locale }: Campaign, moment: (at: Date) => string) {
  return {
    ...{ from: moment(week.from), arrived: week.arrived, mails: week.mails },
    ...{ met: week.met, metLate: week.metLate, filed: week.filed },
    sent: week.sent.map((tally) => tallyWords(tally, locale)),
  };
}

/** "逾期催办：已发出 5，被退回 1": of any kind there is, also one of a newer version. */
function tallyWords({ kind, notices }: KindTally, locale: Locale): string {
  const words = ledgerWords(locale);
  const parts = Object.entries(notices).map(([state, count]) => {
    const name = words.notice[state as NoticeState] ?? state;
    return locale === "zh-CN" ? `${name} ${count}` : `${count} ${name}`;
  });
  const zh = locale === "zh-CN";
  return `${words.noticeKind[kind] ?? kind}${zh ? "：" : ": "}${parts.join(zh ? "，" : ", ")}`;
}

function rulingView({ kind, unit, what, dueOn, dueTime, madeBy, why }: RulingRow, locale: Locale) {
  const until = dueOn ? `${shortDate(dueOn, locale)}${dueTime ? ` ${dueTime}` : ""}` : "";
  return {
    verb: ledgerWords(locale).ruling[kind] ?? kind,
    ...{ unit, what, until },
    by: asLine(madeBy, 60),
    why: asLine(why, 120),
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

function owedView(
  { deliverable, dueOn, dueTime, daysLeft, daysOver, rows }: OwedGroup,
  { locale, reminders }: Campaign,
) {
  return {
    what: deliverable,
    count: rows.length,
    due: dueOn ? `${shortDate(dueOn, locale)}${dueTime ? ` ${dueTime}` : ""}` : "",
    daysLeft: daysLeft ?? 0,
    daysOver,
    countsWorkingDays: reminders.workingDaysOnly,
    units: listed(
      rows.map((row) => unitWords(row, locale)),
      locale,
      LISTED_OWED,
    ),
  };
}

/** "市图书馆（公共服务工程，晚 2 天）": what the heading does not say already. */
function unitWords({ unit, item, daysLate }: OwedRow, locale: Locale): string {
  const zh = locale === "zh-CN";
  const more = [item ?? "", lateWords(daysLate, zh)].filter(Boolean).join(zh ? "，" : ", ");
  if (more === "") return unit;
  return zh ? `${unit}（${more}）` : `${unit} (${more})`;
}

function lateWords(daysLate: number | null, zh: boolean): string {
  if (daysLate === null) return "";
  if (daysLate === 0) return zh ? "当天晚于时限" : "late the same day";
  return zh ? `晚 ${daysLate} 天` : `${daysLate} ${daysLate === 1 ? "day" : "days"} late`;
}

function undeliveredView(notice: UndeliveredNotice, campaign: Campaign) {
  const words = ledgerWords(campaign.locale);
  return {
    unit: unitOf(campaign, notice.unit)?.name ?? "",
    to: asLine(notice.to.join(", "), 120),
    kind: words.noticeKind[notice.kind] ?? notice.kind,
    subject: asLine(notice.subject, 80),
    state: words.notice[notice.state],
    response: asLine(notice.response ?? "", 160),
    lines: notice.state === "ambiguous" ? noticeLines(campaign, notice.id) : [],
  };
}

/** "12月5日" or "5 December": a digest is read within days, the year is in its heading. */
export function shortDate(on: PlainDate, locale: Locale): string {
  const written = writtenDate(on, locale);
  return locale === "zh-CN" ? written.replace(/^\d+年/, "") : written.replace(/ \d+$/, "");
}
