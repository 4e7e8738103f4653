// Where each way a delivery can end leaves its notice.
import { expect, test } from "vitest";
import { settlementOf, untried } from "../../src/notice/sending/settlement.ts";
import type { Delivery } from "../../src/notice/transport.ts";

const now = new Date("2012-11-26T09:00:00+08:00");
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const after = (minutes: number) => minutesAgo(-minutes);
const DAY = 24 * 60;

const refusal: Delivery = {
  outcome: "rejected",
  class: "later",
  permanent: false,
  retryAfterMs: null,
  response: "451 later",
  scope: "notice",
  refused: [],
};
const unreached: Delivery = { outcome: "unreached", response: "ECONNREFUSED" };

test.each<[string, Delivery, { attempts?: number; age?: number }, object]>([
  [
    "accepted, and who of its recipients was not",
    { outcome: "accepted", response: "250 ok", refused: ["cc@unit.example"] },
    {},
    { state: "accepted", response: "250 ok", refused: ["cc@unit.example"] },
  ],
  [
    "ambiguous, however old it is",
    { outcome: "ambiguous", response: "ECONNRESET" },
    { attempts: 40, age: 6 * DAY },
    { state: "ambiguous", response: "ECONNRESET" },
  ],
  [
    "refused for good",
    { ...refusal, permanent: true, response: "550 no such user", refused: ["a@unit.example"] },
    {},
    { state: "rejected", response: "550 no such user", refused: ["a@unit.example"] },
  ],
  [
    "refused for now, with no time named",
    refusal,
    { attempts: 3 },
    { state: "intended", response: "451 later", notBefore: after(4), attempted: true },
  ],
  [
    "refused for now, until a time of the reply's own",
    { ...refusal, retryAfterMs: 300_000 },
    {},
    { state: "intended", response: "451 later", notBefore: after(5), attempted: true },
  ],
  [
    "refused because of our account: everything waits",
    { ...refusal, scope: "account", retryAfterMs: 600_000, response: "550 frequency" },
    {},
    { state: "intended", response: "account paused: 550 frequency", notBefore: after(10), attempted: true },
  ],
  [
    "nobody there",
    unreached,
    { attempts: 2 },
    { state: "intended", response: "ECONNREFUSED", notBefore: after(2), attempted: true },
  ],
  [
    "nobody there for five days",
    unreached,
    { attempts: 9, age: 5 * DAY + 1 },
    { state: "rejected", response: "given up after five days: ECONNREFUSED", refused: [] },
  ],
  [
    "deferred for five days",
    refusal,
    { attempts: 9, age: 5 * DAY + 1 },
    { state: "rejected", response: "given up after five days: 451 later", refused: [] },
  ],
  [
    "five days old and hardly tried: it waited behind others",
    unreached,
    { attempts: 8, age: 5 * DAY + 1 },
    { state: "intended", response: "ECONNREFUSED", notBefore: after(60), attempted: true },
  ],
  [
    "five days old to the minute",
    unreached,
    { attempts: 9, age: 5 * DAY },
    { state: "intended", response: "ECONNREFUSED", notBefore: after(60), attempted: true },
  ],
])("%s", (_what, delivery, { attempts = 1, age = 0 }, expected) => {
  const row = { id: 7, intended_at: minutesAgo(age), attempts };
  expect(settlementOf(row, delivery, now)).toEqual({ id: 7, ...expected });
});

test.each([
  [null, ""],
  ["451 later", "451 later"],
])("what was not tried goes back as it was (%j)", (response, kept) => {
  expect(untried({ id: 7, response, not_before: now })).toEqual({
    id: 7,
    state: "intended",
    response: kept,
    notBefore: now,
    attempted: false,
  });
});
