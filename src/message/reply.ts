// What a person newly wrote: without the history their client quotes and without the signature under it.

export interface NewText {
  text: string;
  quoted: string;
  signature: string;
}

/** History begins, and a signature stands, near the ends; between them a text is taken as it is. */
const HEAD_CHARACTERS = 24_000;
const TAIL_CHARACTERS = 8_000;

export function newTextOf(text: string): NewText {
  const clean = text.replace(/\r\n?/g, "\n").replaceAll("\u00A0", " ");
  if (clean.length > 2 * (HEAD_CHARACTERS + TAIL_CHARACTERS)) return newTextOfLong(clean);
  const { own, quoted } = withoutQuotes(clean.split("\n"));
  const { body, signature } = withoutSignature(own);
  return { text: joined(body), quoted: joined(quoted), signature: joined(signature) };
}

/** Megabytes in lines of one character would keep everything else waiting for half a second. */
function newTextOfLong(text: string): NewText {
  const headEnd = lineBreakBefore(text, HEAD_CHARACTERS);
  const tailStart = lineBreakBefore(text, text.length - TAIL_CHARACTERS);
  const head = withoutQuotes(text.slice(0, headEnd).split("\n"));
  if (head.toTheEnd) {
    const { body, signature } = withoutSignature(head.own);
    const quoted = `${joined(head.quoted)}${text.slice(headEnd)}`;
    return { text: joined(body), quoted, signature: joined(signature) };
  }
  const between = text.slice(headEnd, tailStart);
  const tail = withoutQuotes(text.slice(tailStart).split("\n"));
  const { body, signature } = withoutSignature(tail.own);
  const lineBreak = text[tailStart] === "\n" ? "\n" : "";
  return {
    text: `${joined(head.own)}${between.replace(QUOTED_LINE, "")}${lineBreak}${joined(body)}`.trim(),
    quoted: joined([...head.quoted, ...tail.quoted]),
    signature: joined(signature),
  };
}

/** In a text of one endless line, the place itself. */
function lineBreakBefore(text: string, place: number): number {
  const at = text.lastIndexOf("\n", place);
  return at > place - TAIL_CHARACTERS ? Math.max(at, 0) : place;
}

const QUOTED_LINE = /^[ \t]{0,3}(?:>|＞).*\n?/gm;

function joined(lines: string[]): string {
  const tidy = lines.map((line) => line.trimEnd()).join("\n");
  return tidy
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+/, "")
    .trimEnd();
}

/** What clients write in the line they draw above the mail that is answered or forwarded. */
const HISTORY_TITLE = new RegExp(
  `^(?:${[
    "(?:回复的)?(?:原始?邮件|原始?信件|原始消息|原信|邮件原[文件])",
    "转发的?(?:原|内容)?(?:邮件|信件)(?:信息)?",
    "(?:original|forwarded) (?:message|mail|e-?mail|appointment)",
    "(?:original|forwarded by|reply message|message transféré|message d'origine)",
    "(?:mensaje original|messaggio originale|mensagem original|ursprüngliche nachricht)",
    "(?:oorspronkelijk bericht|ursprungligt meddelande|исходное сообщение|пересылаемое сообщение)",
  ].join("|")})(?![\\p{L}])`,
  "iu",
);
const UNRULED_TITLE =
  /^(?:begin forwarded message|(?:以下是|下面是|开始)(?:被?转发的)邮件|被转发邮件信息)\s*[:：]?$/i;

/** QQ, 163, Foxmail and Outlook draw a line with a title; everything below it is history. */
function isSeparator(line: string): boolean {
  const trimmed = line.trim();
  // Before any pattern: the end of a line of blanks is looked for from every one of them.
  if (trimmed.length > 500) return false;
  const text = trimmed.replace(/^[\s>*]+|[\s*]+$/g, "");
  if (UNRULED_TITLE.test(text)) return true;
  const title = text.replace(/^(?:[-_—=]{2,}|[-—](?=\s))\s*/, "");
  return title !== text && HISTORY_TITLE.test(title);
}

const FIRST_FIELD =
  /^[\s>*]*(?:发件人|寄件人|寄件者|发信人|from|de|von|da|van|från|fra|от|od)\s*(?:\*\s*)?[:：]/i;
const FURTHER_FIELD =
  /^[\s>*]*(?:发送时间|发送日期|发件日期|时间|日\s*期|收件人|收信人|抄\s*送|主\s*题|标题|寄件日期|收件者|副本|主旨|sent|date|to|cc|subject|reply-to|envoyé|objet|à|gesendet|betreff|an|datum|enviado(?: el)?|para|asunto|assunto|data|inviato|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|отправлено|дата|кому|тема)\s*(?:\*\s*)?[:：]/i;

