// The packed rich text of Outlook's messages ([MS-OXRTFCP]): an LZ77 window that begins filled with usual markup.
import { htmlText, LONGEST_HTML } from "../../message/html.ts";
import { Unreadable } from "../unreadable.ts";
import { RtfReading } from "./rtf-reading.ts";

const PACKED = 0x75465a4c;
const PLAIN = 0x414c454d;
const HEADER_BYTES = 16;
const WINDOW_BYTES = 4096;
const BEGINNING = Buffer.from(
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx",
  "latin1",
);

/** A reference of two bytes stands for 17 at most, so that the answer is never more than nine times as long. */
function unpackedRtf(packed: Buffer): Buffer {
  if (packed.length < HEADER_BYTES) throw new Unreadable("corrupt", "packed rich text is cut short");
  const kind = packed.readUInt32LE(8);
  const length = packed.readUInt32LE(4);
  if (kind === PLAIN) return packed.subarray(HEADER_BYTES, HEADER_BYTES + length);
  if (kind !== PACKED) throw new Unreadable("corrupt", "no packed rich text");
  const window = Buffer.alloc(WINDOW_BYTES);
  BEGINNING.copy(window);
  const output = Buffer.alloc(Math.min(length, packed.length * 9));
  let place = BEGINNING.length;
  let written = 0;
  let at = HEADER_BYTES;
  const put = (byte: number) => {
    if (written < output.length) output[written++] = byte;
    window[place] = byte;
    place = (place + 1) % WINDOW_BYTES;
  };
  while (at < packed.length) {
    const flags = packed[at++] as number;
    for (let bit = 0; bit < 8; bit++) {
      if ((flags & (1 << bit)) === 0) {
        if (at >= packed.length) return output.subarray(0, written);
        put(packed[at++] as number);
        continue;
      }
      if (at + 2 > packed.length) return output.subarray(0, written);
      const reference = packed.readUInt16BE(at);
      at += 2;
      const from = reference >> 4;
      if (from === place) return output.subarray(0, written);
      for (let step = 0; step < (reference & 15) + 2; step++)
        put(window[(from + step) % WINDOW_BYTES] as number);
    }
  }
  return output.subarray(0, written);
}

/** The words of a message's packed body, which may itself wrap a web page ([MS-OXRTFEX]). */
export function wordsOfPackedRtf(packed: Buffer, warnings: string[]): string {
  try {
    const reading = new RtfReading(unpackedRtf(packed));
    return reading.isHtml ? htmlText(reading.html.slice(0, LONGEST_HTML)) : reading.text();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    warnings.push(`the body could not be read: ${error.message}`);
    return "";
  }
}
