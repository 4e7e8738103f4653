// Web pages, also Word's own "save as web page" named .doc: visible text, the cells of a row side by side.
import { decodeText } from "../../message/charset.ts";
import { htmlText } from "../../message/html.ts";
import { type DocumentText, noText } from "../document.ts";

export async function readHtml(bytes: Uint8Array): Promise<DocumentText> {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const html = decodeText(bytes, /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]);
  const title = /<title[^>]*>([^<]{1,500})/i.exec(html.slice(0, 65_536))?.[1];
  return { ...noText, text: htmlText(html), title: (title && htmlText(title)) || null };
}
