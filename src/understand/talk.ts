// Mails that submit nothing: thanks, questions to the office, advertising.
import { isFarewell, type Line, widthOf } from "./letter.ts";

const POLITE =
  /谢谢|感谢|多谢|非常|十分|您们?|你们?|的?(?:及时|耐心|详细)?(?:回复|答复|提醒|通知|告知|反馈|帮助|支持|邮件|来信)|辛苦(?:了|啦)?|已?(?:经)?(?:收到|收悉|知悉|阅悉|知晓|知道|了解|明白)了?|好的?|没问题|可以|无误|确认|信息|祝(?:您|你|好|工作|身体|生活|一切|愉快|顺利|健康)*|工作|愉快|顺利|健康|您好|你好|各位|领导|老师|同志|办公室|小组|会(?:尽快|按时)?(?:处理|办理|落实|改进)?|嗯|哦|ok(?:ay)?|thank you|thanks|many|much|very|so|for|your|the|a lot|quick|kind|prompt|reply|help|response|received|noted|got it|well|great|dear|all|you|best|regards|kind|cheers|understood|confirmed|appreciated?|it|i|we|have/g;
const THANKFUL =
  /谢|辛苦|收到|收悉|函悉|收讫|知悉|阅悉|敬悉|拜悉|获悉|明白|好[的哒滴嘞呀]|得嘞|了解|晓得|知道了|没问题|没错|无误|爱你们|给力|点赞|感激|感恩|👍|🙏|❤|thank|\bthx\b|noted|received|got it|cheers|ok\b|okay|appreciate|perfect|great/;

/** Of ceremonious thanks two are enough; a wish or a request beside them is more than thanks. */
const COURTESY =
  /收悉|函悉|敬悉|拜悉|收到|无误|感佩|感谢|感激|感动|谢忱|致谢|多谢|谢谢|道谢|甚慰|欣慰|辛[劳苦]|保重|费心|敬佩|荣幸|祝[您你大各好]|此致|顺颂|敬礼|thank|grateful|appreciate|kind|wish/g;
const REQUEST =
  /请(?!(?:各位|老师|您|你)?们?(?:放心|收下|代|保重|转告|多|勿念|注意(?:身体|休息|防)))|麻烦(?!您了|你们?了|大家了|各位了)|希望(?!能?得?到?您|活动|越|毕业|以后|能?再)|建议[^已都的]|能否|可否|附件|补充|改[为成]|应为|更正|撤|\b(?:please|could you|attach)/;
/** Content with what we did, in words that thank nobody. */
const CONTENT =
  /(?:看|收|读|拜读)到?了|(?:改|登|弄|办)(?:得|好)|放心了|踏实了|开心|高兴|惊喜|拜读|(?:还算|真|挺|好|这么)快|速度|之速|神速|认真|太棒|(?:不用|不必|无需)再?回|勿复|勿回|入选|荣幸|^好了|lovely|perfect|wonderful|\bfast\b|amaz|surprise|brilliant|delighted|swift|have a (?:good|nice|lovely)/gm;

export function requestsNothing(lines: Line[]): boolean {
  const text = lines.map((line) => line.plain).join(" ");
  return !REQUEST.test(text) && !/[?？]/.test(text);
}

/** Words left over beside the politeness: a name; in an answer to us, whose thanks they are and why. */
const LEFT_OVER = { first: 8, answer: 30 };

/** Nothing but thanks and politeness. */
export function isThanks(lines: Line[], answersUs: boolean): boolean {
  const text = lines.map((line) => line.plain).join("\n");
  if (isContent(text, answersUs)) return true;
  if (text.length > 120 || !THANKFUL.test(text) || /[?？]/.test(text)) return false;
  // Whoever answers us at length in courtesies alone asks for nothing.
  if (answersUs && !REQUEST.test(text) && new Set(text.match(COURTESY)).size >= 2) return true;
  const rest = lines
    .slice(0, 6)
    .filter((line, i) => i === 0 || !isFarewell(line.plain))
    .map((line) => line.plain.replace(POLITE, ""))
    .join("")
    .replace(/(?:[\p{P}\p{S}\p{M}\s了的啊呀啦哈!我们对]|\u200d)+/gu, "");
  return rest.length <= (answersUs ? LEFT_OVER.answer : LEFT_OVER.first);
}

const LONGEST_THANKS = 260;

