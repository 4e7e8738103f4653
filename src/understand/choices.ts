// The two units a sender is asked to choose between, where there are two: "是市图书馆，还是市文化馆？"
import type { Understanding } from "./evidence.ts";

/** Below this the second best is hardly worth a question. */
const WORTH_ASKING = 0.03;

/** In the order they are named in: the notice, the answer and its reading must agree. */
export function likelyUnits({ reason, unit }: Pick<Understanding, "reason" | "unit">): string[] {
  if (reason !== "unit-unsure" || unit.value === null) return [];
  const second = unit.runnerUp && unit.runnerUp.confidence >= WORTH_ASKING ? [unit.runnerUp.value] : [];
  return [unit.value, ...second];
}
