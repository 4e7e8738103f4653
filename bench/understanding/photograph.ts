// Words on a sheet of paper, photographed straight from above: what a telephone sends of a printed page.
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";

const SIZE = 30;
const WIDTH = 1240;
const MARGIN = 90;

export function photographOf(text: string, format: "jpeg" | "png"): Uint8Array {
  const family = chineseFamily();
  const each = Math.floor((WIDTH - 2 * MARGIN) / SIZE);
  const lines = text
    .replace(/^# /gm, "")
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${each}}`, "gu")) ?? [""]);
  const canvas = createCanvas(WIDTH, 2 * MARGIN + lines.length * SIZE * 1.7);
  const context = canvas.getContext("2d");
  context.fillStyle = "#f4f2ec";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#222";
  context.font = `${SIZE}px "${family}"`;
  for (const [at, line] of lines.entries()) context.fillText(line, MARGIN, MARGIN + (at + 1) * SIZE * 1.7);
  return format === "png" ? canvas.toBuffer("image/png") : canvas.toBuffer("image/jpeg", 85);
}

/** Without one the words would silently be boxes. */
function chineseFamily(): string {
  const families = GlobalFonts.families.map((one) => one.family);
  const found = families.find((family) => /CJK SC|SimSun|Song|WenQuanYi|PingFang|YaHei/i.test(family));
  if (!found) throw new Error("a photographed page needs a Chinese font: apt-get install fonts-noto-cjk");
  return found;
}
