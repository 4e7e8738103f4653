// Mails made by the grammar of mail and against it: headers, trees of parts, boundaries, encodings and charsets that may be
// right, wrong, missing, twice there or without end.
import iconv from "iconv-lite";
import { mutated } from "../../bench/documents/mutate.ts";
import type { Random } from "../support/random.ts";
import { giants } from "./giants.ts";
import { body, html, phrase } from "./words.ts";

export interface Seeds {
  /** Whole mails, as bytes. */
  mails: Buffer[];
  /** What is attached, by its name's extension. */
  files: { name: string; bytes: Buffer }[];
}

const CHARSETS = ["utf-8", "gbk", "gb18030", "big5", "utf-16le", "utf-16be", "latin1", "iso-2022-jp"];
const LABELS = [
  ...[
    "utf-8",
    "UTF-8",
    "gb2312",
    "gbk",
    "GB18030",
    "big5",
    "utf-16",
    "utf-7",
    "hz-gb-2312",
    "iso-2022-cn",
    "x",
  ],
  ...["", '"gb2312', "us-ascii", "iso-8859-1", "binary", "__proto__", "utf-8; x=y", "a".repeat(300), "\0"],
];
const ENCODINGS = [
  "7bit",
  "8bit",
  "base64",
  "quoted-printable",
  "binary",
  "x-uuencode",
  "BASE64",
  "",
  "base64 ",
  "gzip",
];
const CONTAINERS = [
  "mixed",
  "alternative",
  "related",
  "report; report-type=delivery-status",
  "signed",
  "digest",
  "x",
  "",
];
const LEAVES = [
  ...[
    "text/plain",
    "text/html",
    "application/octet-stream",
    "application/msword",
    "message/rfc822",
    "message/partial",
  ],
  ...[
    "message/delivery-status",
    "text/calendar",
    "application/ms-tnef",
    "image/png",
    "text",
    "/",
    "a/b/c",
    "text/plain\0",
  ],
];
const MACHINES = [
  ...["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <all.x.example>", "X-Autoreply: yes"],
  ...[
    "X-Failed-Recipients: a@x.example",
    "Return-Path: <>",
    "X-Jinbox-Oversize: 1",
    "X-Jinbox-Withheld: a;b",
  ],
  ...[
    "Disposition-Notification-To: <v@y.example>",
    "Authentication-Results: mx; dmarc=pass",
    "Sender: a@b.example",
  ],
];

export function grown(random: Random, seeds: Seeds): Buffer {
  const giant = random.below(120) === 0 ? random.pick(giants) : null;
  if (giant) return giant(random);
  const { type, content } = random.below(3) === 0 ? tree(random, seeds, 0) : leaf(random, seeds);
  const lines = header(random);
  lines.splice(random.below(lines.length + 1), 0, ...type);
  if (random.below(20) === 0) lines.splice(random.below(lines.length), 1);
  if (random.below(20) === 0) lines.push(random.pick(lines));
  if (random.below(30) === 0)
    lines.push(random.pick(["no colon", ": no name", "a b: c", "__proto__: x", "\0: x"]));
  const end = random.pick(["\r\n", "\r\n", "\r\n", "\n", "\r"]);
  const head = lines.map((line) => raw(random, line));
  const blank = random.below(40) === 0 ? "" : end;
  return Buffer.concat([...head.flatMap((line) => [line, Buffer.from(end)]), Buffer.from(blank), content]);
}

function header(random: Random): string[] {
  const id = `${random.below(1e9)}@${random.pick(["x.example", "lib.culture.example", "culture.example"])}`;
  const lines = [`From: ${address(random)}`, `Subject: ${words(random, phrase(random))}`];
  if (random.below(10) > 0) lines.push(`Message-ID: ${messageId(random, id)}`);
  if (random.below(10) > 0) lines.push(`Date: ${random.pick(DATES)}`);
  if (random.below(4) > 0)
    lines.push(`To: ${random.pick(["<ideas@culture.example>", address(random), ";", ""])}`);
  if (random.below(8) === 0) lines.push(`From: ${address(random)}`);
  if (random.below(8) === 0) lines.push(`Reply-To: ${address(random)}`);
  if (random.below(6) === 0) lines.push(`In-Reply-To: <${id}>`);
  if (random.below(6) === 0) lines.push(`References: ${`<${id}>\r\n `.repeat(random.below(60))}`);
  if (random.below(5) === 0) lines.push(random.pick(MACHINES));
  if (random.below(30) === 0)
    lines.push(...Array(random.below(140)).fill("Received: from a by b; Mon, 23 Nov 2026 10:00:00"));
  return lines;
}

