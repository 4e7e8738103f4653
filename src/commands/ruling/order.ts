// What stands on the command line of `receive`, `extend` and `waive` → an order in codes; what nobody is called is told.
import type { Campaign } from "../../campaign/campaign.ts";
import type { PlainDate } from "../../text/dates.ts";
import { type Knowledge, prepare } from "../../understand/knowledge.ts";
import { plainOf } from "../../understand/letter.ts";
import {
  type Changes,
  type NotResolved,
  readItem,
  readType,
  readUnit,
} from "../../understand/named-values.ts";
import type { RulingOrder } from "../../understand/ruling.ts";
import { type Toward, type When, whenAt } from "../../understand/ruling-date.ts";
import { plainLine } from "../../understand/ruling-line.ts";
import { EVERYBODY, type ReceivedBy, type RulingKind, WAYS } from "../../understand/ruling-words.ts";
import { type CommandInput, UsageError } from "../command.ts";

/** `date` is the place of the new date among the arguments, where there is one. */
export function orderOf(
  kind: RulingKind,
  { values, positionals }: CommandInput,
  campaign: Campaign,
  today: PlainDate,
): RulingOrder {
  const [units, thing, date] = positionals as [string, string, string | undefined];
  const knowledge = prepare(campaign);
  const order: RulingOrder = {
    ...{ line: "", at: 0, kind, revokes: values.undo === true, units: [], everybody: false },
    ...{ deliverables: [], items: [], when: null, by: null, byWritten: null, why: null, problems: [] },
  };
  for (const written of units.split(/[、,，;；]/).filter((name) => name.trim() !== "")) {
    if (EVERYBODY.includes(plainOf(written))) order.everybody = true;
    else order.units.push(named(readUnit(written, knowledge), "unit", written, campaign));
  }
  const type = readType(thing, knowledge);
  const deliverable = named(type, "type", thing, campaign);
  if ("item" in type && type.item !== undefined) order.items.push({ deliverable, item: type.item });
  else order.deliverables.push(deliverable);
  if (typeof values.item === "string") addItem(order, deliverable, values.item, knowledge);
  const when = kind === "receipt" ? values.on : date;
  if (typeof when === "string")
    order.when = whenWritten(when, today, kind === "receipt" ? "back" : "ahead", campaign);
  if (typeof values.by === "string") Object.assign(order, wayOf(values.by));
  if (typeof values.why === "string" && values.why.trim() !== "") order.why = values.why.trim();
  return order;
}

function addItem(order: RulingOrder, deliverable: string, written: string, knowledge: Knowledge): void {
  const read = readItem(written, knowledge);
  const item = named(read, "item", written, knowledge.campaign);
  const of = "type" in read ? read.type : undefined;
  if (of !== deliverable)
    throw new UsageError(`--item ${written}: 不是这种材料的分项 / it is of another deliverable`);
  order.deliverables = [];
  order.items = [{ deliverable, item }];
}

/** The one that was meant; else who could be, and nothing is done. */
function named(
  read: Changes | NotResolved,
  field: "unit" | "type" | "item",
  written: string,
  campaign: Campaign,
): string {
  const label = { unit: "单位 / unit", type: "材料 / deliverable", item: "分项 / item" }[field];
  if ("what" in read) {
    const nearest = "nearest" in read ? read.nearest : [];
    const why =
      read.what === "several-meant"
        ? "不止一个叫这个名字 / more than one is called that"
        : "没有这个名称 / none is called that";
    const owed = campaign.deliverables.filter(({ from }) => from === "unit");
    const all = { unit: campaign.units, type: owed, item: itemsOf(campaign) }[field];
    const meant = nearest.flatMap((name) => all.find((one) => one.name === name) ?? []);
    const shown = meant.length > 0 ? meant : all;
    const choices = shown.map(({ code, name }) => `  ${code}  ${name}`).join("\n");
    throw new UsageError(`${label} “${written}”：${why}\n可以写 / write one of:\n${choices}`);
  }
  const value = field === "unit" ? read.unit : read[field];
  if (typeof value === "string") return value;
  throw new UsageError(`${label} “${written}”：请写单位名称 / write a unit's name`);
}

const itemsOf = (campaign: Campaign) => campaign.deliverables.flatMap(({ items }) => items);

function whenWritten(written: string, today: PlainDate, toward: Toward, campaign: Campaign): When {
  const half = plainLine(written.trim());
  const read = whenAt(half, 0, today, toward, campaign.locale === "en");
  if (read?.is === "when" && read.end === half.length) return read.when;
  throw new UsageError(
    `${written}：请写确定的日期，如 2012-12-28 或 2012-12-28T16:00 / write a certain day, such as 2012-12-28 or 2012-12-28T16:00`,
  );
}

function wayOf(written: string): { by: ReceivedBy; byWritten: string } {
  const asked = plainOf(written);
  const way = WAYS.find(({ by, words }) => by === asked || words.some((one) => one.toLowerCase() === asked));
  if (way) return { by: way.by, byWritten: written };
  throw new UsageError(
    `--by ${written}: paper, phone, other / 请写 paper（纸质）、phone（电话）或 other（其他）`,
  );
}
