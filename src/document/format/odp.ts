// OpenDocument presentations (.odp, .otp, flat .fodp): slide by slide, each with its notes and comments.
import { type Aids, type DocumentText, noText } from "../document.ts";
import { hangsOnPictures, readPictures } from "../pictures.ts";
import { odfContent, odfPictures, odfProperties, openOdf } from "./odf.ts";
import { OdpSlides } from "./odp-slides.ts";

export async function readOdp(bytes: Uint8Array, aids: Aids): Promise<DocumentText> {
  const parts = openOdf(bytes);
  const slides = new OdpSlides();
  slides.read(odfContent(parts));
  const pictures = () => odfPictures(bytes, slides.pictures);
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