const DATES = [
  ...[
    "Wed, 21 Nov 2012 09:00:00 +0800",
    "Thu, 01 Jan 1970 00:00:00 +0000",
    "Fri, 31 Dec 2099 23:59:59 -1200",
  ],
  ...[
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "31 Feb 2012 25:61:61 +9999",
    "2012-11-21",
    "明天",
    "",
    "0".repeat(900),
  ],
];

function address(random: Random): string {
  const local = random.pick(["zhang", "liaison", "", "a b", '"a@b"', "zhang".repeat(80), "张", "ideas"]);
  const domain = random.pick([
    "lib.culture.example",
    "museum.culture.example",
    "x.example",
    "",
    "[127.0.0.1]",
    "例.example",
  ]);
  const mailbox = random.pick([
    `<${local}@${domain}>`,
    `${local}@${domain}`,
    `<${local}@${domain}`,
    `<<${local}@${domain}>>`,
  ]);
  const shapes = [
    () => `${words(random, phrase(random))} ${mailbox}`,
    () => `${words(random, phrase(random))} <u${random.below(500)}@lib.culture.example>`,
    () => `<u${random.below(500)}@${random.pick(["lib", "museum"])}.culture.example>`,
    () => `"${phrase(random)}" ${mailbox}`,
    () => mailbox,
    () => `组: ${mailbox}, <b@x.example>;`,
    () => `${mailbox}, ${mailbox}`,
    () => "(".repeat(random.below(80)) + mailbox,
  ];
  return random.pick(random.below(3) > 0 ? shapes.slice(1, 3) : shapes)();
}

function messageId(random: Random, id: string): string {
  return random.pick([
    `<${id}>`,
    `<${id}>`,
    `<${id}>`,
    id,
    `<${"i".repeat(12_000)}${id}>`,
    "<>",
    `<a b\0${id}>`,
    "<same@x.example>",
  ]);
}

/** Encoded words right and wrong, whole and cut inside a character; or nothing encoded at all. */
function words(random: Random, text: string): string {
  const label = random.pick(LABELS);
  const bytes = encoded(random.pick(CHARSETS), text.slice(0, 300));
  const cut = random.below(bytes.length + 1);
  const word = (part: Buffer) => `=?${label}?B?${part.toString("base64")}?=`;
  const q = [...bytes].map((byte) => `=${byte.toString(16).padStart(2, "0")}`).join("");
  const shapes = [
    () => text,
    () => word(bytes),
    () => `${word(bytes.subarray(0, cut))}\r\n ${word(bytes.subarray(cut))}`,
    () => `=?${label}?Q?${q}?=`,
    () => `"${word(bytes)}"`,
    () => word(Buffer.from(word(bytes))),
    () => word(bytes).slice(0, -random.below(6)),
    () => `=?${label}?X?${text}?=`,
  ];
  return random.pick(shapes)();
}

function encoded(charset: string, text: string): Buffer {
  // iconv-lite has no escapes of Japan's; what it cannot write it writes as "?".
  return iconv.encode(text, charset === "iso-2022-jp" ? "shiftjis" : charset);
}

interface Part {
  type: string[];
  content: Buffer;
}

function leaf(random: Random, seeds: Seeds): Part {
  const which = random.below(10);
  if (which < 4) return file(random, seeds);
  const isHtml = which === 4;
  const text = isHtml ? html(random) : body(random);
  const type = isHtml ? "text/html" : random.below(6) === 0 ? random.pick(LEAVES) : "text/plain";
  const flowed = random.below(10) === 0 ? "; format=flowed; delsp=yes" : "";
  const lines = [`Content-Type: ${type}; charset=${random.pick(LABELS)}${flowed}`];
  return transferred(random, lines, encoded(random.pick(CHARSETS), text));
}

/** A document as somebody made it, or damaged on its way, called what it is or something else. */
function file(random: Random, seeds: Seeds): Part {
  const { name, bytes } = random.pick(seeds.files);
  const called = random.pick([
    name,
    `${phrase(random)}.${random.pick(["doc", "pdf", "exe", "zip"])}`,
    phrase(random),
  ]);
  const content = random.below(3) === 0 ? bytes : Buffer.from(mutated(bytes, random).bytes);
  const parameter = random.pick([
    () => `filename="${called}"`,
    () => `filename="${words(random, called)}"`,
    () => `filename*=${random.pick(LABELS)}''${percent(called)}`,
    () =>
      `filename*0*=${random.pick(["utf-8''", ""])}${percent(called.slice(0, 3))}; filename*1="${called.slice(3)}"`,
    () => `filename*1=b; filename*0=a; filename*999999999=c`,
    () => "filename=",
  ])();
  const lines = [
    `Content-Type: ${random.pick(LEAVES)}; name=${words(random, called)}`,
    `Content-Disposition: ${random.pick(["attachment", "inline", "x", ""])}; ${parameter}`,
  ];
  return transferred(random, lines, content, "base64");
}

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join("");
}

