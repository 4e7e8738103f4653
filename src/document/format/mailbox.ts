// Files of saved mails: a mailbox (mbox, RFC 4155) of many, Apple Mail's .emlx of one.
import { type DocumentChild, type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";

/** Whoever sends a mailbox sends it for a few mails; each costs what a mail costs. */
const MAX_MAILS = 50;
const SEPARATOR = /^From \S.*\d{4}\s*$/;

export async function readMbox(bytes: Uint8Array): Promise<DocumentText> {
  // Byte by byte: a mail is in whatever charset it says.
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1").split("\n");
  const starts = lines.flatMap((line, at) => {
    const isFirst = at === 0 || (lines[at - 1] as string).trim() === "";
    return isFirst && SEPARATOR.test(line) && /^[!-9;-~]+:/.test(lines[at + 1] ?? "") ? [at] : [];
  });
  if (starts.length === 0) throw new Unreadable("corrupt", "a mailbox without any mail");
  const children = starts.slice(0, MAX_MAILS).map((start, at): DocumentChild => {
    const mail = lines.slice(start + 1, starts[at + 1] ?? lines.length);
    // "From " at the beginning of a line was quoted on its way in.
    const content = Buffer.from(mail.map((line) => line.replace(/^>(>*From )/, "$1")).join("\n"), "latin1");
    return { filename: `${at + 1}.eml`, bytes: content.length, content };
  });
  const left = starts.length - children.length;
  const warnings = left > 0 ? [`only the first ${MAX_MAILS} of ${starts.length} mails were read`] : [];
  return { ...noText, children, warnings };
}

/** The length in a line of its own, the mail, then facts of Apple's. */
export async function readEmlx(bytes: Uint8Array): Promise<DocumentText> {
  const start = bytes.indexOf(10) + 1;
  const length = Number.parseInt(Buffer.from(bytes.subarray(0, start)).toString("latin1"), 10);
  const content = bytes.subarray(start, start + length);
  if (content.length === 0) throw new Unreadable("corrupt", "no mail behind its length");
  return { ...noText, children: [{ filename: "1.eml", bytes: content.length, content }] };
}
