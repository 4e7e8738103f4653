// The pieces of a mail that may be a submission: the body, a forwarded letter, each document; and the covering words.
import type { Campaign } from "../campaign/campaign.ts";
import type { ReadPart } from "../document/document.ts";
import { isIllustration } from "../document/kinds.ts";
import type { Mail, MailAddress } from "../message/mail.ts";
import { newTextOf } from "../message/reply.ts";
import { containment } from "../text/similarity.ts";
import { isFarewell, isGreeting, type Labelled, type Line, labelledIn, linesOf, plainOf } from "./letter.ts";
import { type LinkedFiles, linkedFilesIn, ownHtml, withoutLinkedFiles } from "./links.ts";
import { withoutMarker } from "./numbering.ts";
import { isOurAddress, isOurNotice, isWhollyOurs } from "./ownnotice.ts";

export interface Piece {
  source: "body" | "document";
  /** "" for the body. */
  filename: string;
  /** Title and author out of the document's properties. */
  title: string | null;
  author: string | null;
  text: string;
  lines: Line[];
  labels: Labelled[];
  /** An attachment whose text could not be read speaks by its name alone. */
  readable: boolean;
  /** A picture without words, a recording. */
  illustrates: boolean;
}

export interface Pieces {
  pieces: Piece[];
  /** Covering words beside documents; [] when the body is itself a piece. */
  cover: Line[];
  /** The sender's own new words. */
  newText: string;
  signature: string;
  /** The history below or between, as the sender's client quotes it. */
  quoted: string;
  newLines: Line[];
  /** Who wrote the letter that was forwarded. */
  forwardedFrom: MailAddress | null;
  /** Large files the mail brings as links instead of attachments. */
  linked: LinkedFiles | null;
  /** Forwards one of our own notices: then the subject is ours. */
  forwardsOurs: boolean;
  /** It holds one of our own notices and nothing else. */
  onlyOurs: boolean;
}

const LEFT_OUT = new Set(["decoration", "machine-part"]);
const COVER = /附件|查收|请查阅|请审阅|见附|随信|随函|请收|attach|enclos|find the|please see/;
/** A body of this length beside a document says something of its own. */
const OWN_LENGTH = 180;
/** Letters of a body that say something beside files that cannot be read, beside mere pictures, and with a proposal. */
const ENOUGH = { files: 40, pictures: 16, proposal: 12 };
const PROPOSES = /^\s*(?:我们?)?(?:建议|希望|提议)(?!(?:见|如下|附|书|表|稿))/;

export function piecesOf(mail: Mail, parts: ReadPart[], campaign: Campaign): Pieces {
  const { text: newText, quoted, signature } = newTextOf(mail.text);
  const attached = parts.flatMap(leavesOf);
  const foreign = attached.filter((piece) => !isOurNotice(piece.lines, campaign));
  const documents = distinct(foreign);
  const lines = linesOf(newText);
  const letter = documents.length === 0 && isForward(mail, lines) ? forwardedIn(quoted || mail.text) : null;
  const ours = letter !== null && isOurLetter(letter, campaign);
  const forwarded = ours ? null : letter;
  // Without a separator the forwarded notice stands in the body itself.
  const own = ours && quoted === "" ? (letter?.above ?? "") : newText;
  const linked = linkedFilesIn(forwarded?.text ?? `${own}\n${signature}`, ownHtml(mail, quoted));
  const newLines =
    linked && !forwarded ? linesOf(withoutLinkedFiles(own)) : own === newText ? lines : linesOf(own);
  const notice = isOurNotice(newLines, campaign);
  const base = {
    newText,
    signature,
    quoted,
    newLines: notice ? [] : newLines,
    forwardedFrom: forwarded?.from ?? null,
    linked: documents.length === 0 ? linked : null,
    forwardsOurs: ours || notice,
    onlyOurs:
      documents.length === 0 &&
      (isWhollyOurs(newLines, campaign) ||
        (newLines.length === 0 && (ours || attached.length > foreign.length))),
  };
  if (notice) return { ...base, pieces: documents, cover: [] };
  if (forwarded) {
    const piece = pieceOf({ source: "body", filename: "", text: forwarded.text });
    return { ...base, pieces: piece.lines.length > 0 ? [piece] : [], cover: newLines };
  }
  const body = pieceOf({ source: "body", filename: "", text: own }, newLines);
  if (documents.length === 0) return { ...base, pieces: body.lines.length > 0 ? [body] : [], cover: [] };
  const readable = documents.filter((piece) => piece.readable);
  if (readable.length === 0 && saysEnough(body, documents))
    return { ...base, pieces: [body, ...documents], cover: newLines };
  if (readable.some((piece) => sameText(body.text, piece.text)) || isCover(body, readable.length)) {
    const further = furtherIn(newLines);
    return { ...base, pieces: further ? [...documents, further] : documents, cover: newLines };
  }
  return { ...base, pieces: [...documents, body], cover: newLines };
}

