// A message inside a message, written as an ordinary mail (RFC 5322): whoever reads mails reads it, with what it brings.
import type { DocumentChild } from "../document.ts";

export interface Letter {
  subject: string;
  senderName: string;
  senderAddress: string;
  body: string;
  attachments: DocumentChild[];
}

const BOUNDARY = "=_part-of-an-outlook-message";

export function asMail({ subject, senderName, senderAddress, body, attachments }: Letter): Buffer {
  const address = /^[\w.+-]+@[\w.-]+$/.test(senderAddress) ? ` <${senderAddress}>` : "";
  const lines = [
    `From: ${encodedWords(senderName || senderAddress || "unknown")}${address}`,
    `Subject: ${encodedWords(subject)}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    ...part("Content-Type: text/plain; charset=utf-8", Buffer.from(body)),
    ...attachments.flatMap(({ filename, content }) =>
      part(
        `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(filename.toWellFormed())}`,
        content,
      ),
    ),
    `--${BOUNDARY}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

function part(header: string, content: Uint8Array): string[] {
  const base64 = Buffer.from(content.buffer, content.byteOffset, content.length).toString("base64");
  return [
    `--${BOUNDARY}`,
    header,
    "Content-Transfer-Encoding: base64",
    "",
    base64.replace(/.{76}(?!$)/g, "$&\r\n"),
  ];
}

/** RFC 2047: at most 75 characters a word, none cut inside a character. */
function encodedWords(text: string): string {
  const pieces = [...text.toWellFormed().replace(/\s+/g, " ").slice(0, 500)];
  const words: string[] = [];
  for (let at = 0; at < pieces.length; at += 10) {
    words.push(`=?UTF-8?B?${Buffer.from(pieces.slice(at, at + 10).join("")).toString("base64")}?=`);
  }
  return words.join("\r\n ");
}
