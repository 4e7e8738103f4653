// How far a command over many files is: one line of the terminal, written over; into a log only now and then.

import { visible } from "../log.ts";
import type { RecogniseNow } from "../reading/read.ts";

export interface ProgressLine {
  /** `done` files are behind us, of `all`. */
  file(done: number, name: string): void;
  /** `done` of something whose end is not known yet; a log hears nothing of it. */
  count(what: string, done: number): void;
  /** Given to the reader: says which page of which file is being recognised. */
  recognising: RecogniseNow;
  /** Before anything else is printed. */
  clear(): void;
}

const LOGGED_EVERY_FILES = 50;
/** A line that wraps is not written over; Chinese signs are two columns wide. */
const WIDTH = 78;

function within(text: string): string {
  let columns = 0;
  let kept = "";
  for (const sign of text) {
    columns += (sign.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
    if (columns > WIDTH) return kept;
    kept += sign;
  }
  return kept;
}

export function progressLine(all: number): ProgressLine {
  const { isTTY } = process.stderr;
  let last = "";
  const show = (text: string) => {
    last = text;
    process.stderr.write(`\r\x1b[K${within(visible(text))}`);
  };
  return {
    file: (done, name) => {
      if (isTTY && all > 1) show(`${done}/${all} ${name}`);
      else if (!isTTY && done > 0 && done < all && done % LOGGED_EVERY_FILES === 0)
        process.stderr.write(`${done}/${all}\n`);
    },
    count: (what, done) => {
      if (isTTY) show(`${what} ${done}`);
    },
    recognising: ({ filename }, { done, total }) => {
      const page = Math.min(done + 1, total);
      if (isTTY) show(`${filename}：识别第 ${page}/${total} 页 / recognising page ${page} of ${total}`);
    },
    clear: () => {
      if (last !== "") process.stderr.write("\r\x1b[K");
      last = "";
    },
  };
}

/** How many bytes of a long stream went by, and where it is. */
export function bytesLine(): { show(what: string, bytes: number): void; clear(): void } {
  const { isTTY } = process.stderr;
  const step = isTTY ? 16e6 : 1e9;
  let next = step;
  return {
    show: (what, bytes) => {
      if (bytes < next) return;
      next = bytes + step;
      const text = `${(bytes / 1e6).toFixed(0)} MB  ${what}`;
      process.stderr.write(isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    },
    clear: () => {
      if (isTTY && next > step) process.stderr.write("\r\x1b[K");
    },
  };
}
