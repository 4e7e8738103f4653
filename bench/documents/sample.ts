// A document of the bench: its file, who made it, and the words that must come back.
import type { Known } from "./material.ts";

export interface Sample {
  file: string;
  /** The row of the results, and with it the bar. */
  format: Format;
  producer: string;
  known: Known;
}

/** Share of known characters that must come back, and of those that came back which must be known. */
export const BARS = {
  docx: 0.995,
  doc: 0.995,
  wps: 0.995,
  xml: 0.995,
  rtf: 0.995,
  odt: 0.995,
  txt: 0.995,
  html: 0.995,
  mht: 0.995,
  xlsx: 0.995,
  xls: 0.995,
  ods: 0.995,
  csv: 0.995,
  pptx: 0.995,
  ppt: 0.995,
  odp: 0.995,
  ofd: 0.99,
  pdf: 0.99,
  archive: 0.995,
  mail: 0.995,
  scan: 0.97,
  photo: 0.9,
} as const;

export type Format = keyof typeof BARS;

/** Share of paragraphs and rows that must stand in their order. */
export function orderBar(format: Format): number {
  if (format === "scan") return 0.97;
  if (format === "photo") return 0.9;
  return 1;
}

export const isGuessed = (format: Format) => format === "scan" || format === "photo";
