// Whose words another hand wrote down: "由她口述、我笔录", "是她的献策不是我的", "On behalf of Elsie".
import type { Knowledge } from "./knowledge.ts";
import { type Line, plainOf } from "./letter.ts";
import { isChineseName, isEnglishName } from "./people.ts";
import { unitMentions } from "./unit-mention.ts";

/** The writer says that the words or the merit are somebody else's. */
const WRITTEN_FOR =
  /口述|笔录|代笔|[她他]的原话|发我的语音|(?:是|都是)[她他]的(?:话|献策|建议|点子|主意|想法)|不是我的|不要写我|(?:登记|记|写|署)在?[她他](?:本人)?的?名/;
const OWN = /我(?:口述|说)[^。]{0,12}(?:代笔|打字|笔录)/;
const TITLED_NAME =
  /(?<words>\p{Script=Han}{2,4})(?:老师|同志|师傅|阿姨|大姐|大哥|大爷|大妈|奶奶|爷爷|先生|女士)/gu;
const FOR_WHOM = /\b[Oo]n behalf of\s+(?<first>[A-Z][\p{L}'’-]+)\s*$/u;

/** Somebody with a title, or behind a unit, in the opening of a letter that says it was written for him. */
export function dictatedBy(lines: Line[], knowledge: Knowledge): string | null {
  const opening = lines.slice(0, 4).map((line) => line.raw.normalize("NFKC"));
  const whole = opening.join("\n");
  if (!WRITTEN_FOR.test(whole) || OWN.test(whole)) return null;
  for (const text of opening) {
    for (const found of text.matchAll(TITLED_NAME)) {
      const name = nameAtEnd(found.groups!.words!);
      if (name) return name;
    }
    const plain = plainOf(text);
    const unit = unitMentions(plain, knowledge)[0];
    const behind = unit && unit.start <= 2 ? plain.slice(unit.end).replace(/^的/, "") : "";
    const name = [3, 2].map((n) => behind.slice(0, n)).find((one) => isChineseName(one, { amidText: true }));
    if (name) return name;
  }
  return null;
}

function nameAtEnd(words: string): string | null {
  const tails = [3, 2].map((n) => words.slice(-n));
  return tails.find((one) => isChineseName(one, { amidText: true })) ?? null;
}

/** The subject gives only a first name; the letter opens with the whole of it. */
export function behalfInFull(subject: string, lines: Line[]): string | null {
  const first = FOR_WHOM.exec(subject)?.groups?.first;
  if (!first) return null;
  const whole = new RegExp(`\\b${first} [A-Z][\\p{L}'’-]+`, "u");
  for (const line of lines.slice(0, 4)) {
    const name = whole.exec(line.raw)?.[0];
    if (name && isEnglishName(name)) return name;
  }
  return null;
}
