// The shape of campaign.yaml: what may stand there, what may be left out and what then holds.
import { validate as isCron } from "node-cron";
import { z } from "zod";
import { WEEKLY_DAYS } from "./campaign.ts";
import {
  type ExpectationName,
  isDate,
  isDomain,
  isDue,
  isEmail,
  isTime,
  isTimezone,
  isWebAddress,
} from "./expected.ts";

/** Every error of the schema is the name of an expectation, so that the message can be worded in one place. */
const must = (name: ExpectationName) => ({ error: name });
const lowerCase = (text: string) => text.toLowerCase();

const text = z.string(must("text")).trim().min(1, must("text"));
const code = z.string(must("code")).regex(/^[\w-]{1,40}$/, must("code"));
const date = z.string(must("date")).refine(isDate, must("date"));
/** Kept as "2012-12-15" or "2012-12-15T17:00", which sort as text. */
const due = z
  .string(must("due"))
  .trim()
  .refine(isDue, must("due"))
  .transform((text) => text.replace(" ", "T"));
const time = z.string(must("time")).refine(isTime, must("time"));
const email = z.string(must("email")).trim().refine(isEmail, must("email")).transform(lowerCase);
const domain = z.string(must("domain")).trim().refine(isDomain, must("domain")).transform(lowerCase);
const host = z.string(must("host")).regex(/^[\w.:-]+$/, must("host"));
const port = z.int(must("port")).min(1, must("port")).max(65_535, must("port"));
const flag = z.boolean(must("boolean"));
const count = z.int(must("count")).min(1, must("count"));
/** Days that are counted one by one, over holidays: never more than a calendar can be searched for. */
const days = z.int(must("days")).min(1, must("days")).max(366, must("days"));
const unitKind = z.enum(["leadership", "office", "grassroots"], must("unitKind"));
const list = <Item extends z.ZodType>(item: Item) => z.array(item, must("list"));
const mapping = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, must("mapping"));

const megabyte = 1024 * 1024;
const byteUnits: Record<string, number> = { "": 1, k: 1024, m: megabyte, g: 1024 * megabyte };

/** "60 MB", "1.5g" or a plain number of bytes; anything else is left for the schema to refuse. */
function bytesOf(value: unknown): unknown {
  const parts = typeof value === "string" ? /^([\d.]+)\s*([kmg]?)i?b?$/i.exec(value.trim()) : null;
  if (!parts) return value;
  return Math.round(Number(parts[1]) * (byteUnits[(parts[2] ?? "").toLowerCase()] ?? 1));
}

const bytes = z.preprocess(bytesOf, z.int(must("bytes")).min(1, must("bytes")));

/** "18:00-08:30"; `none`, nothing at all or an empty text: no quiet hours. */
const quiet = z
  .union([z.null(), z.literal(["", "none"]), z.string().refine(isQuietHours, must("quiet"))], must("quiet"))
  .transform((value) => {
    const [from, to] = (value ?? "").split("-");
    return from && to ? { from, to } : null;
  });

function isQuietHours(value: string): boolean {
  const times = value.split("-");
  return times.length === 2 && times.every(isTime);
}

const contact = mapping({ name: text.optional(), email });

export const phaseSchema = mapping({ code, name: text, from: date, to: date });

export const unitSchema = mapping({
  code,
  name: text,
  aliases: list(text).default([]),
  kind: unitKind,
  staff: count.optional(),
  domains: list(domain).default([]),
  liaison: contact.optional(),
  head: contact.optional(),
  supervisor: contact.optional(),
});

export const itemSchema = mapping({
  code,
  name: text,
  aliases: list(text).default([]),
  unit: code,
  lead: contact.optional(),
});

export const deliverableSchema = mapping({
  code,
  name: text,
  aliases: list(text).optional(),
  from: z.enum(["person", "unit"], must("from")).optional(),
  owedBy: list(unitKind).optional(),
  opens: date.optional(),
  closes: date.optional(),
  due: due.optional(),
  items: list(itemSchema).default([]),
});

const imap = mapping({
  host,
  port: port.default(993),
  secure: flag.optional(),
  user: text.optional(),
  folder: text.default("INBOX"),
});

const mailbox = mapping({
  address: email,
  imap: imap.optional(),
  poll: z.string(must("cron")).refine(isCron, must("cron")).default("*/1 * * * *"),
  idle: flag.default(true),
  sent: z.union([text, z.literal(false).transform(() => "off")], must("sent")).default("auto"),
  authserv: list(text.transform(lowerCase)).default([]),
  authservBelow: flag.default(false),
  hops: count.optional(),
  verify: flag.default(false),
  maxBytes: bytes.default(60 * megabyte),
  answerFrom: date.optional(),
});

