// Where evidence can be looked up: the texts of a mail that each place means, so that nobody must believe a reason.
import type { ReadPart } from "../document/document.ts";
import type { Mail } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import { occurrencesOf } from "../text/occurrence.ts";
import type { Evidence, Place } from "./evidence.ts";

export interface Seen {
  mail: Mail;
  parts: ReadPart[];
}

/** Whatever the campaign itself knows (its calendar, the ledger's threads, what the office said) no mail can show. */
const OUTSIDE: Place[] = ["calendar", "thread", "office"];

function isOutside(where: Place): boolean {
  return OUTSIDE.includes(where);
}

/** The texts that a place means, as they were written; [] for what stands outside the mail. */
function textsAt(where: Place, { mail, parts }: Seen): string[] {
  const all = parts.flatMap(withChildren);
  const addresses = mail.from.map((one) => one.address);
  switch (where) {
    case "header":
      return Object.entries(mail.headers).flatMap(([name, values]) =>
        values.map((value) => `${name}: ${value.trim()}`),
      );
    // The writer of a forwarded letter is named in its text.
    case "sender-address":
    case "sender-domain":
      return [...addresses, mail.text];
    case "sender-name":
      return [...mail.from.map((one) => one.name), mail.text];
    case "roster":
      return [
        ...mail.from.flatMap(({ name, address }) => [address, name]),
        mail.subject,
        mail.text,
        ...all.flatMap(({ part, document }) => [part.filename, document.text]),
      ];
    case "subject":
      return [mail.subject];
    case "body":
    case "closing":
      return [mail.text];
    case "signature":
      return [newTextOf(mail.text).signature];
    case "document-title":
    case "document-text":
    case "document-closing":
      return all.map(({ document }) => document.text);
    case "document-properties":
      return all.flatMap(({ document }) => [document.title ?? "", document.author ?? ""]);
    // A large file that came as a link has its name in the body.
    case "filename":
      return [...all.map(({ part }) => part.filename), mail.text];
    case "calendar":
    case "thread":
    case "office":
      return [];
  }
}

function withChildren(read: ReadPart): ReadPart[] {
  return [read, ...read.children.flatMap(withChildren)];
}

/** Whether the words of a reason really stand where it says. */
export function isSeen({ where, words, also }: Evidence, seen: Seen): boolean {
  if (isOutside(where)) return words.trim() !== "";
  const texts = textsAt(where, seen);
  return [words, ...(also ?? [])].every((one) => texts.some((text) => occurrencesOf(one, text).length > 0));
}

/** Read top to bottom, as a person looks for it. */
const LOOKED_FOR: Place[] = [
  "subject",
  "body",
  "document-text",
  "filename",
  "sender-name",
  "document-properties",
];

/** Where words stand, the likeliest place first; [] for what the mail does not write so. */
export function placesOf(words: string, seen: Seen): Place[] {
  return LOOKED_FOR.filter((where) =>
    textsAt(where, seen).some((text) => occurrencesOf(words, text).length > 0),
  );
}
