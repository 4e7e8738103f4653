// Bytes → text, whatever the sender says about them: labels lie, are missing, or name the smaller charset (R26).
import { Buffer, isAscii, isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import iconv from "iconv-lite";

/** Labels that say nothing: software writes them without looking at the text. */
const EMPTY_LABEL =
  /^(?:|(?:us-?)?ascii|ansi.*|iso-?8859-1|latin-?1|windows-1252|cp1252|default.*|x-?unknown|unknown.*|binary|[78]bit|none|utf-?7|unicode-1-1-utf-7)$/;
/** GB 18030 contains GB 2312 and GBK; the rare characters in people's names only exist there. */
const CHINESE_LABEL =
  /^(?:(?:cs|x-)?gb(?:k|[-_]?2312.*|[-_]?18030.*)?|(?:cp|ms|windows-|x-cp)?936|(?:x-)?euc-?cn|chinese|iso-ir-58|csiso58gb231280)$/;

const decoders = new Map<string, TextDecoder | null>();

/** The platform's decoder for a label; null when it knows none. */
function decoderFor(label: string): TextDecoder | null {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    try {
      decoder = new TextDecoder(label);
    } catch {
      decoder = null;
    }
    if (decoders.size > 200) decoders.clear();
    decoders.set(label, decoder);
  }
  return decoder;
}

function decode(bytes: Uint8Array, label: string): string {
  return (decoderFor(label) ?? (decoderFor("utf-8") as TextDecoder)).decode(bytes);
}

/** Text of a mail body, a header or a .txt file. `declared` is believed only as far as the bytes bear it out. */
export function decodeText(bytes: Uint8Array, declared = ""): string {
  if (bytes.length === 0) return "";
  const marked = labelOfByteOrderMark(bytes);
  if (marked) return decode(bytes, marked);
  const label = declared
    .slice(0, 100)
    .trim()
    .toLowerCase()
    .replace(/^["']+|["']+$/g, "");
  if (isAscii(bytes)) return decodeSevenBit(bytes, label);
  if (EMPTY_LABEL.test(label)) return decode(bytes, sniff(bytes));
  if (isUtf8(bytes) && (/^utf-?8/.test(label) || isCertainlyUtf8(bytes))) return decode(bytes, "utf-8");
  const named = CHINESE_LABEL.test(label) ? "gb18030" : label;
  if (!decoderFor(named)) return decode(bytes, sniff(bytes));
  const asDeclared = decode(bytes, named);
  if (!asDeclared.includes("\uFFFD")) return asDeclared;
  if (named.startsWith("utf") && isUtf8CutShort(bytes)) return asDeclared;
  const asSniffed = decode(bytes, sniff(bytes));
  return unreadable(asSniffed) < unreadable(asDeclared) ? asSniffed : asDeclared;
}

function labelOfByteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** Seven-bit text is ASCII unless it switches charset by escapes (ISO-2022-JP, HZ) or is UTF-16 of Latin text. */
function decodeSevenBit(bytes: Uint8Array, label: string): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (text.includes("\0")) return decode(bytes, wideCharset(bytes) ?? "utf-8");
  if (/^hz/.test(label) || (CHINESE_LABEL.test(label) && /~\{[!-~]{2}/.test(text))) return decodeHz(text);
  if (text.includes("\x1b") && /^(?:cs)?iso-?2022-?jp/.test(label)) return decode(bytes, "iso-2022-jp");
  if (text.includes("\x0e") && /^iso-?2022-?cn/.test(label)) return decodeIso2022Cn(text);
  if (/^(?:unicode-1-1-|x-)?utf-?7$/.test(label)) return iconv.decode(Buffer.from(bytes), "utf-7");
  return text;
}

/** HZ (RFC 1843): GB 2312 in seven bits between `~{` and `~}`; `~~` is a tilde, `~` + line end a continuation. */
function decodeHz(text: string): string {
  return text.replace(/~\{([^~]*)(?:~\}|$)|~~|~\r?\n/g, (found, pairs: string | undefined) => {
    if (found === "~~") return "~";
    if (pairs === undefined) return "";
    return fromSevenBits(pairs);
  });
}

/** ISO-2022-CN (RFC 1922) as far as it was ever written: GB 2312 between the shift signs, the escape only says so. */
function decodeIso2022Cn(text: string): string {
  return text
    .replace(/\x1b\$[)*][A-H]/g, "")
    .replace(/\x0e([^\x0f\r\n]*)\x0f?/g, (_, pairs: string) => fromSevenBits(pairs));
}

function fromSevenBits(pairs: string): string {
  const bytes = Buffer.from(pairs, "latin1");
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) > 0x20) bytes[at] = (bytes[at] ?? 0) | 0x80;
  return decode(bytes, "gb18030");
}