/** "二、另，本人建议…" in the words round a file: an idea of its own, with what follows it. */
function furtherIn(lines: Line[]): Piece | null {
  const start = lines.findIndex((line) => {
    const said = withoutMarker(line.raw);
    return said.length >= 40 && FURTHER.test(said) && /建议|提议|能不能|能否|propose|suggest/.test(said);
  });
  if (start < 0) return null;
  const own = lines.slice(start).filter((line) => !isFarewell(line.plain) && !COVER.test(line.plain));
  const text = own.map((line, i) => (i === 0 ? withoutMarker(line.raw) : line.raw)).join("\n");
  return own.length > 0 ? pieceOf({ source: "body", filename: "", text }) : null;
}

const FURTHER = /^(?:另外?|此外|还有|再[者有就]|顺便|同时|also|in addition|besides)/i;

/** Beside files that cannot be read, what the body says is all there is: the clauses that are not about the files. */
function saysEnough(body: Piece, documents: Piece[]): boolean {
  const clauses = body.lines
    .filter((line) => !isGreeting(line.plain) && !isFarewell(line.plain))
    .flatMap((line) => line.raw.split(/[。！？!?；;，,\n]/))
    .filter((clause) => !COVER.test(clause) && !/^\s*(?:谢谢|感谢|您好|你好|各位|领导)/.test(clause));
  const isIllustrated = documents.every((one) => one.illustrates);
  const usual = isIllustrated ? ENOUGH.pictures : ENOUGH.files;
  const enough = clauses.some((clause) => PROPOSES.test(clause)) ? ENOUGH.proposal : usual;
  return clauses.reduce((sum, clause) => sum + plainOf(clause).length, 0) >= enough;
}

/** What a mail within says round its files is a cover for them; words of any other kind stand for themselves. */
const MAILS = new Set(["message/rfc822", "application/vnd.ms-outlook", "application/ms-tnef"]);

/** Leaves with text, or held ones with a name; archives and attached mails by what is in them. */
function leavesOf(read: ReadPart): Piece[] {
  const { part, document, children } = read;
  if (document.reason !== null && LEFT_OUT.has(document.reason)) return [];
  if (document.status === "ignored") return [];
  const inside = children.flatMap(leavesOf);
  const saysNothing = document.text.trim() === "";
  if (children.length > 0 && saysNothing) return inside;
  if (inside.length > 0) return MAILS.has(document.mediaType) ? inside : [documentPiece(read), ...inside];
  if (document.status === "held" && part.inline) return [];
  return [documentPiece(read)];
}

function documentPiece({ part, document }: ReadPart): Piece {
  const readable = document.status === "read" && document.text.trim() !== "";
  return {
    ...pieceOf({ source: "document", filename: part.filename, text: readable ? document.text : "" }),
    title: document.title,
    author: document.author,
    readable,
    illustrates: isIllustration(document),
  };
}

export function pieceOf(
  of: { source: Piece["source"]; filename: string; text: string },
  lines = linesOf(of.text),
): Piece {
  return {
    ...of,
    title: null,
    author: null,
    lines,
    labels: labelledIn(lines),
    readable: true,
    illustrates: false,
  };
}

