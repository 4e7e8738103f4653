// How people number: 一、 (1) ① 第一条 其一 1️⃣ A. First, bullets; which lines begin the entries of the outermost list.
import type { Line } from "./letter.ts";

export interface Marker {
  style: string;
  /** Of a bullet 0. */
  value: number;
  /** As many characters of the written line as the marker takes. */
  length: number;
}

const HAN = "[一二三四五六七八九十]{1,3}";
const CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
const ENGLISH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];
/** Of "lastly": whatever comes next. */
const LAST = 99;
/** What is counted: 第一条, 第二招, 第三件事. */
const MEASURE = "[条个点项策招件则桩篇计议]";
const STYLES: [string, RegExp][] = [
  ["circle", new RegExp(`^([${CIRCLED}])\\s*[、.．:：]?\\s*`, "u")],
  ["keycap", /^(?:([0-9])\uFE0F?\u20E3|(🔟))\s*[、.．:：]?\s*/u],
  ["negative", /^([❶❷❸❹❺❻❼❽❾❿])\s*/u],
  [
    "ordinal",
    new RegExp(
      `^第(${HAN}|\\d{1,2})(?:${MEASURE}事?)?(?:[、,，:：.．]|\\s+|(?<=${MEASURE}事?)(?=是|就是))\\s*(?:是|就是)?\\s*`,
      "u",
    ),
  ],
  ["ordinal", new RegExp(`^第(${HAN}|\\d{1,2})${MEASURE}(?!线|批|时间|次|名)`, "u")],
  ["those", new RegExp(`^其(${HAN})[、,，:：.．\\s]*`, "u")],
  ["han", new RegExp(`^(${HAN})\\s*[、.．:：,，)）]\\s*`, "u")],
  ["han", new RegExp(`^(${HAN})[是则](?!否|个|些)[:：,，、]?\\s*`, "u")],
  ["han", new RegExp(`^(${HAN})\\s+(?=\\S)`, "u")],
  ["bracket", new RegExp(`^[(（【\\[〔](${HAN}|\\d{1,2})[)）】\\]〕]\\s*[、.．:：]?\\s*`, "u")],
  ["digit", /^(?:no\.?\s*|#\s*)?(\d{1,3})\s*(?:[、．)）:：]|\.(?!\d)|\s+(?=\p{Script=Han}))\s*/iu],
  ["letter", /^([A-Ha-h])\s*[.、．)）:：]\s*/u],
  ["roman", /^((?:I{1,3}|IV|VI{0,3}|IX|X)|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])\s*[.、．)）:：]\s*/u],
  ["english", new RegExp(`^(${ENGLISH.join("|")}|last|final)(?:ly)?\\b\\s*[,:.]?\\s*`, "iu")],
];
const BULLET = /^([●•·■◆◇○▪▶►★☆✅☑👉🔹🔸💡📌*+–—-]|[-—]{2})\uFE0F?\s*(?=[^\s\-—=*+])/u;

/** Most lines begin with none of these. */
const MAY_COUNT = /^[一二三四五六七八九十\d０-９①-⑳⑴-⒛❶-❿🔟(（【[〔第其#＃a-iA-IlLvx-zＡ-Ｈn-tN-TVXⅠ-ⅫＩ]/u;
const MAY_POINT = /^[^\p{L}\p{N}]/u;

function markerOf(raw: string): Marker | null {
  if (!MAY_COUNT.test(raw)) return MAY_POINT.test(raw) ? pointOf(raw) : null;
  for (const text of [raw, raw.normalize("NFKC")]) {
    for (const [style, words] of STYLES) {
      const found = words.exec(text);
      const counted = found?.slice(1).find((one) => one !== undefined);
      const value = counted === undefined ? 0 : numberOf(counted, style);
      if (found && value > 0) return { style, value, length: found[0].length };
    }
    if (text === raw && /^[①-⑳]/u.test(raw)) break;
  }
  return pointOf(raw);
}

function pointOf(raw: string): Marker | null {
  const bullet = BULLET.exec(raw);
  return bullet ? { style: bullet[1]!, value: 0, length: bullet[0].length } : null;
}

/** As written; only the number may stand in full-width digits. */
export function withoutMarker(raw: string): string {
  const marker = markerOf(raw);
  if (!marker) return raw;
  const rest = raw.slice(marker.length);
  return rest.trim() === "" ? raw : rest;
}

function numberOf(words: string, style: string): number {
  if (/^\d+$/.test(words)) return Number(words);
  if (words === "🔟") return 10;
  if (style === "letter") return words.toUpperCase().charCodeAt(0) - 64;
  if (style === "english") return ENGLISH.indexOf(words.toLowerCase()) + 1 || LAST;
  if (style === "roman") return romanOf(words);
  const negative = "❶❷❸❹❺❻❼❽❾❿".indexOf(words);
  if (negative >= 0) return negative + 1;
  const circled = CIRCLED.indexOf(words);
  return circled >= 0 ? circled + 1 : hanValue(words);
}

/** 三, 十二, 两: what a number word stands for; 0 for none. */
export function hanValue(words: string): number {
  if (/^\d+$/.test(words)) return Number(words);
  if (words === "两" || words === "俩") return 2;
  if (words === "仨") return 3;
  const digits = "一二三四五六七八九十";
  if (words.length === 1) return digits.indexOf(words) + 1;
  const [before, after] = words.split("十");
  if (after === undefined) return 0;
  return (before ? digits.indexOf(before) + 1 : 1) * 10 + (after ? digits.indexOf(after) + 1 : 0);
}

function romanOf(words: string): number {
  const single = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ".indexOf(words);
  if (single >= 0) return single + 1;
  return ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"].indexOf(words) + 1;
}

export interface Entries {
  /** Indices of the lines that begin an entry. */
  starts: number[];
  style: string;
}

/** Lines that begin the entries of the outermost numbering; counting must run 1, 2, 3, in whatever style. */
export function entriesOf(lines: Line[]): Entries {
  const marks = lines.map((line) => markerOf(line.raw));
  const first = marks.find((mark) => mark !== null && mark.value === 1);
  const outer = first?.style ?? "";
  const starts: number[] = [];
  /** Styles that began to count within the entry before: their 2 is its own. */
  let within = new Set<string>();
  const lastAt = new Map(marks.map((mark, i) => [`${mark?.style}/${mark?.value}`, i]));
  marks.forEach((mark, i) => {
    if (!mark || !first) return;
    const wanted = starts.length + 1;
    const isNext =
      mark.value === wanted && (mark.style === outer || (starts.length > 0 && !within.has(mark.style)));
    const later = (lastAt.get(`${outer}/${wanted}`) ?? -1) > i;
    if (isNext && (mark.style === outer || !later)) {
      starts.push(i);
      within = new Set();
    } else if (mark.value === 1) within.add(mark.style);
  });
  return starts.length >= 2 ? { starts, style: outer } : bulleted(marks);
}

/** Entries behind the same sign; the sign of the first line that has one. */
function bulleted(marks: (Marker | null)[]): Entries {
  const sign = marks.find((mark) => mark?.value === 0)?.style ?? "";
  const starts = marks.flatMap((mark, i) => (mark?.value === 0 && mark.style === sign ? [i] : []));
  return { starts: starts.length >= 2 ? starts : [], style: "bullet" };
}
