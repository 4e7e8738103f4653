// The lines by which the office rules on what is owed and on notices that may not have arrived, filled in: to be copied from the digest into a reply to it.
import type { Campaign } from "../campaign/campaign.ts";
import { addDays, type PlainDate } from "../text/dates.ts";
import type { OwedRow } from "./owed.ts";

/** One line each way for a notice of which nobody knows whether it arrived. */
export function noticeLines({ locale }: Pick<Campaign, "locale">, id: number): string[] {
  return locale === "zh-CN"
    ? [`通知 ${id} 重发`, `通知 ${id} 不再发`]
    : [`notice ${id} resend`, `notice ${id} settle`];
}

/** Asked for without a date, an extension is shown as one of this many days. */
const SHOWN_EXTENSION_DAYS = 7;

/**
 * One line each way: received on paper, extended, waived. They begin with what is to be done, for only such lines count
 * where a mail program repeats ours unmarked.
 */
export function rulingLines(
  { locale }: Pick<Campaign, "locale">,
  row: Pick<OwedRow, "unit" | "item" | "deliverable">,
  today: PlainDate,
): string[] {
  const what = `${row.unit} ${row.item ?? row.deliverable}`;
  const until = addDays(today, SHOWN_EXTENSION_DAYS);
  return locale === "zh-CN"
    ? [`收到 ${what} 纸质`, `延期 ${what} ${until.slice(5)}`, `免交 ${what} 原因=…`]
    : [`received ${what} on paper`, `extend ${what} ${until}`, `waive ${what} why=…`];
}
