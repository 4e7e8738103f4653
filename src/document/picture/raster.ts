// Pixels of a picture, and the few ways they are turned, scaled and cut out before anything is recognised.

/** RGBA, row by row. */
export interface Raster {
  pixels: Uint8ClampedArray;
  width: number;
  height: number;
}

/** A strip of text where it lies in the picture: centre, reading direction (unit vector), length and thickness. */
export interface Strip {
  x: number;
  y: number;
  along: { x: number; y: number };
  length: number;
  thickness: number;
}

/** How a model wants a pixel's channels: (value / 255 − mean) / deviation, in the order blue, green, red. */
export interface Scaling {
  mean: [number, number, number];
  deviation: [number, number, number];
}

/** Turned clockwise by a quarter, a half or three quarters. */
export function turn(raster: Raster, quarters: 1 | 2 | 3): Raster {
  const { width, height } = raster;
  const isUpright = quarters === 2;
  const turned = { width: isUpright ? width : height, height: isUpright ? height : width };
  const from = new Uint32Array(raster.pixels.buffer, raster.pixels.byteOffset, width * height);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [tx, ty] =
        quarters === 1
          ? [height - 1 - y, x]
          : quarters === 2
            ? [width - 1 - x, height - 1 - y]
            : [y, width - 1 - x];
      to[ty * turned.width + tx] = from[y * width + x] as number;
    }
  }
  return { ...turned, pixels: new Uint8ClampedArray(to.buffer) };
}

/** Scaled to the size, each new pixel the mean of those it covers: thin strokes survive, moiré does not arise. */
export function scale(raster: Raster, width: number, height: number): Raster {
  if (width === raster.width && height === raster.height) return raster;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const acrossX = spans(raster.width, width);
  const acrossY = spans(raster.height, height);
  const row = new Float32Array(raster.width * 3);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const [line, part] of acrossY(y)) {
      for (let x = 0, at = line * raster.width * 4; x < row.length; x += 3, at += 4) {
        row[x] = (row[x] as number) + (raster.pixels[at] as number) * part;
        row[x + 1] = (row[x + 1] as number) + (raster.pixels[at + 1] as number) * part;
        row[x + 2] = (row[x + 2] as number) + (raster.pixels[at + 2] as number) * part;
      }
    }
    for (let x = 0; x < width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (const [column, part] of acrossX(x)) {
        red += (row[column * 3] as number) * part;
        green += (row[column * 3 + 1] as number) * part;
        blue += (row[column * 3 + 2] as number) * part;
      }
      pixels.set([red, green, blue, 255], (y * width + x) * 4);
    }
  }
  return { pixels, width, height };
}

/** Which old pixels make up a new one, and by what part each; between two of them where the picture grows. */
function spans(old: number, wanted: number): (at: number) => [at: number, part: number][] {
  const step = old / wanted;
  const table = Array.from({ length: wanted }, (_, at) => {
    const parts: [number, number][] = [];
    if (step <= 1) {
      const place = Math.max(0, Math.min(old - 1, (at + 0.5) * step - 0.5));
      const first = Math.floor(place);
      parts.push([first, 1 - (place - first)]);
      if (first + 1 < old) parts.push([first + 1, place - first]);
      return parts;
    }
    const [from, to] = [at * step, Math.min(old, (at + 1) * step)];
    for (let pixel = Math.floor(from); pixel < to; pixel++) {
      parts.push([pixel, (Math.min(to, pixel + 1) - Math.max(from, pixel)) / (to - from)]);
    }
    return parts;
  });
  return (at) => table[at] ?? [];
}

/** The whole picture as a model's input: three planes of numbers. */
export function planes(raster: Raster, scaling: Scaling): Float32Array {
  const { pixels, width, height } = raster;
  const area = width * height;
  const out = new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel++) {
    const factor = 1 / 255 / (scaling.deviation[channel] as number);
    const offset = (scaling.mean[channel] as number) / (scaling.deviation[channel] as number);
    for (let at = 0, from = 2 - channel; at < area; at++, from += 4)
      out[channel * area + at] = (pixels[from] as number) * factor - offset;
  }
  return out;
}

/** A strip cut out and laid straight, as a model's input of that width and height. */
export function cutOut(
  raster: Raster,
  strip: Strip,
  size: { width: number; height: number },
  scaling: Scaling,
): Float32Array {
  const { width, height } = size;
  const area = width * height;
  const out = new Float32Array(area * 3);
  const { along } = strip;
  const stepX = strip.length / width;
  const stepY = strip.thickness / height;
  // Where several pixels fall into one, look at more than one of them.
  const samples = Math.max(1, Math.min(4, Math.round(Math.max(stepX, stepY))));
  const factor = scaling.deviation.map((deviation) => 1 / 255 / deviation / (samples * samples));
  const offset = scaling.mean.map((mean, at) => mean / (scaling.deviation[at] as number));
  const sum = [0, 0, 0] as [number, number, number];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      sum.fill(0);
      for (let sample = 0; sample < samples * samples; sample++) {
        const right = (column + ((sample % samples) + 0.5) / samples) * stepX - strip.length / 2;
        const down = (row + (Math.floor(sample / samples) + 0.5) / samples) * stepY - strip.thickness / 2;
        look(
          raster,
          strip.x + along.x * right - along.y * down,
          strip.y + along.y * right + along.x * down,
          sum,
        );
      }
      const at = row * width + column;
      for (let channel = 0; channel < 3; channel++)
        out[channel * area + at] =
          (sum[2 - channel] as number) * (factor[channel] as number) - (offset[channel] as number);
    }
  }
  return out;
}

/** Adds the colour at a place between pixels; beyond the edge the edge goes on. */
function look(raster: Raster, x: number, y: number, sum: [number, number, number]): void {
  const { pixels, width, height } = raster;
  const left = Math.max(0, Math.min(width - 1, x - 0.5));
  const top = Math.max(0, Math.min(height - 1, y - 0.5));
  const x0 = Math.floor(left);
  const y0 = Math.floor(top);
  const right = left - x0;
  const down = top - y0;
  const toRight = x0 + 1 < width ? 4 : 0;
  const toDown = y0 + 1 < height ? width * 4 : 0;
  const at = (y0 * width + x0) * 4;
  for (let channel = 0; channel < 3; channel++) {
    const upper =
      (pixels[at + channel] as number) * (1 - right) + (pixels[at + toRight + channel] as number) * right;
    const lower =
      (pixels[at + toDown + channel] as number) * (1 - right) +
      (pixels[at + toDown + toRight + channel] as number) * right;
    sum[channel] = (sum[channel] as number) + upper * (1 - down) + lower * down;
  }
}
