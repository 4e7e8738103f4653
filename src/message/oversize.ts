// A mail too large to be fetched: its head tells who wrote and about what, and the rest was never seen (R15).
import type { Mail } from "./mail.ts";

/** The mail as its head shows it. Attachments and a body broken off at the cut are nobody's fault and are not reported. */
export function headOnly(mail: Mail, detail: string): Mail {
  const problems = mail.problems.filter(({ reason }) => reason !== "unparseable");
  return { ...mail, parts: [], problems: [...problems, { reason: "oversize", detail }] };
}
