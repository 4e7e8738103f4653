// Who writes where nobody says "我是": "产科李娜（…）来交作业", a name that the sender's own name or the roster completes.
import type { MailAddress } from "../message/mail.ts";
import type { Knowledge } from "./knowledge.ts";
import { isGreeting, type Line, plainOf } from "./letter.ts";
import { isChineseName, isFamiliarName, NICKNAMES } from "./people.ts";
import { unitMentions } from "./unit-mention.ts";

const HAN_NAME = /^\p{Script=Han}{2,4}$/u;
const POST =
  /(?:老师|教师|[馆职社演队员讲编保导学司驾][员工机]|干部|主任|科长|组长|医生|护士|大队辅导员|师傅|工人|班长|同学|^教|[科部室班组队所])/;

/** "明亮，一小东校区，科学老师。": the opening line is who it is from, in pieces. */
export function openingNames(lines: Line[], knowledge: Knowledge): string[] {
  const line = lines.slice(0, 3).find((one) => !isGreeting(one.plain) || one.plain.length > 16);
  const text = line?.raw.normalize("NFKC").split(/[。!！?？;；\n]/)[0] ?? "";
  const pieces = text.split(/[,，、(（]|\s+/).map(plainOf);
  if (text.length > 48 || pieces.length < 2) return [];
  const units = pieces.flatMap((piece) => unitMentions(piece, knowledge));
  const known = units.length > 0 || pieces.some((piece) => piece.length <= 12 && POST.test(piece));
  if (!known) return [];
  for (const [at, piece] of pieces.slice(0, 3).entries()) {
    const unit = unitMentions(piece, knowledge)[0];
    const rest = unit?.start === 0 ? piece.slice(unit.end).replace(/^的/, "") : piece;
    const isName = isChineseName(rest, { amidText: at > 0 }) || knowledge.people.has(rest);
    if (HAN_NAME.test(rest) && isName && (unit !== undefined || units.length > 0)) return [rest];
  }
  return [];
}

/** "我跟大灶上的丁桂英两个人想的": who thought of it as well. */
const TOGETHER =
  /我(?:和|跟|与|同)(?<clause>[^,，。;；:：]{2,16}?)(?:老师|师傅|同志)?(?:两个人?|俩|一起|一块|共同|合(?:着|伙|写|提)|商量|老搭档)/u;

export function togetherWith(lines: Line[]): string[] {
  for (const line of lines.slice(0, 4)) {
    const clause = TOGETHER.exec(plainOf(line.raw))?.groups?.clause ?? "";
    const name = [3, 2, 4]
      .map((n) => clause.slice(-n))
      .find((words) => isChineseName(words, { amidText: true }));
    if (name) return [name];
  }
  return [];
}

/** What names the sender has by himself: his display name, the roster's for his address. */
function ownNames(sender: MailAddress | null, knowledge: Knowledge): string[] {
  if (!sender) return [];
  const roster = (knowledge.addresses.get(sender.address) ?? []).map((one) => one.name);
  return [...roster, sender.name].map(plainOf).filter((name) => HAN_NAME.test(name) && !NICKNAMES.has(name));
}

/** 秋霜 signs what 冷秋霜 sends; 施國柱 is the roster's 施国柱; 老于 who is the roster's 于洪亮 under this address. */
export function completed(names: string[], sender: MailAddress | null, knowledge: Knowledge): string[] {
  const own = ownNames(sender, knowledge);
  return names.map((name) => {
    const plain = plainOf(name);
    if (!HAN_NAME.test(plain)) return name;
    if (knowledge.people.has(plain)) return plain;
    const fuller = own.find((one) => one.length > name.length && one.endsWith(plain));
    if (fuller && !isFamiliarName(fuller)) return fuller;
    const familiar = isFamiliarName(plain) && own.find((one) => one.startsWith(plain[1]!) && one.length >= 2);
    if (familiar && !isFamiliarName(familiar)) return familiar;
    return own.includes(plain) ? plain : name;
  });
}

/** A short closing line ends in the name that the sender bears, or the roster knows, however rare. */
export function closingOfOwn(lines: Line[], sender: MailAddress | null, knowledge: Knowledge): string[] {
  const own = ownNames(sender, knowledge);
  for (const line of lines.slice(-4).reverse()) {
    const bare = line.plain
      .replace(/[\d年月日.\-/〇一二三四五六七八九十]{4,}.*$/, "")
      .replace(/[\s,，。.]+$/, "");
    if (bare.length > 30) continue;
    const named = [4, 3, 2].map((n) => bare.slice(-n)).find((words) => own.includes(words));
    if (named) return [named];
    const unit = unitMentions(bare, knowledge)[0];
    const rest = unit ? bare.slice(unit.end).replace(/^\s+/, "") : "";
    if (unit && HAN_NAME.test(rest) && (isChineseName(rest) || knowledge.people.has(rest))) return [rest];
    const post = /门房|顿首|敬上|谨上|叩$/.exec(bare);
    const after = post ? bare.slice(post.index + post[0].length) : "";
    if (HAN_NAME.test(after) && isChineseName(after)) return [after];
  }
  return [];
}