/** Longer letters thank as well, where they ask for nothing; to a mail that answers none of ours nobody asked for thanks. */
function isContent(text: string, answersUs: boolean): boolean {
  if (text.length > 2 * LONGEST_THANKS) return false;
  const width = widthOf(text);
  const said = new Set([...(text.match(COURTESY) ?? []), ...(text.match(CONTENT) ?? [])]).size;
  const asks = /[?？]/.test(text.replace(/\([^()]*\)/g, ""));
  if (width > LONGEST_THANKS || asks || REQUEST.test(text) || COMPLAINT.test(text)) return false;
  return said >= (answersUs ? (width <= 24 ? 1 : 2) : width <= 60 ? 2 : 3);
}

/** "跟我发的不太一样", "怎么变成这样了": something is wrong. */
const COMPLAINT =
  /不对(?!应|等|称)|不一样|不太一样|不符|不相符|对不上|有(?:点|些)?(?:问题|出入|误|偏差)|(?<![没不])错(?!峰|位|落|综|过|开|时|层|杂|题)|搞混|弄混|张冠李戴|怎么(?:是|会|变|成|就|不|没|少|多|登|写|只)|看不懂|奇怪|离谱|莫名其妙|少了|多了|没(?:有)?登全|不是我[的写发要]|不是这个?意思|是这个意思吗|(?:自己|再|帮[我忙]|重新)[^,，。]{0,6}(?:对一?[对遍下]|核[对一实]|看一[眼看下])|不对劲|not (?:right|correct|what)|wrong|mistake|mix(?:ed)? ?up|doesn't match|something is off|strange/;

/** The words that complain; null where nothing does. */
export function isComplaint(lines: Line[]): string | null {
  const text = lines.map((line) => line.plain).join("\n");
  return COMPLAINT.exec(text)?.[0] ?? null;
}

const ADVERTISING = [
  /代开|开具?(?:各类|各种|增值税)?发票|发票(?:代理|优惠)|税点/,
  /优惠(?:价|活动|大)|特价|促销|打折|折扣|团购价|免费(?:领取|试用|赠送|咨询)|限时(?:抢购|特惠)|包邮|秒杀|清仓/,
  /加(?:我)?(?:微信|qq|vx)|扫码(?:关注|领取)|点击(?:链接|这里|此处|查看|下载)|立即(?:购买|注册|报名|抢购)|退订|取消订阅|如不想再收到/,
  /贷款|信用卡(?:套现|代办)|博彩|彩票|赌场|投注|六合彩|股票(?:推荐|内幕)|投资回报|年化收益|比特币|中奖|领奖/,
  /培训班|公开课|内训|总裁班|研修班|课程(?:优惠|费用)|讲师介绍/,
  /[我本](?:司|公司|厂)(?:是|专业|长期|主营|经营|可|提供|诚)|贵(?:司|公司|厂)|诚邀加盟|招商加盟|诚招代理|专业(?:生产|代理|办理|提供)|厂家直销|产品(?:报价|目录|介绍)|业务联系|价格(?:优惠|面议|从优)/,
  /dormant|next of kin|beneficiary|bank account|reputable bank|reliable person|urgent business|confidential business|million|inherit/,
  /主办单位[:：]|收费标准|报名(?:电话|热线)|\d+元\/人|不需要此类邮件|回复.{0,4}(?:删除|退订|TD)|企业管理(?:咨询|顾问)|培训费|课程(?:背景|大纲|目标)|收益对象/,
  /u[s$]?[sd]?\$ ?\d|\d+% (?:of|for)|wire transfer|western union/,
  /办证|刻章|文凭|论文代(?:写|发)|刷单|兼职(?:日结|赚钱)|日赚|月入/,
  /unsubscribe|click here|limited offer|buy now|special offer|free trial|lottery|casino|viagra|loan offer|million dollars|inheritance|act now|best price|seo services|earn money/,
].map((words) => new RegExp(words, "g"));

/** Advertising, said with care: two kinds of its words, or three of one. The caller makes sure nothing speaks for a submission. */
export function isAdvertising(subject: string, lines: Line[]): string[] {
  const text = `${subject}\n${lines.map((line) => line.plain).join("\n")}`;
  const found = ADVERTISING.map((words) => new Set(text.match(words) ?? [])).filter((one) => one.size > 0);
  return found.length >= 2 || found.some((one) => one.size >= 3) ? found.flatMap((one) => [...one]) : [];
}
