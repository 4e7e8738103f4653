// OpenDocument spreadsheets (.ods, .ots, flat .fods): read the same way as workbooks of Excel.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { odfContent, odfPictures, odfProperties, openOdf } from "./odf.ts";
import { OdsSheets } from "./ods-sheet.ts";
import { workbookText } from "./sheet-lines.ts";

export async function readOds(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = openOdf(bytes);
  const sheets = new OdsSheets();
  sheets.read(odfContent(parts));
  const pictures = () => odfPictures(bytes, sheets.pictures);
  return finished(sheets, odfProperties(parts.get("meta.xml")), pictures, aids);
}

export async function readFlatOds(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const sheets = new OdsSheets();
  sheets.read(bytes);
  return finished(sheets, odfProperties(bytes), () => [], aids);
}

async function finished(
  { sheets }: OdsSheets,
  properties: ReturnType<typeof odfProperties>,
  picturesIn: () => Uint8Array[],
  aids: Aids,
): Promise<DocumentText> {
  const hidden = sheets.filter(({ isHidden }) => isHidden);
  const warnings = hidden.map(({ name }) => `the sheet ${name} is hidden and was not read`);
  const read = workbookText(
    sheets.filter(({ isHidden }) => !isHidden),
    warnings,
  );
  const pictures = await readPictures(hangsOnPictures(read.text) ? picturesIn() : [], read.text, aids);
  return {
    ...noText,
    ...properties,
    ...pictures,
    ...read,
    text: [read.text, pictures.text].filter(Boolean).join("\n\n"),
    pagesRead: read.pagesRead ?? pictures.pagesRead,
    warnings: [...read.warnings, ...pictures.warnings],
  };
}
