// Properties by place in the main stream: pages of runs ([MS-DOC] §2.9.33 ChpxFkp, §2.9.182 PapxFkp) found by a list.
import type { Changes } from "./doc-properties.ts";

const PAGE_BYTES = 512;

/** From `start` to `end` in the main stream. */
export interface Run<T> {
  start: number;
  end: number;
  value: T;
}

/** The run that holds a place, and those after it, in the order of the file. */
export class Runs<T> {
  readonly #runs: Run<T>[];
  #last = 0;

  constructor(runs: Run<T>[]) {
    let inOrder = true;
    for (let index = 1; index < runs.length && inOrder; index++)
      inOrder = (runs[index - 1] as Run<T>).start <= (runs[index] as Run<T>).start;
    this.#runs = inOrder ? runs : runs.sort((a, b) => a.start - b.start);
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** The run at a place; where none covers it, the gap up to the next one has no value. */
  at(place: number): Run<T | null> {
    const runs = this.#runs;
    let index = this.#last;
    // Text is read forward: mostly it is this run or the next.
    if (!covers(runs[index], place)) {
      index++;
      if (!covers(runs[index], place)) index = this.#before(place);
    }
    const run = runs[index];
    if (run && covers(run, place)) {
      this.#last = index;
      return run;
    }
    return { start: place, end: runs[index + 1]?.start ?? Number.POSITIVE_INFINITY, value: null };
  }

  /** The last run that starts at or before a place; -1 where none does. */
  #before(place: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle] as Run<T>).start <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function covers<T>(run: Run<T> | undefined, place: number): boolean {
  return run !== undefined && run.start <= place && place < run.end;
}

export function characterRuns<T>(
  main: Buffer,
  pageList: Buffer,
  isOld: boolean,
  value: (changes: Changes) => T,
  none: T,
): Runs<T> {
  const runs: Run<T>[] = [];
  for (const page of pages(main, pageList, isOld)) {
    const count = page[PAGE_BYTES - 1] as number;
    for (let index = 0; index < count && (index + 2) * 4 + index < PAGE_BYTES; index++) {
      const start = page.readUInt32LE(index * 4);
      const end = page.readUInt32LE(index * 4 + 4);
      const at = (page[(count + 1) * 4 + index] ?? 0) * 2;
      const length = at === 0 ? 0 : (page[at] as number);
      const found = length === 0 ? none : value({ bytes: page.subarray(at + 1, at + 1 + length), isOld });
      const last = runs.at(-1);
      if (last && last.value === found && last.end === start) last.end = end;
      else runs.push({ start, end, value: found });
    }
  }
  return new Runs(runs);
}

/** A paragraph's properties, as its page has them: its style, then the changes to it. */
export interface StoredParagraph {
  style: number;
  changes: Changes;
}

export function paragraphRuns(main: Buffer, pageList: Buffer, isOld: boolean): Runs<StoredParagraph> {
  const runs: Run<StoredParagraph>[] = [];
  const entryBytes = isOld ? 7 : 13;
  for (const page of pages(main, pageList, isOld)) {
    const count = page[PAGE_BYTES - 1] as number;
    for (let index = 0; index < count; index++) {
      const entry = (count + 1) * 4 + index * entryBytes;
      if (entry >= PAGE_BYTES) break;
      let at = (page[entry] as number) * 2;
      let length = 0;
      if (at > 0) {
        length = (page[at] as number) * 2 - 1;
        at += 1;
        // Word 97 on: a length of 0 says that the next byte has it, in words (§2.9.175).
        if (length < 0 && !isOld) {
          length = (page[at] ?? 0) * 2;
          at += 1;
        }
      }
      const bytes = page.subarray(Math.min(at, PAGE_BYTES - 1), Math.min(at + length, PAGE_BYTES - 1));
      runs.push({
        start: page.readUInt32LE(index * 4),
        end: page.readUInt32LE(index * 4 + 4),
        value: {
          style: bytes.length >= 2 ? bytes.readUInt16LE(0) : 0,
          changes: { bytes: bytes.subarray(2), isOld },
        },
      });
    }
  }
  return new Runs(runs);
}

/** The pages named by a list (PlcBteChpx, PlcBtePapx): places in the text first, then the numbers of the pages. */
function* pages(main: Buffer, list: Buffer, isOld: boolean): Generator<Buffer> {
  const numberBytes = isOld ? 2 : 4;
  const count = Math.floor((list.length - 4) / (4 + numberBytes));
  const seen = new Set<number>();
  for (let index = 0; index < count; index++) {
    const at = (count + 1) * 4 + index * numberBytes;
    const number = isOld ? list.readUInt16LE(at) : list.readUInt32LE(at) & 0x3fffff;
    const page = main.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES);
    if (page.length < PAGE_BYTES || seen.has(number)) continue;
    seen.add(number);
    yield page;
  }
}
