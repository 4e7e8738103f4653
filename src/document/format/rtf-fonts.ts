// The table of fonts of rich text: which code page each is for, and what stands in its places of signs.
import { encodingOfCodePage, WESTERN } from "./code-page.ts";
import { encodingOfCharset, isWide, signOf } from "./rtf-charset.ts";

const LONGEST_NAME = 64;

export class RtfFonts {
  /** Null where the font says nothing of its charset. */
  readonly #encodings = new Map<number, string | null>();
  readonly #names = new Map<number, string>();
  #open = 0;

  /** A control word within the table. */
  word(name: string, value: number): void {
    if (name === "f") this.#open = value;
    else if (name === "fcharset" && !this.#encodings.get(this.#open))
      this.#encodings.set(this.#open, encodingOfCharset(value));
    else if (name === "cpg") this.#encodings.set(this.#open, encodingOfCodePage(value));
  }

  /** Names end in a semicolon; only those of fonts of signs matter, which are Latin. */
  name(bytes: Uint8Array): void {
    const before = this.#names.get(this.#open) ?? "";
    if (before.length >= LONGEST_NAME) return;
    const name = String.fromCharCode(...bytes.subarray(0, LONGEST_NAME)).replace(";", "");
    this.#names.set(this.#open, before + name);
  }

  /**
   * Of a font of no particular charset, Han signs are in the document's code page, and Latin ones in the Western: `face`
   * is the class of characters the font was chosen for, where Word says so.
   */
  encoding(font: number, face: string, ofDocument: string): string {
    const isLatin = face === "loch" || face === "hich";
    return this.#encodings.get(font) ?? (isLatin && isWide(ofDocument) ? WESTERN : ofDocument);
  }

  sign(font: number, place: number): string {
    return signOf(place, this.#names.get(font));
  }
}
