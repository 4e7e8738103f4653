// Web pages, also Word's own "save as web page" named .doc: visible text, the cells of a row side by side.
import { decodeText } from "../../message/charset.ts";
import { htmlText } from "../../message/html.ts";
import { type DocumentText, noText } from "../document.ts";
import { HtmlLists } from "./html-lists.ts";

/** Word writes its styles before anything else, but the charset before them. */
const HEAD_BYTES = 65_536;

export async function readHtml(bytes: Uint8Array): Promise<DocumentText> {
  return pageText(decodePage(bytes));
}

/** `declared` by what the page came in; the page's own word is asked where there is none. */
export function decodePage(bytes: Uint8Array, declared?: string): string {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  const own =
    /<meta[^>]{0,300}charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]{2,40})/i.exec(head)?.[1];
  // A page that could be asked is not in UTF-16, whatever it says (HTML §13.2.3.3).
  const label = declared ?? own ?? "";
  return decodeText(bytes, /^utf-?16/i.test(label) ? "" : label);
}

export function pageText(html: string): DocumentText {
  const head = html.slice(0, HEAD_BYTES);
  const title = /<title[^>]{0,300}>([^<]{1,500})/i.exec(head)?.[1];
  const author =
    /<meta\s{1,9}name\s{0,9}=\s{0,9}["']?author["']?\s{1,9}content\s{0,9}=\s{0,9}["']?([^"'>]{1,200})/i.exec(
      head,
    )?.[1] ?? /<o:Author>([^<]{1,200})/i.exec(head)?.[1];
  return {
    ...noText,
    text: htmlText(html, new HtmlLists()),
    title: (title && htmlText(title)) || null,
    author: (author && htmlText(author)) || null,
  };
}
