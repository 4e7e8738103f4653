// What a mail answers: one of our notices or an earlier mail, what is recorded of it, and what we asked for.
import type { Mail } from "../message/mail.ts";
import { isNoticeId } from "../message/notice-id.ts";
import type { Recorded, ThreadContext } from "./evidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { labelledIn, linesOf, plainOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { isOurNotice } from "./ownnotice.ts";
import { namesIn } from "./people.ts";
import { resolveName } from "./resolve.ts";

export interface Exchange {
  /** `ours`: one of our notices; `other`: an earlier mail; null: by all that can be seen the first of its kind. */
  answers: "ours" | "other" | null;
  /** The one thing our notice asked for. */
  asked: "unit" | "type" | "file" | null;
  /** It is about something handed in before: our notice records it, or its number is named. */
  isOfRecord: boolean;
  recorded: Recorded[];
  /** The units our notice named to choose from, in its order. */
  choices: string[];
}

const REPLY = /^\s*(?:re|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:：]/i;

/** A subject that answers; what stands behind it is the earlier mail's. */
export function isReplySubject(subject: string): boolean {
  return REPLY.test(subject);
}

/** The ledger's word goes before the quotation's, which the sender may have changed or cut. */
export function exchangeOf(
  mail: Mail,
  history: string,
  thread: ThreadContext | null,
  knowledge: Knowledge,
): Exchange {
  const quoted = history.slice(0, QUOTED_LOOKED_AT).replace(/^[ \t]*(?:[>＞|][ \t]?)+/gm, "");
  const isOurs =
    (thread?.repliesToNotice ?? false) || answersUs(mail, quoted, knowledge) || quotesOurs(quoted, knowledge);
  const isReply = thread !== null || mail.inReplyTo.length > 0 || isReplySubject(mail.subject);
  const recorded = thread?.recorded?.length ? thread.recorded : isOurs ? recordedIn(quoted, knowledge) : [];
  return {
    answers: isOurs ? "ours" : isReply ? "other" : null,
    asked: askedBy(thread, isOurs ? `${mail.subject}\n${quoted}` : "", recorded),
    recorded,
    isOfRecord:
      recorded.length > 0 ||
      (thread?.references.length ?? 0) > 0 ||
      new RegExp(`${codeOf(knowledge)}-?\\d{3}`, "i").test(
        `${mail.subject}\n${mail.text.slice(0, NEW_LOOKED_AT)}\n${isOurs ? quoted : ""}`,
      ),
    choices: thread?.choices ?? (isOurs ? choicesIn(quoted, knowledge) : []),
  };
}

/** "您是市图书馆的，还是市文化馆的？" */
function choicesIn(quoted: string, knowledge: Knowledge): string[] {
  const asked = /^.*(?:还是|或者| or ).*[?？]/im.exec(quoted)?.[0] ?? "";
  const named = mentionsIn(knowledge.units, plainOf(asked), { typos: false });
  return [...new Set(named.map(({ value }) => value).filter((value) => value !== null))];
}

