// When two mails are one: the same sender, words and attachments, whatever the Message-ID says (R5).
import { createHash } from "node:crypto";
import type { ReadPart } from "../document/document.ts";
import type { Mail } from "../message/mail.ts";
import { normalize } from "../text/normalize.ts";

/** SHA-256 over sender, subject, new words and attachments; null for a mail with nothing in it to compare. */
export function contentKey(mail: Mail, newText: string, parts: ReadPart[]): Buffer | null {
  const attachments = parts
    .filter(({ document }) => document.reason !== "decoration")
    .map(({ part }) => part.sha256);
  const words = normalize(newText).replace(/\s+/g, "");
  if (words === "" && attachments.length === 0) return null;
  const hash = createHash("sha256");
  for (const piece of [
    mail.from.map(({ address }) => address).join(","),
    normalize(mail.subject).replace(/\s+/g, ""),
    words,
    ...attachments.sort(),
  ]) {
    hash.update(piece).update("\0");
  }
  return hash.digest();
}
