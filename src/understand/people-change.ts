// "姓名写错了，应为邓楷", "把祝甜甜也加上", "征战的征，不是正确的正": whose it is to be.
import { SHOULD, WRONG } from "./contrast.ts";
import type { Exchange } from "./exchange.ts";
import { isChineseName, namesIn } from "./people.ts";
import type { Change } from "./unit-change.ts";

const ABOUT =
  "(?:作者|姓名|名字|人名|大名|建议人|提出人|提议人|提案人|署名|申报人|报送人|落款|author|name|proposer)";
const NAMES = "[\\p{Script=Han}·]{2,4}(?:[、,，和与及 ]{1,2}[\\p{Script=Han}·]{2,4}){0,5}";
/** As short as what follows allows. */
const FEWEST = "[\\p{Script=Han}·]{2,4}?(?:[、,，和与及 ]{1,2}[\\p{Script=Han}·]{2,4}?){0,5}?";
/** "姓名应为…", "名字错了，改成…", "请改过来：…". */
const SET = new RegExp(
  `${ABOUT}[^。;；\\n]{0,24}?(?:应为|应该?是|应当[是为]|改[为成]|改(?:过来|正|一下)?[:：]|(?:更正|更改|修正)[为成:：]|其实是|正确的?[是为]|写[成作为]|(?<![不而])是|(?<!写)为|should (?:be|read)|is actually|change(?:d)? (?:it )?to)\\s*[:：]?\\s*[“"「]?(?<value>[^。;；!！\\n”"」]{2,60})`,
  "giu",
);
const SET_BELOW = new RegExp(`(?:改过来|改正|更正|改成|改为)[:：]\\s*(?<value>${NAMES})`, "u");
/** A name right behind what says whose it is; what stands behind the name ends it. */
const UNTIL = "(?=提|写|想|出|的|他|她|不是|两|二|[两三]个?人|老师|同志|免得|就|$|[,，。;；!！、\\s\\d])";
const CREDITED: RegExp[] = [
  new RegExp(
    `(?:写的人|提的人|(?:提|出)(?:点子|主意|建议|的)?的?人|出点子的|${ABOUT}|(?:^|[,，。;；\\s行科校])人)(?:应该?|应当)?(?:[是写为叫]|改[成为])(?:我们?[\\p{Script=Han}]{1,2}?的?)?(?<value>${FEWEST})${UNTIL}`,
    "u",
  ),
  new RegExp(
    `不是(?:我|俺|本人|余|在下)(?:本人|自己|的|提的|写的)*[,，\\s]*(?:而?应?该?是|系)(?<value>${FEWEST})${UNTIL}`,
    "u",
  ),
  new RegExp(`改[成为](?<value>${FEWEST})${UNTIL}`, "u"),
  /(?:替|代|帮)(?:[^,，。;；\n我]{0,10}的)?(?<value>\p{Script=Han}{2,3}?)(?:老师|同志|大姐|师傅)?(?:转|代?发|报|写|投|交|打)/u,
  /\b[Bb]y (?<value>[A-Z][\p{L}'’-]+(?: [A-Z][\p{L}'’-]+){1,2})/u,
  /\bname\b[^.;\n]{0,50}\b(?:is|as) (?<value>\p{Script=Han}{2,4}|[A-Z][\p{L}'’-]+(?: [A-Z][\p{L}'’-]+){1,2})/u,
];
/** Whose it is was taken wrongly, in whatever words. */
const NOT_MINE =
  /不是[我俺]|误会|功劳|(?:登|写|记|署)成[了]?[我俺]|张冠|名字|姓名|署名|人(?:[是写应]|不对)|只是?(?:帮|代|按|负责)|\bonly\b|\bname\b|姓名/;
