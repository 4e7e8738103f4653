// Pages that are pictures, read by recognition and put where they stand among the others.
import type { Aids, DocumentText, Picture, Recognise } from "../document.ts";
import { mayHoldWords } from "../picture/decoration.ts";
import { doubts, MAX_RECOGNISED, meanConfidence } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { readZip } from "../zip.ts";
import type { Line } from "./page-phrases.ts";
import { lettersOf } from "./page-words.ts";

interface PicturedPage {
  number: number;
  lines: Line[];
}

/** Recognises as many pages as time allows. What is said of it goes into `read`, the words into the pages. */
export async function recognisePages<Page extends PicturedPage>(
  pages: Page[],
  picturesOf: (page: Page) => Promise<Picture[]>,
  recognise: Recognise,
  read: DocumentText,
): Promise<void> {
  const recognised: { text: string; confidence: number | null }[] = [];
  for (const page of pages.slice(0, MAX_RECOGNISED)) {
    try {
      const texts: string[] = [];
      for (const picture of await picturesOf(page)) {
        const found = await recognise(picture);
        recognised.push(found);
        texts.push(found.text);
      }
      const text = texts.filter(Boolean).join("\n");
      // The picture shows what the page says besides; where recognition found nothing, that is all there is.
      if (text !== "") page.lines = asLines(text);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      read.warnings.push(`page ${page.number} could not be recognised: ${error.message}`);
    }
  }
  read.unrecognised = 0;
  read.confidence = meanConfidence(recognised);
  read.warnings.push(...doubts(read.confidence));
  const left = pages.length - MAX_RECOGNISED;
  if (left <= 0) return;
  read.warnings.push(
    `only the first ${MAX_RECOGNISED} of ${pages.length} pages that are pictures were recognised`,
  );
  read.pagesRead = (read.pagesRead ?? read.pages ?? pages.length) - left;
}

/** A page with fewer letters and a large picture is a scan with a stamp or a heading. */
const FEW_LETTERS = 12;

/** Pages of a container whose words are in their pictures, which are members of it: counted, or recognised. */
export async function readPicturedPages(
  bytes: Uint8Array,
  pages: (PicturedPage & { pictures: string[] })[],
  read: DocumentText,
  { recognise }: Aids,
): Promise<void> {
  const silent = pages.filter(
    ({ lines, pictures }) => pictures.length > 0 && lettersOf(lines).length < FEW_LETTERS,
  );
  if (silent.length === 0) return;
  const wanted = new Set(silent.flatMap(({ pictures }) => pictures.map((name) => name.toLowerCase())));
  const images = readZip(bytes, (name) => wanted.has(name));
  const picturesOf = ({ pictures }: { pictures: string[] }) =>
    pictures.flatMap((name) => images.get(name) ?? []).filter(mayHoldWords);
  const worth = silent.filter((page) => picturesOf(page).length > 0);
  read.unrecognised = worth.length;
  if (!recognise || worth.length === 0) return;
  await recognisePages(
    worth,
    async (page) => picturesOf(page).map((encoded) => ({ encoded })),
    recognise,
    read,
  );
}

/** Recognition has put its lines in order: nothing of them is joined or moved. */
function asLines(text: string): Line[] {
  return text
    .split("\n")
    .map((line, at) => ({ text: line, x: 0, end: 0, y: at, size: 1, isRow: true, flow: 0 }));
}
