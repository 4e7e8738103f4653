// What came of a ruling on what is owed, in words: what now holds for each thing, or why nothing was ruled and how to write it.
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import type { Ruled, RuledThing } from "../../deadline/office/rule.ts";
import type { NotRuled } from "../../deadline/office/ruled.ts";
import { dateOf, type PlainDate, type TimeOfDay, timeOfDay } from "../../text/dates.ts";
import type { RulingProblem } from "../../understand/ruling.ts";
import { asLine } from "../render.ts";
import { problemWords } from "./unclear.ts";

type Holding = Exclude<Ruled["result"], NotRuled>;

/** One line of the report to the office. */
export function ruledWords(
  { line, result }: Ruled,
  campaign: Campaign,
): { line: string; done: boolean; words: string } {
  const written = asLine(line, 200);
  if ("why" in result) return { line: written, done: false, words: notRuledWords(result, campaign) };
  const zh = campaign.locale === "zh-CN";
  const groups = Map.groupBy(
    result.things,
    (thing) => `${thing.obligation.deliverable}\n${holdingWords(result, thing, campaign)}`,
  );
  const words = [...groups].map(([key, things]) => {
    const said = key.slice(key.indexOf("\n") + 1);
    return `${thingsNamed(things, campaign)}${zh ? "：" : ": "}${said}`;
  });
  return { line: written, done: true, words: words.join(zh ? "；" : "; ") };
}

const NAMED = 4;

/** "市图书馆 · 书面总结", or how many where they are many. */
function thingsNamed(things: RuledThing[], campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const [first] = things.map(({ obligation }) => obligation);
  if (!first) return "";
  const name = deliverableOf(campaign, first.deliverable)?.name ?? first.deliverable;
  const units = [...new Set(things.map(({ obligation }) => unitName(obligation.unit, campaign)))];
  const items = things.flatMap(({ obligation }) =>
    itemName(obligation.deliverable, obligation.item, campaign),
  );
  if (units.length > NAMED || items.length > NAMED) {
    const few = units.slice(0, 2);
    if (items.length > 0) return zh ? `${name} ${items.length} 项` : `${items.length} of ${name}`;
    return zh
      ? `${few.join("、")}等 ${units.length} 个单位 · ${name}`
      : `${few.join(", ")} and others, ${units.length} in all · ${name}`;
  }
  const parts = items.length > 0 ? (zh ? `（${items.join("、")}）` : ` (${items.join(", ")})`) : "";
  return `${units.join(zh ? "、" : ", ")} · ${name}${parts}`;
}

/** What holds now: "延至 2012-12-28，原定 12-25". */
function holdingWords({ kind, revoked, scans }: Holding, thing: RuledThing, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const { obligation, force, changed } = thing;
  const say = (chinese: string, english: string) => (zh ? chinese : english);
  const joined = (words: string[]) => words.filter(Boolean).join(zh ? "，" : ", ");
  const due = obligation.dueOn === null ? null : dayWords(obligation.dueOn, obligation.dueTime);
  const until = due === null ? say("截止日期待定", "no date is set") : say(`截止 ${due}`, `due ${due}`);
  const again = changed ? "" : say("（原已如此，没有重复记录）", " (it was so already; nothing was added)");
  const isMet = obligation.metAt !== null;
  const met = isMet ? cameWords(obligation, campaign) : "";
  const stillOwed =
    obligation.state === "waived" ? say("免交", "waived") : joined([say("仍应交", "it is owed"), until]);
  switch (kind) {
    case "extension": {
      if (revoked) return `${joined([say("不延期", "not extended"), until, met])}${again}`;
      const announced = announcedWords(obligation.deliverable, obligation.dueOn, campaign);
      const original =
        announced === null
          ? say("原未定日期", "no date had been set")
          : say(`原定 ${announced}`, `announced for ${announced}`);
      const isOver = obligation.state === "overdue";
      const over = isOver ? say("这一天已过，仍算逾期", "that day is over: it is overdue") : "";
      return `${joined([say(`延至 ${due}`, `extended to ${due}`), original, met, over])}${again}`;
    }
    case "waiver":
      if (revoked) return `${isMet ? joined([say("不免交", "not waived"), met]) : stillOwed}${again}`;
      return `${joined([say("免交", "waived"), met])}${again}`;
    case "receipt": {
      if (revoked) {
        const left = isMet ? met : stillOwed;
        return `${joined([say("收到的记录已取消", "the receipt is taken back"), left])}${again}`;
      }
      const receipt = force.receipts.find(
        ({ receivedAt }) => +(receivedAt ?? 0) === +(obligation.metAt ?? 0),
      );
      const kept = force.receipts.reduce((count, one) => count + one.scans.length, 0);
      const files = kept > 0 ? say(`扫描件 ${kept} 份`, `${kept} scanned`) : "";
      const isLate = obligation.state === "met-late";
      const late = isLate ? joined([say("已逾期", "late"), until]) : "";
      // What came by mail before counts, and is named.
      const words = receipt ? "" : met;
      return `${joined([say("已收到", "received"), receiptWords(thing, campaign), files, words, late])}${scans > 0 && !changed ? "" : again}`;
    }
    default:
      return kind satisfies never;
  }
}

function receiptWords({ force }: RuledThing, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const first = force.receipts.toSorted((a, b) => +(a.receivedAt ?? 0) - +(b.receivedAt ?? 0))[0];
  if (!first?.receivedAt) return "";
  const by = { paper: zh ? "纸质 " : "on paper ", phone: zh ? "电话 " : "by phone ", other: "" };
  return `${first.receivedBy ? by[first.receivedBy] : ""}${instantWords(first.receivedAt, campaign)}`;
}

