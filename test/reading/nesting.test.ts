// Containers in containers, of whatever kind: entered three deep, counted together, and known again when sent again.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Document, ReadPart } from "../../src/document/document.ts";
import { readDocument } from "../../src/document/read.ts";
import { parseMail } from "../../src/message/parse.ts";
import { emptyMail } from "../../src/reading/empty-mail.ts";
import { readParts } from "../../src/reading/read.ts";
import type { Reader } from "../../src/reading/reader.ts";
import { quineZip } from "../document/quine.ts";
import { tarOf } from "../document/tar-builder.ts";
import { zipOf } from "../document/zip-builder.ts";

const containers = join(import.meta.dirname, "../../fixtures/containers");
const fixture = (name: string) => readFileSync(join(containers, name));

const reader: Reader = {
  readMails: (raws) => Promise.all(raws.map((raw) => parseMail(raw))),
  readDocument: (content, hints) => readDocument(content, hints),
  checkSenders: async () => [],
  recognise: (content, hints) => readDocument(content, hints),
  recognitionFault: async () => null,
  endRecognition: async () => {},
  close: async () => {},
};

async function readSent(filename: string, content: Uint8Array, known = new Map<string, Document>()) {
  const sha256 = createHash("sha256").update(content).digest("hex");
  const part = { filename, declaredType: "", bytes: content.length, sha256, inline: false, content };
  const mail = { ...emptyMail({ reason: "nothing-found", detail: "" }), parts: [part] };
  return readParts(mail, reader, async () => known);
}

/** "name status reason", members indented. */
function outline(parts: ReadPart[], indent = ""): string[] {
  return parts.flatMap(({ part, document, children }) => [
    [indent + part.filename, document.status, document.reason].filter(Boolean).join(" "),
    ...outline(children, `${indent}  `),
  ]);
}

function mailWith(name: string, content: Uint8Array): Buffer {
  return Buffer.from(
    `From: a@lib.example\r\nMessage-ID: <1@lib.example>\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n--b--\r\n`,
  );
}

test("a compressed tar in a mail in a ZIP is read to its files", async () => {
  const { parts } = await readSent(
    "a.zip",
    zipOf([{ name: "m.eml", content: mailWith("f.tgz", fixture("files.tgz")) }]),
  );
  expect(outline(parts)).toEqual([
    "a.zip read",
    "  m.eml read",
    "    f.tgz read",
    "      总结.txt read",
    "      金点子.txt read",
  ]);
});

test("whatever the kinds, the fourth container is not entered", async () => {
  const inner = zipOf([{ name: "deep.txt", content: "deep" }]);
  const content = tarOf({
    name: "m.eml",
    content: mailWith("b.tar", tarOf({ name: "c.zip", content: inner })).toString("latin1"),
  });
  const { parts } = await readSent("a.tar", content);
  expect(outline(parts).slice(0, 3)).toEqual(["a.tar read", "  m.eml read", "    b.tar held too-large"]);
  expect(outline(parts).at(-1)).toBe("      c.zip held too-large");
});

test("an archive whose only file is itself ends", async () => {
  const quine = quineZip();
  const { children } = await readDocument(quine, { inline: false });
  expect(Buffer.from(children[0]?.content as Uint8Array).equals(quine)).toBe(true);
  expect(outline((await readSent("r.zip", quine)).parts)).toEqual([
    "r.zip held too-large",
    "  r.zip held too-large",
    "    r.zip held too-large",
    "      r.zip held too-large",
  ]);
});

test("archives that multiply in archives are read until the mail's share is spent", async () => {
  const times = (name: string, content: Uint8Array | string, count: number) =>
    zipOf(Array.from({ length: count }, (_, at) => ({ name: `${at}${name}`, content })));
  const { parts } = await readSent("42.zip", times(".zip", times(".zip", times(".txt", "字", 16), 16), 16));
  const lines = outline(parts);
  expect(parts[0]?.document.status).toBe("read");
  expect(lines.filter((line) => line.endsWith("too-large")).length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThan(2_500);
});

test.each(["five.rar", "files.7z", "files.tgz", "winmail.dat"])(
  "%s sent again yields its files again, and they are known",
  async (name) => {
    const first = await readSent(name, fixture(name));
    const again = await readSent(name, fixture(name), first.fresh);
    expect(outline(again.parts)).toEqual(outline(first.parts));
    expect(again.parts[0]?.children.length).toBeGreaterThan(1);
  },
);
