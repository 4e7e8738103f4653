// What an idea looks like, whatever it is called: it wishes, says what is wrong, what to do instead, what that brings.
import { asksOffice, clausesOf } from "./asking.ts";
import type { Line } from "./letter.ts";

/** 建议 as the verb of a sentence, or a wish that says what to do: more than a word that may stand anywhere. */
export const PROPOSES =
  /(?:^|[,，。;；:：!！?？、\s])(?:(?:因此|所以|故|为此|在此|最后|另外|此外|个人|本人|我们?|特此?|想|再|还|强烈|诚恳|也)){0,3}建议(?!的|书|稿|表|人|者|见|如下|[:：,，。\s]|$)|(?:能不能|能否|可否|可不可以|是否可以|是不是可以)[^,，。!！?？]{0,10}(?:[把将给换加增设建开搞弄改让放]|统一|取消|每[天周月年])|我们?(?:觉得|认为|看|想)(?:应该|应当|可以|不如|最好)|\b(?:i|we) (?:would like to )?(?:suggest|propose)\b|\bwhy not\b|\bhow about\b/m;

/** The writer wants something to be otherwise. */
const WISH =
  /建议|提议|希望|期望|恳请|盼望?能|能否|可否|能不能|可不可以|是否可以|是不是(?:可以|能|该)|应当?该?(?:[增设建开加把多在有让组准改先由])|应该|不妨|何不|何妨|可以考虑|如果能|要是[^,，。]{2,24}(?:就好|多好|会好|更好)|就好了|不如|干脆|最好|提个?(?:意见|想法)|我们?(?:觉得|认为|看|想|说)(?:应|可以|不如|最好|干脆|该)|依我看|要我说|我说(?!明)|窃以为|窃谓|鄙意|愚见|浅见|宜(?=\p{Script=Han})|(?:我|我们)?的?(?:想法|办法|主意|点子|思路|设想|做法|意思)(?:是|很|就|也|[:：])|想法很?简单|其实(?:安排|只要)|为(?:什么|何|啥)不|求求?[了你您]|倘若|倘能|谁(?:来)?(?:负责|做)|we could put|i suggest|i propose|we suggest|we propose|why not|could we|can we|we could|we should|should be|(?:would|might|could) (?:be (?:good|great|nice|better|cheaper|easier|safer|simpler|enough)|save|help|make|cut|stop|do |spare|cost|pay|start)|reckon|happily|gladly|somebody|someone should|how about|what if|my idea|our idea|i would like to suggest|please (?:add|put|make|give|let)|instead of/gu;

/** What is to be done. */
const CHANGE =
  /改[成为到用由]|改一改|换成|换[一]?个|换到|(?:加|安|改)?装(?:个|一|上|在|好)|加装|加[个一到上]|增[设加配开添]|新[增设建]|设(?:个|一|立|置|在|为)|(?:挪|移|搬|放|摆|挂|贴|印|画|写|录|拍)(?:个|一|到|在|上|成)|[弄搞搭整]个|弄成|做(?:个|一|成)|配(?:个|一|备|齐)|开(?:个|一|设|辟|通|放)|建(?:个|一|立|成|设)|买(?:个|一|些|点)|发(?:个|一)|取消|撤[掉销]|砍掉|停[一掉]|[合并]成|合并|合用|合在一起|统一|缩短|延长|延时|提前|推迟到|错[开峰]|减[少到免]|精简|简化|轮流|轮[班岗]|共[用享]|借给|借[出来过]|公[开示布]|自助|扫码|二维码|上线|线上|定[期时]|每(?:天|周|月|季|年|学期|季度|次|人|层|个|位)|由[^,，。]{2,16}(?:负责|牵头|统一|来)|让(?:[^,，。]{1,10})(?:来|去|先|自己|直接|一起|都)|把[^,，。]{1,20}|不再|不必|不用|不要再?|别再?|只[要留报填写收管需]|一律|规定|安排|组织|培训|培养|鼓励|奖励|推广|试行|搭伙|联合|合作|引进|更新|修[好一]|专[人门职线区]|一张(?:纸|卡|表|图)|change|replace|add |install|put |move |open |extend|share|provide|create|set up|merge|cancel|stop |reduce|let /gu;

