// Lines of the report to the office on its rulings, made up from the campaign's own units and deliverables.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Ruled } from "../../deadline/office/rule.ts";
import { addDays } from "../../text/dates.ts";

/** One extended, and one written without its date. */
export function ruledSamples(campaign: Campaign): Ruled[] {
  const owed = campaign.deliverables.find(({ from, items }) => from === "unit" && items.length === 0);
  const unit = campaign.units.find(({ kind }) => owed?.owedBy.includes(kind));
  if (!owed || !unit) return [];
  const zh = campaign.locale === "zh-CN";
  const dueOn = addDays(owed.due ?? campaign.closes, 3);
  const of = { deliverable: owed.code, unit: unit.code, item: null, dueOn, dueTime: null };
  const extension = {
    ...{ ...of, kind: "extension" as const, receivedAt: null, receivedBy: null, why: "", scans: [] },
  };
  const obligation = { ...of, state: "extended" as const, metAt: null, metBy: null };
  const line = (ruling: string, rest: string) => `${ruling} ${unit.name} ${owed.name}${rest}`;
  return [
    {
      line: line(zh ? "延期" : "extend", ` ${zh ? dueOn.slice(5) : dueOn}`),
      at: 8,
      result: {
        ...{ did: "ruled", kind: "extension", revoked: false, scans: 0 },
        things: [{ obligation, force: { waived: false, extension, receipts: [] }, changed: true }],
      },
    },
    {
      line: line(zh ? "延期" : "extend", zh ? " 一周" : " a week"),
      at: 9,
      result: { why: "unclear", problems: [{ what: "date-missing", written: zh ? "一周" : "a week" }] },
    },
  ];
}
