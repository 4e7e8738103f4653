// The engine that recognises words in pictures (OCR), loaded in the recognising child only.
import type { Recognise } from "../document/document.ts";

/** What that child may do besides, and what its engine needs of Node. */
export const RECOGNISER_FLAGS: string[] = [];

export async function loadRecogniser(): Promise<Recognise> {
  throw new Error("no engine is built in");
}