/** What is wrong now. */
const LACK =
  /没有|没人|无人|不[够到便好足易]|不方便|不知道|不清楚|找不到|看不[清见懂]|听不[清见懂]|够不[到着]|来不及|进不[去来]|打不开|赶不上|排[长着]?队|等(?:上|了|半|到|着)|浪费|白白|白跑|闲[着置]|空[着跑置荡]|锁着|堆[着满得放]|坏[了掉的]|费[电水纸时力劲油]|麻烦|困难|难[题受找走看处]|反映|抱怨|投诉|[挨被]骂|骂|老是|总是|天天|每天|每次|每逢|经常|常常|往往|多年|至今|现在|目前|如今|现状|眼下|近来|问题|原因|只[有好能]|拥?挤|漏|太[冷热黑吵脏乱高低小少多贵慢晚早远难长短]|手忙脚乱|重复|几(?:次|遍|趟)|不合理|不愉快|损失|事故|隐患|currently|at present|no one|nobody|there is no|there are no|too (?:many|much|few|small|long|late|far|slow|hard)|difficult|problem|waste|waiting|queue|cannot|can't|hard to/gu;

/** What it would bring, or cost. */
const BENEFIT =
  /省[下钱电油纸时力得了去]|节[约省余]|降[低本]|提[高升]|方便|免得|以免|避免|这样(?:就|一来|既|可|能)|既[^,，。]{1,16}[又也]|一年(?:能|可|就|下来|省)|成本|不花钱|花不了|花不着|\d+(?:元|块)|[一二三四五六七八九十百千]+(?:元|块)钱?|费用|预计|预期|效果|受益|好处|安全|高兴|满意|试[行点用一]|先试|可行|划算|皆大欢喜|两全|愿意|有利于|促进|save|cheaper|easier|faster|benefit|would help|worth/gu;

export interface Proposal {
  /** Log-odds that the text proposes something; 0 where nothing shows it. */
  strength: number;
  words: string[];
}

/** What an idea wants is said near its beginning. */
const MOST_LINES = 120;
const MOST_CHARACTERS = 4_000;
const MOST = { wish: 2.4, tale: 2.3, plainly: 2.8 };

/** Clauses that ask the office about the campaign are no proposal, however they wish. */
export function proposalIn(lines: Line[]): Proposal {
  const text = lines
    .slice(0, MOST_LINES)
    .flatMap((line) => clausesOf(line))
    .filter((clause) => !asksOffice(clause))
    .join("\n")
    .slice(0, MOST_CHARACTERS);
  const found = [WISH, CHANGE, LACK, BENEFIT].map((words) => [...new Set(text.match(words) ?? [])]);
  const [wish, change, lack, benefit] = found.map((words) => words.length) as [
    number,
    number,
    number,
    number,
  ];
  const plainly = PROPOSES.test(text);
  const tale =
    0.45 * Math.min(change, 4) +
    0.3 * Math.min(lack, 3) +
    0.3 * Math.min(benefit, 3) +
    (wish > 0 ? 0.7 + 0.3 * Math.min(wish - 1, 3) : 0);
  const words = found.flat().slice(0, 4);
  if (plainly) return { strength: Math.min(2.6 + 0.1 * (change + lack + benefit), MOST.plainly), words };
  if (wish > 0) return { strength: Math.min(Math.max(tale, 1), MOST.wish), words };
  if (change + benefit === 0 || change + lack + benefit < 2) return { strength: 0, words: [] };
  return { strength: Math.min(tale, MOST.tale), words };
}
