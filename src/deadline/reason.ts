// Why an obligation stands as it does, and what happened to it, in a sentence for whoever asks; pure.
import { type Campaign, type Locale, unitOf } from "../campaign/campaign.ts";
import { dateOf, timeOfDay, writtenDate, writtenDue } from "../text/dates.ts";
import type { ObligationEvent } from "./history.ts";
import { isExtended, type ObligationState, type Standing } from "./standing.ts";

export const stateWords: Record<Locale, Record<ObligationState, string>> = {
  "zh-CN": {
    outstanding: "未交",
    extended: "已延期，未交",
    overdue: "逾期未交",
    met: "已交",
    "met-late": "逾期补交",
    waived: "免交",
  },
  en: {
    outstanding: "outstanding",
    extended: "extended, outstanding",
    overdue: "overdue",
    met: "met",
    "met-late": "met late",
    waived: "waived",
  },
};

export function reasonOf(one: Standing & { announcedAt: Date | null }, campaign: Campaign): string {
  const { locale } = campaign;
  const zh = locale === "zh-CN";
  const due = one.dueOn === null ? null : writtenDue(one.dueOn, one.dueTime, locale);
  const isPaper = one.metBy === "paper";
  switch (one.state) {
    case "met":
    case "met-late": {
      const at = moment(one.metAt as Date, campaign);
      const by = isPaper ? (zh ? "纸质或电话" : "on paper or by phone") : one.metBy;
      const late = one.state === "met-late";
      const timely =
        due === null
          ? ""
          : zh
            ? `，${late ? "晚于" : "不晚于"}截止时间${due}`
            : `, ${late ? "after" : "by"} ${due}`;
      const provisional = zh
        ? "；附件打不开，待补发"
        : "; its attachment could not be read, a readable one is awaited";
      return `${zh ? `${at}收到（${by}）` : `received ${at} (${by})`}${timely}${one.provisional ? provisional : ""}`;
    }
    case "waived":
      return zh ? `免交（${one.why}）` : `waived (${one.why})`;
    case "overdue":
    case "outstanding":
    case "extended": {
      if (due === null) return zh ? "未定截止日期，尚未收到" : "no due date set; not received";
      const until = isExtended(one)
        ? zh
          ? `延期至${due}（${one.why}）`
          : `extended to ${due} (${one.why})`
        : zh
          ? `${due}截止`
          : `due ${due}`;
      return zh ? `${until}，尚未收到` : `${until}, not received`;
    }
    default:
      return one.state satisfies never;
  }
}

const eventWords: Record<Locale, Record<ObligationEvent["what"], string>> = {
  "zh-CN": {
    announced: "公布",
    extended: "延期",
    "extension-revoked": "取消延期",
    waived: "免交",
    "waiver-revoked": "取消免交",
    received: "收到纸质件或电话告知",
    "receipt-revoked": "取消收件登记",
    arrived: "来件",
    "arrived-unverified": "来件（发件地址未登记，待确认）",
    "arrived-unreadable": "来件（附件打不开）",
    readable: "补来可读的附件",
    superseded: "被新版本替换",
    withdrawn: "撤回",
    restored: "恢复有效",
    confirmed: "确认是本单位的",
    "moved-here": "由别的单位改归本单位",
    "moved-away": "改归别的单位",
    "became-overdue": "逾期",
    met: "完成",
    "met-late": "完成（逾期）",
    reopened: "重新待报",
  },
  en: {
    announced: "announced",
    extended: "extended",
    "extension-revoked": "extension taken back",
    waived: "waived",
    "waiver-revoked": "waiver taken back",
    received: "received on paper or by phone",
    "receipt-revoked": "receipt taken back",
    arrived: "arrived",
    "arrived-unverified": "arrived (unregistered address, to be confirmed)",
    "arrived-unreadable": "arrived (attachment unreadable)",
    readable: "the unreadable attachment came again",
    superseded: "replaced by a newer version",
    withdrawn: "withdrawn",
    restored: "stands again",
    confirmed: "confirmed as this unit's",
    "moved-here": "moved here from another unit",
    "moved-away": "moved to another unit",
    "became-overdue": "overdue",
    met: "met",
    "met-late": "met late",
    reopened: "owed again",
  },
};

/** One line of the history, without its instant: "延期至2012年12月28日17:00（办公室：搬迁）". */
export function eventWordsOf(event: ObligationEvent, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const due = event.dueOn === null ? "" : writtenDue(event.dueOn, event.dueTime, campaign.locale);
  const other = event.other === null ? "" : (unitOf(campaign, event.other)?.name ?? event.other);
  const reference = event.reference === "paper" ? null : event.reference;
  const because = [event.who, event.why].filter(Boolean).join(zh ? "：" : ": ");
  return [
    eventWords[campaign.locale][event.what],
    due && (zh ? `，截止${due}` : `, due ${due}`),
    reference && ` ${reference}`,
    other && ` → ${other}`,
    because && (zh ? `（${because}）` : ` (${because})`),
  ]
    .filter(Boolean)
    .join("");
}

/** 2012年12月15日 17:30, in the campaign's zone. */
export function moment(at: Date, { timezone, locale }: Pick<Campaign, "timezone" | "locale">): string {
  return `${writtenDate(dateOf(at, timezone), locale)} ${timeOfDay(at, timezone)}`;
}
