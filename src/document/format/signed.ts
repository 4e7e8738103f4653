// S/MIME mails whose signature encloses them (smime.p7m, RFC 8551 §3.5.2): what was signed is handed back.
import { safeName } from "../../message/filename.ts";
import { type DocumentText, noText } from "../document.ts";
import { pkcs7Of } from "../pkcs7.ts";
import { sniff } from "../sniff.ts";
import { Unreadable } from "../unreadable.ts";

/** What is signed is a part of a mail and lacks a mail's own headers: with these it is read as one. */
const AS_MAIL = "Message-ID: <signed@pkcs7.invalid>\r\nMIME-Version: 1.0\r\n";

export async function readSigned(bytes: Uint8Array): Promise<DocumentText> {
  const found = pkcs7Of(bytes);
  if (found.kind !== "signed") throw new Unreadable("corrupt", "nothing is enclosed");
  const isPart = /^content-[a-z-]+:/i.test(found.content.toString("latin1", 0, 200));
  const content = isPart ? Buffer.concat([Buffer.from(AS_MAIL), found.content]) : found.content;
  const filename = isPart ? "smime.eml" : safeName("", sniff(content), 1);
  return { ...noText, children: [{ filename, bytes: content.length, content }] };
}
