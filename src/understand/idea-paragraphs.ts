// Ideas without numbers: paragraphs as many as the letter says it brings, "另外还有一个…", and voice input in one breath.

import { entryIdea, type Idea } from "./idea.ts";
import { endOf } from "./idea-blocks.ts";
import { declaredIn } from "./idea-list.ts";
import { isFarewell, isGreeting, type Line, linesOf, plainOf } from "./letter.ts";
import { proposalIn } from "./proposal.ts";

const WHAT = "建议|点子|想法|意见|提案|主意|事|idea|suggestion|thing";
/** A further idea announced as one: "另外还有一个想法", "再说一件事", "还有一件跟上面没关系". */
const FURTHER = new RegExp(
  `^(?:另外?|还有|再(?:就是|有|说|提|来)?|此外|顺便|最后)[^,，。:：]{0,6}一?[个件条点桩](?:[^,，。:：]{0,8}(?:${WHAT})|[^。]{0,6}(?:跟|和|与)(?:上面|前面|这个)[^。]{0,4}(?:没|无|不))|^(?:another|one more|my (?:second|other)) (?:${WHAT})`,
);
/** Where the next of a declared number begins. */
const NEXT =
  /^(?:另外?(?:还有|一[个件条桩]|有|再|[,，:：])?|还有(?:一|个|就|件|[,，])?|再(?:一[个件条]|有|就是|者|说)|此外|其次|然后|最后(?:一[个件条])?|头一[个件条桩]|第[一二三四五]|一个是?|also|another|besides|secondly|finally|next|the (?:first|second|third))/;

export function paragraphsOf(lines: Line[], surroundings: string): Idea[] | null {
  const body = lines.filter((line) => !isGreeting(line.plain) || line.plain.length > 24);
  const further = body.flatMap((line, i) => (i > 0 && FURTHER.test(line.plain) ? [i] : []));
  const opening = body.slice(0, 2).filter((line) => line.plain.length < 60);
  const declared = declaredIn(`${opening.map((line) => line.plain).join(" ")} ${surroundings}`);
  const most = Math.max(0, ...declared);
  if (most >= 2) {
    const found = declaredParagraphs(body, most) ?? inOneBreath(body, most);
    if (found) return found;
  }
  if (further.length === 0) return null;
  const starts = [firstOf(body, further[0]!), ...further];
  return cut(body, starts);
}

/** As many paragraphs, each wanting something, as the letter says that it brings. */
function declaredParagraphs(body: Line[], count: number): Idea[] | null {
  const next = body.flatMap((line, i) => (NEXT.test(line.plain) ? [i] : []));
  for (const starts of [next, [firstOf(body, next[0] ?? 0), ...next]])
    if (starts.length === count && new Set(starts).size === count) return cut(body, starts);
  const long = body.flatMap((line, i) =>
    line.plain.length >= 20 && proposalIn([line]).strength > 0 && !isFarewell(line.plain) ? [i] : [],
  );
  return long.length === count ? cut(body, long) : null;
}

/** The first paragraph that says something of its own, after the lead. */
function firstOf(body: Line[], before: number): number {
  const at = body.slice(0, before).findIndex((line) => proposalIn([line]).strength > 0);
  return Math.max(0, at);
}

function cut(body: Line[], starts: number[]): Idea[] {
  const last = starts.at(-1)!;
  return starts.map((start, i) => entryIdea(body.slice(start, starts[i + 1] ?? endOf(body, last)), null));
}

const ORDINALS = [
  /第[一二三四五六七八九十][个条点件项招]?(?!天|次|时间|名|线|批|节|季|年|学|小|中|人|医|分)/g,
  /(?:^|[\s,，。;；、])(?:(?:还有|另外|再)?一[个件条]是|头一[个件条]|另外?一[个件条])/g,
  /(?:^|[\s,，。;；、:：])[一二三四五六七八九]是/g,
  /(?:^|[\s,，。;；:：])[1-9][.、．)）](?!\d)/g,
  /[①②③④⑤⑥⑦⑧⑨]/g,
];

/** "我有两个建议第一个是…第二个是…" without a stop: cut where counting goes on. */
function inOneBreath(body: Line[], count: number): Idea[] | null {
  const text = body.map((line) => line.raw).join("\n");
  for (const words of ORDINALS) {
    const found = [...text.matchAll(words)].map((one) => one.index);
    if (found.length !== count) continue;
    const ideas = found.map((start, i) => {
      const said = text.slice(start, found[i + 1] ?? text.length);
      const bare = said.replace(
        /^[\s,，。;；、:：]*(?:第?[一二三四五六七八九十1-9①-⑨][个条点件项招]?是?|(?:还有|另外|再)?[一头]?[一]?[个件条]是?)[\s、.,，:：．)）]*/u,
        "",
      );
      const own = bare.trim() === "" ? said.trim() : bare.trim();
      const idea = entryIdea(
        linesOf(own).length > 0 ? linesOf(own) : [{ raw: own, plain: plainOf(own) }],
        null,
      );
      return idea;
    });
    return ideas.every((idea) => idea.text.length >= 6) ? ideas : null;
  }
  return null;
}