const CALLED = /(?:我|本人|作者|名字)(?:叫|是)(?<value>\p{Script=Han}{2,4}?)(?=$|[,，。;；!！、\s])/u;
/** "不是王晓明，是王小明", "是王小明，不是王晓明", "王晓明应为王小明", "把王小明写成了王晓明". */
const SWAPPED: RegExp[] = [
  /不是(?<wrong>\p{Script=Han}{2,4}?)[,，]\s*(?:而)?(?:应?该?是|应为)(?<right>\p{Script=Han}{2,4}?)(?=$|[,，。;；!！\s”"])/u,
  /(?<right>\p{Script=Han}{2,4}?)[(（](?:而)?(?:不是|非|原为|误[写登]?[为作成])(?<wrong>\p{Script=Han}{2,4}?)[)）]/u,
  /(?:应该?是|应为|叫|是)(?<right>\p{Script=Han}{2,4}?)[,，]\s*(?:而)?不是(?<wrong>\p{Script=Han}{2,4}?)(?=$|[,，。;；!！\s”"])/u,
  /(?:把|将)?[“"「]?(?<wrong>\p{Script=Han}{2,4}?)[”"」]?(?:请)?(?:应该?[是为]|应为|改[为成]|更正为)[“"「]?(?<right>\p{Script=Han}{2,4}?)(?=$|[,，。;；!！\s”"」])/u,
  /(?:把|将)[“"「]?(?<right>\p{Script=Han}{2,4}?)[”"」]?(?:错|误)?(?:写|登|登记|打|印)(?:成|作|为)了?[“"「]?(?<wrong>\p{Script=Han}{2,4}?)(?=$|了|[,，。;；!！\s”"」])/u,
];
const MORE =
  "(?:也|都|一并|一起|一同)?(?:给)?(?:加上|加进(?:去|来)?|添上|补上|补进(?:去|来)?|写上|写进(?:去|来)?|列上|署上|挂上|算上|带上)";
/** A proposer left out: only where one stands that could be a name. */
const ADDED: RegExp[] = [
  new RegExp(
    `(?:把|将|(?:请|给|麻烦)(?![把将您你帮]))(?<value>${FEWEST})(?:老师|同志|医生|的名字)?${MORE}`,
    "u",
  ),
  new RegExp(
    `(?:漏了|漏掉了?|漏写了?|少了|少写了?|落下了?|落了|忘了写|忘记写|还有|加上|加个|加一(?:位|个人?)|补上|添上)(?:一?[位个])?(?:作者|同事|同志|建议人|提出人|人|名字)?(?:[,，:：是]|叫)?\\s*(?<value>${FEWEST})(?=$|老师|同志|[,，。;；!！、\\s也]|的名字)`,
    "u",
  ),
  /(?:我和|我跟|我与|和|跟|与)(?<value>\p{Script=Han}{2,4}?)(?:老师|同志)?(?:一起|共同|合作?|合写|一块|两个?人)/u,
  /\b(?:add|include|forgot|left out)\s+(?<value>\p{Script=Han}{2,4}|[A-Z][\p{L}'’-]+(?: [A-Z][\p{L}'’-]+){1,2})/u,
];
const FIRST = /(?:排|放|写|列|署)(?:在)?(?:最?前|第一|首位|头里)|第一作者|first author|goes first/;
const REMOVED = new RegExp(
  `(?:去掉|删掉|删去|拿掉|划掉|不要写|别写|remove)[“"「]?(?<a>${FEWEST})(?=$|老师|同志|的名字|[,，。;；!！\\s”"」])|(?:把|将)(?<b>${FEWEST})(?:老师|同志|的名字)?(?:去掉|删掉|删去|删了|拿掉|划掉)`,
  "u",
);
/** "征战的征，不是正确的正": a character told by a word it stands in, or by itself. */
const TOLD = '(?:(?:\\p{Script=Han}{1,4}的)?[“"「]?(\\p{Script=Han})[”"」]?(?:字)?)';
const CHARACTER: [pattern: RegExp, right: number, wrong: number][] = [
  [new RegExp(`${TOLD}[,，]?\\s*(?:而)?不是${TOLD}(?=$|[,，。;；!！\\s])`, "u"), 1, 2],
  [new RegExp(`不是${TOLD}[,，]?\\s*(?:而)?(?:应?该?是|应为)${TOLD}(?=$|[,，。;；!！\\s])`, "u"), 2, 1],
  [new RegExp(`${TOLD}(?:错|误)?(?:写|打|登|印)(?:成|作)了?${TOLD}(?=$|了|[,，。;；!！\\s])`, "u"), 1, 2],
  [new RegExp(`${TOLD}(?:应为|应该?是|改[为成])${TOLD}(?=$|[,，。;；!！\\s])`, "u"), 2, 1],
];

export function peopleChange(written: string, exchange: Exchange, sender: string): Change {
  // Quotation marks round a name say nothing.
  const text = written.replace(/[“”"「」『』]/g, "");
  const known = exchange.recorded[0]?.people ?? (isChineseName(sender) ? [sender] : []);
  const people =
    mended(text, known) ??
    swapped(text, known) ??
    setTo(text) ??
    (exchange.answers === "ours" ? credited(text, known) : null) ??
    (exchange.answers === null ? null : (added(text, known) ?? without(text, known)));
  if (people && people.names.length > 0) {
    if (people.names.join() === known.join() && exchange.recorded.length > 0) return null;
    return { request: { action: "people", people: people.names }, words: people.words.slice(0, 60) };
  }
  const wrong = new RegExp(`${ABOUT}[^,，。;；\\n]{0,10}?(?:${WRONG.source})`, "u").exec(text);
  return wrong ? { unclear: wrong[0] } : null;
}

interface Named {
  names: string[];
  words: string;
}

function mended(text: string, known: string[]): Named | null {
  for (const [pattern, right, wrong] of CHARACTER) {
    const said = pattern.exec(text);
    const [from, to] = [said?.[wrong], said?.[right]];
    if (!said || !from || !to || !known.some((name) => name.includes(from))) continue;
    return { names: known.map((name) => name.replace(from, to)), words: said[0] };
  }
  return null;
}

function swapped(text: string, known: string[]): Named | null {
  for (const pattern of SWAPPED) {
    const said = pattern.exec(text);
    const [right] = namesIn(said?.groups?.right ?? "");
    const [wrong] = namesIn(said?.groups?.wrong ?? "");
    if (!said || !right || !wrong) continue;
    const names = known.includes(wrong) ? known.map((name) => (name === wrong ? right : name)) : [right];
    return { names, words: said[0] };
  }
  return null;
}

function credited(text: string, known: string[]): Named | null {
  if (!NOT_MINE.test(text)) return null;
  let best: Named | null = null;
  for (const pattern of CREDITED) {
    const said = pattern.exec(text);
    const names = namesIn(said?.groups?.value ?? "");
    const isNew = names.some((name) => !known.includes(name));
    if (said && isNew && names.length > (best?.names.length ?? 0)) best = { names, words: said[0].trim() };
  }
  return best;
}

function setTo(text: string): Named | null {
  const isAsked = WRONG.test(text) || SHOULD.test(text);
  for (const said of isAsked ? text.matchAll(SET) : []) {
    const names = namesIn(
      said
        .groups!.value!.replace(/[,，]?(?:而)?(?:不是|not ).*$/, "")
        .replace(/(?:[两二三四]|几)个?人.*$|[,，]\s*(?:现|可以|好吗|免得|就).*$/, "")
        .split(/[,，]\s*(?:请|谢|麻烦|辛苦)/)[0]!,
    );
    if (names.length > 0) return { names, words: said[0] };
  }
  const below = new RegExp(ABOUT, "u").test(text) ? SET_BELOW.exec(text) : null;
  const called = isAsked && new RegExp(ABOUT, "u").test(text) ? CALLED.exec(text) : null;
  for (const said of [below, called]) {
    const names = namesIn(said?.groups?.value ?? "");
    if (said && names.length > 0) return { names, words: said[0] };
  }
  return null;
}

function added(text: string, known: string[]): Named | null {
  for (const pattern of ADDED) {
    const said = pattern.exec(text);
    const more = namesIn(said?.groups?.value ?? "").filter((name) => !known.includes(name));
    if (!said || more.length === 0) continue;
    const isFirst = FIRST.test(text.slice(said.index));
    return { names: isFirst ? [...more, ...known] : [...known, ...more], words: said[0] };
  }
  return null;
}

function without(text: string, known: string[]): Named | null {
  const said = REMOVED.exec(text);
  const gone = namesIn(said?.groups?.a ?? said?.groups?.b ?? "");
  const names = known.filter((name) => !gone.includes(name));
  return said && names.length < known.length ? { names, words: said[0] } : null;
}