/** The block of fields Outlook and Foxmail put above a quoted mail: a sender and at least two more, he first or not. */
function beginsFieldBlock(lines: string[], at: number): boolean {
  const first = lines[at] ?? "";
  if (!FIRST_FIELD.test(first))
    return (
      /^[\s>*]*(?:date|subject|发送时间|主题)\s*(?:\*\s*)?[:：]/i.test(first) && fieldsAt(lines, at) >= 4
    );
  const next = lines
    .slice(at + 1, at + 12)
    .filter((line) => line.trim() !== "")
    .slice(0, 5);
  return next.filter((line) => FURTHER_FIELD.test(line)).length >= 2;
}

/** How many lines in a row are fields, one of them the sender; 0 where none is. */
function fieldsAt(lines: string[], at: number): number {
  const fields = lines.slice(at, at + 6);
  const end = fields.findIndex((line) => !FIRST_FIELD.test(line) && !FURTHER_FIELD.test(line));
  const block = end < 0 ? fields : fields.slice(0, end);
  return block.some((line) => FIRST_FIELD.test(line) && line.includes("@")) ? block.length : 0;
}

const WROTE =
  /(?:写道|寫道|写到|来信|wrote|writes|a écrit|escribió|schrieb\b.{0,120}|ha scritto|escreveu|schreef\b.{0,120}|skrev\b.{0,120}|пишет|написал(?:а|\(а\))?|napsal\(?a?\)?|napisał\(?a?\)?)\s*[:：]\s*$/i;
/** In whatever language: who is named with his address, last before the colon. */
const NAMED_LAST = /<[^<>\s]+@[^<>\s]+>\s*(?:\p{L}[^\s<>]{0,20}\s?){0,2}[:：]\s*$/u;
const DATED =
  /\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?[.,]?\s+(?:de\s+)?[\p{L}]{3,12}\.?,?\s+(?:de\s+)?\d{2,4}|[\p{L}]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}/u;
const TIMED = /\d{1,2}[:：.h]\d{2}|[上下]午|\b[ap]m\b/i;
const ADDRESSED = /[\w.+-]+@[\w.-]+|<[^<>]*>|\[mailto:/i;

/**
 * "在 2012-11-20 10:00:00，"张三" <a@b> 写道：", "On Tue, Nov 20, 2012 at 10:00 AM, A <a@b> wrote:". How many lines
 * it takes, 0 when there is none. A book that "写道：" something has neither address nor time of day.
 */
function attributionLines(lines: string[], at: number): number {
  const first = (lines[at] ?? "").trim();
  if (first === "" || first.length > 300) return 0;
  for (let count = 1; count <= 4; count++) {
    if (count > 1 && (lines[at + count - 1] ?? "").trim() === "") return 0;
    const whole = lines
      .slice(at, at + count)
      .map((line) => line.trim())
      .join(" ");
    if (
      count > 1 &&
      !/^[>\s*]*(?:在|于|at\b|on\b|le\b|el\b|em\b|am\b|il\b|op\b|den\b|\d{4}\s?[-/.年]|\d{1,2}[-/.]\d{1,2}[-/.])/i.test(
        first,
      ) &&
      !ADDRESSED.test(first)
    )
      return 0;
    if (whole.length > 600) return 0;
    const isNamedLast = NAMED_LAST.test(whole) && DATED.test(whole) && TIMED.test(whole);
    if (isNamedLast) return count;
    if (!WROTE.test(whole)) continue;
    const isDated = DATED.test(whole) && (TIMED.test(whole) || ADDRESSED.test(whole));
    const isAddressed = /[\w.+-]+@[\w.-]+/.test(whole) && whole.length < 300;
    return isDated || isAddressed ? count : 0;
  }
  return 0;
}

function isQuoteMarked(line: string): boolean {
  return /^\s{0,3}(?:>|＞|&gt;|\|\s)/.test(line);
}

/** `toTheEnd`: everything below a separator is history, whatever it looks like. */
function withoutQuotes(lines: string[]): { own: string[]; quoted: string[]; toTheEnd: boolean } {
  const own: string[] = [];
  const quoted: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (isQuoteMarked(line)) {
      quoted.push(line);
      at++;
      continue;
    }
    if (isSeparator(line) || beginsFieldBlock(lines, at))
      return { own: withoutRule(own), quoted: quoted.concat(lines.slice(at)), toTheEnd: true };
    const attribution = attributionLines(lines, at);
    if (attribution === 0) {
      own.push(line);
      at++;
      continue;
    }
    quoted.push(...lines.slice(at, at + attribution));
    at += attribution;
    // Marked history may have answers between and below it; unmarked history goes on to the end.
    const next = lines.slice(at).find((each) => each.trim() !== "");
    if (next !== undefined && !isQuoteMarked(next))
      return { own, quoted: quoted.concat(lines.slice(at)), toTheEnd: true };
  }
  return { own, quoted, toTheEnd: false };
}

/** The rule Outlook draws above the field block. */
function withoutRule(lines: string[]): string[] {
  let end = lines.length;
  while (end > 0 && /^[\s_—-]*$/.test(lines[end - 1] ?? "") && !/^--\s?$/.test(lines[end - 1] ?? "")) end--;
  return lines.slice(0, end);
}

