// Who proposes it: labels, self-introduction, closing, signature, display name; not who collects or forwards.
import type { MailAddress } from "../message/mail.ts";
import { dictatedBy } from "./dictated.ts";
import type { Knowledge } from "./knowledge.ts";
import { closingOf, isDate, isFarewell, type Labelled, type Line, plainOf } from "./letter.ts";
import { isChineseName, isEnglishName, isFamiliarName, NICKNAMES, namesIn, withoutTitle } from "./people.ts";
import { unitMentions } from "./unit-mention.ts";

const BEHALF =
  /(?:代|替|帮|转发|转交|转呈|推荐|受)(?:我们|一下)?(?:[^,，。;；]{0,12}?的?)?(?<name>\p{Script=Han}{2,3}?)(?:同志|老师|师傅|先生|女士|处长|科长|主任)?(?:的|提|发|提交|报|转|写|委托|所提|撰写|关于|$|[,，。;；])/u;
/** "我们科的老技师范某不会用电脑，让我代他发". */
const UNABLE =
  /(?<clause>[^,，。;；:：]{2,20}?)(?:自己)?(?:不会|不太会|没有?(?:电脑|邮箱)|不方便|年纪大|退休|[,，]?(?:让|托|委托|请|叫)我)/u;
/** "他是柳河小学的苗某". */
const HE_IS = /[他她](?:叫|就?是)(?<clause>[^,，。;；:：]{2,30})/u;
/** "由恒远建设 曹某、恒远物业 邹某共同提出". */
const PUT_FORWARD =
  /由(?<names>[^。;；!！:：]{2,40}?)(?:共同|联合|一起|两人|二人|合作)?(?:提出|提交|撰写|完成)/u;
/** "信息科骆某：" before the text. */
const SPEAKER = /^(?<names>[^,，。;；!！?？:：]{4,20})[:：]/u;
/** "我们馆的周桂兰老师不会上网，让我帮她发". */
const ASKED = /(?:让|托|委托|请|叫|要)我|(?:代|替|帮)(?:她|他|发|交|提交|报|转)/;
const TITLED =
  /(?:的|馆|部|处|室|校|科|院|团|^|[,，\s])(?<name>\p{Script=Han}{2,3}?)(?:老师|同志|师傅|先生|女士|大姐|大哥|阿姨)/u;
const BEHALF_ENGLISH =
  /(?:on behalf of|my colleague|idea (?:of|from|by)|forwarding)\s+(?:(?:my|our) colleague,?\s+)?(?:Mr\.?|Ms\.?|Mrs\.?|Dr\.?)?\s*(?<name>[A-Z][\p{L}'’-]+(?: [A-Z][\p{L}'’-]+){1,2})/u;

/** "我是图书馆采编部的张某", "我叫张某", "本人张某，来自…"; the clause ends in the name. */
const INTRODUCED =
  /(?:我叫|我的名字[是叫]|我们?是|本人是?|笔者是?|我(?:来自|在))(?<clause>[^,，。;；!！:：]{1,30})(?:[,，]\s*(?:我?叫|名叫|是)?(?<next>\p{Script=Han}{2,4})(?=$|[,，。;；!！]))?/u;
/** "我在…教数学，姓温，叫温某某。" */
const CALLED = /[,，]\s*我?名?叫(?<name>\p{Script=Han}{2,4})(?=$|[,，。;；!！])/u;
/** 数学老师谭晓燕, 采编部主任张某. */
const AFTER_POST =
  /(?:老师|教师|[馆职员演队会社讲编播保导学][员工]|干部|主任|科长|处长|部长|组长|医生|护士|记者|编辑|司机|保安|校长|园长|馆长|院长|所长|站长|队长|班长|店长|经理|技[师工]|药师|工人|师傅|部|科|室|组|队|处|中心)$/;
