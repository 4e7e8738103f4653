// A short storm in every run of the tests: kills, cuts, a server that dies and a disk that fills; the ledger stays right.
import { expect, test } from "vitest";
import { torture } from "./torture.ts";

/** The long one is `npm run torture`; JINBOX_KILLS makes this one shorter or longer. */
const KILLS = Number(process.env.JINBOX_KILLS ?? 300);

test(`${KILLS} kills lose nothing, repeat nothing, accuse nobody`, { timeout: 3_600_000 }, async () => {
  const seed = Number(process.env.JINBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const told = [`seed ${seed}`];
  const { totals, sound } = await torture({ kills: KILLS, seed, slots: 3 }, (words) => told.push(words));
  console.info(told.join("\n"));
  const { lost, filedTwice, noticesLost, noticesTwice, falseOverdue, kills } = totals;
  const none = { lost: 0, filedTwice: 0, noticesLost: 0, noticesTwice: 0, falseOverdue: 0 };
  expect({ lost, filedTwice, noticesLost, noticesTwice, falseOverdue }, told.join("\n")).toEqual(none);
  expect(sound, told.join("\n")).toBe(true);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
});
