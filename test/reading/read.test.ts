// Parts of a mail become documents: once each, known ones not at all, attached mails entered.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { type Document, heldDocument, noText } from "../../src/document/document.ts";
import { readDocument } from "../../src/document/read.ts";
import type { Mail } from "../../src/message/mail.ts";
import { parseMail } from "../../src/message/parse.ts";
import { emptyMail } from "../../src/reading/empty-mail.ts";
import { type ReadParts, readParts } from "../../src/reading/read.ts";
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
    checkSenders: async () => [],
    recognise: (content: Uint8Array, hints: { inline: boolean }) => readDocument(content, hints),
    recognitionFault: async () => null,
    endRecognition: async () => {},
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

const zip = (members: Record<string, Uint8Array | string>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(members).map(([name, content]) => [
        name,
        typeof content === "string" ? strToU8(content) : content,
      ]),
    ),
  );
const hashOf = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

async function readAttached(
  content: Uint8Array,
  reader: Reader = countingReader(),
  known = nothingKnown,
): Promise<ReadParts> {
  return readParts(await parseMail(mailWith({ name: "a.zip", content })), reader, known);
}

/** "name status reason", members indented. */
function outline(parts: ReadParts["parts"], indent = ""): string[] {
  return parts.flatMap(({ part, document, children }) => [
    [indent + part.filename, document.status, document.reason].filter(Boolean).join(" "),
    ...outline(children, `${indent}  `),
  ]);
}

test("the files of an archive are its children, each with its own outcome; one read makes it read", async () => {
  const archive = zip({ "broken.doc": file("summary.doc").subarray(0, 900), "idea.docx": file("idea.docx") });
  const { parts, fresh } = await readAttached(archive);
  expect(outline(parts)).toEqual(["a.zip read", "  broken.doc held corrupt", "  idea.docx read"]);
  expect(fresh.get(hashOf(archive))).toMatchObject({ status: "read", children: [] });
  expect(fresh.get(hashOf(file("idea.docx")))).toMatchObject({ status: "read" });
  expect(parts[0]?.document.children).toEqual([]);
});

test.each<[string, Record<string, Uint8Array | string>, string]>([
  ["its first unreadable file", { "a.txt": "", "b.pdf": file("scan.pdf") }, "empty-file"],
  [
    "an unreadable file rather than one that need not be read",
    { "logo.png": Buffer.from("89504e470d0a1a0a00", "hex"), "b.pdf": file("scan.pdf") },
    "no-text",
  ],
  [
    "having no text, when nothing in it need be read",
    { "a.png": Buffer.from("89504e470d0a1a0a00", "hex") },
    "no-text",
  ],
])("an archive of which nothing was read is held for %s", async (_, members, reason) => {
  const archive = zip(members);
  const { parts, fresh } = await readAttached(archive);
  expect(parts[0]?.document).toMatchObject({ status: "held", reason });
  expect(parts[0]?.children).toHaveLength(Object.keys(members).length);
  expect(fresh.get(hashOf(archive))).toMatchObject({ status: "held", reason });
});

test("an archive seen before is opened again, and what is known in it is not read again", async () => {
  const archive = zip({ "idea.docx": file("idea.docx"), "new.txt": "a new line" });
  const first = await readAttached(zip({ "idea.docx": file("idea.docx") }));
  const stored = new Map([
    ...first.fresh,
    [hashOf(archive), { ...heldDocument("application/zip", "no-text"), members: 2 }],
  ]);
  const reader = countingReader();
  const { parts, fresh } = await readAttached(
    archive,
    reader,
    async (hashes: string[] = []) => new Map([...stored].filter(([hash]) => hashes.includes(hash))),
  );
  expect(outline(parts)).toEqual(["a.zip read", "  idea.docx read", "  new.txt read"]);
  expect(parts[0]?.children[0]?.document.text).toContain("夜间开放");
  expect(reader.asked).toBe(2);
  expect(fresh.has(hashOf(file("idea.docx")))).toBe(false);
});

test("archives within archives are opened three deep, the fourth is held", async () => {
  let archive = zip({ "last.txt": "the end" });
  for (const name of ["four.zip", "three.zip", "two.zip"])
    archive = zip({ [name]: archive, [`beside-${name}.txt`]: "read" });
  expect(outline((await readAttached(archive)).parts)).toEqual([
    "a.zip read",
    "  two.zip read",
    "    three.zip read",
    "      four.zip held too-large",
    "      beside-four.zip.txt read",
    "    beside-three.zip.txt read",
    "  beside-two.zip.txt read",
  ]);
});

