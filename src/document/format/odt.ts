// OpenDocument texts (.odt, .ott and flat .fodt): paragraphs with their automatic numbers, tables, notes, margins.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, PICTURE_NAME, readPictures } from "../pictures.ts";
import { odfContent, odfProperties, openOdf } from "./odf.ts";
import { OdtStory } from "./odt-story.ts";

const MEDIA = /^(pictures|media)\/[^/]+$/;

export async function readOdt(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = openOdf(bytes);
  const content = odfContent(parts);
  const story = new OdtStory();
  const warnings: string[] = [];
  const styles = parts.get("styles.xml");
  try {
    if (styles) story.read(styles);
  } catch (error) {
    warnings.push(`styles.xml could not be read: ${(error as Error).message}`);
  }
  story.read(content);
  const pictures = () => {
    const members = openOdf(bytes, (name) => MEDIA.test(name) && PICTURE_NAME.test(name));
    return story.pictureNames.flatMap((name) => members.get(name) ?? []);
  };
  return finished(story, odfProperties(parts.get("meta.xml")), pictures, warnings, aids);
}

export async function readFlatOdt(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const story = new OdtStory();
  story.read(bytes);
  const pictures = () => story.pictureData.map((base64) => Buffer.from(base64, "base64"));
  return finished(story, odfProperties(bytes), pictures, [], aids);
}

async function finished(
  story: OdtStory,
  properties: ReturnType<typeof odfProperties>,
  picturesIn: () => Uint8Array[],
  warnings: string[],
  aids: Aids,
): Promise<DocumentText> {
  const text = story.text();
  const pictures = await readPictures(hangsOnPictures(text) ? picturesIn() : [], text, aids);
  return {
    ...noText,
    ...properties,
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n"),
    warnings: [...warnings, ...pictures.warnings],
  };
}
