// The pages that recognition is measured on: invented papers of an office, in the typefaces Chinese offices use.

export interface Page {
  name: string;
  /** The body of an A4 page. */
  html: string;
  /** Its words in reading order. */
  text: string;
}

const TYPEFACES = {
  song: "'Noto Serif CJK SC', 'AR PL UMing CN'",
  hei: "'WenQuanYi Zen Hei', 'Noto Sans CJK SC'",
  kai: "'AR PL KaitiM GB', 'AR PL UKai CN', 'Noto Serif CJK SC'",
  thin: "'AR PL SungtiL GB', 'AR PL UMing CN', 'Noto Serif CJK SC'",
};

const report = [
  "市文化馆大讨论活动书面总结",
  "按照活动领导小组的统一部署，市文化馆自11月12日起，组织全馆干部职工46人，围绕“文化现代化，我们怎么办”这一主题，分三个阶段认真开展了学习、调研与讨论，现将有关情况报告如下。",
  "一、精心组织，深入动员",
  "成立由馆长任组长的工作小组，制定实施方案，明确责任分工和时间节点。先后召开动员会2次、座谈会5次，走访社区、乡镇文化站12个，发放调查问卷380份，回收352份，回收率达92.6%。",
  "二、突出重点，查找不足",
  "通过比较先进地区的经验，我们感到主要差距有四：一是阵地设施陈旧，排练厅、展厅面积不足；二是业务骨干年龄偏大，舞蹈、书法、摄影等专业后继乏人；三是数字化服务刚刚起步，网站栏目更新迟缓；四是群众品牌活动影响有限。",
  "三、集思广益，谋划举措",
  "全馆共征集建议63条，经归纳整理，拟从以下方面推进：建立免费开放绩效考核办法，延长节假日服务时间；实施“百千万”艺术普及工程，三年培训文艺骨干1,200名；筹建非物质文化遗产传习所，抢救整理濒危曲目；与广播电视台合办《乡音》栏目。",
  "特此报告。",
  "市文化馆",
  "2012年12月20日",
];

const letter = [
  "关于在老城区设立街头阅读亭的建议",
  "尊敬的领导小组办公室：",
  "老城区街巷狭窄，居民以老人和孩童为主，到中心馆借书须换乘两趟公交。去年冬天我在桥头遇见一位退休教师，她说孙子爱看绘本，可是来回一趟要花去半天，只好作罢。",
  "我建议利用闲置的报刊亭，改造成自助阅读亭。每亭藏书约四百册，凭身份证办理借阅，隔周更换一次；雨棚下放两条长凳，夜里亮一盏暖灯。试点可选钟鼓楼、盐码头、菱角塘三处，每处投入不超过3.8万元。",
  "阅读亭虽小，却能让书香飘进寻常巷陌。倘若试行顺利，再向新村、厂区和集镇推广，既节省经费，又方便群众，何乐而不为？",
  "以上浅见，敬请审阅。如需面谈，可拨打分机8207，或写信至 reader@library.example。",
  "此致",
  "敬礼！",
  "市图书馆　钟若谷",
  "二〇一二年十一月二十八日",
];

const dense = [
  "城市公共文化空间调研笔记",
  "十一月下旬，调研小组沿江而上，走访了七个街道的剧场、书店、茶馆和体育场，记录下一些零散的观察，供讨论时参考。",
  "剧场的困境并不在于缺少观众。周末的折子戏常常座无虚席，票价二十元，戏迷自带茶杯，唱到精彩处齐声喝彩。真正的难处是演员断层：最年轻的武生已过四十，学戏的孩子坚持不到三年便转学普通高中。团长叹道，行头可以翻新，嗓子却要从小磨炼。",
  "书店则另有一番景象。邻近大学的两家靠教辅维持，只有巷尾那间旧书铺仍旧堆满线装书与地方志。店主姓覃，六旬开外，熟悉每一册的来历。他愿意把收藏的清末契约借给博物馆展览，条件仅是恒温与防虫。",
  "茶馆是信息最灵通的地方。清晨五点半开门，挑夫、菜农、退伍军人依次落座，从粮价谈到拆迁，从婚丧嫁娶谈到子女就业。我们随机询问了三十六位茶客，知道市里有免费展览的只有九人，去过的仅四人。可见宣传渠道与百姓的生活轨迹错开了。",
  "体育场傍晚以后热闹非凡。跑道上慢跑的、器械旁压腿的、角落里打陀螺的各得其所，唯独看台背面的一排房间长期闲置。管理员说，漏雨、没有暖气、电路老化。如果维修，大约需要十七万元，可辟为排练室、棋牌室和少儿手工坊。",
  "归途中大家议论：文化建设不必处处求新求大，把现有的角落擦亮，让人走得进、坐得下、留得住，便是成绩。资金有限，更应精打细算；人手不足，不妨发动志愿者。关键在于持之以恒，切忌一阵风。",
  "附记：沿江步道的石刻有两处风化严重，字迹模糊，建议尽快拓印存档，并加盖玻璃罩加以保护。码头旁的古榕树周围堆放着建筑垃圾，影响景观，也存在火灾隐患，已向街道办事处反映。",
  "另据统计，七个街道常住人口合计28.4万，注册文艺团队113支，平均每支22人；公共阅览座位1,946个，每万人拥有68.5个，低于全省平均水平。",
];

