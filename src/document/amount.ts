// How much was read of a document, in words: the acknowledgement, the console and the commands say the same.
import type { Locale } from "../campaign/campaign.ts";
import type { Document } from "./document.ts";
import { LOW_CONFIDENCE } from "./pictures.ts";

export type Amount = Pick<Document, "mediaType" | "pages" | "pagesRead" | "confidence"> & {
  /** Without spaces. */
  characters: number;
};

export function amountOf(document: Document): Amount {
  const { mediaType, pages, pagesRead, confidence } = document;
  return { mediaType, pages, pagesRead, confidence, characters: document.text.replace(/\s/gu, "").length };
}

/** "3 页，1,240 字", "共 12 页，识别出 3,450 字（由图像识别，可能有个别错字）"; "" where there is nothing to count. */
export function amountWords(amount: Amount, locale: Locale): string {
  return locale === "zh-CN" ? chinese(amount) : english(amount);
}

/** Whether so much of what was recognised may be wrong that a person should look at the original. */
export function isDoubtful({ confidence }: Pick<Document, "confidence">): boolean {
  return confidence !== null && confidence < LOW_CONFIDENCE;
}

/** What the office is told of such a document; "" of any other. */
export function doubtWords(amount: Pick<Document, "confidence">, locale: Locale): string {
  if (amount.confidence === null || !isDoubtful(amount)) return "";
  const percent = `${Math.floor(amount.confidence * 100)} %`;
  return locale === "zh-CN"
    ? `识别把握较低（${percent}），请核对原件`
    : `recognised with low confidence (${percent}): please check the original`;
}

/** What its sender is asked; "" where there is nothing to ask. */
export function clearerCopyWords(amount: Pick<Document, "confidence">, locale: Locale): string {
  if (!isDoubtful(amount)) return "";
  return locale === "zh-CN"
    ? "图像不够清晰，部分文字可能有误；如有 Word 文件，请一并发来，以便准确登记。"
    : "The picture is not very clear and some words may be wrong; if you have the Word file, please send it too.";
}

/** Asked of the sender of what was too long to be read to its end; "" of anything else. */
export function restWords(
  { pages, pagesRead }: Pick<Document, "pages" | "pagesRead">,
  locale: Locale,
): string {
  if (pages === null || pagesRead === null || pagesRead >= pages) return "";
  return locale === "zh-CN"
    ? "其余部分未读，如需登记全文，请发送 Word 文件，或拆成几份发送。"
    : "The rest was not read: for the full text please send the Word file, or several shorter ones.";
}

type Thing = "page" | "sheet" | "slide";

function thingOf({ mediaType }: Amount): Thing {
  if (/spreadsheet|ms-excel/u.test(mediaType)) return "sheet";
  return /presentation|powerpoint/u.test(mediaType) ? "slide" : "page";
}

const figure = (count: number) => count.toLocaleString("en-US");

/** One picture has no pages worth counting; of a long document only the beginning may have been read. */
function pagesOf(amount: Amount): { read: number; all: number } | null {
  const { mediaType, pages, pagesRead } = amount;
  if (pages === null && pagesRead === null) return null;
  if (mediaType.startsWith("image/") && (pages ?? 1) <= 1) return null;
  return { read: pagesRead ?? pages ?? 0, all: pages ?? 0 };
}

function chinese(amount: Amount): string {
  const counter = { page: "页", sheet: "个工作表", slide: "张幻灯片" }[thingOf(amount)];
  const counted = pagesOf(amount);
  const isRecognised = amount.confidence !== null;
  const parts: string[] = [];
  if (counted && counted.all > counted.read)
    parts.push(`只读了前 ${counted.read} ${counter}，共 ${counted.all} ${counter}`);
  else if (counted && counted.all > 0) parts.push(`${isRecognised ? "共 " : ""}${counted.all} ${counter}`);
  if (amount.characters > 0 && isRecognised)
    parts.push(`识别出 ${figure(amount.characters)} 字（由图像识别，可能有个别错字）`);
  else if (amount.characters > 0) parts.push(`${figure(amount.characters)} 字`);
  return parts.join("，");
}

function english(amount: Amount): string {
  const thing = thingOf(amount);
  const named = (count: number) => `${count} ${thing}${count === 1 ? "" : "s"}`;
  const counted = pagesOf(amount);
  const parts: string[] = [];
  if (counted && counted.all > counted.read)
    parts.push(`only the first ${counted.read} of ${named(counted.all)} read`);
  else if (counted && counted.all > 0) parts.push(named(counted.all));
  const characters = `${figure(amount.characters)} character${amount.characters === 1 ? "" : "s"}`;
  if (amount.characters > 0 && amount.confidence !== null)
    parts.push(`${characters} recognised from a picture (a few may be wrong)`);
  else if (amount.characters > 0) parts.push(characters);
  return parts.join(", ");
}
