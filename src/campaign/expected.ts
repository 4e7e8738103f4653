// What each kind of setting looks like, in both languages, with a value to copy or the found value put right.
import type { Words } from "./problem.ts";

export interface Expectation extends Words {
  /** A value as it would stand in the file. */
  example: string;
  /** The value that was probably meant, or null. */
  mend?: (found: unknown) => string | null;
}

/** Full-width forms, as a Chinese input method leaves them, become ASCII. */
const halfWidth = (found: unknown) =>
  typeof found === "string" || typeof found === "number" ? String(found).normalize("NFKC").trim() : "";

const two = (digits: string | undefined) => (digits ?? "00").padStart(2, "0");

function mendDate(found: unknown): string | null {
  const parts = /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/.exec(halfWidth(found));
  const date = parts && `${parts[1]}-${two(parts[2])}-${two(parts[3])}`;
  return date && isDate(date) ? date : null;
}

function mendDue(found: unknown): string | null {
  const parts = /^(\d{4}\D+\d{1,2}\D+?\d{1,2})\s*(?:日|号)?[\sT]*(?:(\d{1,2})[:点时](\d{2})?\D*)?$/.exec(
    halfWidth(found),
  );
  const date = parts && mendDate(parts[1]);
  const hour = parts?.[2];
  // 24:00 is the end of the day: what a date alone says.
  if (!date || hour === undefined || hour === "24") return date;
  const time = `${two(hour)}:${two(parts?.[3])}`;
  return isTime(time) ? `${date}T${time}` : null;
}

function mendTime(found: unknown): string | null {
  const parts = /^(\d{1,2})[:.点](\d{1,2})?\D*$/.exec(halfWidth(found));
  const time = parts && `${two(parts[1])}:${two(parts[2])}`;
  return time && isTime(time) ? `"${time}"` : null;
}

function mendQuiet(found: unknown): string | null {
  const times = halfWidth(found).match(/\d{1,2}:\d{2}/g) ?? [];
  const [from, to] = times.map((time) => mendTime(time)?.replaceAll('"', ""));
  return times.length === 2 && from && to ? `"${from}-${to}"` : null;
}

function mendEmail(found: unknown): string | null {
  const address = halfWidth(found)
    .replaceAll("。", ".")
    .replace(/\s/g, "")
    .replace(/^.*<|>.*$/g, "");
  return isEmail(address) ? address.toLowerCase() : null;
}

function mendDomain(found: unknown): string | null {
  const domain = halfWidth(found)
    .replaceAll("。", ".")
    .replace(/^.*@|^https?:\/\/|\/.*$/g, "");
  return isDomain(domain) ? domain.toLowerCase() : null;
}

const weekdaysByName: Record<string, string> = {
  ...Object.fromEntries(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].flatMap((day, at) =>
      [`周${"一二三四五六日"[at]}`, `星期${"一二三四五六日"[at]}`, day.slice(0, 3)].map((name) => [
        name,
        day,
      ]),
    ),
  ),
  ...{ 不发: "none", 无: "none", 最后一个工作日: "last" },
};

const kindsByName: Record<string, string> = {
  局领导: "leadership",
  局领导班子: "leadership",
  领导: "leadership",
  处室: "office",
  机关: "office",
  机关处室: "office",
  基层: "grassroots",
  基层单位: "grassroots",
};

const quoted = (found: unknown) =>
  typeof found === "number" || typeof found === "boolean" ? `"${found}"` : null;

export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

export const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** A date, or a date with a time of day: 2012-12-15, 2012-12-15T17:00, 2012-12-15 17:00. */
export const isDue = (text: string): boolean => {
  const [date = "", time, ...rest] = text.split(/[T ]/);
  return isDate(date) && (time === undefined || isTime(time)) && rest.length === 0;
};

export const isDomain = (text: string): boolean =>
  text.length <= 253 && /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/i.test(text);

/** The addr-spec people really have (RFC 5321 §4.1.2 without quoted local parts), 254 characters at most. */
export const isEmail = (text: string): boolean => {
  const at = text.lastIndexOf("@");
  return (
    text.length <= 254 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/.test(text.slice(0, at)) &&
    isDomain(text.slice(at + 1))
  );
};

export function isTimezone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

export function isWebAddress(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}

