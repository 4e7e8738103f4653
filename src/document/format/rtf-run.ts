// Bytes of rich text until their code page or their place changes: the two of one sign may stand in two groups.
import { decodeText } from "../../message/charset.ts";
import { decodeAs, SIGNS } from "./rtf-charset.ts";
import type { RtfFonts } from "./rtf-fonts.ts";

/** Takes words. A story has lines besides. */
export interface Sink {
  add(text: string): void;
}

/** A label, a name: words that have no lines. */
export class Words implements Sink {
  text = "";
  /** Some came from a font of signs, as bullets do. */
  hasSigns = false;
  add(text: string): void {
    if (this.text.length < 500) this.text += text;
  }
}

export interface Place {
  encoding: string;
  font: number;
  sink: Sink;
}

export class RtfRun {
  readonly #fonts: RtfFonts;
  #bytes = new Uint8Array(256);
  #length = 0;
  #place: Place | null = null;
  #isRaw = false;

  constructor(fonts: RtfFonts) {
    this.#fonts = fonts;
  }

  /** Whether what was gathered must be flushed before a byte at this place. */
  endsBefore({ encoding, font, sink }: Place): boolean {
    const open = this.#place;
    if (this.#length === 0 || !open) return false;
    return open.encoding !== encoding || open.sink !== sink || (encoding === SIGNS && open.font !== font);
  }

  push(byte: number, isRaw: boolean, place: Place): void {
    // The group may change under it: only what is needed of it is kept.
    if (this.#length === 0) this.#place = { encoding: place.encoding, font: place.font, sink: place.sink };
    if (this.#length === this.#bytes.length) {
      const wider = new Uint8Array(this.#bytes.length * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[this.#length++] = byte;
    this.#isRaw ||= isRaw && byte >= 0x80;
  }

  /** Hands the words over to where they belong; how many characters they have. */
  flush(): number {
    const place = this.#place;
    if (this.#length === 0 || !place) return 0;
    const text = this.#decoded(this.#bytes.subarray(0, this.#length), place);
    this.#length = 0;
    this.#isRaw = false;
    place.sink.add(text);
    return text.length;
  }

  #decoded(bytes: Uint8Array, { encoding, font, sink }: Place): string {
    // Careless writers leave bytes unescaped, in whatever charset they used.
    if (encoding !== SIGNS) return this.#isRaw ? decodeText(bytes, encoding) : decodeAs(encoding, bytes);
    if (sink instanceof Words) sink.hasSigns = true;
    let text = "";
    for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : this.#fonts.sign(font, byte);
    return text;
  }
}