const DEVICE =
  "(?:iphone|ipad|android|安卓|华为|荣耀|小米|红米|oppo|vivo|魅族|三星|诺基亚|outlook|foxmail|windows.{0,12}|(?:qq|网易|163|126|139|189|新浪|搜狐|阿里|企业)邮箱(?:大师|客户端)?|我的?(?:安卓)?手机|手机(?:邮箱|qq|客户端)?)";
/** What phones and web mailers add by themselves. "发自内心的建议" is no such line. */
const CLIENT_LINE = new RegExp(
  [
    `^\\s*[（(]?(?:发自|发送自|来自|从)\\s?(?:我的\\s?)?${DEVICE}\\s?(?:\\d{0,2}|(?:手机|移动|平板|客户)?[版端]?)(?:的?邮件(?:应用)?)?\\s?(?:发送|发出)?[）)]?\\s*$`,
    "^\\s*(?:sent|send) (?:from|via|with|by)\\b.{0,60}$",
    "^\\s*(?:get|获取|下载|使用) ?outlook(?: (?:for|适用于)?.{0,30})?$",
    "^\\s*envoyé (?:depuis|de) mon .{0,40}$",
    "^\\s*von meinem .{0,40}gesendet\\.?$",
    "^\\s*enviado desde mi .{0,40}$",
    "^\\s*(?:verstuurd|verzonden) vanaf mijn .{0,40}$",
  ].join("|"),
  "i",
);
const DELIMITER = /^\s*(?:--|—{1,3}|-{2,40}|_{3,60}|={3,60}|\*{3,60}|~{3,60})\s*$/;
const CONTACT =
  /(?:电\s*话|手\s*机|联系方式|传\s*真|邮\s*编|地\s*址|邮\s*箱|微\s*信|网\s*址|tel|phone|mobile|cell|fax|e-?mail|q\s?q|wechat|web|addr(?:ess)?)\s*[.:：]|^\s*(?:m|t|f|e|p)\s*[.:：]\s*\S|https?:\/\/|www\.|[\w.+-]+@[\w-]+\.[\w.-]+|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\b0\d{2,3}[- ]\d{7,8}\b/i;
/** The fields of a form somebody filled in: they belong to what is handed in. */
const FORM_FIELD =
  /^\s*(?:姓\s*名|单\s*位|部\s*门|处\s*室|作\s*者|建议人|提议人|提案人|提交人|报送人|报送单位|题\s*目|名\s*称|类\s*别)\s*[:：]/;
/** The date under a report, with or without the unit: the closing lines (落款) are part of the document. */
const CLOSING_DATE =
  /(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*[年.\-/]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月.\-/]\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?)?\s*$/;

function withoutSignature(lines: string[]): { body: string[]; signature: string[] } {
  const written = lines.filter((line) => !CLIENT_LINE.test(line));
  const added = lines.filter((line) => CLIENT_LINE.test(line));
  const start = signatureStart(written);
  return { body: written.slice(0, start), signature: [...written.slice(start), ...added] };
}

/** Where the signature begins; the number of lines when there is none. */
function signatureStart(lines: string[]): number {
  let end = lines.length;
  while (end > 0 && (lines[end - 1] ?? "").trim() === "") end--;
  const delimited = delimitedStart(lines, end);
  if (delimited !== null) return delimited;
  return contactBlockStart(lines, end) ?? lines.length;
}

/** Below a line of dashes, when what follows is short and no report's end. */
function delimitedStart(lines: string[], end: number): number | null {
  for (let at = end - 1; at >= 0 && at >= end - 16; at--) {
    const line = lines[at] ?? "";
    if (!DELIMITER.test(line)) continue;
    const below = lines.slice(at + 1, end).filter((each) => each.trim() !== "");
    if (below.length === 0) {
      // Nothing under it: the line itself is all there is of the signature.
      if (/^\s*--\s*$/.test(line)) return at;
      continue;
    }
    if (line.trimStart().startsWith("-- ") || line === "--") return at;
    if (below.length > 8 || !below.every(isSignatureLine)) return null;
    if (below.some((each) => FORM_FIELD.test(each)) || below.some((each) => CLOSING_DATE.test(each.trim())))
      return null;
    return at;
  }
  return null;
}

/** The last paragraph, when all its lines are short and one names a telephone, an address or the like. */
function contactBlockStart(lines: string[], end: number): number | null {
  let start = end;
  while (start > 0 && end - start < 9 && isSignatureLine(lines[start - 1] ?? "")) start--;
  const block = lines.slice(start, end);
  if (start === 0 || block.length === 0 || !block.some((line) => CONTACT.test(line))) return null;
  if (block.some((line) => FORM_FIELD.test(line) || CLOSING_DATE.test(line.trim()))) return null;
  // A sentence above without a blank line between: only what follows the sentence.
  return block.length > 8 ? null : start;
}

function isSignatureLine(line: string): boolean {
  const text = line.trim();
  return (
    text !== "" &&
    text.length <= 60 &&
    !/[。！？!?；;]\s*$/.test(text) &&
    !/^[一二三四五六七八九十\d]+[、.．)）]/.test(text)
  );
}
