// One author's file of labelled letters: its form, and what no form can say (codes that exist, addresses nobody owns).
import { z } from "zod";
import type { Campaign } from "../../src/campaign/campaign.ts";

const code = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const words = z.string().min(1);
const READABLE = ["docx", "doc", "txt", "xlsx", "html", "htm", "rtf", "pdf", "jpg", "jpeg", "png"];

const member = z.strictObject({ filename: words, text: z.string() });

const attachment = z
  .strictObject({
    filename: words,
    text: z.string().optional(),
    encoding: z.enum(["gb18030", "gbk", "big5", "utf-8", "utf-16le"]).optional(),
    unreadable: z.enum(["password-protected", "corrupt", "empty", "no-text"]).optional(),
    members: z.array(member).min(1).optional(),
  })
  .refine((one) => [one.text, one.unreadable, one.members].filter((it) => it !== undefined).length === 1, {
    message: "exactly one of text, unreadable, members",
  })
  .refine(({ filename, members, unreadable }) => {
    const ending = endingOf(filename);
    return members ? ending === "zip" : unreadable ? true : READABLE.includes(ending);
  }, "a kind of file that can be made: .docx .doc .txt .xlsx .html .rtf .pdf .jpg, or .zip with members")
  .refine(({ filename, encoding }) => encoding === undefined || endingOf(filename) === "txt", {
    message: "encoding is for .txt",
  });

const submission = z.strictObject({
  type: code,
  unit: code.nullable().optional(),
  people: z.array(words).optional(),
  titleIncludes: words.optional(),
  item: code.nullable().optional(),
});

/** Which of several submissions a change is about, where the letter says so; not measured yet. */
const of = z.strictObject({ reference: words.optional(), title: words.optional() }).optional();

const correction = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("unit"), unit: code, of }),
  z.strictObject({ action: z.literal("type"), type: code, item: code.nullable().optional(), of }),
  z.strictObject({ action: z.literal("people"), people: z.array(words).min(1), of }),
  z.strictObject({ action: z.literal("title"), title: words, of }),
  z.strictObject({ action: z.literal("replace"), of }),
  z.strictObject({ action: z.literal("withdraw"), of }),
  z.strictObject({ action: z.literal("supplement"), of }),
]);

export const INTENTS = [
  "correct",
  "withdraw",
  "replace",
  "supplement",
  "thanks",
  "question",
  "answer",
  "submit",
  "unclear",
] as const;

const expectation = z.strictObject({
  origin: z.enum(["person", "auto-reply", "bounce", "receipt", "list", "own"]),
  outcome: z.enum(["filed", "held", "ignored", "automatic"]).optional(),
  reason: words.nullable().optional(),
  type: code.optional(),
  unit: code.nullable().optional(),
  unitAsRead: words.optional(),
  submissions: z.array(submission).optional(),
  corrections: z.array(correction).optional(),
  intent: z.enum(INTENTS).optional(),
});

const letter = z.strictObject({
  shows: words,
  arrived: z.iso.datetime({ offset: true }),
  from: z.strictObject({ name: z.string(), address: z.email() }),
  subject: z.string(),
  mailer: z.string().optional(),
  headers: z.record(z.string().regex(/^[!-9;-~]+$/), z.string()).optional(),
  inReplyTo: z.enum(["ours", "own"]).optional(),
  body: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(attachment).min(1).optional(),
  expect: expectation,
});

export const SPLITS = ["develop", "heldout"] as const;

export const authorFile = z.strictObject({
  organisation: code,
  style: words,
  /** By author, so that no style stands on both sides; only a file not yet taken in has none. */
  split: z.enum(SPLITS).optional(),
  letters: z.array(letter).min(1),
});

export type AuthorFile = z.infer<typeof authorFile>;
export type Letter = z.infer<typeof letter>;
export type Attachment = z.infer<typeof attachment>;
export type Expectation = z.infer<typeof expectation>;
export type ExpectedSubmission = z.infer<typeof submission>;
export type ExpectedCorrection = z.infer<typeof correction>;
export type Intent = (typeof INTENTS)[number];

export function endingOf(filename: string): string {
  return /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? "";
}

const TALK = ["correction", "question", "other"];

/** What is wrong with labels whose form is right; one line each, led by the letter's number. */
export function labelProblems(file: AuthorFile, campaign: Campaign): string[] {
  const units = new Set(campaign.units.map((unit) => unit.code));
  const deliverables = new Map(campaign.deliverables.map((one) => [one.code, one]));
  return file.letters.flatMap(({ expect, ...rest }, index) => {
    const problems: string[] = [];
    const unit = (found: string | null | undefined) => {
      if (found && !units.has(found)) problems.push(`no unit ${found}`);
    };
    const deliverable = (type: string | undefined, item: string | null | undefined) => {
      const found = type === undefined ? undefined : deliverables.get(type);
      if (type !== undefined && !found) problems.push(`no deliverable ${type}`);
      if (item && !found?.items.some((one) => one.code === item))
        problems.push(`${type} has no item ${item}`);
    };
    unit(expect.unit);
    if (expect.type !== undefined && !TALK.includes(expect.type)) deliverable(expect.type, undefined);
    for (const one of expect.submissions ?? []) {
      unit(one.unit);
      deliverable(one.type, one.item);
    }
    for (const one of expect.corrections ?? []) {
      if (one.action === "unit") unit(one.unit);
      if (one.action === "type") deliverable(one.type, one.item);
    }
    if (expect.outcome === "filed" && expect.submissions?.length === 0 && !expect.corrections?.length)
      problems.push("filed, but nothing to file and nothing to change");
    problems.push(...foreignAddresses(JSON.stringify(rest)));
    return problems.map((problem) => `#${index + 1} ${problem}`);
  });
}

/** Addresses that somebody may own. */
export function foreignAddresses(text: string): string[] {
  const found = text.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g);
  return [...found].map(([address]) => address).filter((address) => !/\.example$/i.test(address));
}