const english = [
  "中外文化交流项目简介",
  "The Bridge of Letters is a small exchange between two river cities. 该项目由市图书馆与海外友好城市的公共图书馆共同发起，为期十八个月。",
  "每个季度，双方各寄出一箱图书（约120册），并附读者手写的明信片。First shipment: March 2013; budget: USD 4,500.",
  "联系人：外事办公室，电话分机 6618，传真 6619，电子邮箱 exchange@bridge.example。",
  "参加人员须提交简历、护照复印件以及一篇不少于八百字的学习心得。",
  "Volunteers should be able to read Chinese or English and commit at least two hours per week.",
];

const rows = [
  ["序号", "姓名", "所在单位", "建议题目", "联系分机"],
  ["1", "沈知行", "市图书馆", "延长夜间开放时间", "8201"],
  ["2", "温如言", "市文化馆", "开办方言故事会", "8315"],
  ["3", "陆听雨", "市博物馆", "展签增加拼音注释", "8426"],
  ["4", "尹青禾", "市美术馆", "举办少儿写生夏令营", "8533"],
  ["5", "季云深", "市群艺馆", "组建社区合唱联盟", "8617"],
  ["6", "傅晚晴", "市档案馆", "征集老照片并数字化", "8722"],
  ["7", "闵怀瑾", "市剧团", "送戏下乡改为预约制", "8809"],
  ["8", "璩若溪", "市体育馆", "清晨免费开放跑道", "8914"],
  ["9", "钟若谷", "文物管理所", "古桥巡查志愿服务", "9025"],
  ["10", "庾信然", "广播电视台", "开设乡音节目专栏", "9136"],
];

const column = (lines: string[], style: string) =>
  lines.map((line, at) => (at === 0 ? `<h1>${line}</h1>` : `<p style="${style}">${line}</p>`)).join("");
const sheet = (typeface: string, size: string, inner: string) =>
  `<style>h1{font-size:1.4em;text-align:center;margin:0 0 .8em}p{margin:0}td,th{border:1px solid #222;padding:.35em .5em;font-weight:normal}table{border-collapse:collapse;width:100%}</style>
   <div style="font-family:${typeface};font-size:${size};line-height:1.75;padding:96px 100px;color:#111">${inner}</div>`;
const page = (name: string, html: string, lines: string[]): Page => ({ name, html, text: lines.join("\n") });

const [heading = "", ...paragraphs] = dense;
export const pages: Page[] = [
  page("report-song", sheet(TYPEFACES.song, "16pt", column(report, "text-indent:2em")), report),
  page("letter-kai", sheet(TYPEFACES.kai, "16pt", column(letter, "text-indent:2em")), letter),
  page("dense-thin", sheet(TYPEFACES.thin, "12pt", column(dense, "text-indent:2em")), dense),
  page("english-hei", sheet(TYPEFACES.hei, "14pt", column(english, "text-indent:2em")), english),
  page(
    "table-song",
    sheet(
      TYPEFACES.song,
      "13pt",
      `<h1>金点子征集汇总表</h1><table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</table>`,
    ),
    ["金点子征集汇总表", ...rows.map((row) => row.join("\t"))],
  ),
  page(
    "small-print",
    sheet(TYPEFACES.song, "9pt", column(dense, "text-indent:2em")).replace("1.75", "1.4"),
    dense,
  ),
  page(
    "two-columns",
    sheet(
      TYPEFACES.song,
      "11.5pt",
      `<h1>${heading}</h1><div style="columns:2;column-gap:2.5em">${paragraphs.map((line) => `<p style="text-indent:2em">${line}</p>`).join("")}</div>`,
    ),
    dense,
  ),
];
