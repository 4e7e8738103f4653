// A responder that answers whatever it gets and leaves out every mark by which it could be known; some are worse than others.
import type { MailToBuild } from "./mails.ts";

export interface Evasions {
  /** `ours`: "Re: " and our own; `own`: a new one each time, which answers nothing. */
  subject: "ours" | "own";
  /** Of every mail: the same words, the same with a new number, or other ones. */
  words: "same" | "numbered" | "other";
  /** In-Reply-To and References. */
  threaded: boolean;
  /** Our mail below, as clients quote it, or bare, as if it were its own words. */
  quotes: "nothing" | "marked" | "bare";
  /** From where it writes: where it is written to, another address, or a new one each time. */
  from: "same" | "another" | "new";
  /** Mails for each of ours. */
  times: 1 | 2;
  delayMinutes: number;
}

export interface Heard {
  to: { email: string }[];
  subject: string;
  text: string;
  messageId: string;
}

/** What a machine says that hands nothing in; none is known for an automatic reply by its words. */
const sayings = [
  "贵单位来件已编入流转单，交综合科阅办。",
  "您的来信已经收悉，我们正在安排人员办理。",
  "尊敬的用户，工单已经建立，请耐心等待处理结果。",
  "本窗口业务量较大，排队情况可以登录服务大厅查看。",
  "请您对本次服务作出评价：满意、一般、不满意？",
  "感谢您对我们工作的支持，祝您生活愉快。",
  "Your request has been received and is being reviewed by our staff.",
  "本信箱由值班人员轮流查看，节假日照常。",
];

let said = 0;

/** The next mail of a responder called `name`, to a notice of ours or, the first time, to nothing. */
export function respond(name: string, evasions: Evasions, heard: Heard | null): MailToBuild[] {
  return Array.from({ length: evasions.times }, () => {
    said += 1;
    const words = wordsOf(evasions, said);
    const text = heard === null ? words : quoting(words, heard.text, evasions);
    const threaded = heard !== null && evasions.threaded;
    return {
      from: `${{ same: name, another: `${name}-bot`, new: `${name}-${said}` }[evasions.from]}@${name}.example`,
      subject: evasions.subject === "ours" && heard ? `Re: ${heard.subject}` : `第 ${said} 号办件情况`,
      text,
      messageId: `<said-${said}@${name}.example>`,
      ...(threaded && { inReplyTo: heard.messageId, references: [heard.messageId] }),
    };
  });
}

function wordsOf({ words }: Evasions, count: number): string {
  if (words === "other") return sayings[count % sayings.length] as string;
  return words === "same" ? (sayings[0] as string) : `第${count}号：${sayings[0]}`;
}

function quoting(words: string, text: string, { quotes }: Evasions): string {
  if (quotes === "nothing") return words;
  if (quotes === "bare") return `${words}\n\n${text}`;
  return `${words}\n\n${text.replace(/^/gm, "> ")}`;
}
