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
  const isAligned = raster.pixels.byteOffset % 4 === 0;
  const pixels = isAligned ? raster.pixels : new Uint8ClampedArray(raster.pixels);
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
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
  const across = spans(raster.width, width);
  const down = spans(raster.height, height);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  const row = new Float32Array(raster.width * 4);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (let at = down.starts[y] as number; at < (down.starts[y + 1] as number); at++) {
      const part = down.parts[at] as number;
      const from = (down.places[at] as number) * row.length;
      for (let x = 0; x < row.length; x++)
        row[x] = (row[x] as number) + (raster.pixels[from + x] as number) * part;
    }
    for (let x = 0, to = y * width * 4; x < width; x++, to += 4) {
      let [red, green, blue] = [0, 0, 0];
      for (let at = across.starts[x] as number; at < (across.starts[x + 1] as number); at++) {
        const part = across.parts[at] as number;
        const from = (across.places[at] as number) * 4;
        red += (row[from] as number) * part;
        green += (row[from + 1] as number) * part;
        blue += (row[from + 2] as number) * part;
      }
      pixels[to] = red;
      pixels[to + 1] = green;
      pixels[to + 2] = blue;
    }
  }
  return { pixels, width, height };
}

/** Which old pixels make up each new one, and by what part: those of new pixel n from `starts[n]` to `starts[n + 1]`. */
function spans(old: number, wanted: number): { starts: Int32Array; places: Int32Array; parts: Float32Array } {
  const step = old / wanted;
  const starts = new Int32Array(wanted + 1);
  const places: number[] = [];
  const parts: number[] = [];
  for (let at = 0; at < wanted; at++) {
    starts[at] = places.length;
    // Where the picture grows, a new pixel lies between two old ones.
    const centre = (at + 0.5) * step;
    const reach = Math.max(step, 1) / 2;
    const from = Math.max(0, centre - reach);
    const to = Math.min(old, centre + reach);
    for (let place = Math.floor(from); place < to; place++) {
      places.push(place);
      parts.push((Math.min(to, place + 1) - Math.max(from, place)) / (to - from));
    }
  }
  starts[wanted] = places.length;
  return { starts, places: Int32Array.from(places), parts: Float32Array.from(parts) };
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
