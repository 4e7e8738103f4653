// What is typed for `receive`, `extend` and `waive`: names in every form, several at once, and usage where nothing can be meant.
import { expect, test } from "vitest";
import { UsageError } from "../../../src/commands/command.ts";
import { orderOf } from "../../../src/commands/ruling/order.ts";
import { schools } from "../../understand/builders.ts";

const today = "2025-06-10";
const order = (positionals: string[], values = {}, kind: "receipt" | "extension" | "waiver" = "receipt") =>
  orderOf(kind, { positionals, values }, schools, today);

test.each([
  [["no2", "term-review"], { units: ["no2"], deliverables: ["term-review"] }],
  [["二小", "小结"], { units: ["no2"], deliverables: ["term-review"] }],
  [["江城市第二小学、实中", "学期工作小结"], { units: ["no2", "lab"], deliverables: ["term-review"] }],
  [["全部", "工作方案"], { units: [], everybody: true, deliverables: ["scheme"] }],
  [["all", "scheme"], { units: [], everybody: true, deliverables: ["scheme"] }],
  [
    ["基教科", "书香行动"],
    { units: ["basic"], deliverables: [], items: [{ deliverable: "scheme", item: "reading" }] },
  ],
])("%j", (positionals, expected) => {
  expect(order(positionals)).toMatchObject(expected);
});

test("an item, a day with a time and without, how it came, and why", () => {
  expect(
    order(["基教科", "工作方案"], { item: "书香行动", on: "2025-06-09T16:00", by: "纸质", why: " 送来 " }),
  ).toMatchObject({
    ...{ items: [{ deliverable: "scheme", item: "reading" }], by: "paper", why: "送来" },
    when: { on: "2025-06-09", time: "16:00" },
  });
  expect(order(["二小", "小结"], { on: "12-28" }).when).toEqual({ on: "2024-12-28", time: null });
  expect(order(["二小", "小结", "6月25日 17:00"], {}, "extension").when).toEqual({
    on: "2025-06-25",
    time: "17:00",
  });
  expect(order(["二小", "小结"], { undo: true }, "waiver").revokes).toBe(true);
});

test.each([
  [["三小", "小结"], {}, /江城市第二小学/],
  // What persons send is owed by nobody, and is not offered.
  [["二小", "检讨书"], {}, /^(?!.*suggestion).*学期工作小结/s],
  [["二小", "小结", "一周"], {}, /2012-12-28/],
  [["二小", "小结", "2025-06-31"], {}, /2012-12-28/],
  [["二小", "小结"], { by: "信鸽" }, /paper/],
  [["基教科", "小结"], { item: "书香行动" }, /分项/],
  [["-", "小结"], {}, /单位/],
])("%j %j is usage, and names what could be meant", (positionals, values, words) => {
  expect(() => order(positionals, values, positionals.length === 3 ? "extension" : "receipt")).toThrow(
    UsageError,
  );
  expect(() => order(positionals, values, positionals.length === 3 ? "extension" : "receipt")).toThrow(words);
});
