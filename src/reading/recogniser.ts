// The way to the engine that recognises words in pictures. The service asks for its flags only, and loads no engine.
import type { Recognise } from "../document/document.ts";

/** What the recognising child's engine needs of Node: its arithmetic and the decoders of pictures are native code. */
export const RECOGNISER_FLAGS: string[] = ["--allow-addons"];

export async function loadRecogniser(): Promise<Recognise> {
  const { loadEngine } = await import("./engine.ts");
  return loadEngine();
}
