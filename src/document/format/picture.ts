// A picture of words: a scan, a photograph of a page, a fax of many pages.
import { type Aids, type DocumentText, noText, type Recognise, type Recognised } from "../document.ts";
import { pictureSize, tiffPageSizes } from "../picture/size.ts";
import { tiffPage } from "../picture/tiff.ts";
import { isWhole } from "../picture/whole.ts";
import { doubts, MAX_RECOGNISED, meanConfidence } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";

export async function readPicture(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  pictureSize(bytes);
  const inTiff = tiffPageSizes(bytes).length;
  const pages = Math.max(1, inTiff);
  if (!aids.recognise) return { ...noText, pages, unrecognised: pages };
  const warnings: string[] = [];
  const read =
    inTiff > 0
      ? await readPages(bytes, inTiff, aids.recognise, warnings)
      : [await aids.recognise({ encoded: bytes })];
  const text = read
    .map((one) => one.text)
    .filter(Boolean)
    .join("\n");
  if (!isWhole(bytes)) {
    if (text === "") throw new Unreadable("corrupt", "the picture is cut short");
    warnings.push("the picture is cut short");
  }
  const confidence = meanConfidence(read);
  warnings.push(...doubts(confidence));
  const isPartly = read.length < pages;
  return { ...noText, text, pages, warnings, confidence, pagesRead: isPartly ? read.length : null };
}

/** One damaged page does not cost the others; where all are, that is the answer. */
async function readPages(
  bytes: Uint8Array,
  pages: number,
  recognise: Recognise,
  warnings: string[],
): Promise<Recognised[]> {
  const read: Recognised[] = [];
  let failure: unknown = null;
  for (let page = 0; page < Math.min(pages, MAX_RECOGNISED); page++) {
    try {
      read.push(await recognise(tiffPage(bytes, page)));
    } catch (error) {
      failure ??= error;
      warnings.push(`page ${page + 1} could not be read: ${(error as Error).message}`);
    }
  }
  if (read.length === 0 && failure) throw failure;
  if (pages > MAX_RECOGNISED)
    warnings.push(`only the first ${MAX_RECOGNISED} of ${pages} pages were recognised`);
  return read;
}
