// What a reply meant, told from what the rules found: the understanding says it itself, or it follows from its parts.
import type { Understanding } from "../../src/understand/evidence.ts";
import type { Intent } from "./label.ts";

export function intentOf(understanding: Understanding): string | null {
  const { intent } = understanding as { intent?: string | null };
  return intent === undefined ? derived(understanding) : intent;
}

function derived({ type, reason, corrections, submissions, unit }: Understanding): Intent {
  const actions = new Set<string>(corrections.map(({ action }) => action));
  if (actions.has("withdraw")) return "withdraw";
  if (actions.has("supplement")) return "supplement";
  if ([...actions].some((action) => action !== "replace")) return "correct";
  if (actions.has("replace")) return "replace";
  if (reason === "thanks") return "thanks";
  if (type.value === "question") return "question";
  if (type.value === "correction") return "unclear";
  if (submissions.length > 0) return "submit";
  return unit.value !== null && reason !== "spam" ? "answer" : "unclear";
}
