// What the system had trouble with, and what could not be said to a unit, as sentences with what to do about it.

import type { Locale } from "../campaign/campaign.ts";
import { yearsInWords } from "../deadline/calendar.ts";
import type { WithheldReason } from "../deadline/interlock.ts";
import { asLine } from "../notice/render.ts";
import type { Unreached, Withheld } from "./owed.ts";
import type { Trouble } from "./troubles.ts";

export function troubleWords(trouble: Trouble, locale: Locale): string {
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
    case "calendar-unknown":
      return zh
        ? `没有 ${yearsInWords(trouble.years, "、")} 年的放假安排，工作日暂按周一至周五计算；请在 holidays 中补上。`
        : `No public calendar for ${yearsInWords(trouble.years, ", ")}: working days are taken as Monday to Friday. Add them under holidays.`;
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
    case "templates-unusable": {
      const named = trouble.mistakes.slice(0, 3).map((mistake) => asLine(mistake, 200));
      const more = trouble.mistakes.length > 3;
      return zh
        ? `自己的邮件模板有错，${trouble.notices} 封邮件改用自带的措辞发出：${named.join("；")}${more ? " 等" : ""}。改好后重启，可先运行 npx jinbox doctor 检查。`
        : `A template of your own has a mistake; mails that went with the built-in words instead: ${trouble.notices} (${named.join("; ")}${more ? ", …" : ""}). Correct it, check with npx jinbox doctor, and restart.`;
    }
    case "picture-left-out": {
      const why = asLine(trouble.detail, 160);
      return zh
        ? `进度图未能画出，各单位情况改列在下面（${why}）。`
        : `The picture could not be drawn (${why}).`;
    }
    default:
      return trouble satisfies never;
  }
}

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

export function withheldWords({ units, why }: Withheld, locale: Locale): string {
  return locale === "zh-CN"
    ? `催办暂缓发出：${listed(units, locale)}（${whyZh[why]}）。`
    : `Notices held back for ${listed(units, locale)}: ${whyEn[why]}.`;
}

export function unreachedWords({ unit, ring }: Unreached, locale: Locale): string {
  const names = ring.map((name) => asLine(name, 30));
  if (locale === "zh-CN")
    return names.length > 0
      ? `催不到：${unit}（没有可用的联系邮箱），请电话联系${names.join("、")}。`
      : `催不到：${unit}（配置中没有联系人），请电话联系。`;
  return names.length > 0
    ? `Cannot be written to: ${unit} (no address that works); please telephone ${names.join(", ")}.`
    : `Cannot be written to: ${unit} (nobody is configured there); please telephone.`;
}

/** Names one after another; a long list ends with its number. */
export function listed(names: string[], locale: Locale, most = 30): string {
  const zh = locale === "zh-CN";
  const shown = names.slice(0, most).join(zh ? "、" : ", ");
  if (names.length <= most) return shown;
  return zh ? `${shown} 等 ${names.length} 个单位` : `${shown} and ${names.length - most} more`;
}
