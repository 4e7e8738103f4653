// Rich text (.rtf, often named .doc): words in their code pages, tables, notes, comments, margins, pictures, objects.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { objectOfRtf } from "./embedded.ts";
import { pageText } from "./html.ts";
import { type Pieces, RtfReading } from "./rtf-reading.ts";

export async function readRtf(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const reading = new RtfReading(bytes);
  const text = reading.isHtml ? pageText(reading.html).text : reading.text();
  const scans = hangsOnPictures(text) ? reading.pictures.map((pieces) => fromHex(bytes, pieces)) : [];
  const pictures = await readPictures(scans, text, aids);
  const children = reading.objects.flatMap((pieces, at) => objectOfRtf(fromHex(bytes, pieces), at + 1) ?? []);
  const isNothing = text.trim() === "" && reading.pictures.length + children.length === 0;
  if (isNothing && !reading.isWhole) throw new Unreadable("corrupt", "cut short before any words");
  const { title, author, subject, operator, company } = reading.properties;
  return {
    ...noText,
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n"),
    title: title || null,
    author: author || null,
    pages: reading.pages,
    properties: Object.fromEntries(
      Object.entries({ company, modifiedBy: operator, subject }).filter(
        (entry): entry is [string, string] => !!entry[1],
      ),
    ),
    children,
    warnings: [...(reading.isWhole ? [] : ["the file is cut short"]), ...pictures.warnings],
  };
}

/** Of hexadecimal digits only, as they stand between line ends; an odd one out ends it. */
function fromHex(bytes: Uint8Array, pieces: Pieces): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const binary = pieces.filter(({ isBinary }) => isBinary);
  if (binary.length > 0) return Buffer.concat(binary.map(({ from, to }) => file.subarray(from, to)));
  const digits = pieces.map(({ from, to }) => file.toString("latin1", from, to)).join("");
  return Buffer.from(digits.replace(/\s+/g, ""), "hex");
}
