// Text files in whatever charset their writer's system used.
import { decodeText } from "../../message/charset.ts";
import { type DocumentText, noText } from "../document.ts";

export async function readPlain(bytes: Uint8Array): Promise<DocumentText> {
  return { ...noText, text: decodeText(bytes) };
}
