// A hundred thousand ideas as people write them: the same few subjects and phrases, put together anew each time.
import { seeded } from "../../test/support/random.ts";

const places =
  "市图书馆 少儿图书馆 文化馆 博物馆 美术馆 大剧院 锡剧院 歌舞剧院 老城区 运河边 工业园区 高铁站 地铁口 大学城 社区活动室 村文化礼堂 职工书屋 儿童阅览室 报告厅 露天广场 老厂房 古镇 名人故居 考古工地 非遗工坊 电视台演播厅 广播直播间 院团排练厅 服装仓库 古籍库房 办事大厅 机关食堂 停车场 公交首末站 养老院 医院候诊区 乡镇小学 特殊教育学校 商业街 农贸市场".split(
    " ",
  );
const things =
  "自助借还机 漂流书架 讲解器 意见簿 折页地图 年卡 积分 联票 方言广播 露天电影 折子戏 小人书展 拓片课 剪纸班 合唱队 读书会 口述史 老照片 数字展厅 导览牌 母婴室 储物柜 雨伞架 饮水机 无障碍坡道 小剧场 流动书车 直播课 编目员 灯光师 志愿者 选座系统 预约码 明信片 书签 拼图 皮影戏 评弹专场 民乐团 书法墙 留言墙 修复室 恒温柜 点唱机 童谣集 家谱柜".split(
    " ",
  );
const people =
  "外来务工人员 退休教师 青年演员 值班馆员 小学生 老年读者 盲人读者 新手妈妈 大学生志愿者 戏迷票友 社区辅导员 老艺人 讲解员 舞台工人 编辑记者 环卫工人 出租车司机 村里老人 中学老师 高校研究生 园区工友 摄影爱好者 民间收藏者 外籍教师 带娃的家长 残疾人朋友 窗口工作人员 保安师傅 文化站站长 基层联络员".split(
    " ",
  );
const times =
  "每周三晚上 每月第一个周六 寒暑假里 工作日中午 开演前半小时 年底前 明年三月起 国庆以后 每个季度 重阳节前后 梅雨季节 早上六点半 闭馆以后 农闲的时候 开学头一周 双休日下午 夏天晚上七点 元宵前后 头三个月 每隔两周".split(
    " ",
  );
