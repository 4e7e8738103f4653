// Word 6 to 2003 documents (.doc, and .wps written by WPS; [MS-DOC]): body, notes, text boxes, headers, then comments.
import { type CompoundFile, openCompoundFile } from "../compound.ts";
import { type Aids, type DocumentText, noText } from "../document.ts";
import { readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { openWordFile, PART, type WordFile } from "./doc-file.ts";
import { readFonts } from "./doc-fonts.ts";
import { readLabels } from "./doc-lists.ts";
import { objectsOf } from "./doc-objects.ts";
import { oldLabels } from "./doc-old-labels.ts";
import { drawnWords, picturesOf } from "./doc-pictures.ts";
import { readPieces } from "./doc-pieces.ts";
import { type Changes, charactersWith, PLAIN_CHARACTERS } from "./doc-properties.ts";
import { characterRuns, paragraphRuns } from "./doc-runs.ts";
import { storyText, type WordText } from "./doc-story.ts";
import { readStyles } from "./doc-styles.ts";
import { readSummary } from "./summary.ts";

/** Separators of notes come first among the headers; then six for each section. */
const FIRST_HEADER = 6;
const MAX_HEADERS = 6_000;

export async function readDoc(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const file = openCompoundFile(bytes);
  const word = openWordFile(file);
  const text = wordText(word);
  const warnings = macrosIn(file) ? ["holds macros, which were not run"] : [];
  const last = text.pieces.at(-1)?.end ?? 0;
  const length = Object.values(word.lengths).reduce((sum: number, one: number) => sum + one, 0);
  const isCut = text.pieces.some(
    ({ at, start, end, bytesEach }) => at + (end - start) * bytesEach > word.main.length,
  );
  if (isCut || last < length) warnings.push("the file is cut short: what is left was read");
  const stories = storiesOf(word, text);
  stories.push(...drawnWords(word, text.pictures));
  if (isCut && stories.every((story) => story.trim() === ""))
    throw new Unreadable("corrupt", "the text is not in the file");
  const written = stories.join("\n");
  const pictures = await readPictures(picturesOf(word, text.pictures), written, aids);
  const summary = readSummary(file.read("\x05SummaryInformation", 65_536));
  return {
    ...noText,
    ...pictures,
    text: [written, pictures.text].filter(Boolean).join("\n"),
    children: objectsOf(file.storage("ObjectPool")),
    title: summary.title,
    author: summary.author,
    pages: summary.pages,
    warnings: [...warnings, ...pictures.warnings],
  };
}

function macrosIn(file: CompoundFile): boolean {
  return file.names.some((name) => name === "Macros" || name === "_VBA_PROJECT_CUR");
}

function wordText(word: WordFile): WordText {
  const { main, isOld } = word;
  const fonts = readFonts(word);
  const labels = readLabels(word);
  const oldLabel = oldLabels(fonts);
  const longChanges = (at: number): Changes | null => {
    const data = word.data();
    if (at + 2 > data.length) return null;
    return { bytes: data.subarray(at + 2, at + 2 + data.readUInt16LE(at)), isOld };
  };
  return {
    main,
    isOld,
    pieces: readPieces(word),
    characters: characterRuns(
      main,
      word.part(PART.characterPages),
      isOld,
      (changes) => charactersWith(PLAIN_CHARACTERS, changes),
      PLAIN_CHARACTERS,
    ),
    paragraphs: paragraphRuns(main, word.part(PART.paragraphPages), isOld),
    styles: readStyles(word),
    fonts,
    longChanges,
    data: () => word.data(),
    label: (paragraph) =>
      isOld ? oldLabel(paragraph) : paragraph.list ? labels(paragraph.list, paragraph.level ?? 0) : "",
    pictures: [],
  };
}

/** In reading order: what most documents only have one of comes first. */
function storiesOf(word: WordFile, text: WordText): string[] {
  const { lengths } = word;
  let end = 0;
  const next = (length: number): [number, number] => {
    end += length;
    return [end - length, end];
  };
  const body = next(lengths.body);
  const footnotes = next(lengths.footnotes);
  const headers = next(lengths.headers);
  next(lengths.macros);
  const comments = next(lengths.comments);
  const endnotes = next(lengths.endnotes);
  const textBoxes = next(lengths.textBoxes);
  const headerTextBoxes = next(lengths.headerTextBoxes);
  const read = ([from, to]: [number, number]) => (from < to ? storyText(text, from, to) : "");
  return [
    read(body),
    ...[footnotes, endnotes, textBoxes].map(read),
    ...marginsOf(word, headers[0], text),
    ...[headerTextBoxes, comments].map(read),
  ]
    .filter((story, index) => index === 0 || /\p{L}/u.test(story))
    .map((story) => story.trim());
}

/** Headers and footers, each once: first, odd and even pages often have the same. */
function marginsOf(word: WordFile, start: number, text: WordText): string[] {
  if (word.lengths.headers === 0) return [];
  const places = word.part(PART.headers);
  const count = Math.min(Math.floor(places.length / 4) - 1, MAX_HEADERS);
  const margins = new Set<string>();
  let read = 0;
  for (let index = word.isOld ? 0 : FIRST_HEADER; index < count; index++) {
    const from = places.readUInt32LE(index * 4);
    const to = Math.min(places.readUInt32LE(index * 4 + 4), word.lengths.headers);
    // In order and apart: else a damaged list would have the same text read thousands of times.
    if (from < read || from >= to) continue;
    margins.add(storyText(text, start + from, start + to).trim());
    read = to;
  }
  return [...margins].filter((margin) => /\p{L}/u.test(margin));
}