function cameWords({ metAt, metBy }: RuledThing["obligation"], campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  if (metAt === null) return "";
  const on = dateOf(metAt, campaign.timezone);
  const by = metBy?.startsWith(campaign.code) ? ` ${metBy}` : "";
  return zh ? `已于 ${on} 收到${by}` : `received on ${on}${by}`;
}

/** A day without a time was kept as its beginning. */
function instantWords(at: Date, { timezone }: Campaign): string {
  const time = timeOfDay(at, timezone);
  return `${dateOf(at, timezone)}${time === "00:00" ? "" : ` ${time}`}`;
}

const dayWords = (on: PlainDate, time: TimeOfDay | null) => (time === null ? on : `${on} ${time}`);
function announcedWords(deliverable: string, beside: PlainDate | null, campaign: Campaign): string | null {
  const announced = deliverableOf(campaign, deliverable);
  return announced?.due ? dayWords(shortDay(announced.due, beside), announced.dueTime) : null;
}

const shortDay = (on: PlainDate, beside: PlainDate | null) =>
  beside?.slice(0, 4) === on.slice(0, 4) ? on.slice(5) : on;

const unitName = (code: string, campaign: Campaign): string => unitOf(campaign, code)?.name ?? code;

function itemName(deliverable: string, item: string | null, campaign: Campaign): string[] {
  if (item === null) return [];
  return [deliverableOf(campaign, deliverable)?.items.find(({ code }) => code === item)?.name ?? item];
}

function notRuledWords(result: NotRuled, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const typeName = (code: string) => deliverableOf(campaign, code)?.name ?? code;
  switch (result.why) {
    case "unclear":
      return result.problems.map((one) => rulingProblem(one, campaign)).join(zh ? "；" : "; ");
    case "not-owed": {
      const [unit, type] = [unitName(result.unit, campaign), typeName(result.deliverable)];
      return zh ? `${unit}不用交${type}，没有改动` : `${unit} does not owe ${type}: nothing was changed`;
    }
    case "nobody-owes": {
      const type = typeName(result.deliverable);
      return zh ? `${type}不是单位应交的材料，没有改动` : `no unit owes ${type}: nothing was changed`;
    }
    case "item-needed": {
      const items = result.items.flatMap((item) => itemName(result.deliverable, item, campaign));
      const unit = unitName(result.unit, campaign);
      return zh
        ? `${unit}有 ${items.length} 项${typeName(result.deliverable)}，请写明是哪一项（${items.join("、")}），都要的写“全部”`
        : `${unit} owes ${items.length} of ${typeName(result.deliverable)}: name the one (${items.join(", ")}), or write “all”`;
    }
    case "item-unfit": {
      const name = itemName(result.deliverable, result.item, campaign).join("");
      const owner = result.unit === null ? "" : unitName(result.unit, campaign);
      return zh
        ? `“${name}”${owner ? `是${owner}起草的${typeName(result.deliverable)}` : "没有单位应交"}，与这一行其他的话不符`
        : `“${name}” is ${owner ? `${owner}'s ${typeName(result.deliverable)}` : "owed by nobody"}: the rest of the line says otherwise`;
    }
    case "not-later": {
      const on = dayWords(result.when.on, result.when.time);
      const announcedOn = announcedWords(result.deliverable, null, campaign);
      return zh
        ? `原定 ${announcedOn} 截止，${on} 并不更晚；要取消延期，请写“取消延期 …”`
        : `it is due on ${announcedOn}, and ${on} is no later; to take an extension back, write “cancel extension …”`;
    }
    case "not-yet":
      return zh
        ? `${result.on} 还没有到，不能记为已收到`
        : `${result.on} is still to come: it cannot have been received then`;
    case "contradicts": {
      const other = asLine(result.other, 80);
      return zh
        ? `与同一封信里的“${other}”不一致，两行都没有办`
        : `“${other}” in the same mail says otherwise: neither was done`;
    }
    default:
      return result satisfies never;
  }
}

function rulingProblem(problem: RulingProblem, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const owed = campaign.deliverables.filter(({ from }) => from === "unit").map(({ name }) => name);
  switch (problem.what) {
    case "not-understood": {
      const written = asLine(problem.written, 80);
      return zh
        ? `没看懂“${written}”；请照这样写：收到 单位 材料 纸质，延期 单位 材料 12-28，免交 单位 材料 原因=…`
        : `“${written}” was not understood; write: received UNIT DELIVERABLE on paper, extend UNIT DELIVERABLE 2012-12-28, waive UNIT DELIVERABLE why=…`;
    }
    case "unit-missing":
      return zh
        ? "没有写是哪个单位；所有应交的单位，写“全部”"
        : "it does not say which unit; for all that owe it write “all”";
    case "deliverable-missing":
      return zh
        ? `没有写是哪种材料：${owed.join("、")}`
        : `it does not say which deliverable: ${owed.join(", ")}`;
    case "date-missing": {
      const written = problem.written === null ? "" : asLine(problem.written, 40);
      if (zh)
        return `${written ? `“${written}”不是一个确定的日期，` : ""}请写明到哪一天，例如 12-28 或 12月28日17:00`;
      return `${written ? `“${written}” is no certain day; ` : ""}write the day, such as 2012-12-28 or 28 December 17:00`;
    }
    default:
      return problemWords(problem, campaign);
  }
}
