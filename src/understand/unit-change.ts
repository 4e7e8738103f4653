// "单位写错了，应为文化馆": to which unit something is to be moved.
import { contrastIn, SHOULD, WRONG } from "./contrast.ts";
import type { CorrectionRequest } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Knowledge } from "./knowledge.ts";
import { plainOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { resolveName } from "./resolve.ts";
import { aboutEarlier } from "./version.ts";

/** A fact found, a wish that could not be read, or nothing of the kind. */
export type Change = { request: CorrectionRequest; words: string } | { unclear: string } | null;

const ABOUT =
  /单位|部门|处室|科室|学校|校区|院区|所属|班组|车间|车队|分公司|支行|门店|站点|哪个[馆科站队]|哪家|\b(?:unit|department|school|office|branch)\b/;
/** "单位：应为…", "单位错了，…": where a name behind it must be a unit's, however it is cut. */
const SLOT =
  /(?:应为|应该?[是在算归属写]|应当[是为]|改[为成到作]|(?:更正|更改|修改|变更|调整)[为成到]|其实是|正确的?[是为]|而是|should (?:be|read)(?: the)?)\s*[:：]?\s*[“"「『《]?([^,，。;；!！?？”"」』》\n]{2,40})/g;
/** Whose unit it is, said by its people: "我是附小的", "余供职于美术馆". */
const OWN =
  /(?:我们?|本人|余|在下|咱们?|俺们?|我[校馆科院局站队所])[^,，。;；!！?？\n]{0,8}?(?:是|在|属于?|归|供职|就职|任职|来自|调|转)|\b(?:i|we)(?:'m| am| are)? (?:belong|work|teach|sit|am|are)\b[^.;\n]{0,24}?\b(?:at|to|in|for|with|from)\b/;
/** "我是新桦的", where the name is cut. */
const OWN_SLOT =
  /(?:我们?|本人|余|在下|咱们?|俺们?)(?:就?是|在|属于?|归)([^,，。;；!！?？\n的]{2,20})(?=的|$|[,，。;；!！\n])/g;
const OWN_SLOT_ENGLISH =
  /\b(?:i|we) (?:belong to|work (?:at|in|for)|teach at|am (?:at|with)) (?:the )?([^,.;()\n]{3,40})/g;
/** "单位还是…就好": what stands is to stay. */
const STAYS =
  /(?:单位|部门|处室|科室|学校)[^,，。;；\n改]{0,4}(?:还是|仍是?|没错|不变|不用|不必|无误|是对的|(?<!不)对[,，。;；\n])|\bunit is (?:right|correct|fine)/;

export function unitChange(plain: string, exchange: Exchange, knowledge: Knowledge): Change {
  const stands = new Set(exchange.recorded.map(({ unit }) => unit).filter((unit) => unit !== null));
  const { right, wrong, isSaid } = contrastIn(knowledge.units, plain, stands, true);
  const about = ABOUT.test(withoutNames(plain, knowledge));
  // In a letter that answers nothing, "不是二水厂那个" says who writes and corrects nothing.
  if (exchange.answers === null && !about && !aboutEarlier(plain)) return null;
  if (isKept(plain, stands, knowledge)) return null;
  const isMistaken = wrong.size > 0 || (about && WRONG.test(plain));
  const isWished = SHOULD.test(plain);
  // Where we know what stands, another name beside a mistake is what it should be.
  const isTold = isSaid || wrong.size > 0 || stands.size > 0 || OWN.test(plain);
  const isAsked = isWished && isSaid && (about || exchange.answers === "ours");
  if (stands.size > 0 && STAYS.test(plain)) return null;
  // Of what is recorded, another unit named as one's own or as the unit is the change itself.
  const differs = stands.size > 0 && right?.value != null && !stands.has(right.value);
  const isMeant = (isMistaken ? isTold : isAsked) || (differs && (about || OWN.test(plain)));
  if (right?.value && isMeant) {
    // Naming what is recorded already changes nothing.
    if (stands.size > 0 && [...stands].every((unit) => unit === right.value)) return null;
    return { request: { action: "unit", unit: right.value }, words: around(plain, right) };
  }
  if (!about || !(isMistaken || isWished)) return null;
  for (const [words, slot] of [
    ...plain.matchAll(SLOT),
    ...plain.matchAll(OWN_SLOT),
    ...plain.matchAll(OWN_SLOT_ENGLISH),
  ]) {
    const unit = resolveName(knowledge.units, plainOf(slot!).replace(/的$/, ""))?.value;
    if (unit && !wrong.has(unit)) return { request: { action: "unit", unit }, words };
  }
  const said = new RegExp(`(?:${ABOUT.source})[^,，。;；\\n]{0,10}?(?:${WRONG.source}|${SHOULD.source})`);
  const words = said.exec(plain)?.[0];
  return words === undefined ? null : { unclear: words };
}

/** 支行 in 城西支行 is no word about units. */
function withoutNames(plain: string, { units }: Knowledge): string {
  return mentionsIn(units, plain, { typos: false }).reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)}|${rest.slice(end)}`,
    plain,
  );
}

const KEPT_BEFORE = /(?:还是|仍然?是?|仍旧是?|依旧是?|照旧是?|still|remains?)(?: the)? ?$/;
const KEPT_AFTER = /^(?:不变|不动|不用[改动换]|不必[改动换]|没错|无误|没问题|是对的)/;

/** "单位还是金融部就好": what stands is to stay. */
function isKept(plain: string, stands: Set<string>, { units }: Knowledge): boolean {
  return mentionsIn(units, plain, { typos: false }).some(
    ({ value, start, end }) =>
      value !== null &&
      stands.has(value) &&
      (KEPT_BEFORE.test(plain.slice(0, start)) || KEPT_AFTER.test(plain.slice(end))),
  );
}

function around(plain: string, { start, end }: { start: number; end: number }): string {
  return plain.slice(Math.max(0, start - 20), end + 6).trim();
}