function transferred(random: Random, lines: string[], content: Buffer, usual = "8bit"): Part {
  const says = random.below(6) === 0 ? random.pick(ENCODINGS) : usual;
  const is = random.below(20) === 0 ? random.pick(ENCODINGS) : says;
  const type = says === "8bit" ? lines : [...lines, `Content-Transfer-Encoding: ${says}`];
  if (/base64/i.test(is)) {
    const text = content.toString("base64").replace(/.{76}/g, "$&\r\n");
    return {
      type,
      content: Buffer.from(random.below(12) === 0 ? text.slice(0, random.below(text.length + 1)) : text),
    };
  }
  if (is !== "quoted-printable") return { type, content };
  const quoted = content
    .toString("latin1")
    .replace(/[^\x21-\x3c\x3e-\x7e \r\n]/g, (c) => `=${c.charCodeAt(0).toString(16)}`);
  return { type, content: Buffer.from(random.below(4) === 0 ? `${quoted}=` : quoted, "latin1") };
}

/** Boundaries that are parents', prefixes of one another, empty, endless or never met. */
function tree(random: Random, seeds: Seeds, depth: number): Part {
  const boundary = random.pick([
    "b",
    `b${depth}`,
    `b${depth}`,
    "bb",
    "=_x'()+_,-./:=?",
    "b".repeat(100),
    "",
    " b ",
    "界",
  ]);
  const declared = random.pick([`"${boundary}"`, boundary, `"${boundary}"`, `"${boundary}`, "other"]);
  const type = [`Content-Type: multipart/${random.pick(CONTAINERS)}; boundary=${declared}`];
  const pieces: Buffer[] = [Buffer.from(random.below(5) === 0 ? body(random) : "")];
  for (let count = random.below(4); count >= 0; count--) {
    const isTree = depth < 5 && random.below(4) === 0;
    const part = isTree ? tree(random, seeds, depth + 1) : leaf(random, seeds);
    const head = random.below(12) === 0 ? "" : `${part.type.join("\r\n")}\r\n`;
    pieces.push(Buffer.from(`\r\n--${boundary}\r\n`), raw(random, head), Buffer.from("\r\n"), part.content);
  }
  if (random.below(6) > 0) pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return { type, content: Buffer.concat(pieces) };
}

/** Characters as the bytes of a charset, which a header only says where it is encoded. */
function raw(random: Random, line: string): Buffer {
  return random.below(5) === 0
    ? encoded(random.pick(["gbk", "gb18030", "big5", "latin1"]), line)
    : Buffer.from(line);
}

/** Whole mails with bytes changed, cut, doubled, or two of them grown together. */
export function bent(random: Random, seeds: Seeds): Buffer {
  const one = renamed(random, random.pick(seeds.mails));
  const which = random.below(8);
  if (which === 0) {
    const other = random.pick(seeds.mails);
    return Buffer.concat([
      one.subarray(0, random.below(one.length)),
      other.subarray(random.below(other.length)),
    ]);
  }
  if (which === 1) return lineBent(random, one);
  return Buffer.from(mutated(one, random).bytes);
}

/** What has the Message-ID of another mail is held for that alone: mostly it has one of its own. */
function renamed(random: Random, mail: Buffer): Buffer {
  if (random.below(8) === 0) return mail;
  const id = `Message-ID: <${random.below(1e9)}@x.example>`;
  return Buffer.from(
    mail.toString("latin1").replace(/^message-id:[^\n]*(?:\n[ \t][^\n]*)*/im, `${id}\r`),
    "latin1",
  );
}

/** One line is gone, there twice, or another mail's. */
function lineBent(random: Random, mail: Buffer): Buffer {
  const lines = mail.toString("latin1").split("\n");
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(Math.min(lines.length, 60));
    const change = random.below(3);
    if (change === 0) lines.splice(at, 1);
    else if (change === 1) lines.splice(at, 0, lines[random.below(lines.length)] as string);
    else lines[at] = Buffer.from(phrase(random)).toString("latin1");
  }
  return Buffer.from(lines.join("\n"), "latin1");
}
