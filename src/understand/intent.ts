// What a mail that is filed is for, where it is part of a conversation: a newer version, what was left out, or something new.
import type { CorrectionRequest, Intent, SubmissionDraft } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Line } from "./letter.ts";
import { aboutEarlier, versionTalkIn } from "./version.ts";

/** What is said beside the new files, or above the new text. */
export interface Covering {
  lines: Line[];
  /** The sender's own subject; a reply's is the earlier mail's. */
  subject: string;
  submissions: SubmissionDraft[];
  /** The new content is a file. */
  hasFiles: boolean;
}

/** A body that calls itself the newer version; an idea may well be about 更新版. */
const NAMED =
  /^[^\n]*[(（【[][^\n]{0,6}(?:修改|修订|更正|更新|修正|第[二三]|二)[稿版][^\n]{0,4}[)）】\]]|(?:以上|以下|这是|此为|现为|本[稿件份]|此[稿件份])[^。\n]{0,14}(?:修改稿|修订稿|更正稿|修正稿|更新稿|修改[后过的]|新版|第[二三]稿)|以(?:此|这|本)[次稿份版件]?[^。\n]{0,4}为准|this is (?:the|a|our) (?:revised|corrected|updated|new)/;

/** "另补充一段，前件作废" replaces; "忘了附件，重新发一遍" completes. */
const FORGOTTEN = /忘|漏|没|未|附件|forg|miss/;

/** Cover letters are short; below this a body is the new version itself, and says so at its ends. */
const COVER_LINES = 6;
const LONGEST_LINE = 400;

export function coveringIntent(
  { lines, subject, submissions, hasFiles }: Covering,
  exchange: Exchange,
): { intent: Intent | null; corrections: CorrectionRequest[] } {
  const ends =
    lines.length > 2 * COVER_LINES ? [...lines.slice(0, COVER_LINES), ...lines.slice(-COVER_LINES)] : lines;
  const own = exchange.answers === null ? subject : "";
  const plain = [own, ...ends.map((line) => line.plain.slice(0, LONGEST_LINE))].join("\n");
  const { replace, supplement } = versionTalkIn(plain, false);
  // Of a first mail "以附件为准" says that the subject or the body may differ.
  const isFirst = exchange.answers === null && replace !== null && /附件.*为准/.test(replace);
  const isAbout = exchange.answers === "other" || exchange.isOfRecord || aboutEarlier(plain);
  // "忘了附上" needs a file; "改了以后重新发" a version.
  const isForgotten = supplement !== null && (replace === null || FORGOTTEN.test(supplement));
  if (isForgotten && hasFiles && (isAbout || replace === null))
    return { intent: "supplement", corrections: [{ action: "supplement" }] };
  if (replace !== null && !isFirst && (hasFiles || isAbout || NAMED.test(plain)))
    return { intent: "replace", corrections: [{ action: "replace" }] };
  if (exchange.answers === null) return { intent: null, corrections: [] };
  if (exchange.asked === "file" && hasFiles)
    return { intent: "supplement", corrections: [{ action: "supplement" }] };
  return { intent: submissions.length > 0 ? "submit" : "unclear", corrections: [] };
}
