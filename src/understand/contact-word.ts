// What a unit's contact answers when he is told what was done, or handed in, in his unit's name.
import { normalize } from "../text/normalize.ts";

/** Said in a sentence; a longer answer is read like any mail. */
const LONGEST = 80;

const DENIES =
  /恢复|还原|不是我|不是本|并非|没有(?:撤回|更正|报送|报过|发过|交过)|未(?:撤回|更正|报送)|冒名|冒用|restore|undo|reinstate|(?:not|never) (?:us|ours|me|from us|sent by us)\b|did(?: not|n't) (?:send|withdraw|change)/i;
const CONFIRMS =
  /^[,。!\s]*(?:(?:收到|您好|你好)[,。!:\s]*)?(?:情况)?(?:确认|属实|无误|确系|确实是|是我们?(?:单位|馆|处|中心)?(?:报|发|交)|confirmed|confirm\b|yes\b|it is ours)/i;

export function contactWord(text: string): "denies" | "confirms" | null {
  const plain = normalize(text).trim();
  if (plain === "" || plain.length > LONGEST || /[?？]|吗/.test(plain)) return null;
  if (DENIES.test(plain)) return "denies";
  return CONFIRMS.test(plain) ? "confirms" : null;
}
