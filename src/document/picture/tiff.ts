// The pages of a TIFF: fax and scanner software puts a whole letter into one file.
import utif from "utif2";
import { Unreadable } from "../unreadable.ts";
import type { Raster } from "./raster.ts";
import { checkBounds, tiffPageSizes } from "./size.ts";

/** One page as pixels, counted from 0. Throws `Unreadable` where its header promises too many. */
export function tiffPage(bytes: Uint8Array, page: number): Raster {
  const size = tiffPageSizes(bytes)[page];
  if (!size) throw new Unreadable("corrupt", `no page ${page + 1}`);
  checkBounds(size);
  const content = new Uint8Array(bytes).buffer;
  const directory = utif.decode(content).filter((found) => found.t256)[page];
  if (!directory) throw new Unreadable("corrupt", `no page ${page + 1}`);
  utif.decodeImage(content, directory);
  const { width, height } = directory;
  if (width !== size.width || height !== size.height) throw new Unreadable("corrupt", "two sizes");
  const pixels = new Uint8ClampedArray(utif.toRGBA8(directory));
  if (pixels.length !== width * height * 4) throw new Unreadable("corrupt", "fewer pixels than promised");
  return { pixels, width, height };
}
