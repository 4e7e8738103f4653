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

/** "另补充一段，前件作废" replaces; "忘了附件，重新发一遍" completes. */
const FORGOTTEN = /忘|漏|没|未|附件|forg|miss/;

/** Cover letters are short; below this a body is the new version itself, and says so at its ends. */
const COVER_LINES = 6;

export function coveringIntent(
  { lines, subject, submissions, hasFiles }: Covering,
  exchange: Exchange,
): { intent: Intent | null; corrections: CorrectionRequest[] } {
  const ends =
    lines.length > 2 * COVER_LINES ? [...lines.slice(0, COVER_LINES), ...lines.slice(-COVER_LINES)] : lines;
  const own = exchange.answers === null ? subject : "";
  const plain = [own, ...ends.map((line) => line.plain)].join("\n");
  const { replace, supplement } = versionTalkIn(plain, false);
  const isAbout = exchange.answers !== null || aboutEarlier(plain);
  // "忘了附上" needs a file; "改了以后重新发" a version.
  const isForgotten = supplement !== null && (replace === null || FORGOTTEN.test(supplement));
  if (isForgotten && hasFiles && (isAbout || replace === null))
    return { intent: "supplement", corrections: [{ action: "supplement" }] };
  if (replace !== null && (hasFiles || isAbout || exchange.answers !== null))
    return { intent: "replace", corrections: [{ action: "replace" }] };
  if (exchange.answers === null) return { intent: null, corrections: [] };
  if (exchange.asked === "file" && hasFiles) return { intent: "answer", corrections: [] };
  return { intent: submissions.length > 0 ? "submit" : "unclear", corrections: [] };
}
