// A page of words as a picture: what a scanner sends. Latin letters, in the one typeface that every checkout has.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";

const pdfjs = dirname(
  createRequire(createRequire(import.meta.url).resolve("pdf-parse")).resolve("pdfjs-dist/package.json"),
);
GlobalFonts.registerFromPath(join(pdfjs, "standard_fonts/LiberationSans-Regular.ttf"), "Scanned");

/** A PNG of these lines; each content differs, so that each is recognised for itself. */
export async function scanOf(...lines: string[]): Promise<Buffer> {
  // A page, not a strip: smaller pictures are taken for decoration.
  const canvas = createCanvas(1000, 1100 + lines.length * 60);
  const page = canvas.getContext("2d");
  page.fillStyle = "white";
  page.fillRect(0, 0, canvas.width, canvas.height);
  page.fillStyle = "black";
  page.font = "36px Scanned";
  for (const [at, line] of lines.entries()) page.fillText(line, 60, 110 + at * 60);
  // Not the asynchronous one, whose canvas may be collected while another thread still reads it.
  return canvas.toBuffer("image/png");
}
