// What comes wrapped: signed mails, saved mailboxes, Apple's documents, drawings. What is inside is handed on.
import { strToU8, zipSync } from "fflate";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { parseMail } from "../../src/message/parse.ts";

const read = (bytes: Uint8Array) => readDocument(bytes, { inline: false });

/** An element of X.690: long lengths, and `endless` ones that end in a mark. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), length, content]);
}
const endless = (tag: number, ...parts: Uint8Array[]) =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])]);
const oid = (hex: string) => der(6, Buffer.from(hex, "hex"));
const data = oid("2a864886f70d010701");
const version = der(2, Buffer.from([1]));

function signed(content: Uint8Array | null, element = der): Buffer {
  const enclosed = content
    ? element(
        0x30,
        data,
        element(0xa0, element(0x24, der(4, content.subarray(0, 9)), der(4, content.subarray(9)))),
      )
    : element(0x30, data);
  const body = element(0x30, version, der(0x31), enclosed, der(0x31));
  return element(0x30, oid("2a864886f70d010702"), element(0xa0, body));
}

const entity = Buffer.from(
  `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from("金点子见附件").toString("base64")}\r\n--x\r\nContent-Type: application/octet-stream; name=idea.txt\r\nContent-Disposition: attachment; filename=idea.txt\r\n\r\nidea\r\n--x--\r\n`,
);

test.each([
  ["definite lengths", signed(entity)],
  ["indefinite lengths, as most mail programs write", signed(entity, endless)],
])("a mail inside its own signature is handed on as a mail: %s", async (_, bytes) => {
  const document = await read(bytes);
  expect(document).toMatchObject({ status: "read", mediaType: "application/pkcs7-mime" });
  const mail = await parseMail(document.children[0]?.content as Uint8Array);
  expect(mail.text).toContain("金点子见附件");
  expect(mail.parts.map(({ filename }) => filename)).toEqual(["idea.txt"]);
});

test.each<[string, Uint8Array, string, string]>([
  ["a signature beside its mail", signed(null), "ignored", "machine-part"],
  [
    "a mail encrypted for somebody else",
    der(0x30, oid("2a864886f70d010703"), der(0xa0, data)),
    "held",
    "rights-managed",
  ],
  [
    "a mail packed in a way nobody uses",
    der(0x30, oid("2a864886f70d0109100109"), der(0xa0, data), Buffer.from("2a864886f70d0107010000", "hex")),
    "held",
    "format-unsupported",
  ],
])("%s", async (_, bytes, status, reason) => {
  expect(await read(bytes)).toMatchObject({ status, reason });
});

test("endless elements in each other end", async () => {
  const inside = Buffer.from("3080".repeat(20_000), "hex");
  const bytes = Buffer.concat([Buffer.from("3080", "hex"), oid("2a864886f70d010702"), inside]);
  expect(await read(bytes)).toMatchObject({ status: "ignored", reason: "machine-part" });
});

const mail = (subject: string, body: string) =>
  `From: a@b.example\nMessage-ID: <${subject}@b.example>\nSubject: ${subject}\nContent-Type: text/plain; charset=gbk\n\n${body}\n`;
const envelope = "From a@b.example Wed Dec  5 08:00:00 2012\n";

test("the mails of a mailbox are handed on, each in its own charset", async () => {
  const box = iconv.encode(
    `${envelope}${mail("one", "金点子\n\n>From 开头的一行")}\n${envelope}${mail("two", "第二封")}`,
    "gbk",
  );
  const document = await read(box);
  expect(document).toMatchObject({ status: "read", mediaType: "application/mbox", members: 2 });
  const mails = await Promise.all(document.children.map(({ content }) => parseMail(content)));
  expect(mails.map(({ subject, text }) => [subject, text.trim()])).toEqual([
    ["one", "金点子\n\nFrom 开头的一行"],
    ["two", "第二封"],
  ]);
});

test("of a large mailbox the first mails are read, and that is said", async () => {
  const box = Buffer.from(Array.from({ length: 70 }, (_, at) => envelope + mail(`m${at}`, "x")).join("\n"));
  const { children, warnings } = await read(box);
  expect(children).toHaveLength(50);
  expect(warnings).toEqual(["only the first 50 of 70 mails were read"]);
});

test("Apple's saved mail is handed on without what Apple put round it", async () => {
  const raw = mail("saved", "x");
  const { mediaType, children } = await read(
    Buffer.from(`${raw.length}\n${raw}<?xml version="1.0"?><plist/>`),
  );
  expect(mediaType).toBe("application/x-emlx");
  expect(Buffer.from(children[0]?.content ?? []).toString()).toBe(raw);
});

test("of Apple's documents the PDF they keep of themselves is handed on; else they are held", async () => {
  const iwork = (members: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(members).map(([name, content]) => [name, strToU8(content)])));
  const old = { "index.xml": "<x/>", "buildVersionHistory.plist": "x" };
  const withPreview = await read(iwork({ ...old, "QuickLook/Preview.pdf": "%PDF-1.4" }));
  expect(withPreview).toMatchObject({ status: "read", children: [{ filename: "Preview.pdf", bytes: 8 }] });
  const recent = { "Index/Document.iwa": "x", "Metadata/Properties.plist": "x", "preview.jpg": "x" };
  expect(await read(iwork(recent))).toMatchObject({ status: "held", reason: "format-unsupported" });
  expect(await read(iwork({ ...recent, ".iwpv2": "x" }))).toMatchObject({
    status: "held",
    reason: "password-protected",
  });
  // A web page saved as index.xml is none of Apple's.
  expect((await read(iwork({ "index.xml": "<x/>" }))).mediaType).toBe("application/zip");
});

test("the words of a drawing are read; without words it is decoration", async () => {
  const svg = (inner: string) =>
    Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`);
  const drawn = svg(
    "<title>流程图</title><style>text{fill:red}</style><text x='1'>市图书馆<tspan>报送</tspan></text><path d='M0 0'/><g><text>办公室 &amp; 审核</text></g>",
  );
  expect(await read(drawn)).toMatchObject({
    status: "read",
    title: "流程图",
    text: "市图书馆报送\n办公室 & 审核",
  });
  expect(await read(svg("<path d='M0 0'/>"))).toMatchObject({ status: "ignored", reason: "decoration" });
  expect(await readDocument(drawn, { inline: true })).toMatchObject({ status: "ignored" });
  const entities = Buffer.from(
    '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg><text>&a;</text></svg>',
  );
  const document = await read(entities);
  expect(JSON.stringify(document)).not.toContain("root:");
  expect(document).toMatchObject({ status: "held", reason: "corrupt" });
});
