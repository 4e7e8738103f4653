// What happens to a page on its way into a mail: scanners, telephones, stamps, compression. All from a fixed seed.
import { type Canvas, createCanvas, loadImage } from "@napi-rs/canvas";
import type { Raster } from "../../src/document/picture/raster.ts";

export interface Treatment {
  name: string;
  kind: "scan" | "photograph";
  dpi: number;
  treat(page: Raster, random: () => number): Raster;
  encode(page: Raster): Promise<Buffer>;
}

export async function decoded(png: Buffer | string): Promise<Raster> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  return rasterOf(canvas);
}

export const treatments: Treatment[] = [
  { name: "clean scan, 200 dpi", kind: "scan", dpi: 200, treat: (page) => page, encode: asPng },
  { name: "clean scan, 150 dpi", kind: "scan", dpi: 150, treat: (page) => page, encode: asPng },
  {
    name: "grey, noisy, 1.5° askew, JPEG 45, 150 dpi",
    kind: "scan",
    dpi: 150,
    treat: (page, random) =>
      worn(bent(page, { degrees: 1.5, perspective: 0 }, random), { grey: 205, noise: 28, blur: 1 }, random),
    encode: (page) => asJpeg(page, 45),
  },
  {
    name: "red stamps over the text, 200 dpi",
    kind: "scan",
    dpi: 200,
    treat: stamped,
    encode: (page) => asJpeg(page, 75),
  },
  {
    name: "black and white fax, 200 dpi",
    kind: "scan",
    dpi: 200,
    treat: (page, random) => threshold(worn(page, { grey: 235, noise: 40, blur: 1 }, random)),
    encode: asPng,
  },
  photograph("photograph, 8 MP, 7° askew", 245, { degrees: 7, perspective: 0.05, blur: 1, shadow: 0.4 }),
  photograph("photograph, 12 MP, −10° askew, steep", 300, {
    degrees: -10,
    perspective: 0.12,
    blur: 2,
    shadow: 0.5,
  }),
  photograph("photograph, 2 MP, 4° askew", 120, { degrees: 4, perspective: 0.06, blur: 0, shadow: 0.35 }),
  photograph("photograph, 5 MP, on its side", 190, { degrees: 93, perspective: 0.05, blur: 1, shadow: 0.3 }),
  photograph("photograph, 5 MP, upside down", 190, { degrees: 176, perspective: 0.05, blur: 1, shadow: 0.3 }),
];

function photograph(
  name: string,
  dpi: number,
  {
    degrees,
    perspective,
    blur,
    shadow,
  }: { degrees: number; perspective: number; blur: number; shadow: number },
): Treatment {
  return {
    name,
    kind: "photograph",
    dpi,
    treat: (page, random) =>
      worn(bent(page, { degrees, perspective }, random), { grey: 225, noise: 14, blur, shadow }, random),
    encode: (page) => asJpeg(page, 72),
  };
}

/** Turned, and seen from a slant: `perspective` is by what part the far edge looks shorter. On a brown desk. */
export function bent(
  page: Raster,
  { degrees, perspective }: { degrees: number; perspective: number },
  random: () => number,
): Raster {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const margin = perspective > 0 ? 1.06 : 1;
  const width = Math.round((Math.abs(page.width * cos) + Math.abs(page.height * sin)) * margin);
  const height = Math.round((Math.abs(page.width * sin) + Math.abs(page.height * cos)) * margin);
  const pixels = new Uint8ClampedArray(width * height * 4);
  const desk = perspective > 0 ? [112 + random() * 30, 84, 60] : [255, 255, 255];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const right = (x - width / 2) / (1 - perspective * (0.5 - y / height));
      const down = (y - height / 2) / (1 - perspective * 0.6 * (0.5 - x / width));
      const sourceX = right * cos + down * sin + page.width / 2;
      const sourceY = -right * sin + down * cos + page.height / 2;
      put(pixels, (y * width + x) * 4, page, sourceX, sourceY, desk);
    }
  }
  return { pixels, width, height };
}

