// Pictures inside a document: a scan pasted into Word is its text, a photograph in a report is not.
import type { Aids, DocumentText } from "./document.ts";
import { mayHoldWords } from "./picture/decoration.ts";
import { Unreadable } from "./unreadable.ts";

/** What a document with more words of its own says does not hang in its pictures. */
const FEW_CHARACTERS = 200;
/** Below it, one sign in ten and more is wrong. */
export const LOW_CONFIDENCE = 0.8;
/** Recognition takes seconds a page; the rest is left out, and that is said. */
export const MAX_RECOGNISED = 30;

export type PictureWords = Pick<
  DocumentText,
  "text" | "unrecognised" | "confidence" | "pagesRead" | "warnings"
>;

/** Members of a package that are pictures recognition can read, by their names in lower case. */
export const PICTURE_NAME = /\.(jpe?g|png|bmp|tiff?|gif|webp)$/;

/** Asked before a reader unpacks any picture. */
export function hangsOnPictures(text: string): boolean {
  return text.replace(/\s/gu, "").length <= FEW_CHARACTERS;
}

/** The words of the pictures of a document whose own text is `text`: recognised, or counted for later. */
export async function readPictures(pictures: Uint8Array[], text: string, aids: Aids): Promise<PictureWords> {
  const words: PictureWords = { text: "", unrecognised: 0, confidence: null, pagesRead: null, warnings: [] };
  const worth = pictures.filter(mayHoldWords);
  if (worth.length === 0 || !hangsOnPictures(text)) return words;
  if (!aids.recognise) return { ...words, unrecognised: worth.length };
  const read: { text: string; confidence: number | null }[] = [];
  for (const encoded of worth.slice(0, MAX_RECOGNISED)) {
    try {
      read.push(await aids.recognise({ encoded }));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      words.warnings.push(`a picture could not be read: ${error.message}`);
    }
  }
  if (worth.length > MAX_RECOGNISED) {
    words.warnings.push(`only the first ${MAX_RECOGNISED} of ${worth.length} pictures were recognised`);
    words.pagesRead = MAX_RECOGNISED;
  }
  words.text = read
    .map((one) => one.text)
    .filter(Boolean)
    .join("\n");
  words.confidence = meanConfidence(read);
  words.warnings.push(...doubts(words.confidence));
  return words;
}

/** What is said of words that were recognised with little certainty. */
export function doubts(confidence: number | null): string[] {
  const isLow = confidence !== null && confidence < LOW_CONFIDENCE;
  return isLow ? [`recognised with low confidence (${confidence.toFixed(2)})`] : [];
}

/** Weighted by how much each says. */
export function meanConfidence(read: { text: string; confidence: number | null }[]): number | null {
  const sure = read.filter((one) => one.confidence !== null && one.text !== "");
  const characters = sure.reduce((sum, one) => sum + one.text.length, 0);
  if (characters === 0) return null;
  return sure.reduce((sum, one) => sum + (one.confidence ?? 0) * one.text.length, 0) / characters;
}
