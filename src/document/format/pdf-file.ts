// A PDF opened by pdf-parse, with the maps and fonts that Chinese files without embedded fonts need (T14).
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { PDFParse } from "pdf-parse";
import { Unreadable } from "../unreadable.ts";

/** The pdf.js that pdf-parse itself uses, wherever it was installed. */
const pdfjsFolder = dirname(
  createRequire(import.meta.resolve("pdf-parse")).resolve("pdfjs-dist/package.json"),
);

const settings = {
  cMapUrl: join(pdfjsFolder, "cmaps") + sep,
  cMapPacked: true,
  standardFontDataUrl: join(pdfjsFolder, "standard_fonts") + sep,
  wasmUrl: join(pdfjsFolder, "wasm") + sep,
  iccUrl: join(pdfjsFolder, "iccs") + sep,
  useSystemFonts: false,
  disableFontFace: true,
  // No code is made from fonts (CVE-2024-4367), no forms are run, nothing is fetched.
  isEvalSupported: false,
  enableXfa: false,
};

/** What is used of pdf.js, whose own types pdf-parse hides. */
export interface PdfDocument {
  numPages: number;
  getPage(number: number): Promise<PdfPage>;
  getMetadata(): Promise<{ info: Record<string, unknown> }>;
  getAttachments(): Promise<ReadonlyMap<string, PdfAttachment> | null>;
  getAttachmentContent(id: string): Promise<Uint8Array | null | undefined>;
  canvasFactory: { create(width: number, height: number): PdfCanvas; destroy(canvas: PdfCanvas): void };
}

export interface PdfAttachment {
  filename?: string;
  rawFilename?: string;
}

export interface PdfCanvas {
  canvas: unknown;
  context: { getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray } };
}

export interface PdfViewport {
  width: number;
  height: number;
  transform: number[];
}

export interface PdfPage {
  getViewport(options: { scale: number }): PdfViewport;
  getTextContent(): Promise<PdfText>;
  getOperatorList(): Promise<{ fnArray: number[]; argsArray: unknown[][] }>;
  getAnnotations(options: { intent: string }): Promise<PdfAnnotation[]>;
  render(options: { canvas: unknown; canvasContext: unknown; viewport: PdfViewport }): {
    promise: Promise<void>;
  };
  cleanup(): void;
}

export interface PdfText {
  items: PdfTextItem[];
  styles: Record<string, { vertical?: boolean }>;
}

export interface PdfTextItem {
  str?: string;
  transform: number[];
  width: number;
  height: number;
  fontName: string;
}

export interface PdfAnnotation {
  subtype?: string;
  rect?: number[];
  fieldType?: string;
  fieldValue?: unknown;
  fieldName?: string;
  checkBox?: boolean;
  radioButton?: boolean;
  exportValue?: string;
  buttonValue?: string;
  fileId?: string;
  file?: PdfAttachment;
  hidden?: boolean;
  password?: boolean;
  titleObj?: { str?: string };
  contentsObj?: { str?: string };
  options?: { exportValue?: string; displayValue?: string }[];
}

export interface OpenPdf {
  document: PdfDocument;
  close(): Promise<void>;
}

/** `drawing`: what the pages draw is looked at too, as far as this says. */
export async function openPdf(
  bytes: Uint8Array,
  drawing: { maxImageSize?: number; stopAtErrors?: boolean } = {},
): Promise<OpenPdf> {
  // pdf.js takes the buffer over: give it a copy, the caller still has use for the bytes.
  const parser = new PDFParse({ ...settings, ...drawing, data: new Uint8Array(bytes) });
  try {
    await (parser as unknown as { load(): Promise<unknown> }).load();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "PasswordException") throw new Unreadable("password-protected", "needs a password");
    // A security handler of its own means a licence server or a reader of its own: Adobe.APS, FOPN_fLock, Foxit RMS.
    if (/unknown encryption method/i.test(message)) throw new Unreadable("rights-managed", message);
    throw error;
  }
  const { doc } = parser as unknown as { doc: PdfDocument & { loadingTask: { destroy(): Promise<void> } } };
  // pdf-parse 2.4.5 closes the document itself, which pdf.js 6 does through its loading task.
  return { document: doc, close: () => doc.loadingTask.destroy() };
}
