// The organisation's name as the sender writes it, for a mail whose unit is not in the configuration.
import type { Mail } from "../message/mail.ts";
import { senderOf } from "../message/sender.ts";
import type { Knowledge } from "./knowledge.ts";
import {
  closingOf,
  isFarewell,
  isGreeting,
  type Labelled,
  type Line,
  plainOf,
  segmentsOf,
} from "./letter.ts";
import { englishOrganisationIn, organisationAt } from "./organisation.ts";
import { isChineseName } from "./people.ts";
import type { Pieces } from "./pieces.ts";
import { bareSubject, stemOf } from "./title.ts";
import { unitMentions } from "./unit-mention.ts";
import { leftover } from "./unit-title.ts";

/**
 * From the places that name the sender, the plainest first: a label, what he says of himself, the closing, the
 * signature, a document's heading and closing, his display name, the file name, the subject. Null where none does.
 */
export function unitAsRead(mail: Mail, pieces: Pieces, knowledge: Knowledge): string | null {
  const bodies = [pieces.newLines, ...pieces.pieces.map((piece) => piece.lines)];
  const labels = pieces.pieces.flatMap((piece) => piece.labels);
  const signature = pieces.signature.split("\n").map((raw) => ({ raw, plain: plainOf(raw) }));
  const titles = [
    ...pieces.pieces.map((piece) => stemOf(piece.filename)),
    ...pieces.pieces.flatMap((piece) => piece.lines.slice(0, 2).map((line) => line.raw)),
    bareSubject(mail.subject),
  ];
  const places = [
    () => first(labels, labelled),
    () => first(bodies, introduced),
    () => first(bodies, (lines) => first(closingOf(lines), (line) => signed(line))),
    () => first(signature.slice(0, 8), (line) => signed(line)),
    () => namedIn(senderOf(mail)?.name ?? ""),
    () => first(titles, (title) => titled(title, knowledge)),
  ];
  return first(places, (read) => {
    const name = read();
    return name !== null && !isConfigured(name, knowledge) ? name : null;
  });
}

/** The name in a letter's own words: where he introduces himself, or signs. */
export function writtenIn(lines: Line[], knowledge: Knowledge): string | null {
  const name = introduced(lines) ?? first(closingOf(lines), (line) => signed(line));
  return name !== null && !isConfigured(name, knowledge) ? name : null;
}

/** A reader of the library names it, and is not of it. */
function isConfigured(name: string, knowledge: Knowledge): boolean {
  const plain = plainOf(name);
  return unitMentions(plain, knowledge).some(({ start, end }) => start === 0 && end === plain.length);
}

function first<T>(among: T[], find: (one: T) => string | null): string | null {
  for (const one of among) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

function labelled({ kind, value }: Labelled): string | null {
  if (kind !== "unit") return null;
  const words = value.split(/[,，;；。\t|]/)[0]!.trim();
  return words.length >= 2 && words.length <= 40 ? words : null;
}

const OPENING = 6;
/** "我是…的", "本人来自…", "老朽乃…坐堂医师": what follows is the speaker's own. */
const SAYS =
  /(?:我们?(?!院|校|局|市|县|国)|本人|笔者|鄙人|在下|老朽|俺们?|叫[^,，。]{2,4}[,，])(?:现在?|目前|一直|就|都|也|单位)?(?:是|系|乃|来自|在|就职于|任职于|供职于|工作于)|(?:^|[,，。;；!！:：])(?:来自|系|是)/g;

function introduced(lines: Line[]): string | null {
  for (const { plain } of lines.slice(0, OPENING)) {
    if (isGreeting(plain)) continue;
    for (const said of plain.matchAll(SAYS)) {
      const words = plain.slice(said.index + said[0].length);
      const name = organisationAt(words);
      if (name && !GUEST.test(words.slice(words.indexOf(name) + name.length))) return name;
    }
    const own =
      /^(?:您好|你好|老师好|各位好)?[,，!！。]?(\p{Script=Han}{3,20}?)(?:的(?:一[名个位])?)?(\p{Script=Han}{2,3})(?=[,，。]|$)/u.exec(
        plain,
      );
    const name = own && isChineseName(own[2]!, { amidText: true }) ? organisationAt(own[1]!) : null;
    if (name && name === own?.[1]) return name;
  }
  return first(lines.slice(0, 3).concat(lines.slice(-4)), ({ raw }) => englishIntroduction(raw));
}

/** Who goes there is not of it. */
const GUEST = /^\p{Script=Han}{0,8}(?:乘客|读者|患者|病人|家属|家长|市民|居民|观众|游客|顾客|用户)/u;
const ENGLISH_SAYS =
  /\b(?:I am|I'm|We are|I work|I teach|writing|on behalf)\b.{0,40}?\b(?:from|at|in|of|for|with) (.{4,80})/i;

function englishIntroduction(raw: string): string | null {
  const said = ENGLISH_SAYS.exec(raw);
  return said ? englishOrganisationIn(said[1]!) : null;
}

/** A closing line holds the name, perhaps with a division, a person, a date; nothing that makes a sentence. */
function signed({ raw, plain }: Line): string | null {
  if (/[。!！?？;；]/.test(plain.replace(/[。!！]$/, "")) || isFarewell(plain) || isGreeting(plain))
    return null;
  if (/[建希]议?望?|应该|可以|能不能|我们/.test(plain)) return null;
  const written = raw
    .normalize("NFKC")
    .split(/[\s,，、|/·]+|[-—–]{1,2}/)
    .map(plainOf);
  for (const part of [...written, plain].filter((one) => one.length >= 3 && one.length <= 24)) {
    const name = organisationAt(part.replace(/^[("“【[—-]+/, ""));
    const rest = name ? part.slice(part.indexOf(name) + name.length) : part;
    if (name && part.indexOf(name) <= 1 && isSignersRest(rest)) return name;
  }
  return /^[A-Z]/.test(raw) && raw.length <= 80 ? englishOrganisationIn(raw) : null;
}

function isSignersRest(rest: string): boolean {
  const bare = rest.replace(/[\s()（）:：,，、\d.\-年月日]+/g, "");
  if (bare === "" || isChineseName(bare)) return true;
  return (
    /^(?:的?[\p{Script=Han}]{0,6}(?:部|科|室|组|队|处|班|长|员|主任|老师|书记|医师|护士))?(?:[\p{Script=Han}]{0,4})$/u.test(
      bare,
    ) && bare.length <= 10
  );
}

function namedIn(display: string): string | null {
  const plain = plainOf(display).replace(/^["'“]|["'”]$/g, "");
  return organisationAt(plain) ?? englishOrganisationIn(display);
}

/** A file's name or a heading: a part that is nothing but the name, perhaps with a person's. */
function titled(title: string, knowledge: Knowledge): string | null {
  for (const segment of segmentsOf(title)) {
    const plain = plainOf(segment);
    const name = organisationAt(plain);
    if (name && /^关于|[对向给]/.test(plain) === false && plain.startsWith(name)) {
      const rest = plain.slice(name.length);
      if (rest === "" || leftover(rest, knowledge) === "" || isChineseName(rest)) return name;
    }
  }
  return null;
}
