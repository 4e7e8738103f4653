// All the office tells us in a reply: what becomes of mails and submissions, rulings on what is owed, notices to send again.
import type { PlainDate } from "../text/dates.ts";
import { type Instruction, instructionsIn, officeLines } from "./instruction.ts";
import { hasTarget, scannerOf } from "./instruction-line.ts";
import type { Knowledge } from "./knowledge.ts";
import { type NoticeOrder, noticeOrdersIn } from "./notice-order.ts";
import { type RulingOrder, rulingsInLine } from "./ruling.ts";

export interface OfficeWords {
  instructions: Instruction[];
  rulings: RulingOrder[];
  notices: NoticeOrder[];
}

const RULINGS_MAX = 200;

/** Of a text that holds nothing but what its writer newly wrote; `today` is the day it was written on. */
export function officeWordsIn(text: string, knowledge: Knowledge, today: PlainDate): OfficeWords {
  const rulings: RulingOrder[] = [];
  const notices: NoticeOrder[] = [];
  const others: string[] = [];
  for (const [at, line] of officeLines(text).entries()) {
    const noticed = noticeOrdersIn(line);
    if (noticed.length > 0) {
      notices.push(...noticed.map((one) => ({ ...one, at })));
      others.push("");
      continue;
    }
    const ruled = rulingsInLine(line, knowledge, today);
    const isClear = ruled.every(({ problems }) => problems.length === 0);
    // "#9 …" speaks of a mail, whatever else stands in the line.
    const isRuling = ruled.length > 0 && (isClear || !hasTarget(scannerOf(line, knowledge)));
    if (isRuling) rulings.push(...ruled.map((one) => ({ ...one, at })));
    others.push(isRuling ? "" : line);
  }
  if (rulings.length > RULINGS_MAX) {
    rulings.length = RULINGS_MAX + 1;
    rulings[RULINGS_MAX]!.problems = [{ what: "too-many", most: RULINGS_MAX }];
  }
  return { instructions: instructionsIn(others.join("\n"), knowledge), rulings, notices };
}
