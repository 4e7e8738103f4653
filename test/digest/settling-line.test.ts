// The line the digest prints is read back as what it says: for every unit, deliverable and item of a campaign.
import { expect, test } from "vitest";
import type { HeldMail } from "../../src/digest/books.ts";
import { dismissingLine, settlingLine } from "../../src/digest/settling-line.ts";
import { instructionsIn } from "../../src/understand/instruction.ts";
import { prepare } from "../../src/understand/knowledge.ts";
import { group, schools, trust } from "../understand/builders.ts";
import { sampleCampaign } from "./office.ts";

const guess = (value: string | null) => (value === null ? [] : [{ value, confidence: 0.6 }]);
const held = (type: string | null, unit: string | null, more: Partial<HeldMail> = {}): HeldMail => ({
  ...{
    id: 9,
    fromName: "",
    fromAddress: "",
    subject: "",
    arrivedAt: new Date(0),
    state: "held",
    reason: null,
  },
  ...{
    typeGuesses: guess(type),
    unitGuesses: guess(unit),
    itemGuess: null,
    sender: null,
    unitAsRead: null,
    confidence: null,
  },
  ...more,
});

test.each([sampleCampaign(), schools, trust, group])("$title", (campaign) => {
  const knowledge = prepare(campaign);
  const [first] = campaign.units;
  for (const id of [9, 999, 1000, 4321]) {
    for (const unit of campaign.units) {
      const [type] = campaign.deliverables;
      const line = settlingLine(campaign, held(type?.code ?? null, unit.code, { id }));
      expect(instructionsIn(line, knowledge), line).toMatchObject([
        { target: { mail: id }, changes: { unit: unit.code, type: type?.code }, act: null, problems: [] },
      ]);
    }
    const dismissal = dismissingLine(campaign, id);
    expect(instructionsIn(dismissal, knowledge)).toMatchObject([
      { target: { mail: id, reference: null }, act: "dismiss", problems: [] },
    ]);
  }
  for (const { code, items } of campaign.deliverables) {
    for (const item of items) {
      const line = settlingLine(campaign, held(code, first?.code ?? null, { itemGuess: item.code }));
      expect(instructionsIn(line, knowledge), line).toMatchObject([
        { changes: { unit: first?.code, type: code, item: item.code }, problems: [] },
      ]);
    }
  }
});

test("what nobody guessed must be filled in, and what brings nothing is put aside", () => {
  expect(settlingLine(schools, held("suggestion", null))).toBe("#9 单位=？ 类型=我为教育献一策");
  expect(settlingLine(schools, held("scheme", "basic"))).toBe(
    "#9 单位=基础教育科 类型=五项行动工作方案 分项=？",
  );
  expect(settlingLine(schools, held("question", "basic"))).toBe("#9 忽略");
  expect(settlingLine(trust, held("bright-idea", "archive", { state: "oversize" }))).toBe("#9 dismiss");
});
