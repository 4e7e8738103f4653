// Questions to the office: sentences that ask, and ask about the campaign itself rather than about what might be done.
import { isFarewell, isGreeting, type Line, plainOf } from "./letter.ts";

/** A line cut where people stop; voice input has only spaces. */
export function clausesOf(line: Line): string[] {
  const voice = line.raw.length > 30 && !/[,，。.!！?？;；]/.test(line.raw);
  const parts = line.raw.split(voice ? /\s+/ : /(?<=[。!！?？;；])|(?<=[a-z][.?!])\s/);
  return parts.map((part) => plainOf(part)).filter((part) => part !== "");
}

/** The form of a question, with or without its mark. */
const FORM =
  /[?？]|[吗呢么][。.!！~]*$|请问|问(?:一下|问|一句|下)|是否|可否|能否|是不是|能不能|可不可以|可以不可以|行不行|好不好|要不要|用不用|需不需要|有没有|算不算|收[到着了]没|还是[^,，。]{1,14}(?:就行|好|呢)|请(?:予|您|给予)?(?:明示|明确|告知|指示|释疑|解答)|恳请|望(?:予|请)?(?:告知|示知)|盼复|可以[^,，。]{1,16}(?:吗|不)|(\p{Script=Han})没\1|is there|wondering|could you (?:please )?(?:tell|let|confirm)|can you (?:please )?(?:tell|let|confirm)|i would like to (?:know|ask)|may i|is it|do (?:i|we)|does it|when is|what is|how (?:do|can|should|long|many)/u;

/** Words of a question that also stand within what somebody tells: "写清楚几点开门". */
const EMBEDDED =
  /(?<!多少.{1,3})多少(?!.{1,3}多少)|几[号点份页篇条]|哪[个里天些种一]|怎么|如何|什么时候|何时|啥时候/;

/** What the office knows: handing in, its form and its time, and what becomes of it. */
const MATTER =
  /截止|截稿|期限|最后一天|最后期限|[提上报]交|报送|(?<![晚早])上报|申报|报名|投稿|格式|字数|多少字|篇幅|模板|样[板表]|文件名|收件|邮箱|附件|word|pdf|ppt|视频交|交(?:到|给|哪|吗|几|多|一|上|不)|(?:都|才|怎么|合起来|还能|能|可以|要不要|必须|晚点?|分开|一起)交|寄(?:到|给|去|哪)|(?:还|有没有|你们|是否|给您)?收[到着]|还收|登记(?:了|上|没)|编号|评[选审比奖]|结果|获奖|奖[励金品项]|延期|延后|推迟|宽限|顺延|晚[一两二三几\d]|晚交|晚点|公布|名额|人数限制|上限|签字|盖章|公章|纸质|电子[版档文]|打印|手写|毛笔|参[加与评]|资格|编外|算不算|哪个(?:单位|科室|部门|邮箱)|联系(?:谁|哪|人)|谁负责|(?:怎么|如何)(?:交|报|写|填|发|参加|署名|命名)|匿名|统计口径|合并报|分管领导|回执|deadline|due|submit|submission|hand(?:ed)? in|format|template|attach|receive|word limit|page limit|how long|eligible|result|award|register|extension|extend the/;

/** "能不能把…改成…", "为什么不…": a proposal in the form of a question. */
const PROPOSING =
  /(?:能不能|能否|可否|可不可以|是否可以|是不是可以|是不是能|可以)[^,，。!！?？]{0,16}(?:[把将给换加增设建开搞弄改让放装挂贴配]|统一|取消|别|不要|每[天周月年])|为(?:什么|何|啥)不|何不|不如|要是|如果/;

const TELLS = /^(?:所以|因此|故|我)?(?:建议|希望)|写清|写明|标明|注明|公示|告诉(?!我)/;
const DELAY = /延期|延后|推迟|宽限|顺延|晚[一两二三几\d]|晚交|extension/;

export function asksOffice(clause: string): boolean {
  if (!MATTER.test(clause)) return false;
  if (!FORM.test(clause) && !(clause.length <= 24 && EMBEDDED.test(clause))) return false;
  if (TELLS.test(clause)) return false;
  return !PROPOSING.test(clause) || DELAY.test(clause) || /我们?(?:能|可)/.test(clause);
}

const PLAINLY =
  /请问|(?:^|[我想特]|来信|电话|向您|请教)咨询(?!窗口|台|服务|师|室|公司|处|中心|量|热线|点)|咨询(?:一下|几个|个|下)|想问|问一下|问问|问一句|请教(?![育师练研务学室授材])|想了解|想知道|请(?:予|给予)?(?:明示|明确|告知)|请示|确认(?:一下|[一两二三几\d]点)|请查一下|请回[复我]|[收到]没收?到|是否(?:已经)?收到|收到(?:了)?(?:吗|没有|没)|恳请宽限|could you (?:please )?(?:tell|let|confirm)|i would like to (?:know|ask)|wondering|did you (?:get|receive)|have you received|quick question/;
const SUBJECT_ASKS =
  /咨询(?!窗口|台|服务|师|室|公司|处|中心|量|热线)|请教(?![育师练研务学室授材])|疑问|请问|请示|问[一问]|^问[:：]|宽限|延期|question|enquiry|inquiry/;

/** "领导好，我想问一下…" greets and goes on. */
function isHello(plain: string): boolean {
  return isGreeting(plain) && (plain.length <= 14 || /[:：]$/.test(plain));
}

/** "谢谢！另外请问…" is no good-bye either. */
function isGoodbye(plain: string): boolean {
  return isFarewell(plain) && !FORM.test(plain);
}

/** How strongly a letter asks the office something, in log-odds; 0 when it does not ask. */
export function questionStrength(subject: string, lines: Line[]): number {
  const content = lines.filter((line) => !isHello(line.plain) && !isGoodbye(line.plain));
  const clauses = content.flatMap(clausesOf);
  const text = clauses.join("\n");
  const length = text.length;
  const subjectAsks = SUBJECT_ASKS.test(subject);
  const plainly = PLAINLY.test(text) || (subjectAsks && length < 200);
  const asking = clauses.filter(asksOffice);
  // "是否须盖章" may stand as an item of a list below "请予明确", without the form of a question in the same line.
  const listed = plainly && clauses.length > 1 && MATTER.test(text) && FORM.test(text);
  if (asking.length === 0 && !(plainly && (listed || FORM.test(text) || DELAY.test(subject)))) return 0;
  const onlyAsks = plainly && asksOnly(clauses);
  const share = asking.reduce((sum, clause) => sum + clause.length, 0) / Math.max(length, 1);
  const long = length > 400 ? -3 : length > 220 ? -1.2 : 0;
  return (
    (asking.length > 0 ? 2.2 : 0.8) +
    Math.min(asking.length - 1, 2) * 0.5 +
    (plainly ? 1.6 : 0) +
    (subjectAsks ? 1.2 : 0) +
    (share > 0.4 || onlyAsks ? 1.2 : 0) +
    (onlyAsks ? 1.2 : 0) +
    long
  );
}

const SAYS_WHO = /^.{0,12}(?:我们?是|本人|我叫|来自).{0,24}[。.]?$|^.{0,10}谢谢.{0,6}$/;

/** Every sentence is a question, but for who asks, and thanks. */
function asksOnly(clauses: string[]): boolean {
  const said = clauses.filter((clause) => clause.length > 1 && !SAYS_WHO.test(clause));
  return said.length > 0 && said.every((clause) => /[?？]$|[吗呢][。.!！~]*$/.test(clause));
}
