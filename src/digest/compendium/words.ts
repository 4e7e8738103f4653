// The words of the book itself, in both languages, and how its parts are numbered.
import type { Locale } from "../../campaign/campaign.ts";

export interface BookWords {
  subtitle: string;
  editor: (office: string) => string;
  month: (year: number, month: number) => string;
  contents: string;
  noteTitle: string;
  note: (facts: { on: string; counts: { name: string; pieces: number }[]; selected: boolean }) => string[];
  part: (n: number, name: string) => string;
  group: (n: number, name: string) => string;
  piece: (n: number, title: string) => string;
  byline: (parts: string[]) => string;
  unitUnknown: string;
  otherTheme: string;
  people: (names: string[]) => string;
  seeAttachment: (names: string[]) => string;
  unreadable: string;
  missing: string;
  onPaper: string;
  waived: string;
  missingUnits: (names: string[]) => string;
  paperUnits: (names: string[]) => string;
  waivedUnits: (names: string[]) => string;
  none: string;
}

const chinese: BookWords = {
  subtitle: "成果汇编",
  editor: (office) => `${office}　编`,
  month: (year, month) => `${year}年${month}月`,
  contents: "目　　录",
  noteTitle: "编辑说明",
  note: ({ on, counts, selected }) => [
    `本书收入截至${on}登记的有效材料：${counts.map(({ name, pieces }) => `${name}${pieces}件`).join("，")}。${
      selected ? "个人材料只收入选定的篇目。" : ""
    }`,
    "同一件有几稿的，收最后一稿；已撤回的不收。文字照来稿排印，未作改动；原稿中的图片和版式从略，以原件为准。",
  ],
  part: (n, name) => `第${chineseNumber(n)}部分　${name}`,
  group: (n, name) => `${chineseNumber(n)}、${name}`,
  piece: (n, title) => `（${chineseNumber(n)}）${title}`,
  byline: (parts) => parts.join("　"),
  unitUnknown: "单位不详",
  otherTheme: "其他",
  people: (names) => names.join("、"),
  seeAttachment: (names) => `（正文见附件：${names.map((name) => `《${name}》`).join("、")}）`,
  unreadable: "（来稿没有可排印的文字，见原件。）",
  missing: "（未报送）",
  onPaper: "（已报送纸质件，未收入电子文本。）",
  waived: "（免予报送。）",
  missingUnits: (names) => `未报送单位：${names.join("、")}。`,
  paperUnits: (names) => `已报送纸质件、未收入电子文本的单位：${names.join("、")}。`,
  waivedUnits: (names) => `免予报送的单位：${names.join("、")}。`,
  none: "（无）",
};

const english: BookWords = {
  subtitle: "Compendium",
  editor: (office) => `Edited by ${office}`,
  month: (year, month) => `${MONTHS[month - 1]} ${year}`,
  contents: "Contents",
  noteTitle: "About this book",
  note: ({ on, counts, selected }) => [
    `What was on record and current on ${on}: ${counts.map(({ name, pieces }) => `${name} ${pieces}`).join(", ")}.${
      selected ? " Of individuals' pieces, only those selected." : ""
    }`,
    "Of several versions the last one stands here; what was withdrawn does not. The words are the senders', unchanged; pictures and layout are left out.",
  ],
  part: (n, name) => `Part ${n}. ${name}`,
  group: (n, name) => `${n}. ${name}`,
  piece: (n, title) => `(${n}) ${title}`,
  byline: (parts) => parts.join(" · "),
  unitUnknown: "unit unknown",
  otherTheme: "Other",
  people: (names) => names.join(", "),
  seeAttachment: (names) => `(For the text see the attachment: ${names.join(", ")})`,
  unreadable: "(No text that can be printed came with it; see the original.)",
  missing: "(not delivered)",
  onPaper: "(Delivered on paper; there is no electronic text.)",
  waived: "(Waived.)",
  missingUnits: (names) => `Not delivered: ${names.join(", ")}.`,
  paperUnits: (names) => `Delivered on paper, without an electronic text: ${names.join(", ")}.`,
  waivedUnits: (names) => `Waived: ${names.join(", ")}.`,
  none: "(none)",
};

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

export function bookWords(locale: Locale): BookWords {
  return locale === "zh-CN" ? chinese : english;
}

const DIGITS = "零一二三四五六七八九";

/** 1 → 一, 12 → 十二, 105 → 一百零五; up to 9,999. */
export function chineseNumber(n: number): string {
  let written = "";
  let zero = false;
  for (const [unit, name] of [
    [1000, "千"],
    [100, "百"],
    [10, "十"],
    [1, ""],
  ] as const) {
    const digit = Math.floor(n / unit) % 10;
    if (digit === 0) {
      zero = written !== "";
      continue;
    }
    written += (zero ? "零" : "") + DIGITS[digit] + name;
    zero = false;
  }
  return written.startsWith("一十") ? written.slice(1) : written;
}
