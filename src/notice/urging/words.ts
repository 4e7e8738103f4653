// The record of urging in words: one step as the cells of a table, the same for a terminal and a file; pure.
import { type Campaign, type Contact, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import { dateOf, timeOfDay, writtenDue } from "../../text/dates.ts";
import { asLine } from "../render.ts";
import type { AnswerRow } from "./records.ts";
import type { Level, UrgedThing, Urging, UrgingOutcome } from "./urging.ts";

interface Words {
  columns: string[];
  kind: Record<Urging["kind"], string>;
  level: Record<Level, string>;
  outcome: Record<UrgingOutcome, string>;
  why: Record<string, string>;
}

const chinese: Words = {
  columns: [
    "日期",
    "发出",
    "单位",
    "类别",
    "层级",
    "主送",
    "抄送",
    "催办事项",
    "送达情况",
    "退信",
    "回信",
    "报送情况",
  ],
  kind: { reminder: "提醒", overdue: "逾期催办", escalation: "上报催办" },
  level: { liaison: "联络员", head: "负责人", supervisor: "分管领导" },
  outcome: {
    sent: "已发出",
    returned: "被退回",
    refused: "被拒收",
    unclear: "结果不明",
    waiting: "待发",
    dropped: "未发，已不需要",
    "held-back": "未发，暂缓或系统未运行",
    unreachable: "未发，没有联系邮箱",
  },
  why: {
    "mailbox-unread": "邮箱未能读取",
    "mail-waiting": "有来信尚在处理",
    "held-mail": "待人工的来信可能是该单位的",
  },
};

const english: Words = {
  columns: [
    "day",
    "sent",
    "unit",
    "kind",
    "level",
    "to",
    "cc",
    "about",
    "delivery",
    "returned",
    "answers",
    "came of it",
  ],
  kind: { reminder: "reminder", overdue: "overdue", escalation: "escalation" },
  level: { liaison: "liaison", head: "head", supervisor: "supervisor" },
  outcome: {
    sent: "sent",
    returned: "returned",
    refused: "refused",
    unclear: "unclear",
    waiting: "waiting",
    dropped: "not sent, no longer needed",
    "held-back": "not sent: held back, or the system did not run",
    unreachable: "not sent: no address",
  },
  why: {
    "mailbox-unread": "the mailbox could not be read",
    "mail-waiting": "mails were still being read",
    "held-mail": "a held mail may be theirs",
  },
};

const wordsOf = ({ locale }: Campaign) => (locale === "zh-CN" ? chinese : english);

export const urgingColumns = (campaign: Campaign): string[] => wordsOf(campaign).columns;
export const kindWords = (campaign: Campaign) => wordsOf(campaign).kind;
export const outcomeWords = (campaign: Campaign) => wordsOf(campaign).outcome;

/** In the order of `urgingColumns`. */
export function urgingCells(one: Urging, campaign: Campaign): string[] {
  const words = wordsOf(campaign);
  const lines = (all: string[]) => all.join(campaign.locale === "zh-CN" ? "；" : "; ");
  return [
    one.on,
    one.at === null ? "" : timeOfDay(one.at, campaign.timezone),
    unitOf(campaign, one.unit)?.name ?? one.unit,
    words.kind[one.kind],
    one.level === null ? "" : words.level[one.level],
    addressed(one.to),
    addressed(one.cc),
    lines(one.things.map((thing) => aboutWords(thing, campaign))),
    deliveryWords(one, campaign),
    one.returned === null ? "" : returnedWords(one.returned, campaign),
    lines(one.answers.map((answer) => answerWords(answer, campaign))),
    lines(one.things.flatMap((thing) => metWords(thing, campaign))),
  ];
}

function addressed(contacts: Contact[]): string {
  return contacts.map(({ name, email }) => `${asLine(name, 40)} <${email}>`.trim()).join(", ");
}

function aboutWords(
  { deliverable, item, dueOn, dueTime, wasOverdue }: UrgedThing,
  campaign: Campaign,
): string {
  const zh = campaign.locale === "zh-CN";
  const due = dueOn === null ? (zh ? "未定截止" : "no date") : writtenDue(dueOn, dueTime, campaign.locale);
  const state = wasOverdue ? (zh ? "，逾期" : ", overdue") : "";
  return `${thingName(deliverable, item, campaign)}${zh ? `（${due}截止${state}）` : ` (due ${due}${state})`}`;
}

function deliveryWords({ outcome, response }: Urging, campaign: Campaign): string {
  const { outcome: words, why } = wordsOf(campaign);
  const said = response === null ? "" : (why[response] ?? asLine(response, 200));
  return said === ""
    ? words[outcome]
    : `${words[outcome]}${campaign.locale === "zh-CN" ? `（${said}）` : ` (${said})`}`;
}

function returnedWords(
  { at, recipients, words }: NonNullable<Urging["returned"]>,
  campaign: Campaign,
): string {
  return asLine(`${local(at, campaign)} ${recipients.join(", ")}: ${words}`, 300);
}

function answerWords({ arrivedAt, from, subject, words, references }: AnswerRow, campaign: Campaign): string {
  const said = asLine(words, 80) || asLine(subject ?? "", 80);
  const filed = references.length > 0 ? ` → ${references.join(", ")}` : "";
  return `${local(arrivedAt, campaign)} ${asLine(from ?? "", 120)} “${said}”${filed}`;
}

function metWords({ deliverable, item, metAt, metBy, isLate }: UrgedThing, campaign: Campaign): string[] {
  if (metAt === null) return [];
  const zh = campaign.locale === "zh-CN";
  const by = metBy === "paper" ? (zh ? "纸质或电话" : "on paper or by phone") : (metBy ?? "");
  const late = isLate ? (zh ? "，逾期" : ", late") : "";
  return [`${thingName(deliverable, item, campaign)} ${local(metAt, campaign)} ${by}${late}`];
}

function thingName(deliverable: string, item: string | null, campaign: Campaign): string {
  const found = deliverableOf(campaign, deliverable);
  const name = found?.name ?? deliverable;
  return item === null ? name : `${name}：${found?.items.find(({ code }) => code === item)?.name ?? item}`;
}

const local = (at: Date, { timezone }: Campaign) => `${dateOf(at, timezone)} ${timeOfDay(at, timezone)}`;
