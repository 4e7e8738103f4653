// One way of writing for everything that is compared: width, spacing, invisible and traditional characters.
import { Converter } from "opencc-js/t2cn";

/**
 * For comparing only; what people read stays as it was written. Full-width forms become half-width, traditional
 * characters simplified, 图 书 馆 becomes 图书馆, and characters nobody sees are gone. Lines stay lines.
 */
export function normalize(text: string): string {
  if (/^[\n\x20-\x7e]*$/.test(text)) return text.replace(/ {2,}/g, " ");
  const visible = text
    .replace(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g, "")
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    // Radicals and compatibility ideographs, which PDF readers hand out for ordinary characters.
    .replace(/[\u2E80-\u2FDF\uF900-\uFAFF]+/g, (odd) => odd.normalize("NFKC"))
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/(?<=[\u3400-\u9FFF\u{20000}-\u{3FFFF}]) (?=[\u3400-\u9FFF\u{20000}-\u{3FFFF}])/gu, "");
  return hasTraditional(visible) ? converter()(visible) : visible;
}

let convert: ((text: string) => string) | null = null;
let changes: Uint8Array | null = null;

/** Built on first need (30 ms): a mail in ASCII alone never asks. */
function converter(): (text: string) => string {
  const made = convert ?? Converter({ from: "t", to: "cn" });
  convert = made;
  return made;
}

/** Whether any character changes by itself: a look at each is fifty times cheaper than converting. */
function hasTraditional(text: string): boolean {
  changes ??= changedCharacters();
  for (let at = 0; at < text.length; at++) if (changes[text.charCodeAt(at)] === 1) return true;
  return false;
}

function changedCharacters(): Uint8Array {
  const [from, to] = [0x3400, 0x9fff];
  const all = Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at));
  const converted = converter()(all.join("\n")).split("\n");
  const made = new Uint8Array(0x10000);
  all.forEach((character, at) => {
    if (converted[at] !== character) made[from + at] = 1;
  });
  return made;
}
