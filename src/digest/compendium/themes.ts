// Which theme a proposal belongs to: whose configured keywords it uses most. Nothing is guessed beyond the words. Pure.
import type { Theme } from "../../campaign/campaign.ts";
import { normalize } from "../../text/normalize.ts";

/** What a title says counts for as much as so many mentions in the text. */
const TITLE_WEIGHT = 3;
/** One word said again and again is still one reason. */
const MENTIONS_MAX = 3;

/** The code of the theme, the first configured of equals; null where none of their words occurs. */
export function themeOf(themes: Theme[], piece: { title: string; text: string }): string | null {
  const title = normalize(piece.title).toLowerCase();
  const text = normalize(piece.text).toLowerCase();
  let best: { code: string | null; score: number } = { code: null, score: 0 };
  for (const { code, name, keywords } of themes) {
    const words = [...new Set([name, ...keywords].map((word) => normalize(word).toLowerCase()))];
    const score = words.reduce(
      (sum, word) =>
        sum +
        TITLE_WEIGHT * Math.min(1, mentions(title, word)) +
        Math.min(MENTIONS_MAX, mentions(text, word)),
      0,
    );
    if (score > best.score) best = { code, score };
  }
  return best.code;
}

function mentions(text: string, word: string): number {
  return word === "" ? 0 : text.split(word).length - 1;
}
