// What the office says about a notice of ours that may not have arrived: "通知 12 重发", "通知 12、13 不再发", "notice 12 resend".
import { plainLine } from "./ruling-line.ts";

export interface NoticeOrder {
  /** As the office wrote it, for the report. */
  line: string;
  /** Which line of the text it stands in. */
  at: number;
  /** As the digest numbers it. */
  notice: number;
  act: "resend" | "settle";
}

const NOTICE = "(?:催报通知|催办通知|催报|催办|通知|notices?)";
const NUMBERS =
  "(?:第|#|no\\.?)?\\s*(\\d{1,12}(?:\\s*(?:[,、;/]|和|与|及|and)\\s*(?:第|#)?\\s*\\d{1,12}){0,49})\\s*号?";
const SETTLE =
  "不再发送|不再发|不用再发|不必再发|不用重发|不必重发|无需重发|不要重发|不重发|不用发了|不发了|忽略|无需处理|不用处理|已送达|对方已收到|已收到|settled?|do not resend|don't resend|not again|dismiss|ignore|arrived";
const RESEND = "重新发送|重新发|重发一次|再发一次|再发一遍|重发|再发|resend|send again|send it again";
const ACT = `(?:请|please)?\\s*(?:(${SETTLE})|(${RESEND}))`;
const END = "\\s*(?:吧|了)?[\\s,.。!、]*(?:谢谢|多谢|thanks|thank you)?[\\s.。!]*$";
const BULLET = "^\\s*(?:[-*•·→]+\\s*|\\(?\\d{1,2}[.)、](?!\\d)\\s*)?(?:请|麻烦|please)?\\s*";
const FORMS = [
  new RegExp(`${BULLET}(?:把|将)?\\s*${NOTICE}\\s*:?\\s*${NUMBERS}\\s*[,:]?\\s*${ACT}${END}`),
  new RegExp(`${BULLET}(?:把|将)?\\s*${NUMBERS.replace("号?", "号")}\\s*${NOTICE}\\s*[,:]?\\s*${ACT}${END}`),
];
const ACT_FIRST = new RegExp(`${BULLET}${ACT}\\s*${NOTICE}\\s*${NUMBERS}${END}`);

/** The whole line says it, or it says nothing: "通知已经重发" speaks of something else. */
export function noticeOrdersIn(line: string): Omit<NoticeOrder, "at">[] {
  const half = plainLine(line.slice(0, 400)).toLowerCase();
  const found = FORMS.map((form) => form.exec(half)).find((match) => match !== null);
  const turned = found ? null : ACT_FIRST.exec(half);
  const [numbers, settles] = found ? [found[1], found[2]] : turned ? [turned[3], turned[1]] : [];
  const ids = [...new Set((numbers?.match(/\d+/g) ?? []).map(Number))].filter((id) => id > 0);
  const act = settles === undefined ? ("resend" as const) : ("settle" as const);
  return ids.map((notice) => ({ line: line.trim().slice(0, 300), notice, act }));
}
