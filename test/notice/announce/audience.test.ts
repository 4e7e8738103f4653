// Who is to be told, each person once: roster, contacts, shared mailboxes, second addresses, names without an address.
import { expect, test } from "vitest";
import type { Campaign, Person } from "../../../src/campaign/campaign.ts";
import { audienceOf, type Circle, knownByName } from "../../../src/notice/announce/audience.ts";
import { campaign as build, unit } from "../../deadline/campaign.ts";

const person = (name: string, email: string | null, of = "library"): Person => ({ name, email, unit: of });
const bare = { liaison: null, head: null, supervisor: null };

function campaign(change: Partial<Campaign>): Campaign {
  const units = [
    unit("library", bare),
    unit("museum", bare),
    unit("leadership", { ...bare, kind: "leadership" }),
  ];
  return build({ units, deliverables: [], ...change });
}

function told(change: Partial<Campaign>, circle: Circle = "all", only: string | null = null) {
  return audienceOf(campaign(change), circle, only).map((household) =>
    household.map(({ name, units, addresses }) => [name, units.join("+"), ...addresses].join(" ")),
  );
}

test("one name in one unit is one person, however often and however written", () => {
  const roster = [
    person("黎小禾", "work@x.example"),
    person("庞若谷", "pang@x.example"),
    person("黎 小禾", "home@x.example"),
    person("黎小禾", null),
  ];
  expect(told({ roster })).toEqual([
    ["黎小禾 library work@x.example home@x.example"],
    ["庞若谷 library pang@x.example"],
  ]);
});

test("one name with one address in two units is one person; the same name elsewhere is another", () => {
  const roster = [
    person("李静", "a@x.example"),
    person("李静", "b@x.example", "museum"),
    person("李静", "a@x.example", "leadership"),
    person("李静", "c@x.example", "leadership"),
  ];
  expect(told({ roster })).toEqual([
    ["李静 library+leadership a@x.example c@x.example"],
    ["李静 museum b@x.example"],
  ]);
});

test("the campaign's own mailbox is nobody's address", () => {
  const roster = [person("黎小禾", "ideas@bureau.example"), person("庞若谷", "ideas@bureau.example")];
  expect(told({ roster })).toEqual([["黎小禾 library"], ["庞若谷 library"]]);
});

test("people who share a mailbox are decided on together", () => {
  const roster = [
    person("甲", "room@x.example"),
    person("乙", "b@x.example"),
    person("丙", "room@x.example", "museum"),
  ];
  expect(told({ roster })).toEqual([
    ["甲 library room@x.example", "丙 museum room@x.example"],
    ["乙 library b@x.example"],
  ]);
});

test("contacts the roster names are not told twice, and those it does not name are", () => {
  const roster = [person("梅听雪", "mei@home.example"), person("管天骐", "head@lib.example")];
  const leader = { name: "陆知衡", email: "Leader@bureau.example" };
  const units = [
    unit("library", {
      liaison: { name: "梅听雪", email: "liaison@lib.example" },
      head: { name: "负责人", email: "head@lib.example" },
      supervisor: leader,
    }),
    unit("museum", {
      liaison: { name: "联络员", email: "liaison@museum.example" },
      head: null,
      supervisor: leader,
    }),
    unit("leadership", { ...bare, kind: "leadership" }),
  ];
  expect(told({ roster, units })).toEqual([
    ["梅听雪 library mei@home.example liaison@lib.example"],
    ["管天骐 library head@lib.example"],
    ["陆知衡 leadership leader@bureau.example"],
    ["联络员 museum liaison@museum.example"],
  ]);
  expect(told({ roster, units }, "roster")).toHaveLength(2);
  expect(told({ roster, units }, "contacts")).toEqual([
    ["梅听雪 library liaison@lib.example"],
    ["负责人 library head@lib.example"],
    ["陆知衡 leadership leader@bureau.example"],
    ["联络员 museum liaison@museum.example"],
  ]);
  expect(told({ roster, units }, "all", "museum")).toEqual([["联络员 museum liaison@museum.example"]]);
});

test("people known by name only are kept for their unit's liaison to tell", () => {
  const roster = [person("胥明月", null), person("路远征", null, "museum"), person("黎小禾", "a@x.example")];
  expect([...knownByName(audienceOf(campaign({ roster })))]).toEqual([
    ["library", ["胥明月"]],
    ["museum", ["路远征"]],
  ]);
});

test("twenty thousand people are told apart in no time worth mentioning", () => {
  const roster = Array.from({ length: 20_000 }, (_, at) => person(`人${at >> 1}`, `p${at}@x.example`));
  expect(audienceOf(campaign({ roster }))).toHaveLength(10_000);
});