function put(to: Uint8ClampedArray, at: number, page: Raster, x: number, y: number, desk: number[]): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const isInside = left >= 0 && top >= 0 && left + 1 < page.width && top + 1 < page.height;
  const [right, down] = [x - left, y - top];
  const from = (top * page.width + left) * 4;
  const look = (place: number) => page.pixels[place] as number;
  for (let channel = 0; channel < 3; channel++) {
    const place = from + channel;
    to[at + channel] = isInside
      ? (look(place) * (1 - right) + look(place + 4) * right) * (1 - down) +
        (look(place + page.width * 4) * (1 - right) + look(place + page.width * 4 + 4) * right) * down
      : (desk[channel] as number);
  }
  to[at + 3] = 255;
}

/** Paper that is not white, a lens that is not sharp, light that falls from one side, a sensor that is not quiet. */
export function worn(
  page: Raster,
  { grey, noise, blur, shadow = 0 }: { grey: number; noise: number; blur: number; shadow?: number },
  random: () => number,
): Raster {
  const { width, height } = page;
  let pixels = page.pixels;
  for (let round = 0; round < blur; round++) pixels = blurred(pixels, width, height);
  const out = new Uint8ClampedArray(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const x = (at / 4) % width;
    const y = Math.floor(at / 4 / width);
    const slope = 1 - shadow * (0.55 * (x / width) + 0.45 * (y / height));
    // The edge of a hand or a telephone between lamp and paper.
    const edge = shadow > 0 && x * 0.8 + y > (width + height) * 0.62 ? 1 - shadow * 0.35 : 1;
    const speck = (random() + random() + random() - 1.5) * noise;
    for (let channel = 0; channel < 3; channel++)
      out[at + channel] = (((pixels[at + channel] as number) * grey) / 255 + 12) * slope * edge + speck;
    out[at + 3] = 255;
  }
  return { pixels: out, width, height };
}

function blurred(pixels: Uint8ClampedArray, width: number, height: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(pixels);
  const row = width * 4;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * row + 4; at < y * row + row - 4; at++) {
      const around =
        (pixels[at - 4] as number) +
        (pixels[at + 4] as number) +
        (pixels[at - row] as number) +
        (pixels[at + row] as number);
      out[at] = ((pixels[at] as number) * 2 + around) / 6;
    }
  }
  return out;
}

function threshold(page: Raster): Raster {
  const pixels = new Uint8ClampedArray(page.pixels);
  for (let at = 0; at < pixels.length; at += 4)
    pixels.fill((pixels[at + 1] as number) > 150 ? 255 : 0, at, at + 3);
  return { ...page, pixels };
}

/** A round seal in red ink, as under every official paper, and a second one across the middle. */
function stamped(page: Raster): Raster {
  const canvas = createCanvas(page.width, page.height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(page.width, page.height);
  image.data.set(page.pixels);
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = "multiply";
  context.strokeStyle = context.fillStyle = "rgb(226, 60, 50)";
  const radius = page.width * 0.13;
  for (const [x, y] of [
    [0.68, 0.3],
    [0.35, 0.55],
  ] as const) {
    context.lineWidth = radius * 0.06;
    context.beginPath();
    context.arc(page.width * x, page.height * y, radius, 0, Math.PI * 2);
    context.stroke();
    context.font = `${radius * 1.1}px sans-serif`;
    context.textAlign = "center";
    context.fillText("★", page.width * x, page.height * y + radius * 0.35);
  }
  return rasterOf(canvas);
}

function rasterOf(canvas: Canvas): Raster {
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return { pixels: data, width, height };
}

export function canvasOf(page: Raster): Canvas {
  const canvas = createCanvas(page.width, page.height);
  const image = canvas.getContext("2d").createImageData(page.width, page.height);
  image.data.set(page.pixels);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

async function asPng(page: Raster): Promise<Buffer> {
  return canvasOf(page).toBuffer("image/png");
}

async function asJpeg(page: Raster, quality: number): Promise<Buffer> {
  return canvasOf(page).toBuffer("image/jpeg", quality);
}