/** By the name that the schema gives as its error. */
export const expectations = {
  text: { zh: "一段文字", en: "some text", example: "文字", mend: quoted },
  code: {
    zh: "英文字母、数字、连字符组成的代码（不超过 40 个字符）",
    en: "a code of ASCII letters, digits and hyphens (at most 40 characters)",
    example: "library",
    mend: (found) => quoted(found) ?? (/^[\w-]{1,40}$/.test(halfWidth(found)) ? halfWidth(found) : null),
  },
  date: {
    zh: "真实的日期，年-月-日，如 2012-12-05",
    en: "a real date, year-month-day, such as 2012-12-05",
    example: "2012-12-15",
    mend: mendDate,
  },
  due: {
    zh: "真实的日期，可带时刻，如 2012-12-05 或 2012-12-05T17:00（不写时刻，到当天结束）",
    en: "a real date, with a time or without, such as 2012-12-05 or 2012-12-05T17:00 (without: the end of the day)",
    example: "2012-12-15",
    mend: mendDue,
  },
  time: { zh: "时间，24 小时制", en: "a time of day, 24 hours", example: '"17:30"', mend: mendTime },
  quiet: {
    zh: "免打扰时段“起-止”，或 none（不设）",
    en: 'quiet hours "from-to", or none',
    example: '"18:00-08:30"',
    mend: mendQuiet,
  },
  email: { zh: "邮箱地址", en: "a mail address", example: "name@culture.example", mend: mendEmail },
  domain: {
    zh: "邮箱域名（@ 后面的部分）",
    en: "a mail domain (what stands after the @)",
    example: "lib.culture.example",
    mend: mendDomain,
  },
  url: {
    zh: "以 http:// 或 https:// 开头的网址",
    en: "an address beginning with http:// or https://",
    example: "https://watch.example/ping/jinbox",
  },
  host: { zh: "服务器名", en: "a server's host name", example: "imap.culture.example" },
  sent: {
    zh: "auto（自动找）、off（不看）或“已发送”文件夹的名字",
    en: "auto, off, or the name of the folder that keeps sent mail",
    example: "auto",
  },
  mailFrom: {
    zh: "account（登录的账号）、null（空发件人）或收退信的地址",
    en: "account, null (no sender), or an address for bounces",
    example: "account",
  },
  port: { zh: "端口号 1–65535", en: "a port number, 1 to 65535", example: "993" },
  boolean: {
    zh: "true（是）或 false（否）",
    en: "true or false",
    example: "true",
    mend: (found) =>
      found === "是" || found === "yes" ? "true" : found === "否" || found === "no" ? "false" : null,
  },
  count: { zh: "1 以上的整数", en: "a whole number, 1 or more", example: "1" },
  retention: {
    zh: "活动结束后保留的天数（0 到 36500），或 keep（一直保留）",
    en: "days to keep it after the campaign closes (0 to 36500), or keep",
    example: "365",
  },
  days: { zh: "1 到 366 的整数", en: "a whole number from 1 to 366", example: "3" },
  weight: { zh: "大于 0 的数", en: "a number above 0", example: "1" },
  confidence: {
    zh: "0.5 到 1 之间的数",
    en: "a number from 0.5 to 1",
    example: "0.9",
    mend: (found) => (typeof found === "number" && found >= 50 && found <= 100 ? String(found / 100) : null),
  },
  bytes: { zh: "大小，如 60 MB", en: "a size, such as 60 MB", example: "60 MB" },
  locale: { zh: "zh-CN 或 en", en: "zh-CN or en", example: "zh-CN" },
  timezone: {
    zh: "时区名，如 Asia/Shanghai（北京时间）",
    en: "a time zone's name, such as Asia/Shanghai",
    example: "Asia/Shanghai",
  },
  cron: {
    zh: "定时表达式（分 时 日 月 周）",
    en: "a cron expression (minute hour day month weekday)",
    example: '"*/1 * * * *"',
  },
  weekly: {
    zh: "last（每周最后一个工作日）、none（不发周报）或 monday…sunday 中的一天",
    en: "last (the last working day of the week), none, or a day from monday to sunday",
    example: "last",
    mend: (found) => weekdaysByName[halfWidth(found)] ?? null,
  },
  unitKind: {
    zh: "leadership（局领导班子）、office（处室）或 grassroots（基层单位）",
    en: "leadership, office or grassroots",
    example: "grassroots",
    mend: (found) => kindsByName[halfWidth(found)] ?? null,
  },
  from: {
    zh: "person（个人提交）或 unit（单位报送）",
    en: "person or unit",
    example: "unit",
    mend: (found) =>
      /个人|职工/.test(halfWidth(found)) ? "person" : /单位/.test(halfWidth(found)) ? "unit" : null,
  },
  list: {
    zh: "一个列表",
    en: "a list",
    example: "[ … ]",
    mend: (found) => (typeof found === "string" ? `[${found.split(/[、，,;；\s]+/).join(", ")}]` : null),
  },
  someList: { zh: "至少有一项的列表", en: "a list with at least one entry", example: "[ … ]" },
  mapping: {
    zh: "“键: 值”（冒号用半角，后面空一格）",
    en: '"key: value" (ASCII colon, then a space)',
    example: "{ … }",
    mend: (found) =>
      typeof found === "string" && found.includes("：") ? found.replace(/：\s*/, ": ") : null,
  },
} satisfies Record<string, Expectation>;

export type ExpectationName = keyof typeof expectations;

/** Examples that say more than the kind alone, by key path without positions. */
export const examples: Record<string, string> = {
  campaign: "{ code: WHXDH, title: 大讨论活动, opens: 2012-11-12, closes: 2012-12-20 }",
  "campaign.code": "WHXDH",
  "campaign.title": "“文化现代化，我们怎么办”大讨论活动",
  "campaign.opens": "2012-11-12",
  "campaign.closes": "2012-12-20",
  mailbox: "{ address: ideas@culture.example }",
  "mailbox.address": "ideas@culture.example",
  "mailbox.imap.host": "imap.culture.example",
  "smtp.host": "smtp.culture.example",
  "smtp.port": "465",
  units: "[ { code: library, name: 市图书馆, kind: grassroots } ]",
  "units[].name": "市图书馆",
  deliverables: "[ { code: golden-idea, name: 金点子, from: person } ]",
  "deliverables[].code": "golden-idea",
  "deliverables[].name": "金点子",
  "deliverables[].items[].code": "heritage-city",
  "deliverables[].items[].name": "国家历史文化名城建设申报工程",
  "deliverables[].items[].unit": "heritage-office",
  "deliverables[].owedBy": "[office, grassroots]",
  "phases[].code": "mobilise",
  "phases[].name": "动员部署，学习考察",
  "reminders.before": "[7, 3, 1]",
  "themes[].code": "service",
  "themes[].name": "公共服务",
  roster: "roster.csv",
  announcement: "announcement.txt",
};
