// What the system had trouble with, and what could not be said to a unit, as sentences with what to do about it.

import type { Locale } from "../campaign/campaign.ts";
import { yearsInWords } from "../deadline/calendar.ts";
import type { WithheldReason } from "../deadline/interlock.ts";
import { asLine } from "../notice/render.ts";
import type { ReplyClass } from "../notice/replies.ts";
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
    case "mailbox-full":
      return zh
        ? `邮箱 ${trouble.name} 的空间已用 ${trouble.percent}%：请立即清理或扩容，满了以后来信会被退给发件人，这里一封也看不到。`
        : `The mailbox ${trouble.name} is ${trouble.percent} % full: make room now; once it is full, what people send is returned to them and never seen here.`;
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
      const named = namedFew(trouble.addresses, zh);
      return zh
        ? `短时间内同一地址来信过多，${trouble.notices} 封回执未发出（${named}），可能是对方的自动回复；来信均已照常处理。`
        : `Answers withheld from addresses that wrote too often, perhaps automatic replies: ${trouble.notices} (${named}). Their mails were handled as usual.`;
    }
    case "account-paused": {
      const why = trouble.why ? pauseWords[trouble.why]?.[zh ? "zh" : "en"] : undefined;
      const said = asLine(trouble.response, 160);
      return zh
        ? `邮箱服务商暂停了我们发信（${why ? `${why}；` : ""}对方答复：${said}），${trouble.waiting} 封到点未发，到时间自动再试。`
        : `The provider stopped our sending (${why ? `${why}; ` : ""}it said: ${said}); due and waiting: ${trouble.waiting}, tried again by itself.`;
    }
    case "notices-late":
      return zh
        ? `${trouble.notices} 封通知到点未发，最早的已等 ${trouble.minutes} 分钟：每小时 ${trouble.perHour} 封的限额（smtp.perHour）用完了，或发信的进程没有运行。回执优先发出。`
        : `Due and not sent: ${trouble.notices}, the first for ${trouble.minutes} minutes: the quota of ${trouble.perHour} an hour (smtp.perHour) is used up, or no sender runs. Answers go first.`;
    case "taken-for-spam":
      return zh
        ? `${trouble.notices} 封通知被对方当作垃圾邮件退回，不会自动重发（重发会更糟）：请电话告知对方，并请对方把本邮箱加入白名单。`
        : `Refused as spam: ${trouble.notices}; not sent again by itself, which would make it worse. Telephone them, and ask to be let in.`;
    case "sent-folder-unread":
      return zh
        ? `有结果不明的通知，但“已发送”文件夹看不了，暂不重发：${asLine(trouble.error, 160)}`
        : `Notices are in doubt and the Sent folder cannot be read; they wait: ${asLine(trouble.error, 160)}`;
    case "addresses-paused": {
      const named = namedFew(trouble.addresses, zh);
      return zh
        ? `${trouble.addresses.length} 个地址无人收信，群发的通知暂不再发（${named}）；对方来信即恢复，或运行 npx jinbox notice 地址 --resume。`
        : `Addresses at which nobody is, left out of mail to many: ${trouble.addresses.length} (${named}). Mail from one ends it, or npx jinbox notice ADDRESS --resume.`;
    }
    case "returns-unmatched":
      return zh
        ? `${trouble.mails} 封退信对应不上本系统发出的邮件，未作处理；可能有人冒用本邮箱的地址发信。`
        : `Returned mails that belong to nothing sent from here, left alone: ${trouble.mails}. Somebody may be writing in this mailbox's name.`;
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

const pauseWords: Partial<Record<ReplyClass, { zh: string; en: string }>> = {
  login: {
    zh: "登录被拒：请核对或重新生成授权码",
    en: "the login is refused: check or renew the authorisation code",
  },
  sender: {
    zh: "不许用这个发信人：smtp.user 与 mailbox.address 应一致",
    en: "the sender is not allowed: smtp.user and mailbox.address should be the same",
  },
  tls: { zh: "要求加密：smtp.secure 写 true", en: "encryption is demanded: write smtp.secure: true" },
  quota: { zh: "当天的发信额度用完了", en: "the day's allowance is used up" },
  frequency: { zh: "发得太快：把 smtp.perHour 调小", en: "too fast: lower smtp.perHour" },
  connections: {
    zh: "连接太多：把 smtp.connections 调小",
    en: "too many connections: lower smtp.connections",
  },
  "own-mailbox-full": {
    zh: "我们自己的邮箱满了，来信也会被退：请立即清理",
    en: "our own mailbox is full, and what people send is returned to them: make room at once",
  },
};

function namedFew(addresses: string[], zh: boolean): string {
  const named = asLine(addresses.slice(0, 5).join(zh ? "、" : ", "), 300);
  if (addresses.length <= 5) return named;
  return zh ? `${named} 等` : `${named}, …`;
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
