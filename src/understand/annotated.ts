// What people write into our notice, between its lines or behind them: "单位：市博物馆 ← 错了，文化馆".
import { type Line, labelledIn, linesOf } from "./letter.ts";

/** How an answer to a line begins; anything else below it may be the notice going on. */
const ANSWER =
  /^(?:这[里个]|此处|[（(【[]|-{1,2}>|=>|→|←|<-{1,2}|[*※▲△√×xX✗✘]+)*\s*(?:不对|不是|错|有误(?![,，]?[请或])|写错|误|应|该是|改|更正|请改|是|实为|wrong|no[,. ]|not |should|must|->)/i;
/** What people draw between the words that stand there and their own. */
const BEHIND =
  /(?:←|→|<-+|-+>|=+>|[（(【[]|[,，;；。!！]|\s-+\s|——|\s{2,})\s*((?:不对|不是|错|有误(?![,，]?[请或])|写错|误|应|该是|改|更正|请改|实为|wrong|not |should).*)$/i;
const DIFFERENCE = /^\s*-\s*\S.*\n\s*\+\s*\S/;
/** What a mail program puts over the quotation, and whom we greet under it. */
const HEADER = /^\s*\|?\s*(?:主题|标题|subject)\s*(?:\||[:：]\s*(?:re|回复|答复|fw|转发)\s*[:：])/i;
const GREETS = /[您你]好\s*[:：,，!！。]?\s*$|^\s*(?:dear|good day)\b/i;
const MARK = /^[ \t]*(?:[>＞|][ \t]?)+/;
const LABEL_OF = { unit: "单位", people: "姓名", title: "标题", text: "", collector: "" } as const;

/**
 * Each note as a sentence that says what it is about: "> 单位：市博物馆" with "应为市图书馆" below it is
 * "单位：应为市图书馆". Of `own` lines each says by itself what it is about. Clients that mark no quotation let the notes stand among our words, so all of the mail is read.
 */
export function annotationsIn(text: string, own: Line[]): string[] {
  const written = new Set(own.map((line) => line.raw));
  const lines = text.slice(0, 12_000).split(/\r\n|[\r\n]/);
  const notes: string[] = [];
  lines.forEach((line, at) => {
    const about = aboutOf(line.replace(MARK, ""));
    if (about === null || written.has(line.trim()) || HEADER.test(line)) return;
    const behind = BEHIND.exec(line.replace(MARK, ""))?.[1];
    if (behind !== undefined) notes.push(noteOf(about, behind));
    const [next = "", after = ""] = lines.slice(at + 1, at + 4).filter((one) => one.trim() !== "");
    // "- 设备科", "+ 信息科": as programmers show a change.
    const below = DIFFERENCE.test(`${next}\n${after}`) ? after.replace(/^\s*\+/, "") : next;
    const isOwnBelowMarked = MARK.test(line) && !MARK.test(below) && below.trim().length <= 40;
    const said = below.replace(MARK, "").trim();
    if (
      said !== "" &&
      !GREETS.test(said) &&
      aboutOf(said) === null &&
      (isOwnBelowMarked || ANSWER.test(said))
    )
      notes.push(noteOf(about, said));
  });
  return notes;
}

function aboutOf(line: string): string | null {
  const kind = /^\s*(?:类别|类型|种类|taken as)\s*[:：]/i.test(line) ? "类别" : null;
  const label = kind === null ? labelledIn(linesOf(line))[0] : undefined;
  const word = kind ?? (label ? LABEL_OF[label.kind] : "");
  return word === "" ? null : word;
}

/** The answer with its subject: a bare value is what the line should say. */
function noteOf(about: string, said: string): string {
  const words = said
    .replace(/^[（(【[←→<>=*※▲△√×✗✘\s-]+/, "")
    .replace(/[）)】\]]\s*$/, "")
    .trim();
  return ANSWER.test(words) ? `${about}${words}` : `${about}应为${words}`;
}
