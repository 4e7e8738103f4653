// "这是总结，不是金点子": as which deliverable, and which of its items, something is to be filed.
import { contrastIn, SHOULD, WRONG } from "./contrast.ts";
import type { CorrectionRequest } from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Change } from "./unit-change.ts";

const ABOUT =
  /类型|类别|种类|分类|归类|归到|算(?:作|成|是|到)|当成|当作|登记?成|写成|\b(?:type|category|kind)\b/;

export function typeChange(plain: string, exchange: Exchange, knowledge: Knowledge): Change {
  const stands = new Set(exchange.recorded.map(({ type }) => type).filter((type) => type !== null));
  const kind = contrastIn(knowledge.kinds, plain, stands, false);
  const item = contrastIn(knowledge.items, plain, new Set(), true);
  const about = ABOUT.test(plain);
  // Every report speaks of reports: a change names two kinds, or says that it speaks of the kind.
  const isMeant =
    kind.wrong.size > 0 ||
    (stands.size > 0 && kind.isSaid && SHOULD.test(plain)) ||
    item.wrong.size > 0 ||
    (about && (WRONG.test(plain) || SHOULD.test(plain)));
  if (!isMeant) return null;
  const ofItem = item.right?.value?.split("/");
  const isItems = ofItem !== undefined && (kind.right === null || kind.right.value === ofItem[0]);
  if (isItems && (item.isSaid || item.wrong.size > 0 || kind.right !== null)) {
    return found({ action: "type", type: ofItem[0]!, item: ofItem[1] ?? null }, item.right!.words);
  }
  if (kind.right?.value && (kind.isSaid || kind.wrong.size > 0)) {
    if (stands.size > 0 && [...stands].every((type) => type === kind.right?.value)) return null;
    return found({ action: "type", type: kind.right.value, item: null }, kind.right.words);
  }
  const words = /(?:类型|类别|种类|分类|归类|\b(?:type|category)\b)[^,，。;；\n]{0,10}/.exec(plain)?.[0];
  return words !== undefined && WRONG.test(plain) ? { unclear: words } : null;
}

function found(request: CorrectionRequest, words: string): Change {
  return { request, words };
}
