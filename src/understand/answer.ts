// The answer to "which unit are you?" or "what is it?": "图书馆的", "骨科 小李", "前一个", a signature alone.
import { sideOf, WRONG } from "./contrast.ts";
import type { Exchange } from "./exchange.ts";
import type { Knowledge } from "./knowledge.ts";
import { isGreeting, type Line, plainOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { isFamiliarName, namesIn } from "./people.ts";
import { resolveName } from "./resolve.ts";

export interface AnsweredUnit {
  unit: string;
  /** Who the writer says he is, where that was not known either. */
  people: string[];
  words: string;
}

/** Which of the two that we named: the first or the second. */
const CHOICE =
  /^(?:是|选|应该是|我是|就是)?(?:(?<first>a|1|①|一|第一个?|前者|前一个|前面[那的]个?|上面[那的]个?|the first|former)|(?<second>b|2|②|二|第二个?|后者|后一个|后面[那的]个?|下面[那的]个?|the second|latter))(?:的?单位|项|吧|哦|呢|的|one)?(?:[,，.。!！~\s]*(?:谢谢|多谢|感谢|辛苦|thank)[^,，。\n]{0,12})?[.。!！~]*$/;
const YES =
  /^(?:是的?|对的?|没错|嗯+|正确|就是|yes|right|correct)(?:是的?|对的?|没错|呢|哈|呀|啊|吧)*[,，.。!！~]*/;

/** "信里不是写了吗", "还能是哪个？": no question, but impatience. */
const RHETORICAL =
  /(?:不是|难道)[^。?？\n]{0,30}?吗[?？]?|(?:还能是?|还会是?|还用)[^,，。?？\n]{0,10}[?？]?|不就是[^。?？\n]{0,20}[吗嘛][?？]?/g;

/** Beside the unit's name, a bare answer has room for little more than who writes. */
const BARE = 26;

export function answeredUnit(
  lines: Line[],
  signature: Line[],
  exchange: Exchange,
  knowledge: Knowledge,
): AnsweredUnit | null {
  const own = lines.filter(
    (line) => !isGreeting(line.plain) || mentionsIn(knowledge.units, line.plain, { typos: true }).length > 0,
  );
  const plain = own.map((line) => line.plain).join("\n");
  const chosen = chosenUnit(plain, exchange);
  if (chosen) return { unit: chosen, people: [], words: plain };
  const isAsked = exchange.asked === "unit";
  // "信里不是写了吗，骨科" answers beside its question.
  const told = (isAsked ? plain.replace(RHETORICAL, "") : plain)
    .split(/(?<=[,，。;；!！?？\n])/)
    .filter((part) => !/[?？]|吗[,，。]?/.test(part))
    .join("");
  if (isAsked ? told === "" && plain !== "" : told !== plain) return null;
  if (!isAsked && (WRONG.test(plain) || exchange.recorded.some(({ unit }) => unit !== null))) return null;
  const unit =
    onlyUnit(told, knowledge) ??
    (own.length === 0 || isAsked ? onlyUnit(plainsOf(signature), knowledge) : null);
  if (!unit || (!isAsked && plain.replace(unit.words, "").length > BARE)) return null;
  return {
    unit: unit.value,
    people: isAsked ? namesBeside(own, unit.words, exchange) : [],
    words: unit.words,
  };
}

function plainsOf(lines: Line[]): string {
  return lines.map((line) => line.plain).join("\n");
}

function chosenUnit(plain: string, { choices }: Exchange): string | null {
  const said = CHOICE.exec(plain);
  if (said && choices.length > 1) return (said.groups?.first ? choices[0] : choices[1]) ?? null;
  return choices.length === 1 && YES.test(plain) && plain.replace(YES, "").length <= 6 ? choices[0]! : null;
}

/** The one unit spoken of as the writer's; short of a configured name, an abbreviation of one that stands alone. */
function onlyUnit(plain: string, knowledge: Knowledge): { value: string; words: string } | null {
  const named = mentionsIn(knowledge.units, plain, { typos: true }).filter(
    (one) => one.value !== null && one.strength > 0.4 && sideOf(plain, one) !== "wrong",
  );
  const [first] = named;
  if (first?.value && named.every((one) => one.value === first.value))
    return { value: first.value, words: first.words };
  if (named.length > 0) return null;
  for (const piece of plain.split(/[,，。;；:：!！\s]+/)) {
    const slot = piece.replace(
      /^(?:.{0,6}?(?=是|在|来自)|我们?|本人|单位)?(?:就?是|在|来自)?|(?:的|那边|这边|职工|员工|老师)?[呀啊呗哦哈啦嘛呢]*$/g,
      "",
    );
    const value = resolveName(knowledge.units, plainOf(slot))?.value;
    if (value) return { value, words: slot };
  }
  return null;
}

/** "骨科 小李": who writes, where our record names nobody. */
function namesBeside(lines: Line[], unit: string, { recorded }: Exchange): string[] {
  if (recorded.some(({ people }) => people.length > 0)) return [];
  const rest = lines
    .map((line) => line.raw.normalize("NFKC").replace(unit, " "))
    .join(" ")
    .replace(/(?:我们?|本人|单位|姓名|大名|[是叫在的来自]|[^\p{L}\p{P}\s])+/gu, " ");
  const words = [
    ...rest.split(/[,，。.;；:：!！、\s]+/),
    ...rest.split(/[,.;:!\n]+/).map((one) => one.trim()),
  ];
  const names = [...new Set(words.flatMap((word) => namesIn(word)))];
  return names.filter((name) => !isFamiliarName(name)).slice(0, 3);
}

/** Which deliverable it is said to be: the one named, or the one named most. */
export function answeredType(lines: Line[], knowledge: Knowledge): { value: string; words: string } | null {
  const plain = plainsOf(lines);
  const named = mentionsIn(knowledge.kinds, plain, { typos: false }).filter(
    (one) => one.value !== null && one.strength > 0.4 && sideOf(plain, one) !== "wrong",
  );
  const times = new Map<string, number>();
  for (const { value } of named) times.set(value!, (times.get(value!) ?? 0) + 1);
  const [first, second] = [...times].sort((a, b) => b[1] - a[1]);
  if (!first || first[1] === second?.[1]) return null;
  return { value: first[0], words: named.find(({ value }) => value === first[0])!.words };
}
