// "标题请改为《让课间活起来》", "题目里的“记”应为“纪”": what it is to be called.
import { WRONG } from "./contrast.ts";
import type { Exchange } from "./exchange.ts";
import { tidy } from "./title.ts";
import type { Change } from "./unit-change.ts";

const ABOUT = "(?:标题|题目|题名|篇名|主题|名称|\\btitle)";
const TO =
  "(?:应为|应该?[是叫为]|应当[是为]|改(?:一下)?[,，]?(?:[为成作叫]|[:：])|(?:更正|更改|修改|修正|换)[为成]|换成|换一?个?[:：]|就?叫|其实是|正确的?[是为]|是|should (?:be|read)|change(?:d)? (?:it )?to)";
const RENAMED = new RegExp(
  `${ABOUT}[^。;；这那此它我\\n]{0,16}?${TO}\\s*[:：]?\\s*(?<value>[^\\n]{2,80})`,
  "iu",
);
/** "《甲》改为《乙》", "题目里的“甲”应为“乙”": a piece of the title, or all of it. */
/** "标题拿我的邮件主题当标题，难看。改成：…" */
const BELOW = new RegExp(`${ABOUT}[^\\n]{0,40}改[为成作叫]\\s*[:：]?\\s*(?<value>[^。;；\\n]{4,80})`, "iu");
/** What an English sentence prefers. */
const BETTER = /\btitle\b[^\n]{0,90}?[“"](?<value>[^”"\n]{3,80})[”"] (?:is|would be|sounds) better/iu;
const PIECE =
  /[《“"「『](?<from>[^》”"」』\n]{1,60})[》”"」』]\s*(?:一[词字句])?(?:请)?(?:应为|应该?[是为]|改[为成作]|换成|误[,，]应为)\s*[:：]?\s*[《“"「『](?<to>[^》”"」』\n]{1,60})[》”"」』]/u;
const QUOTED = /[《“"「『](.+?)[》”"」』]/u;

/** "标题是…" alone only says what it is called. */
const CHANGES = /[改换错应误]|更正|订正|不是|不对|wrong|should|change|rename|better/i;

export function titleChange(text: string, exchange: Exchange): Change {
  if (!CHANGES.test(text)) return null;
  const isAbout = new RegExp(ABOUT, "iu").test(text);
  const piece = PIECE.exec(text);
  const titled = exchange.recorded.find(({ title }) => piece && title.includes(piece.groups!.from!));
  if (piece && titled) {
    const title = titled.title.replace(piece.groups!.from!, piece.groups!.to!);
    return { request: { action: "title", title }, words: piece[0] };
  }
  // A piece of the title that somebody mends in a title we do not know: the new one cannot be told.
  if (piece && isAbout && /题[目名]?(?:里|中|上)|一[词字]/.test(text)) return { unclear: piece[0] };
  const whole = piece && isAbout && piece.groups!.to!.length >= 4 ? piece.groups!.to! : null;
  const said =
    BETTER.exec(text) ?? RENAMED.exec(text) ?? (exchange.answers === "ours" ? BELOW.exec(text) : null);
  const title = whole ?? titleIn(said?.groups?.value ?? "");
  if ((said || whole) && title.length >= 2)
    return { request: { action: "title", title }, words: (said ?? piece)![0].slice(0, 60) };
  const wrong = new RegExp(`${ABOUT}[^,，。;；\\n]{0,10}?(?:${WRONG.source})`, "iu").exec(text);
  return wrong ? { unclear: wrong[0] } : null;
}

/** What is quoted, else up to the end of the sentence; "标题是错的" names none. */
function titleIn(value: string): string {
  const quoted = QUOTED.exec(value)?.[1];
  if (quoted !== undefined) return tidy(quoted);
  const clause = value.split(/[。;；!！]|[,，]\s*(?:请|谢|麻烦|辛苦|其[他它]|不是)/)[0]!;
  return /^(?:错|对|我|你|有|不|什么|怎么)/.test(clause) ? "" : tidy(clause);
}