/** The same text as .doc and .pdf is one piece. */
function distinct(pieces: Piece[]): Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces.slice(0, 60)) {
    const twin = piece.readable && kept.some((other) => other.readable && isCopy(piece.text, other.text));
    if (!twin) kept.push(piece);
  }
  return kept;
}

/** Word for word, but for what a format adds: two units' papers after one model are not copies. */
function isCopy(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return (
    sameText(a, b) &&
    short.length * 1.3 > long.length &&
    containment(long.slice(0, 10_000), short.slice(0, 10_000)) >= 0.95
  );
}

/** Nearly all of the shorter one is found in the longer. */
export function sameText(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.trim().length < 12 || short.length * 2.5 < long.length) return false;
  return containment(short.slice(0, 4_000), long.slice(0, 10_000)) >= 0.85;
}

function isCover(body: Piece, documents: number): boolean {
  const content = body.lines.filter((line) => !isGreeting(line.plain) && !isFarewell(line.plain));
  const length = content.reduce((sum, line) => sum + line.plain.length, 0);
  if (length < 60) return true;
  const speaksOfFile = content.some((line) => COVER.test(line.plain));
  return speaksOfFile ? length < OWN_LENGTH * 2 : documents > 0 && length < OWN_LENGTH;
}

/** By its author, or, where the client leaves him out, by how it closes. */
function isOurLetter(letter: ForwardedLetter, campaign: Campaign): boolean {
  return isOurAddress(letter.from, campaign) || isOurNotice(linesOf(letter.text), campaign);
}

function isForward(mail: Mail, newLines: Line[]): boolean {
  const named =
    /^\s*(?:(?:re|回复|答复)\s*[:：]\s*)*(?:(?:fw|fwd|转发|转)\s*[:：]|(?:转发|代转|转呈|转交|代发))/i.test(
      mail.subject,
    );
  const length = newLines.reduce((sum, line) => sum + line.plain.length, 0);
  return named && length < OWN_LENGTH;
}

const FIELD =
  /^[>*|\s]*(发件人|寄件人|发信人|发送时间|发送日期|发件时间|发件日期|日\s*期|时\s*间|收件人|抄\s*送|密送|主\s*题|附件|from|sent|date|to|cc|subject|attachments?)\s*[*]*\s*[:：|\t]\s*(.*?)[|\s]*$/i;

/** The header lines stand above the letter. */
const HEADED_WITHIN = 24_000;

interface ForwardedLetter {
  text: string;
  from: MailAddress | null;
  /** What stands above its header lines. */
  above: string;
}

/** The letter below "转发邮件信息" and its header lines; null when there is none. */
function forwardedIn(quoted: string): ForwardedLetter | null {
  const rest = quoted.slice(HEADED_WITHIN).replace(/^[ \t]*> ?/gm, "");
  const lines = quoted
    .slice(0, HEADED_WITHIN)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*>\s?/, ""));
  const first = lines.findIndex((line) => FIELD.test(line));
  if (first < 0) return null;
  let from: MailAddress | null = null;
  let at = first;
  for (; at < lines.length; at += 1) {
    const line = lines[at]!;
    const field = FIELD.exec(line);
    if (!field && line.trim() !== "") break;
    if (!field && at - first > 2) break;
    if (field && /^(?:发件人|寄件人|发信人|from)$/i.test(field[1]!)) from = addressIn(field[2]!);
  }
  const text = (lines.slice(at).join("\n") + rest).trim();
  return text === "" ? null : { text, from, above: lines.slice(0, first).join("\n").trim() };
}

function addressIn(field: string): MailAddress {
  // Longer than any sender; the pattern costs the square of a word without an @.
  const words = field.slice(0, 500);
  const address = /[\w.+-]+@[\w.-]+\.\w+/.exec(words)?.[0]?.toLowerCase() ?? "";
  const name = words
    .replace(/[<[(（]?(?:mailto:)?[\w.+-]+@[\w.-]+\.\w+[>\])）]?.*$/i, "")
    .replace(/["'“”]/g, "")
    .trim();
  return { name, address };
}