const BRACKETED = /[小老阿]\p{Script=Han}[(（](?<name>\p{Script=Han}{2,4})[)）]$/u;
/** 老于于洪亮. */
const NICKNAMED = /[小老阿](?<surname>\p{Script=Han})(?<name>\k<surname>\p{Script=Han}{1,2})$/u;
const INTRODUCED_ENGLISH =
  /(?:[Mm]y name is|I am|I'm|[Tt]his is)\s+(?:Mr\.?|Ms\.?|Mrs\.?|Dr\.?)?\s*(?<name>[A-Z][\p{L}'’-]+(?: [A-Z]\.?)?(?: [A-Z][\p{L}'’-]+){1,2})/u;

/** Names given for a whole letter or document, the surest place first; [] when none says. */
export function proposersIn(lines: Line[], labels: Labelled[], knowledge: Knowledge): string[] {
  const labelled = labels
    .filter((label) => label.kind === "people")
    .flatMap((label) => namesIn(creditOf(label.value, knowledge), { labelled: true }));
  if (labelled.length > 0) return [...new Set(labelled)];
  const behalf = onBehalf(lines, knowledge);
  if (behalf.length > 0) return behalf;
  const spoken = spokenBy(lines, knowledge);
  if (spoken.length > 0) return spoken;
  const introduced = introducedIn(lines, knowledge);
  const closing = closingNames(lines, knowledge);
  const full = closing.filter((name) => !isFamiliarName(name));
  if (introduced.every(isFamiliarName) && full.length > 0) return full;
  if (introduced.length > 0)
    return closing.length > 1 && closing.includes(introduced[0]!) ? closing : introduced;
  return closing;
}

/** "现转发我馆张某的金点子": the proposer behind whoever sends. */
export function onBehalf(lines: Line[], knowledge: Knowledge): string[] {
  const others = calledOther(lines);
  if (others) return [others];
  const dictated = dictatedBy(lines, knowledge);
  if (dictated) return [dictated];
  for (const line of lines.slice(0, 6)) {
    const text = line.raw.normalize("NFKC");
    const asked = ASKED.test(text) ? TITLED.exec(text)?.groups?.name : undefined;
    if (asked && isChineseName(asked)) return [asked];
    const unable = ASKED.test(text) ? UNABLE.exec(text)?.groups?.clause : undefined;
    const unasked = unable ? afterPost(unable, (name) => isChineseName(name)) : null;
    if (unasked) return [unasked];
    const other = ASKED.test(text) ? HE_IS.exec(text)?.groups?.clause : undefined;
    const described = other ? nameOfClause(other, knowledge) : null;
    if (described) return [described];
    const english = BEHALF_ENGLISH.exec(text)?.groups?.name;
    if (english && isEnglishName(english)) return [english];
    const found = BEHALF.exec(text);
    const name = found?.groups?.name;
    if (name && isChineseName(name, { amidText: true })) return [name];
    const tail = found && name ? trailingName(name) : null;
    if (tail) return [tail];
  }
  return [];
}

/** "我爸…叫钱阿根，他不会发邮件", "我师傅叫沙德福"; "季晓岚的献策，代交"; "她让我代她说". */
const OTHER_CALLED =
  /我(?:们)?(?:爸|妈|师傅|师父|徒弟|父亲|母亲|爷爷|奶奶|同事|搭档|老师|领导|邻居|学生|爱人|老公|老婆|[^,，。]{0,4}(?:大姐|大哥|阿姨|大爷))[^。]{0,24}?(?:叫|是)(?<name>\p{Script=Han}{2,3})/u;
const ITS_OWNER =
  /^(?<name>\p{Script=Han}{2,3}?)(?:老师|同志|师傅|老人)?(?:的[^,，。]{1,8}[,，]\s*代[交发转报]|是我们)/u;
const FOR = /代[他她交发转报笔说写打]|替[他她]|帮[他她]|不会|不用电脑|托我|让我|叫我/;

function calledOther(lines: Line[]): string | null {
  const opening = lines.slice(0, 4).map((line) => line.raw.normalize("NFKC"));
  if (!opening.some((text) => FOR.test(text))) return null;
  for (const text of opening) {
    const name = OTHER_CALLED.exec(text)?.groups?.name ?? ITS_OWNER.exec(text)?.groups?.name;
    const found = name ? [name, name.slice(0, 2)].find((one) => isChineseName(one)) : undefined;
    if (found) return found;
  }
  return null;
}

function trailingName(words: string): string | null {
  for (const n of [3, 2])
    if (words.length > n && isChineseName(words.slice(-n), { amidText: true })) return words.slice(-n);
  return null;
}

/** Who is named as having put it forward, or stands before the text like a speaker. */
function spokenBy(lines: Line[], knowledge: Knowledge): string[] {
  for (const [index, line] of lines.slice(0, 4).entries()) {
    const text = line.raw.normalize("NFKC");
    const joint = PUT_FORWARD.exec(text)?.groups?.names;
    const jointly = joint
      ? namesIn(
          joint
            .split(/[、,，和与]/)
            .map((part) => creditOf(part, knowledge))
            .join("、"),
        )
      : [];
    if (jointly.length > 0) return jointly;
    const speaker = index < 2 ? SPEAKER.exec(text)?.groups?.names : undefined;
    if (!speaker || unitMentions(plainOf(speaker), knowledge).length === 0) continue;
    const named = namesIn(creditOf(speaker, knowledge));
    // "市图书馆 管馆长：" is written to.
    if (named.length > 0 && !/(?:长|书记|主任|总|领导|老师|同志)$/.test(speaker)) return named;
  }
  return [];
}

function introducedIn(lines: Line[], knowledge: Knowledge): string[] {
  for (const line of lines.slice(0, 6)) {
    const text = line.raw.normalize("NFKC").replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, "");
    const english = INTRODUCED_ENGLISH.exec(text)?.groups?.name;
    if (english && isEnglishName(english)) return [english];
    if (!/[我俺咱]|本人/.test(text)) continue;
    const found = INTRODUCED.exec(text)?.groups;
    const name = found
      ? (nameOfClause(found.clause!, knowledge) ?? nameOfClause(found.next ?? "", knowledge))
      : null;
    if (name) return [name];
    const called = CALLED.exec(text)?.groups?.name;
    if (called && isChineseName(called)) return [called];
  }
  return [];
}

/** The name a self-introduction ends in: 张某, 采编部的张某, 市图书馆张某, 小孟（孟庆楠）. */
function nameOfClause(clause: string, knowledge: Knowledge): string | null {
  const end = withoutUnits(
    clause.replace(/(?:在|来自|就职于|任职于).*$/, (tail) => (tail.length > 12 ? "" : tail)),
    knowledge,
  )
    .split("的")
    .at(-1)!;
  const bracketed = BRACKETED.exec(end)?.groups?.name;
  if (bracketed) return bracketed;
  const full = NICKNAMED.exec(end)?.groups?.name;
  if (full && isChineseName(full)) return full;
  const bare = withoutTitle(
    end
      .replace(/[(（].*$/, "")
      .replace(
        /^(?:一[名个位]|\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心|车间|员))(?=\p{Script=Han}{2,})/u,
        "",
      ),
  );
  if (bare !== "" && (isChineseName(bare) || isFamiliarName(bare) || knowledge.people.has(bare))) return bare;
  const whole = withoutTitle(end.replace(/在.*$/, ""));
  if (isChineseName(whole)) return whole;
  return afterPost(whole, (name) => isChineseName(name) || knowledge.people.has(name));
}

/** 范某 of 老技师范某: a name that ends the words behind what somebody is. */
function afterPost(words: string, isName: (name: string) => boolean): string | null {
  const tails = [3, 2, 4].map((n) => ({ name: words.slice(-n), post: words.slice(0, -n) }));
  return tails.find(({ name, post }) => AFTER_POST.test(post) && isName(name))?.name ?? null;
}

/** Units cut out, so that "我是市图书馆张某" reads 我是 的 张某. */
function withoutUnits(text: string, knowledge: Knowledge): string {
  const plain = plainOf(text);
  let rest = plain;
  for (const mention of unitMentions(plain, knowledge).reverse()) {
    rest = `${rest.slice(0, mention.start)}的${rest.slice(mention.end)}`;
  }
  return rest;
}

/** Names in the closing lines: alone, beside the unit ("市图书馆 张某"), or behind a dash. */
export function closingNames(lines: Line[], knowledge: Knowledge): string[] {
  const names: string[] = [];
  for (const line of closingOf(lines)) {
    if (isDate(line.plain) || isFarewell(line.plain)) continue;
    const found = namesOfLine(line.raw, knowledge);
    if (found.length > 0) return found;
    if (/[。！!？?；;]$/.test(line.raw) || line.plain.length > 24) break;
  }
  return names;
}

/** A line that is nothing but a name, with or without unit, division, post and date. */
export function namesOfLine(raw: string, knowledge: Knowledge): string[] {
  const text = raw
    .normalize("NFKC")
    .replace(/^[\s\-—–:：,，]+|(?:敬上|谨上|上|呈|拜上|敬呈|启)$/g, "")
    .replace(
      /\d{4}[年.-]\d{1,2}[月.-]\d{1,2}日?|[\d-]{7,}|[\w.+-]+@[\w.-]+|(?:电话|手机|tel|phone|邮箱)[:：]?.*$/gi,
      " ",
    )
    .replace(/[。.,，;；]+$/, "")
    .trim();
  if (text.length > 40) return [];
  const units = unitMentions(plainOf(text), knowledge).filter((mention) => /^[a-z ]+$/.test(mention.words));
  if (units.length > 0) {
    const rest = units.reduce((words, unit) => words.replace(new RegExp(unit.words, "i"), " "), text);
    return namesIn(rest.replace(/[,，|]/g, "、"));
  }
  const whole = namesIn(text);
  if (whole.length > 0 && whole.join("").length + 6 >= text.replace(/\s|[、,，]/g, "").length) return whole;
  return namesIn(creditOf(text, knowledge));
}

/** What names a person in "市图书馆采编部 张某" or "张某（市图书馆）". */
function creditOf(words: string, knowledge: Knowledge): string {
  const parts = words
    .normalize("NFKC")
    .split(/[\s()（）|/]+|[-—]{1,2}/)
    .filter(Boolean);
  const joined = parts.map((part) => {
    const plain = plainOf(part);
    const mention = unitMentions(plain, knowledge)[0];
    if (!mention) return part;
    const rest = plain
      .slice(mention.end)
      .replace(/^(?:\p{Script=Han}{1,5}(?:部|科|室|组|队|处|中心))?的?/u, "");
    return isChineseName(rest)
      ? rest
      : isChineseName(plain.slice(mention.end))
        ? plain.slice(mention.end)
        : "";
  });
  const single = joined.filter(Boolean);
  const spacedName =
    single.length >= 2 && single.length <= 4 && single.every((part) => /^\p{Script=Han}$/u.test(part));
  return spacedName
    ? single.join("")
    : parts.length > 1 && isEnglishName(words.trim())
      ? words
      : single.join("、");
}

export function signatureNames(signature: string, knowledge: Knowledge): string[] {
  for (const line of signature.split(/\r?\n/).slice(0, 6)) {
    const found = line.trim() === "" ? [] : namesOfLine(line, knowledge);
    if (found.length > 0) return found.slice(0, 1);
  }
  return [];
}

/** The person behind an address: the roster's name for it, else a display name that is a person's. */
export function senderNames(sender: MailAddress | null, knowledge: Knowledge): string[] {
  if (!sender) return [];
  const known =
    knowledge.addresses.get(sender.address)?.filter((one) => one.role === "roster" && one.name !== "") ?? [];
  const display = namesOfLine(sender.name, knowledge).filter((name) => !NICKNAMES.has(name));
  if (known.length > 0) return known.length > 1 && display.length > 0 ? display : [known[0]!.name];
  if (display.length > 0) return display.slice(0, 1);
  const contact = knowledge.addresses
    .get(sender.address)
    ?.find((one) => isChineseName(one.name) || isEnglishName(one.name));
  return contact ? [contact.name] : [];
}
