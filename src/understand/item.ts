// Which of a deliverable's items a paper is about: by its titles first, by full, short or mistaken name.
import { deliverableOf } from "../campaign/campaign.ts";
import { titleLines } from "./heading.ts";
import { itemsIn } from "./kind.ts";
import type { Knowledge } from "./knowledge.ts";
import { plainOf, segmentsOf } from "./letter.ts";
import type { Mailwide } from "./mailwide.ts";
import type { Piece } from "./pieces.ts";
import { stemOf } from "./title.ts";
import type { NamedItem } from "./unit-sender.ts";
import { leftover } from "./unit-title.ts";

/** The item a paper is about, from its titles first. */
export function itemOf(
  piece: Piece,
  type: string | null,
  mail: Mailwide,
  knowledge: Knowledge,
): NamedItem | null {
  if (type === null || !deliverableOf(knowledge.campaign, type)?.items.length) return null;
  const places = [
    ...titleLines(piece).map((line) => line.plain),
    plainOf(stemOf(piece.filename)),
    plainOf(mail.subject),
    ...mail.cover.slice(0, 8).map((line) => line.plain),
    ...piece.lines.slice(0, 12).map((line) => line.plain),
  ];
  for (const text of places) {
    const items = itemsIn(text, knowledge).filter((item) => item.value?.startsWith(`${type}/`));
    const values = new Set(items.map((item) => item.value!));
    if (values.size === 1) return { item: items[0]!.value!, words: items[0]!.words };
    if (values.size === 0) {
      const short = shortItem(text, type, knowledge);
      if (short) return short;
    }
  }
  return null;
}

/** "名城申报方案" for 国家历史文化名城建设申报工程: what is left of a title, its characters in order in one item's name. */
function shortItem(text: string, type: string, knowledge: Knowledge): NamedItem | null {
  if (text.length > 40) return null;
  for (const segment of segmentsOf(text)) {
    const bare = leftover(plainOf(segment), knowledge).replace(/(?:工程|项目|行动)$/, "");
    if (bare.length < 3 || bare.length > 14) continue;
    const values = new Set<string>();
    for (const name of knowledge.items.names) {
      if (name.value?.startsWith(`${type}/`) && inOrder(bare, name.words)) values.add(name.value);
    }
    if (values.size === 1) return { item: [...values][0]!, words: segment };
  }
  return null;
}

function inOrder(short: string, long: string): boolean {
  let at = 0;
  for (const character of short) {
    at = long.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
