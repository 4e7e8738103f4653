// The lines the digest prints for ruling on what is owed are read back as what they say: for every thing of a campaign.
import { expect, test } from "vitest";
import type { Campaign, Unit } from "../../src/campaign/campaign.ts";
import { noticeLines, rulingLines } from "../../src/digest/owed-line.ts";
import { prepare } from "../../src/understand/knowledge.ts";
import { officeWordsIn } from "../../src/understand/office-words.ts";
import { beginsWithRuling } from "../../src/understand/ruling.ts";
import { schools, trust } from "../understand/builders.ts";
import { sampleCampaign } from "./office.ts";

const today = "2012-12-17";

/** Every thing a unit owes, as codes and as the digest names it. */
function owedOf(campaign: Campaign) {
  return campaign.deliverables
    .filter(({ from }) => from === "unit")
    .flatMap((deliverable) => {
      const thing = (unit: Unit, item: { code: string; name: string } | null) => ({
        codes: { unit: unit.code, deliverable: deliverable.code, item: item?.code ?? null },
        row: { unit: unit.name, deliverable: deliverable.name, item: item?.name ?? null },
      });
      const ofItems = deliverable.items.flatMap((item) =>
        campaign.units.filter(({ code }) => code === item.unit).map((unit) => thing(unit, item)),
      );
      const owing = campaign.units.filter(({ kind }) => deliverable.owedBy.includes(kind));
      return deliverable.items.length > 0 ? ofItems : owing.map((unit) => thing(unit, null));
    });
}

test.each([sampleCampaign(), sampleCampaign("en"), schools, trust])("$title ($locale)", (campaign) => {
  const knowledge = prepare(campaign);
  const owed = owedOf(campaign);
  expect(owed.length).toBeGreaterThan(0);
  for (const { codes, row } of owed) {
    const [received = "", extended = "", waived = ""] = rulingLines(campaign, row, today);
    const read = (line: string) => {
      expect(beginsWithRuling(line, knowledge, today), line).toBe(true);
      const { rulings: orders, instructions, notices } = officeWordsIn(line, knowledge, today);
      expect([instructions, notices], line).toEqual([[], []]);
      expect(orders, line).toHaveLength(1);
      const { units, deliverables, items, ...order } = orders[0] ?? {
        units: [],
        deliverables: [],
        items: [],
      };
      expect(units, line).toEqual([codes.unit]);
      const named = codes.item ? items : deliverables;
      expect(named, line).toEqual(
        codes.item ? [{ deliverable: codes.deliverable, item: codes.item }] : [codes.deliverable],
      );
      return order;
    };
    expect(read(received)).toMatchObject({ kind: "receipt", revokes: false, by: "paper", problems: [] });
    expect(read(extended)).toMatchObject({ kind: "extension", when: { on: "2012-12-24" }, problems: [] });
    expect(read(waived)).toMatchObject({ kind: "waiver", why: null, problems: [] });
  }
});

test.each(["zh-CN", "en"] as const)(
  "and so are those about a notice that may not have arrived (%s)",
  (locale) => {
    const knowledge = prepare(sampleCampaign(locale));
    const acts = noticeLines({ locale }, 12).map((line) => officeWordsIn(line, knowledge, today));
    expect(acts).toMatchObject([
      { notices: [{ notice: 12, act: "resend" }], rulings: [], instructions: [] },
      { notices: [{ notice: 12, act: "settle" }], rulings: [], instructions: [] },
    ]);
  },
);
