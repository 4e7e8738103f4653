// Text files in whatever charset their writer's system used.
import { isAscii } from "node:buffer";
import { decodeText } from "../../message/charset.ts";
import { type DocumentText, noText } from "../document.ts";

/** Nobody says so of a file: the shifts into and out of HZ around pairs of the right rows say it (RFC 1843). */
const HZ = /~\{(?:[!-w][!-}]){2,}~\}/;

export async function readPlain(bytes: Uint8Array): Promise<DocumentText> {
  const isHz = isAscii(bytes) && HZ.test(Buffer.from(bytes).toString("latin1"));
  return { ...noText, text: decodeText(bytes, isHz ? "hz" : "") };
}
