// A picture of words: a scan, a photograph of a page, a fax of many pages.
import { type Aids, type DocumentText, noText, type Recognised } from "../document.ts";
import { pictureSize, tiffPageSizes } from "../picture/size.ts";
import { tiffPage } from "../picture/tiff.ts";
import { doubts, MAX_RECOGNISED, meanConfidence } from "../pictures.ts";

export async function readPicture(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  pictureSize(bytes);
  const inTiff = tiffPageSizes(bytes).length;
  const pages = Math.max(1, inTiff);
  if (!aids.recognise) return { ...noText, pages, unrecognised: pages };
  const read: Recognised[] = [];
  for (let page = 0; page < Math.min(pages, MAX_RECOGNISED); page++)
    read.push(await aids.recognise(inTiff > 0 ? tiffPage(bytes, page) : { encoded: bytes }));
  const confidence = meanConfidence(read);
  const warnings = doubts(confidence);
  if (pages > read.length) warnings.push(`only the first ${read.length} of ${pages} pages were recognised`);
  return {
    ...noText,
    text: read
      .map(({ text }) => text)
      .filter(Boolean)
      .join("\n"),
    pages,
    warnings,
    confidence,
    pagesRead: pages > read.length ? read.length : null,
  };
}
