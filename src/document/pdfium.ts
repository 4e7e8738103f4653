// PDFium as WebAssembly: one engine a process, bounded in memory, and a new one after it broke down.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { init } from "@embedpdf/pdfium";

/** What is used of it (fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_annot.h, fpdf_attachment.h, fpdf_doc.h). */
type Call =
  | "FPDFAnnot_GetSubtype"
  | "FPDFDoc_GetAttachmentCount"
  | "FPDFFont_GetGlyphWidth"
  | "FPDFFormObj_CountObjects"
  | "FPDFFormObj_GetObject"
  | "FPDFImageObj_GetImagePixelSize"
  | "FPDFPageObj_GetType"
  | "FPDFPage_CloseAnnot"
  | "FPDFPage_CountObjects"
  | "FPDFPage_GetAnnot"
  | "FPDFPage_GetAnnotCount"
  | "FPDFPage_GetObject"
  | "FPDFPage_GetRotation"
  | "FPDFTextObj_GetFont"
  | "FPDFText_ClosePage"
  | "FPDFText_CountChars"
  | "FPDFText_GetCharOrigin"
  | "FPDFText_GetFontSize"
  | "FPDFText_GetLooseCharBox"
  | "FPDFText_GetMatrix"
  | "FPDFText_GetTextObject"
  | "FPDFText_GetUnicode"
  | "FPDFText_HasUnicodeMapError"
  | "FPDFText_IsGenerated"
  | "FPDFText_LoadPage"
  | "FPDF_CloseDocument"
  | "FPDF_ClosePage"
  | "FPDF_DocumentHasValidCrossReferenceTable"
  | "FPDF_GetMetaText"
  | "FPDF_GetPageBoundingBox"
  | "FPDF_GetPageCount"
  | "FPDF_LoadMemDocument"
  | "FPDF_LoadPage"
  | "PDFiumExt_Init"
  | "free"
  | "malloc";

/** Numbers in and out: addresses in the engine's memory, counts, and 0 for what is not there. */
export type Pdfium = Record<Call, (...numbers: number[]) => number> & { memory: { buffer: ArrayBuffer } };

/** What one document may take; three hundred pages of office paper take 30 MB. */
const MAX_HEAP_BYTES = 320 * 1024 * 1024;
/** The engine's memory never shrinks: one that has grown is let go. */
const LARGEST_KEPT_BYTES = 96 * 1024 * 1024;

interface Imports {
  env: { emscripten_resize_heap: (bytes: number) => number };
}

/** Node has it; the types of the language alone do not. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<object>;
    instantiate(module: object, imports: Imports): Promise<object>;
  };
};

let compiled: Promise<object> | null = null;
let running: Promise<Pdfium> | null = null;

/** The engine, started when first asked for; null where there is no memory for one. */
export async function pdfium(): Promise<Pdfium | null> {
  running ??= start();
  try {
    return await running;
  } catch {
    running = null;
    return null;
  }
}

/** To be called after each document. `isBroken`: it stopped in the middle of its work, so nothing in it can be trusted. */
export function letGo(engine: Pdfium, { isBroken }: { isBroken: boolean }): void {
  if (isBroken || engine.memory.buffer.byteLength > LARGEST_KEPT_BYTES) running = null;
}

async function start(): Promise<Pdfium> {
  compiled ??= WebAssembly.compile(
    readFileSync(createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm")),
  );
  const module = await compiled;
  const engine = await new Promise<Pdfium>((resolve, reject) => {
    const options = {
      print: () => undefined,
      printErr: () => undefined,
      instantiateWasm: (imports: Imports, receive: (instance: object) => void) => {
        const grow = imports.env.emscripten_resize_heap;
        imports.env.emscripten_resize_heap = (wanted) => (wanted >>> 0 > MAX_HEAP_BYTES ? 0 : grow(wanted));
        WebAssembly.instantiate(module, imports).then(receive).catch(reject);
        return {};
      },
    };
    init(options as unknown as Parameters<typeof init>[0])
      .then(({ pdfium: inner }) => resolve((inner as unknown as { wasmExports: Pdfium }).wasmExports))
      .catch(reject);
  });
  engine.PDFiumExt_Init();
  return engine;
}