test("an archive that holds itself ends", async () => {
  const content = zip({ "a.txt": "x" });
  const reader = {
    ...countingReader(),
    readDocument: async (): Promise<Document> => ({
      ...noText,
      status: "read",
      reason: null,
      mediaType: "application/zip",
      children: [{ filename: "r.zip", bytes: content.length, content }],
    }),
  };
  expect(outline((await readAttached(content, reader)).parts)).toEqual([
    "a.zip held too-large",
    "  r.zip held too-large",
    "    r.zip held too-large",
    "      r.zip held too-large",
  ]);
});

test("a document with words of its own is what they are; a file inside that could not be had says why", async () => {
  const content = file("idea.docx");
  const children = [
    { filename: "locked.doc", bytes: 9, content: new Uint8Array(), reason: "password-protected" as const },
    { filename: "empty.doc", bytes: 0, content: new Uint8Array() },
  ];
  const holding = (text: string) => ({
    ...countingReader(),
    readDocument: async (bytes: Uint8Array): Promise<Document> =>
      bytes.length === 0
        ? heldDocument("application/x-empty", "empty-file")
        : {
            ...noText,
            text,
            status: "read",
            reason: null,
            mediaType: "application/zip",
            children,
            members: 2,
          },
  });
  const inside = ["  locked.doc held password-protected", "  empty.doc held empty-file"];
  const own = await readAttached(content, holding("自己的话"));
  expect(outline(own.parts)).toEqual(["a.zip read", ...inside]);
  const none = await readAttached(content, holding(""));
  expect(outline(none.parts)).toEqual(["a.zip held password-protected", ...inside]);
  // Sent again it is opened again, whatever its format, since what it holds is not stored with it.
  const stored = none.fresh.get(hashOf(content)) as Document;
  expect(stored).toMatchObject({ members: 2, children: [] });
  const again = await readAttached(content, holding(""), async () => new Map([[hashOf(content), stored]]));
  expect(outline(again.parts)).toEqual(["a.zip held password-protected", ...inside]);
  expect(new Set(again.parts[0]?.children.map(({ part }) => part.sha256)).size).toBe(2);
});

test("what the archives of one mail hold is counted together, also when it is the same file", async () => {
  const many = zip(Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`${at}.txt`, "same"])));
  const reader = countingReader();
  const { parts } = await readAttached(zip({ "1.zip": many, "2.zip": many, "3.zip": many }), reader);
  expect(parts[0]?.children.map(({ document, children }) => [document.status, children.length])).toEqual([
    ["read", 900],
    ["read", 900],
    ["held", 0],
  ]);
  expect(parts[0]?.children[2]?.document.reason).toBe("too-large");
  expect(reader.asked).toBe(1 + 3 + 1);
});

test("a mail whose documents kill their children again and again is not tried to its end", async () => {
  const reader = countingReader();
  const readReally = reader.readDocument;
  reader.readDocument = async (content, hints) => {
    const document = await readReally(content, hints);
    return document.mediaType === "application/zip" ? document : heldDocument("application/pdf", "too-slow");
  };
  const members = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`${at}.txt`, `text ${at}`]));
  const { parts, fresh } = await readAttached(zip(members), reader);
  expect(parts[0]?.children.map(({ document }) => document.reason)).toEqual(Array(50).fill("too-slow"));
  expect(reader.asked).toBe(1 + 3);
  expect(fresh.size).toBe(1 + 3);
});

test("a mail kept in an archive is entered like an attached one", async () => {
  const inner = mailWith({ name: "idea.docx", content: file("idea.docx") });
  const { parts } = await readAttached(zip({ "inner.eml": inner }));
  expect(outline(parts)).toEqual(["a.zip read", "  inner.eml read", "    idea.docx read"]);
});

test("a sender is told that the bytes are not what the name says, and the name decides nothing else", async () => {
  // Not text, no known beginning: as the encryption of an office leaves a file.
  const unknown = Uint8Array.from({ length: 4_000 }, (_, at) => (at * 167 + (at >> 3) * 59) % 256);
  const reader = countingReader();
  const mail = await parseMail(
    mailWith(
      { name: "summary.doc", content: unknown },
      { name: "data.bin", content: unknown },
      { name: "summary.7z.002", content: unknown },
    ),
  );
  const { parts, fresh } = await readParts(mail, reader, nothingKnown);
  expect(parts.map(({ document }) => document.reason)).toEqual([
    "name-misleads",
    "format-unsupported",
    "split-archive",
  ]);
  expect([...fresh.values()].map(({ reason }) => reason)).toEqual(["format-unsupported"]);

  const { parts: again } = await readParts(mail, reader, async () => fresh);
  expect(again[0]?.document.reason).toBe("name-misleads");
  expect(reader.asked).toBe(1);
});