const problems = [
  "{place}的{thing}一直没有人管，{people}来了几次都碰壁",
  "上个月我陪{people}去{place}，等了四十分钟才轮到",
  "{people}对{thing}意见不少，可是没有地方说",
  "从{place}到{place2}要绕一大圈，{people}很不方便",
  "我们{place}添了{thing}，用的人却一天不到{n}个",
  "{times}，{place}几乎没有人，灯和空调白白开着",
  "{thing}坏了{n}天才修好，{people}只好空手回去",
  "去外地学习时看到人家把{thing}放进了{place}，很受启发",
  "{people}和{people2}挤在{place}的一个角落里，互相打扰",
  "账面上{thing}有{n}件，实际能用的不到一半",
  "听{people}讲，他们最想要的是{thing}，而不是{thing2}",
  "这几年{place}的观众越来越老，{people}很少进门",
  "{place}和{place2}各办各的，{thing}买了两份",
  "登记表上要填{n}栏，{people}一看就走了",
];
const measures = [
  "{times}把{place}腾出来给{people}用，由{people2}轮流照看",
  "先买{n}套{thing}放在{place}，用得好再添",
  "让{people}参加{thing}的挑选，谁提的谁先试用",
  "在{place}门口立一块牌子，写清{thing}怎么用、坏了找谁",
  "请{people}当一天{people2}，回来写一页纸的体会",
  "把{thing}和{thing2}并到一处，省下来的{n}平方米改作休息区",
  "每服务{n}小时记一分，满{n2}分换一张{place}的票",
  "和{place}商量错峰，{times}归{people}，其余时间照旧",
  "做一张一看就懂的{thing}流程图，贴到{place}和{place2}",
  "从门票收入里拿出百分之{n}，专门用来补贴{people}",
  "由{people}牵头编一本《{thing}百问》，印{n2}册分送{place}",
  "请{people2}每{n}天巡查一次{place}，发现问题拍照发群里",
  "开一个{thing}的公开日，请{people}进来看后台",
  "{thing}借出去要登记，逾期只提醒不罚款，{n}天后自动续借",
  "把{place}闲置的{thing}调给{place2}，运费由两家平摊",
  "录{n}段三分钟的小视频讲{thing}，在{place}的屏幕上滚动放",
  "给{people}发一张{thing}优先卡，凭卡在{place}不用排队",
  "{times}办一次{thing}交换会，{people}自带自换",
  "把{place}的钥匙交给{people}，签一份简单的责任书就行",
  "设{n}个固定岗位给{people}，每人每月补贴{n2}元",
  "同{place}共用一套{thing}，省得{people}两头跑",
  "{people}提的意见{n}天内书面答复，答复贴在{place}",
  "选{n}位{people}做体验员，{times}到{place}走一遍流程",
  "{thing}的经费单列，由{people}和{people2}一起审",
];
const reasons = [
  "花钱不多，{people}得实惠",
  "这样{place}就活起来了",
  "哪怕只有{n}个人来，也值得试一试",
  "我算了一下，一年大约要{n2}元",
  "邻市的{place}已经这样做了{n}年",
  "先在{place}试点，行得通再推开",
  "如果不行，{n}天以后撤掉也没有损失",
  "{people}高兴了，口碑自然就有了",
  "这件事{place}一家办不成，需要局里协调",
];
/** Nobody says a thing in the same words as the next: each of these is said in one of its ways. */
const ways = [
  "一直没有人管 从来没人过问 成了摆设 谁都不愿意管 多年无人打理",
  "来了几次都碰壁 跑了好几趟 白来了两回 只能干着急",
  "意见不少 怨言很多 有些想法 提过好多次",
  "等了四十分钟才轮到 排了半个上午的队 站得腿都酸了 前面还有二十几个人",
  "很不方便 叫苦不迭 常常走冤枉路 干脆就不去了",
  "腾出来 空出来 让出来 辟出一间",
  "轮流照看 负责打扫 代为管理 排班看护",
  "用得好再添 反响好就推广 不够用再买 年底看效果",
  "谁提的谁先试用 按得票多少决定 当场打分 多听他们的",
  "门口立一块牌子 入口处贴一张告示 公众号里发一篇说明 柜台上放一份单子",
  "写清 讲明白 用漫画画出 一条条列出",
  "写一页纸的体会 讲一讲感受 提三条改进办法 拍一组照片",
  "省下来的 腾空的 多出来的 原来占着的",
  "改作休息区 给孩子当活动角 摆上桌椅 种上花草",
  "和 同 跟 与",
  "商量错峰 定一张时间表 签个协议 先打好招呼",
  "一看就懂的 图文并茂的 大字版的 双语的 巴掌大的",
  "贴到 送到 印发给 挂进",
  "专门用来补贴 拿去奖励 资助 返还给",
  "牵头编一本 口述整理一本 合写一本 自费印一本",
  "发现问题拍照发群里 查到毛病当天报修 记在本子上 填一张整改单",
  "进来看后台 摸一摸机器 和师傅聊聊 参观库房",
  "逾期只提醒不罚款 丢了照价赔 押金一律取消 凭信用就行",
  "运费由两家平摊 手续一天办完 登记在册 年底盘点",
  "滚动放 循环播 插在节目中间 配上字幕放",
  "凭卡在 持证到 报名字到 刷身份证进",
  "不用排队 半价 可以多借两件 带一名家属",
  "自带自换 以旧换新 先到先得 现场抽签",
  "签一份简单的责任书就行 出了事保险公司赔 街道做个见证 半年考核一回",
  "书面答复 给个说法 回电话 见面说明",
  "花钱不多 成本很低 不用另外拨款 几千块就够",
  "得实惠 最欢迎 肯定高兴 盼了很久",
  "就活起来了 人气自然旺 不再冷冷清清 有了新面貌",
  "也值得试一试 也不亏 总比空着强 慢慢会多起来",
  "行得通再推开 总结经验再铺开 不行就收 满一年再评估",
  "没有损失 不留尾巴 不算白干 也长了见识",
  "需要局里协调 得几家一起坐下来谈 要有人拍板 恳请领导出面",
].map((line) => line.split(" "));

/** The same seed gives the same ideas. */
export function ideaMaker(seed: number): { idea(): string; next(): number; pick<T>(from: readonly T[]): T } {
  const { next, pick } = seeded(seed);
  const fill = (phrase: string) =>
    phrase.replace(/\{(place2?|thing2?|people2?|times|n2?)\}/g, (_, slot: string) => {
      if (slot.startsWith("place")) return pick(places);
      if (slot.startsWith("thing")) return pick(things);
      if (slot.startsWith("people")) return pick(people);
      if (slot === "times") return pick(times);
      return String(slot === "n" ? 2 + Math.floor(next() * 58) : 100 * (1 + Math.floor(next() * 90)));
    });
  const inOwnWords = (phrase: string) =>
    ways.reduce((text, way) => {
      const said = way.find((words) => words.length > 1 && text.includes(words));
      return said ? text.replace(said, pick(way)) : text;
    }, phrase);
  const several = (from: readonly string[], count: number) =>
    Array.from({ length: count }, () => inOwnWords(fill(pick(from))));
  const idea = () => {
    if (next() < 0.15)
      return `${several(problems, 1)[0]}，${next() < 0.5 ? "建议" : ""}${several(measures, 1)[0]}`;
    const opening = several(problems, 1 + Math.floor(next() * 2)).join("；");
    const body = several(measures, 2 + Math.floor(next() * 4)).join(next() < 0.5 ? "；" : "。");
    const end = next() < 0.6 ? `${several(reasons, 1)[0]}。` : "";
    return `${opening}。${next() < 0.7 ? "建议" : "不妨"}${body}。${end}`;
  };
  return { idea, next, pick };
}
