// The digest's picture: a row a unit while that can be read, sums beyond, every word drawn with the shipped font.
import { expect, test } from "vitest";
import type { Obligation, ObligationState } from "../../src/deadline/obligation.ts";
import { draw } from "../../src/digest/picture/draw.ts";
import { type PictureFacts, pictureFacts, pictureInWords } from "../../src/digest/picture/facts.ts";
import { fitted, layoutOf, WIDTH } from "../../src/digest/picture/layout.ts";
import { sampleCampaign } from "./office.ts";

const states: ObligationState[] = ["met", "met-late", "overdue", "outstanding", "extended", "waived"];

function owing(
  deliverable: string,
  unit: string,
  state: ObligationState,
  item: string | null = null,
): Obligation {
  return {
    ...{ key: `${deliverable}/${unit}`, deliverable, unit, item, state, announcedOn: null, dueOn: null },
    ...{ metAt: null, metBy: null, provisional: false, why: null },
  } as Obligation;
}

/** A campaign of so many units; of each ten, nine have sent something. */
function picture(count: number, locale: "zh-CN" | "en" = "zh-CN"): PictureFacts {
  const campaign = sampleCampaign(locale);
  const [first] = campaign.units;
  if (!first) throw new Error("the sample has units");
  campaign.units = Array.from({ length: count }, (_, n) => ({
    ...{ ...first, code: `u${n}`, kind: "grassroots" as const },
    name: n === 0 ? "䶮溪镇文化站" : `第${n}文化站`,
  }));
  const obligations = campaign.units.map(({ code }, n) =>
    owing("summary-report", code, states[n % states.length] as ObligationState),
  );
  const standings = campaign.units.map(({ code, name }, n) => {
    const ideas = n % 10 === 9 ? 0 : count - n;
    return { code, name, ideas, people: Math.min(ideas, 3), share: n % 2 ? null : 4.5 };
  });
  const facts = pictureFacts(campaign, obligations, standings);
  if (!facts) throw new Error("there is something to draw");
  return facts;
}

/** Width and height, as its header says. */
function size(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test.each([5, 30, 200])("%i units are drawn at the width of a telephone, twice as sharp", async (count) => {
  const facts = picture(count);
  const drawing = await draw(facts);
  if (drawing.outcome === "failed") throw new Error(drawing.detail);
  const [width, height] = size(drawing.png);
  expect(width).toBe(WIDTH * 2);
  expect(height).toBe(layoutOf(facts).height * 2);
  expect(height).toBeLessThan(width * 3);
  expect(drawing.png.length).toBeLessThan(200_000);
});

test("every unit has a row while they are few; of many, the busiest have one and the rest are summed", () => {
  const few = picture(30);
  expect([few.rows.length, few.rest, few.quiet]).toEqual([30, null, 0]);
  const many = picture(200);
  expect(many.rows).toHaveLength(20);
  expect(many.quiet).toBe(20);
  expect(many.rest?.units).toBe(160);
  const all = [...many.rows.map(({ ideas }) => ideas), many.rest?.ideas ?? 0];
  expect(all.reduce((sum, ideas) => sum + ideas, 0)).toBe(
    picture(200).rows.reduce((sum, { ideas }) => sum + ideas, many.rest?.ideas ?? 0),
  );
  expect(many.rows.map(({ ideas }) => ideas)).toEqual(
    many.rows.map(({ ideas }) => ideas).toSorted((a, b) => b - a),
  );
});

test("coverage counts every obligation once", () => {
  for (const { all, met, metLate, waived, overdue, open } of picture(200).coverage)
    expect(met + metLate + waived + overdue + open).toBe(all);
});

test("a unit that owes several items shows how many, and the worst of their states", () => {
  const campaign = sampleCampaign();
  const standings = campaign.units.map(({ code, name }) => ({
    code,
    name,
    ideas: 0,
    people: 0,
    share: null,
  }));
  const obligations = [
    owing("engineering-plan", "library", "met", "service"),
    owing("engineering-plan", "library", "overdue", "stage"),
  ];
  const library = pictureFacts(campaign, obligations, standings)?.rows.find(
    ({ name }) => name === "市图书馆",
  );
  expect(library?.cells).toEqual([{ state: "overdue", done: 1, all: 2 }]);
});

test("the leadership has no row unless it takes part or owes something", () => {
  const campaign = sampleCampaign();
  const standings = campaign.units.map(({ code, name }) => ({
    code,
    name,
    ideas: 0,
    people: 0,
    share: null,
  }));
  const names = (leading: number) =>
    pictureFacts(
      campaign,
      [],
      standings.map((one) => (one.code === "leadership" ? { ...one, ideas: leading } : one)),
    )?.rows.map(({ name }) => name);
  expect(names(0)).not.toContain("局领导班子");
  expect(names(1)?.[0]).toBe("局领导班子");
});

test("a rare character is drawn with the shipped font, and is not the box of one that is missing", async () => {
  const [row] = picture(5).rows;
  if (!row) throw new Error("there is a row");
  const drawn = async (name: string) => {
    const drawing = await draw({
      ...picture(5),
      coverage: [],
      columns: [],
      rows: [{ ...row, name, cells: [] }],
    });
    return drawing.outcome === "drawn" ? drawing.png.toString("base64") : drawing.detail;
  };
  const pictures = await Promise.all(["䶮", "龚", "\u{f0000}", "　"].map(drawn));
  expect(new Set(pictures).size).toBe(4);
});

test("what cannot be drawn is said, and nothing is thrown", async () => {
  const drawing = await draw({ ...picture(5), rows: null } as unknown as PictureFacts);
  expect(drawing).toMatchObject({ outcome: "failed", detail: expect.stringContaining("TypeError") });
});

test("long names are shortened in their middle, so that branches of one house stay apart", () => {
  expect(fitted("市图书馆", 100, 13)).toBe("市图书馆");
  const [one, other] = [1, 2].map((n) => fitted(`市文化遗产保护和考古研究所第${n}工作站`, 130, 13));
  expect(one).toMatch(/^市文化.*….*1工作站$/);
  expect(one).not.toBe(other);
});

test.each(["zh-CN", "en"] as const)("who does not see it reads the same in words (%s)", (locale) => {
  const words = pictureInWords(picture(200, locale));
  expect(words).toContain("䶮溪镇文化站 200");
  expect(words).toContain(locale === "zh-CN" ? "书面总结已交" : "书面总结: ");
  expect(words.length).toBeLessThan(400);
});
