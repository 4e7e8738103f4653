// A subject without the "Re:", "回复：", "转发:" that clients pile up; the template adds one "Re:".
import { asLine } from "../render.ts";

export function bareSubject(subject: string): string {
  return asLine(subject, 120).replace(
    /^(?:\s*(?:re|fw|fwd|aw|回复|答复|转发|回覆|轉寄)\s*(?:\[\d+\])?\s*[:：])+\s*/iu,
    "",
  );
}
