// The properties inside winmail.dat ([MS-OXTNEF] §2.1.3.4): a counted list of typed values, padded to four bytes.
import { decodeText } from "../../message/charset.ts";

const NARROW = 0x001e;
const WIDE = 0x001f;
const BINARY = 0x0102;
const OBJECT = 0x000d;
const MULTIPLE = 0x1000;
const VARIABLE = new Set([NARROW, WIDE, BINARY, OBJECT]);
/** Bytes each fixed type takes here; the two short ones are padded. */
const FIXED: Record<number, number> = {
  1: 0,
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const MAX_PROPERTIES = 5_000;
const FIRST_NAMED = 0x8000;

export class TnefProperties {
  readonly #values = new Map<number, { type: number; value: Buffer }>();

  /** The first of a number stays: a damaged list may repeat itself. */
  add(id: number, type: number, value: Buffer): void {
    if (!this.#values.has(id)) this.#values.set(id, { type, value });
  }

  /** "" when there is none. */
  text(id: number, charset: string): string {
    const found = this.#values.get(id);
    if (found?.type === WIDE) return found.value.toString("utf16le").replace(/\0[\s\S]*$/, "");
    if (found?.type === NARROW) return decodeText(found.value, charset).replace(/\0[\s\S]*$/, "");
    return "";
  }

  binary(id: number): Buffer | null {
    const found = this.#values.get(id);
    return found?.type === BINARY ? found.value : null;
  }

  object(id: number): Buffer | null {
    const found = this.#values.get(id);
    return found?.type === OBJECT ? found.value : null;
  }
}

/** Reads on until the bytes end or make no sense: what came before stays. */
export class TnefBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  properties(): TnefProperties {
    const found = new TnefProperties();
    const count = Math.min(this.#number(), MAX_PROPERTIES);
    for (let at = 0; at < count && this.#has(4); at++) {
      const type = this.#bytes.readUInt16LE(this.#at);
      const id = this.#bytes.readUInt16LE(this.#at + 2);
      this.#at += 4;
      if (id >= FIRST_NAMED) this.#skipName();
      const plain = type & ~MULTIPLE;
      const isMultiple = (type & MULTIPLE) !== 0;
      if (!VARIABLE.has(plain) && FIXED[plain] === undefined) break;
      const values = isMultiple || VARIABLE.has(plain) ? this.#number() : 1;
      for (let value = 0; value < values && this.#has(1); value++) {
        const length = VARIABLE.has(plain) ? this.#number() : (FIXED[plain] as number);
        const content = this.#bytes.subarray(this.#at, this.#at + length);
        this.#at += length + (-length & 3);
        if (value === 0 && !isMultiple) found.add(id, type, content);
      }
    }
    return found;
  }

  #has(bytes: number): boolean {
    return this.#at + bytes <= this.#bytes.length;
  }

  #number(): number {
    const value = this.#has(4) ? this.#bytes.readUInt32LE(this.#at) : 0;
    this.#at += 4;
    return value;
  }

  /** A set, and a number or a name within it; nothing here is asked for by name. */
  #skipName(): void {
    this.#at += 16;
    if (this.#number() === 0) {
      this.#at += 4;
      return;
    }
    const length = this.#number();
    this.#at += length + (-length & 3);
  }
}
