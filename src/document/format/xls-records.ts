// The records a BIFF stream is made of ([MS-XLS] §2.1.4), and strings that run on from record to record (§2.5.293).

export const BOF = 0x0809;
export const EOF = 0x000a;
/** What a stream begins with, before Excel 5 with a number of its own in each version. */
const BEGINNINGS = new Set([0x0009, 0x0209, 0x0409, BOF]);
const CONTINUE = 0x003c;

export interface BiffRecord {
  type: number;
  /** The record's own content, then those of the CONTINUE records behind it. */
  pieces: Buffer[];
  content: Buffer;
  at: number;
}

/** The records from a place on, to the end of the stream. A record that is cut short ends them. */
export function* biffRecords(stream: Buffer, from: number): Generator<BiffRecord> {
  let at = from;
  while (at + 4 <= stream.length) {
    const start = at;
    const type = stream.readUInt16LE(at);
    const pieces: Buffer[] = [];
    do {
      const length = stream.readUInt16LE(at + 2);
      pieces.push(stream.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    } while (at + 4 <= stream.length && stream.readUInt16LE(at) === CONTINUE);
    yield { type, pieces, content: pieces[0] as Buffer, at: start };
  }
}

export function isBeginning(type: number): boolean {
  return BEGINNINGS.has(type);
}

/** Reads strings out of a record and its continuations. */
export class StringReader {
  readonly #pieces: Buffer[];
  #piece = 0;
  #at: number;

  constructor(pieces: Buffer[], at: number) {
    this.#pieces = pieces;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#left() === 0;
  }

  /** A string with its length, in one byte or two, before it; the marks of its fonts and sounds are left out. */
  string(lengthBytes: 1 | 2): string {
    const length = lengthBytes === 1 ? this.#byte() : this.#word();
    const flags = this.#byte();
    const runs = flags & 0x08 ? this.#word() : 0;
    const extra = flags & 0x04 ? this.#word() + this.#word() * 0x10000 : 0;
    const text = this.characters(length, flags);
    this.#skip(runs * 4 + extra);
    return text;
  }

  /** Characters of one byte or two; where a new record begins it says again which. */
  characters(length: number, flags: number): string {
    const taken: string[] = [];
    let isWide = (flags & 1) === 1;
    for (let left = length; left > 0; ) {
      const piece = this.#pieces[this.#piece];
      if (!piece) break;
      const room = Math.min(left, (piece.length - this.#at) >> (isWide ? 1 : 0));
      const end = this.#at + room * (isWide ? 2 : 1);
      taken.push(piece.toString(isWide ? "utf16le" : "latin1", this.#at, end));
      this.#at = end;
      left -= room;
      if (left === 0) break;
      this.#piece++;
      this.#at = 0;
      isWide = (this.#byte() & 1) === 1;
    }
    return taken.join("");
  }

  #left(): number {
    while (this.#piece < this.#pieces.length) {
      const left = (this.#pieces[this.#piece] as Buffer).length - this.#at;
      if (left > 0) return left;
      this.#piece++;
      this.#at = 0;
    }
    return 0;
  }

  #byte(): number {
    return this.#left() > 0 ? ((this.#pieces[this.#piece] as Buffer)[this.#at++] as number) : 0;
  }

  #word(): number {
    const low = this.#byte();
    return low + this.#byte() * 0x100;
  }

  #skip(bytes: number): void {
    for (let left = bytes; left > 0; ) {
      const step = Math.min(left, this.#left());
      if (step === 0) return;
      this.#at += step;
      left -= step;
    }
  }
}
