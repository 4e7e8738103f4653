// The entry of the process that draws: facts in, a PNG out. Alone in it are echarts, the font and the canvas.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import type { PictureFacts } from "./facts.ts";
import { indexedPng } from "./indexed-png.ts";
import { FONT_FAMILY, layoutOf } from "./layout.ts";

// One file instead of six hundred: it is loaded in a tenth of the time.
const { init } = createRequire(import.meta.url)("echarts/dist/echarts.min.js") as typeof import("echarts");

/** Pixels a point: sharp on a telephone, and still a small file. */
const SHARPNESS = 2;

const FONT_FILE = "NotoSansHans-Regular.otf";
const font = join(
  dirname(fileURLToPath(import.meta.resolve("@embedpdf/fonts-sc"))),
  "..",
  "fonts",
  FONT_FILE,
);

function drawn(facts: PictureFacts): Uint8Array {
  if (!GlobalFonts.registerFromPath(font, FONT_FAMILY)) throw new Error(`the font cannot be read: ${font}`);
  const { option, width, height } = layoutOf(facts);
  const canvas = createCanvas(width * SHARPNESS, height * SHARPNESS);
  const chart = init(canvas as unknown as Parameters<typeof init>[0], null, {
    width,
    height,
    devicePixelRatio: SHARPNESS,
  });
  chart.setOption(option);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const png = indexedPng(pixels, canvas.width, canvas.height);
  chart.dispose();
  return png;
}

process.once("message", (facts: PictureFacts) => {
  process.send?.(drawn(facts), () => process.disconnect());
});