function codeOf({ campaign }: Knowledge): string {
  return campaign.code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const NEW_LOOKED_AT = 600;
/** The last notice stands first; what older ones below it asked has been answered. */
const QUOTED_LOOKED_AT = 1_500;

/** By an id of our notices', or one the office's own mail program wrote; on a shared server it may be a colleague's. */
function answersUs({ inReplyTo }: Mail, quoted: string, { campaign }: Knowledge): boolean {
  const address = campaign.mailbox.address.toLowerCase();
  const domain = address.slice(address.lastIndexOf("@") + 1);
  if (inReplyTo.some((id) => isNoticeId(id, domain))) return true;
  const from = quotedSender(quoted);
  const isAnother = from.includes("@") && !from.includes(address);
  return !isAnother && inReplyTo.some((id) => id.toLowerCase().endsWith(`@${domain}>`));
}

function quotedSender(quoted: string): string {
  const head = quoted.slice(0, 300).toLowerCase();
  return /(?:发件人|寄件人|from)\s*[:：][^\n]*|[^\n]*(?:写道|来信|wrote)\s*[:：]/i.exec(head)?.[0] ?? "";
}

/** Phones leave the In-Reply-To out; our address above the history, or how our notices close, says it as well. */
function quotesOurs(quoted: string, { campaign }: Knowledge): boolean {
  if (quoted === "") return false;
  return (
    quotedSender(quoted).includes(campaign.mailbox.address.toLowerCase()) ||
    isOurNotice(linesOf(quoted), campaign)
  );
}

/** Our acknowledgement says a submission back behind labels, each number beginning the next. */
function recordedIn(quoted: string, knowledge: Knowledge): Recorded[] {
  const code = codeOf(knowledge);
  const entries = quoted.split(new RegExp(`^.*(?=(?:编号|reference)\\s*[:：]\\s*${code}-?\\d)`, "im"));
  // What stands above the first number is the quotation's own head, whose subject is no submission.
  const numbered = entries.length > 1 ? entries.slice(1) : entries;
  return numbered.map((entry) => entryOf(entry, knowledge)).filter(saysSomething);
}

function entryOf(entry: string, knowledge: Knowledge): Recorded {
  const labels = labelledIn(linesOf(entry));
  const value = (kind: string) =>
    labels.find((one) => one.kind === kind)?.value.replace(/[;；,，。.]+$/, "") ?? "";
  const kind = /(?:类别|类型|种类|taken as)\s*[:：]?\s*([^\n;；,，。]{2,40})/i.exec(entry)?.[1] ?? "";
  return {
    unit: resolveName(knowledge.units, plainOf(value("unit")))?.value ?? null,
    type: mentionsIn(knowledge.kinds, plainOf(kind), { typos: false })[0]?.value ?? null,
    people: namesIn(value("people"), { labelled: true }),
    title: value("title"),
  };
}

function saysSomething({ unit, people, title }: Recorded): boolean {
  return unit !== null || people.length > 0 || title !== "";
}

/** How we, or an office in its own words, ask for the unit and for a file that opens. */
const ASKS_UNIT =
  /(?:写明|注明|告知|补充|说明|回复|确认)[^\n。]{0,12}(?:单位|处室|科室|部门|学校|所在)|(?:单位|处室|科室|部门|学校)[^\n。]{0,8}(?:未写明|没有写|不明|不详|未识别|待确认)|(?:未|没有?|不)(?:写明|注明|能?看出|说明)[^\n。]{0,8}(?:单位|处室|科室|部门|学校)|[您你]们?(?:现)?所在的?(?:单位|处室|科室|部门|学校)|(?:哪个|哪一个|什么|哪家)(?:单位|处室|科室|部门|学校)|name of your (?:unit|department|school)|which (?:unit|department|school)/i;
const ASKS_TYPE =
  /(?:未能|无法|不能)(?:确定|判断|识别)[^\n。]{0,12}(?:哪一?类|类别|类型|种类)|what kind of|which kind of/i;
const ASKS_FILE =
  /没有收到附件|none arrived|未能读取|无法(?:打开|读取)|打不开|可读版本|重新发送|重新以普通附件|没有找到报送的内容|readable version|could not be (?:read|opened)|cannot be opened/i;

function askedBy(thread: ThreadContext | null, quoted: string, recorded: Recorded[]): Exchange["asked"] {
  const reason = thread?.awaits ?? null;
  if (reason === "unit-unknown" || reason === "unit-unsure") return "unit";
  if (reason === "nothing-found" || reason === "attachment-missing" || reason === "large-file-link")
    return "file";
  if (reason === "type-unsure" || ASKS_TYPE.test(quoted)) return "type";
  if (recorded.every(({ unit }) => unit === null) && ASKS_UNIT.test(quoted)) return "unit";
  return ASKS_FILE.test(quoted) ? "file" : null;
}