const smtp = mapping({
  host,
  port: port.default(465),
  secure: flag.optional(),
  user: text.optional(),
  perHour: count.default(200),
  connections: count.default(5),
  mailFrom: z
    .union([z.null().transform(() => "null"), z.literal(["account", "null"]), email], must("mailFrom"))
    .default("account"),
  copyToSelf: flag.default(false),
});

const office = mapping({
  name: text.optional(),
  members: list(contact).default([]),
  digest: time.default("17:30"),
  weekly: z.enum(WEEKLY_DAYS, must("weekly")).default("last"),
});

const reminders = mapping({
  before: list(days).default([7, 3, 1]),
  overdue: mapping({
    liaison: count.default(1),
    head: count.default(3),
    supervisor: count.default(5),
    every: count.default(2),
  }).prefault({}),
  workingDaysOnly: flag.default(true),
  quiet: quiet.default({ from: "18:00", to: "08:30" }),
  clarifyWithin: days.optional(),
});

/** Days after the campaign closes; null: for ever. */
const kept = (byDefault: number | "keep") =>
  z
    .union([z.literal("keep"), z.int().min(0).max(36_500)], must("retention"))
    .default(byDefault)
    .transform((value) => (value === "keep" ? null : value));

const retention = mapping({
  automatic: kept(365),
  held: kept(365),
  mail: kept(365),
  attachments: kept(365),
  notices: kept(365),
  people: kept(365),
  submissions: kept("keep"),
});

const watch = mapping({
  tell: list(contact).default([]),
  url: z.string(must("url")).refine(isWebAddress, must("url")).optional(),
  inside: flag.default(false),
  mail: mapping({ to: email, every: days.default(24) }).optional(),
});

const weight = z.number(must("weight")).positive(must("weight"));

const review = mapping({
  criteria: list(mapping({ code, name: text, weight: weight.default(1) })).optional(),
  forum: count.default(10),
});

export const headingSchema = mapping({
  code,
  title: text,
  locale: z.enum(["zh-CN", "en"], must("locale")).default("zh-CN"),
  timezone: z.string(must("timezone")).refine(isTimezone, must("timezone")).default("Asia/Shanghai"),
  opens: date,
  closes: date,
});

export const campaignSchema = mapping({
  campaign: headingSchema,
  phases: list(phaseSchema).default([]),
  mailbox,
  smtp: smtp.optional(),
  office: office.prefault({}),
  units: list(unitSchema).min(1, must("someList")),
  roster: text.optional(),
  announcement: text.optional(),
  deliverables: list(deliverableSchema).min(1, must("someList")),
  themes: list(mapping({ code, name: text, keywords: list(text).default([]) })).default([]),
  reminders: reminders.prefault({}),
  clarifyWithin: days.optional(),
  review: review.prefault({}),
  retention: retention.prefault({}),
  autoFileAt: z
    .number(must("confidence"))
    .min(0.5, must("confidence"))
    .max(1, must("confidence"))
    .default(0.9),
  holidays: mapping({ off: list(date).default([]), working: list(date).default([]) }).prefault({}),
  templates: text.optional(),
  watch: watch.prefault({}),
});

/**
 * The keys of one entry that are right by themselves: what the checks across entries look at, so that one mistake
 * does not hide another.
 */
export function soundKeys<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  written: unknown,
): Partial<z.output<z.ZodObject<Shape>>> {
  const entry = (written ?? {}) as Record<string, unknown>;
  const keys = Object.entries(schema.shape).map(([key, of]) => [key, z.safeParse(of, entry[key]).data]);
  return Object.fromEntries(keys);
}

export type CampaignFile = z.output<typeof campaignSchema>;
export type UnitEntry = z.output<typeof unitSchema>;
export type DeliverableEntry = z.output<typeof deliverableSchema>;
export type ContactEntry = z.output<typeof contact>;

/** The keys that may stand at a place in the file; none where it is not a mapping. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: z.core.$ZodType | undefined = campaignSchema;
  for (const step of path) {
    const inner = bare(schema);
    if (inner instanceof z.ZodArray) schema = inner.element;
    else if (inner instanceof z.ZodObject) schema = inner.shape[String(step)];
    else return [];
  }
  const holder = bare(schema);
  return holder instanceof z.ZodObject ? Object.keys(holder.shape) : [];
}

/** A schema without what only says that it may be left out. */
function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap());
  }
  return schema;
}
