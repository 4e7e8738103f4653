// DNS as a table, for tests of who really sent a mail; and mails signed as their senders' servers sign them.
import { generateKeyPairSync } from "node:crypto";
import nodemailer from "nodemailer";
import type { Resolve } from "../../src/reading/dns.ts";
import type { MailToBuild } from "./mails.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** The record under which a domain publishes the key that `signed` signs with. */
export const keyRecord = `v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`;

export interface PlayedNames {
  resolve: Resolve;
  /** Every question, as "TXT culture.example". */
  asked: string[];
}

/** "TXT culture.example" → its records, or the code of a failure; what is not there does not exist. */
export function playedNames(records: Record<string, unknown[] | string>): PlayedNames {
  const asked: string[] = [];
  const resolve: Resolve = async (name, type) => {
    asked.push(`${type} ${name}`);
    const found = records[`${type} ${name}`] ?? "ENOTFOUND";
    if (typeof found === "string") throw Object.assign(new Error(found), { code: found });
    return type === "TXT" ? found.map((text) => [text]) : found;
  };
  return { resolve, asked };
}

/** The mail as the server of `domain` hands it on. */
export async function signed(parts: MailToBuild, domain: string): Promise<Buffer> {
  const signer = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    dkim: { domainName: domain, keySelector: "s", privateKey },
  });
  const { message } = await signer.sendMail({ to: "ideas@culture.example", ...parts });
  return message as unknown as Buffer;
}

/** As our border hands it on to the mailbox. */
export function arrived(raw: Buffer, ip: string, returnPath: string, above: string[] = []): Buffer {
  const fields = [
    ...above,
    `Return-Path: <${returnPath}>`,
    `Received: from out.example (out.example [${ip}]) by mx.culture.example with ESMTPS; Mon, 23 Nov 2026 10:00:00 +0800`,
  ];
  return Buffer.concat([Buffer.from(fields.map((field) => `${field}\r\n`).join("")), raw]);
}
