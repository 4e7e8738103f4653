// Mails of a size or depth that nobody writes, each by another measure.
import { zipSync } from "fflate";
import type { Random } from "../support/random.ts";
import { phrase } from "./words.ts";

const FROM = "From: <u1@lib.culture.example>\r\nMIME-Version: 1.0\r\n";

export const giants: ((random: Random) => Buffer)[] = [
  (random) => parts(1_001, random),
  (random) => nested(2_000, "multipart", random),
  (random) => nested(300, "rfc822", random),
  (random) => text(random, `${"建议".repeat(200_000)}`),
  (random) => text(random, `${"a".repeat(1_200_000)}`),
  (random) => text(random, `建议：${" ".repeat(600_000)}x`),
  (random) => text(random, `${"> ".repeat(100_000)}\n${">".repeat(100_000)}`),
  (random) =>
    text(random, Array.from({ length: 4_000 }, (_, at) => `${at + 1}. 建议增设第${at}个借还点。`).join("\n")),
  (random) => text(random, Array.from({ length: 20_000 }, (_, at) => `WHXDH-${at}`).join(" ")),
  (random) => text(random, "在 2012年12月11日 写道：\n".repeat(8_000)),
  (random) => text(random, "<b>".repeat(100_000), "text/html"),
  (random) => text(random, `<table>${"<tr><td>".repeat(40_000)}`, "text/html"),
  (random) => text(random, `<p ${'a="'.repeat(60_000)}`, "text/html"),
  (random) => text(random, `${"&".repeat(400_000)}`, "text/html"),
  (random) => head(`Subject: ${phrase(random)}${"x".repeat(2_000_000)}`),
  (random) =>
    head(`Subject: ${`=?utf-8?B?${Buffer.from(phrase(random)).toString("base64")}?= `.repeat(3_000)}`),
  () => head(`To: ${Array.from({ length: 5_000 }, (_, at) => `U ${at} <u${at}@x.example>`).join(",\r\n ")}`),
  () => head(`References: ${"<r@x.example>\r\n ".repeat(6_000)}`),
  () => head(Array.from({ length: 20_000 }, (_, at) => `X-${at}: ${at}`).join("\r\n")),
  () => head(`Content-Type: text/plain${"; a=b".repeat(40_000)}`),
  () => head(`Content-Type: text/plain; name="${"\\".repeat(200_000)}`),
  () => head(`To: ${"(".repeat(100_000)}`),
  () => head(`To: ${'"'.repeat(99_999)}`),
  (random) => attached("names.zip", zipSync(many(1_900, random), { level: 1 })),
  (random) => attached("deep.zip", russian(12, random)),
];

function text(random: Random, words: string, type = "text/plain"): Buffer {
  const subject = Buffer.from(phrase(random)).toString("base64");
  return Buffer.from(
    `${FROM}Subject: =?utf-8?B?${subject}?=\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${words}`,
  );
}

function head(lines: string): Buffer {
  return Buffer.from(`${FROM}${lines}\r\n\r\n建议延长开放时间。`);
}

function parts(count: number, random: Random): Buffer {
  const part = (at: number) =>
    `--b\r\nContent-Disposition: attachment; filename="${at}.txt"\r\n\r\n${at}\r\n`;
  return Buffer.from(
    `${FROM}Subject: ${random.below(1e6)}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${Array.from({ length: count }, (_, at) => part(at)).join("")}--b--`,
  );
}

function nested(depth: number, kind: "multipart" | "rfc822", random: Random): Buffer {
  const level = (at: number) =>
    kind === "multipart"
      ? `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`
      : `Content-Type: message/rfc822\r\n\r\nFrom: <u${at}@x.example>\r\n`;
  const levels = Array.from({ length: depth }, (_, at) => level(at)).join("");
  return Buffer.from(`${FROM}Subject: ${random.below(1e6)}\r\n${levels}\r\n建议延长开放时间。`);
}

function many(count: number, random: Random): Record<string, Uint8Array> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `${at}${phrase(random).slice(0, 40)}.txt`,
      Buffer.from(`${at}`),
    ]),
  );
}

function russian(depth: number, random: Random): Uint8Array {
  let inner: Uint8Array = Buffer.from(phrase(random));
  for (let at = 0; at < depth; at++) inner = zipSync({ [`${at}.zip`]: inner });
  return inner;
}

function attached(name: string, bytes: Uint8Array): Buffer {
  const lines = Buffer.from(bytes).toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from(
    `${FROM}Subject: zip\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}`,
  );
}
