// What a mail in a conversation is for: to correct, withdraw, replace, supplement, thank, ask, answer, or hand in anew.
import { CORRECTION, type Intent, QUESTION, type Understanding } from "./evidence.ts";

type Understood = Pick<Understanding, "type" | "reason" | "corrections" | "submissions">;

export function intentOf(
  { type, reason, corrections, submissions }: Understood,
  answers: boolean,
): Intent | null {
  const asks = (action: string) => corrections.some((one) => one.action === action);
  if (reason === "thanks") return "thanks";
  if (type.value === QUESTION) return "question";
  if (asks("withdraw")) return "withdraw";
  if (asks("supplement")) return "supplement";
  if (asks("replace")) return "replace";
  if (type.value === CORRECTION) return corrections.length > 0 ? "correct" : "unclear";
  if (!answers) return null;
  return submissions.length > 0 ? "submit" : "unclear";
}
