// In the place of src/clock.ts: the same clock, as far from the real time as the file named by JINBOX_CLOCK says just now.
import { readFileSync } from "node:fs";
import { type Clock, systemClock as real } from "../../src/clock.ts";

export * from "../../src/clock.ts";

const file = process.env.JINBOX_CLOCK ?? "";

/** One clock for all: every process of the storm sees it move at the same moment. */
export const systemClock: Clock = {
  ...real,
  now: () => new Date(real.now().getTime() + (file === "" ? 0 : Number(readFileSync(file, "utf8")))),
};