/** Nothing is wrong with it but its end, as in an encoded word cut to a length; GBK would be wrong throughout. */
function isUtf8CutShort(bytes: Uint8Array): boolean {
  const whole = [1, 2, 3].map((cut) => bytes.subarray(0, -cut)).find((start) => isUtf8(start));
  return whole !== undefined && isCertainlyUtf8(whole);
}

/** Two or more three-byte characters: "联通" in GBK is valid UTF-8 by accident, but only with two-byte ones. */
function isCertainlyUtf8(bytes: Uint8Array): boolean {
  let long = 0;
  let short = 0;
  for (const byte of bytes) {
    if (byte >= 0xe0) long++;
    else if (byte >= 0xc0) short++;
  }
  return long >= 2 && short <= long / 2;
}

function unreadable(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", at + 1)) count++;
  return count;
}

/** The charset of unlabelled bytes that are not ASCII. */
function sniff(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return "utf-8";
  const wide = wideCharset(bytes);
  if (wide) return wide;
  if (isDamagedUtf8(bytes)) return "utf-8";
  const gb = likenessToGb(bytes);
  const big5 = likenessToBig5(bytes);
  if (gb >= 0.75 && gb >= big5) return "gb18030";
  if (big5 >= 0.75) return "big5";
  // Neither is likely. Lone accented letters among Latin ones are Western; dense high bytes are rare Han.
  let high = 0;
  for (const byte of bytes) if (byte >= 0x80) high++;
  return high * 3 < bytes.length ? "windows-1252" : "gb18030";
}

/** What nearly all of a text in UTF-16 is made of: Latin, Han, kana, their punctuation and their signs. */
const USUAL =
  /[\t\n\f\r\x20-\x7e\xa0-\xff\u2010-\u203b\u2103-\u2122\u2160-\u2179\u2190-\u2199\u2460-\u249b\u25a0-\u25cf\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/g;
/** What no text goes without for long. Letters of one byte each, read two at a time, look like rare Han. */
const COMMON = /[\t\n\r \w，。、：；（）“”\u3000的一是不了在人有和为中大上年月日]/g;
const WIDE_SAMPLE_BYTES = 8192;

/**
 * UTF-16 without a mark. Only asked of bytes that are no text of one byte a sign: a hundredth of them are control
 * characters, as the lower halves of Han and the upper ones of Latin letters are.
 */
export function wideCharset(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const sample = bytes.subarray(0, Math.min(bytes.length & ~1, WIDE_SAMPLE_BYTES));
  if (sample.length < 4 || !hasControls(sample)) return null;
  const little = likenessToWide(sample, "utf-16le");
  const big = likenessToWide(sample, "utf-16be");
  if (Math.max(little, big) < 0.95) return null;
  return little >= big ? "utf-16le" : "utf-16be";
}

function hasControls(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte < 0x1a) controls++;
  return controls * 100 > bytes.length;
}

function likenessToWide(bytes: Uint8Array, label: string): number {
  const text = decode(bytes, label);
  const common = text.match(COMMON)?.length ?? 0;
  return common * 50 < text.length ? 0 : (text.match(USUAL)?.length ?? 0) / text.length;
}

/** UTF-8 cut in the middle or with a few bytes destroyed: whole characters outnumber broken ones by far. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = decode(bytes, "utf-8");
  let whole = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x800 && code !== 0xfffd) whole++;
  }
  return whole >= 4 * unreadable(text);
}

/** Share of two-byte characters that lie in GB 2312, where nearly all running text does. */
function likenessToGb(bytes: Uint8Array): number {
  let pairs = 0;
  let common = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[++at] ?? 0xa1; // cut after the lead byte: no evidence against it
    pairs++;
    if (trail >= 0x30 && trail <= 0x39)
      at += 2; // a four-byte character: rare in running text
    else if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xf7))) common++;
  }
  return pairs === 0 ? 0 : common / pairs;
}

/** Share of two-byte characters that lie in Big5's frequently used block or its punctuation. */
function likenessToBig5(bytes: Uint8Array): number {
  let pairs = 0;
  let common = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[++at] ?? 0x40;
    pairs++;
    const allowed = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe);
    if (allowed && lead >= 0xa1 && lead <= 0xc6) common++;
  }
  return pairs === 0 ? 0 : common / pairs;
}
