// What a mailbox also gets and nobody hands in: notices to colleagues, good wishes passed on.
import { type Evidence, OTHER } from "./evidence.ts";
import type { Line } from "./letter.ts";

/** To many at once: what is on, when, and what they are to do. */
const NOTICE = [
  /^(?:各|全体|全校|全院|全局|全公司)[^,，。:：]{1,24}[:：]|^(?:all (?:staff|colleagues|departments)|dear (?:all|colleagues))/m,
  /(?:兹|现|拟|特)?定于|现将[^,，。]{2,30}通知如下|通知如下|scheduled for|will take place|will be held on/,
  /(?:请|望|务必)(?:[^,，。]{0,16})(?:准时|按时|提前|务必|到场|参会|出席|参加|遵照|知悉|周知|互相转告|传达|做好|回报|签到|报名|缴)|please (?:attend|note|be on time)/,
  /(?:明天|今天|后天|本周|下周|周[一二三四五六日]|\d+[月号日])[^。\n]{0,12}(?:上午|下午|晚上|早上|\d+[点时:])/,
  /过时不候|领取|来领|去领|带[上好齐]|收到请?回复|请?相互转告|值班|集合|签字领/,
  /特此通知|敬请谅解|不便之处|给您带来不便|无故(?:缺席|迟到)|按[^,，。]{1,6}处理|停(?:机|水|电)|维护|in attendance/,
];
const NOTICE_SUBJECT =
  /^[【[(（]?(?:紧急|重要|转发)?(?:通知|公告|启事|提醒)|(?:的|紧急)?(?:通知|公告|启事)[)）】\]]?$|^notice\b/;

/** Good wishes, and the wish that they be passed on. */
const WISHES = [
  /快乐|安康|吉祥|如意|幸福|团圆|平安|健康|顺心|好运|福气|发财|万事|阖家|merry|happy (?:new|holiday|birthday)/g,
  /祝(?:福|愿|您|你|大家|各位|愿)|恭祝|恭贺|敬祝|愿(?:你|您|君|大家|新)/g,
  /春节|新年|元旦|元宵|清明|端午|中秋|国庆|重阳|冬至|腊八|除夕|圣诞|[三五六七八九]\.?[一八]节|[\p{Script=Han}]{1,3}节(?:快乐|愉快)|节日/gu,
  /(?:转|传|发)(?:发)?给[^,，。]{0,8}(?:[十\d]+个?|好友|朋友|姐妹|兄弟|身边|每一个)|收到此信|不转|forward this/g,
];

/** Reasons that nothing is handed in, from the subject and what is said. */
export function nothingSent(subject: string, lines: Line[]): Evidence[] {
  const text = lines.map((line) => line.plain).join("\n");
  if (text.length > 1_200) return [];
  const all = `${subject}\n${text}`;
  const announced = NOTICE.flatMap((words) => words.exec(all)?.[0] ?? []);
  const titled = NOTICE_SUBJECT.exec(subject)?.[0];
  const evidence: Evidence[] = [];
  if (announced.length + (titled ? 2 : 0) >= 3) {
    const [words = "", ...also] = announced;
    evidence.push({
      where: "body",
      words,
      also: also.slice(0, 3),
      speaksFor: OTHER,
      weight: 1.2 + 0.7 * announced.length,
    });
  }
  const wished = WISHES.map((words) => [...new Set(all.match(words) ?? [])]);
  const kinds = wished.filter((words) => words.length > 0).length;
  const many = wished.flat().length;
  if (kinds >= 2 && many >= 4 && text.length < 400) {
    const [words = "", ...also] = wished.flat().slice(0, 4);
    evidence.push({
      where: "body",
      words,
      also,
      speaksFor: OTHER,
      weight: Math.min(0.5 * many + kinds * 0.5, 5),
    });
  }
  return evidence;
}
