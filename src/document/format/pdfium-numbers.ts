// Numbers that PDFium writes into its memory, read from there.
import type { Pdfium } from "../pdfium.ts";

/** Enough for the largest structure that is asked for. */
const BYTES = 64;

/** A place for answers. The engine's memory moves when it grows, so it is looked for again each time. */
export class Numbers {
  readonly at: number;
  readonly #engine: Pdfium;
  #floats: Float32Array;
  #doubles: Float64Array;

  constructor(engine: Pdfium) {
    this.#engine = engine;
    this.at = engine.malloc(BYTES);
    this.#floats = new Float32Array(engine.memory.buffer);
    this.#doubles = new Float64Array(engine.memory.buffer);
  }

  float(index: number): number {
    if (this.#floats.buffer !== this.#engine.memory.buffer)
      this.#floats = new Float32Array(this.#engine.memory.buffer);
    return this.#floats[(this.at >> 2) + index] as number;
  }

  double(index: number): number {
    if (this.#doubles.buffer !== this.#engine.memory.buffer)
      this.#doubles = new Float64Array(this.#engine.memory.buffer);
    return this.#doubles[(this.at >> 3) + index] as number;
  }

  integer(index: number): number {
    return new DataView(this.#engine.memory.buffer).getUint32(this.at + 4 * index, true);
  }

  free(): void {
    this.#engine.free(this.at);
  }
}
