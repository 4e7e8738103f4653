// Parts of a mail become documents: once each, known ones not at all, attached mails entered.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Document } from "../../src/document/document.ts";
import { heldDocument } from "../../src/document/document.ts";
import { readDocument } from "../../src/document/read.ts";
import type { Mail } from "../../src/message/mail.ts";
import { parseMail } from "../../src/message/parse.ts";
import { emptyMail } from "../../src/reading/empty-mail.ts";
import { readParts } from "../../src/reading/read.ts";
import type { Reader } from "../../src/reading/reader.ts";

const file = (name: string) => readFileSync(join(import.meta.dirname, "../../fixtures/documents", name));
const nothingKnown = async () => new Map<string, Document>();

/** Reads in this process, and remembers what it was asked. */
function countingReader(): Reader & { asked: number } {
  const reader = {
    asked: 0,
    readMails: (raws: Uint8Array[]) => Promise.all(raws.map((raw) => parseMail(raw))),
    readDocument: (content: Uint8Array, hints: { inline: boolean }) => {
      reader.asked++;
      return readDocument(content, hints);
    },
    close: async () => {},
  };
  return reader;
}

interface Attachment {
  name: string;
  content: Uint8Array | string;
  type?: string;
}

let mails = 0;

function mailWith(...attachments: Attachment[]): Buffer {
  const boundary = `b${++mails}`;
  const parts = attachments.map(({ name, content, type = "application/octet-stream" }) =>
    type === "message/rfc822"
      ? `Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${content}`
      : `Content-Type: ${type}\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}`,
  );
  return Buffer.from(
    `From: a@lib.example\r\nTo: ideas@culture.example\r\nSubject: forwarded\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`,
  );
}

test("the same file attached twice is read once, and answered twice", async () => {
  const mail = await parseMail(
    mailWith(
      { name: "a.docx", content: file("idea.docx") },
      { name: "copy.docx", content: file("idea.docx") },
    ),
  );
  const reader = countingReader();
  const { parts, fresh } = await readParts(mail, reader, nothingKnown);
  expect(reader.asked).toBe(1);
  expect(parts.map(({ part, document }) => [part.filename, document.status])).toEqual([
    ["a.docx", "read"],
    ["copy.docx", "read"],
  ]);
  expect([...fresh.keys()]).toEqual([mail.parts[0]?.sha256]);
  expect(parts[0]?.part).not.toHaveProperty("content");
});

test("a file known by its hash is not read again", async () => {
  const mail = await parseMail(mailWith({ name: "a.docx", content: file("idea.docx") }));
  const reader = countingReader();
  const remembered = heldDocument("application/pdf", "no-text");
  const { parts, fresh } = await readParts(
    mail,
    reader,
    async (hashes) => new Map(hashes.map((hash) => [hash, remembered])),
  );
  expect(reader.asked).toBe(0);
  expect(parts[0]?.document).toBe(remembered);
  expect(fresh.size).toBe(0);
});

test("an attached mail is one part; its own attachments are its children", async () => {
  const inner = mailWith({ name: "idea.docx", content: file("idea.docx") }).toString("latin1");
  const mail = await parseMail(mailWith({ name: "inner.eml", content: inner, type: "message/rfc822" }));
  const { parts } = await readParts(mail, countingReader(), nothingKnown);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.document).toMatchObject({
    mediaType: "message/rfc822",
    status: "read",
    title: "forwarded",
  });
  expect(parts[0]?.document.text).toContain("see attachment");
  expect(parts[0]?.children.map(({ part, document }) => [part.filename, document.status])).toEqual([
    ["idea.docx", "read"],
  ]);
});

test("mails within mails are entered three deep, the fourth is held", async () => {
  let raw = mailWith({ name: "last.txt", content: "the end" });
  for (let depth = 0; depth < 4; depth++) {
    raw = mailWith({
      name: `m${"x".repeat(depth)}.eml`,
      content: raw.toString("latin1"),
      type: "message/rfc822",
    });
  }
  let { parts } = await readParts(await parseMail(raw), countingReader(), nothingKnown);
  const found: string[] = [];
  while (parts[0]) {
    found.push(parts[0].document.status);
    parts = parts[0].children;
  }
  expect(found).toEqual(["read", "read", "read", "held"]);
});

test("an attached mail that kills its child is held with the reason", async () => {
  const reader: Reader = {
    ...countingReader(),
    readMails: async (raws): Promise<Mail[]> =>
      raws.map(() => emptyMail({ reason: "too-slow", detail: "60000 ms" })),
  };
  const mail = await parseMail(
    mailWith({ name: "inner.eml", content: mailWith().toString("latin1"), type: "message/rfc822" }),
  );
  const { parts } = await readParts(mail, reader, nothingKnown);
  expect(parts[0]?.document).toMatchObject({ status: "held", reason: "too-slow" });
});
