// OpenDocument presentations (.odp, .otp, flat .fodp): slide by slide, each with its notes and comments.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { Unreadable } from "../unreadable.ts";
import { odfProperties, openOdf } from "./odf.ts";
import { OdpSlides } from "./odp-slides.ts";

const PICTURES = /\.(jpe?g|png|bmp|tiff?|gif|webp)$/;

export async function readOdp(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = openOdf(bytes);
  const content = parts.get("content.xml");
  if (!content) throw new Unreadable("corrupt", "no content.xml");
  const slides = new OdpSlides();
  slides.read(content);
  const pictures = () => {
    const wanted = new Set(slides.pictures.map((name) => name.toLowerCase()));
    const media = openOdf(bytes, (name) => wanted.has(name) && PICTURES.test(name));
    return [...wanted].flatMap((name) => media.get(name) ?? []);
  };
  return finished(slides, odfProperties(parts.get("meta.xml")), pictures, aids);
}

export async function readFlatOdp(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const slides = new OdpSlides();
  slides.read(bytes);
  return finished(slides, odfProperties(bytes), () => [], aids);
}

async function finished(
  { slides }: OdpSlides,
  properties: ReturnType<typeof odfProperties>,
  picturesIn: () => Uint8Array[],
  aids: Aids,
): Promise<DocumentText> {
  const text = slides
    .map((lines) => lines.join("\n"))
    .filter(Boolean)
    .join("\n\n");
  const pictures = await readPictures(hangsOnPictures(text) ? picturesIn() : [], text, aids);
  return {
    ...noText,
    ...properties,
    ...pictures,
    text: [text, pictures.text].filter(Boolean).join("\n\n"),
    pages: slides.length || null,
  };
}
