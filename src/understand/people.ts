// People as they are really written: with titles, in lists, Chinese and English, and without mistaking a word for a name.

const SURNAMES = new Set(
  "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲封储靳段富巫乌焦巴弓牧谷车侯全班秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎薄印白蒲鄂索籍赖卓蔺屠蒙池乔胥苍闻翟谭劳姬申冉桑桂牛寿边燕冀尚农温庄晏柴瞿阎连习向古易廖庾终居衡步都耿满弘匡国文寇广阙东欧利师巩聂关敖冷辛简饶空曾沙养鞠丰巢相查后红游权盖益桓公肖闫覃佟付代仝岳帅昝邰海苟池雒揭苑尉种逄冼邸郜".split(
    "",
  ),
);
const COMPOUND =
  /^(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|长孙|宇文|夏侯|端木|南宫|闻人|轩辕)/;

const TITLES =
  /(?:老师|同志|处长|副处长|科长|副科长|馆长|副馆长|主任|副主任|局长|副局长|书记|副书记|教授|副教授|先生|女士|小姐|师傅|经理|校长|副校长|院长|副院长|团长|副团长|所长|部长|站长|科员|干事|总监|医生|护士长|工程师|研究员|组长|委员|主席|秘书长|秘书|班长|园长|台长|社长|厂长|总经理|董事长|员工|职工|等人?|（[^）]*）|\([^)]*\))+$/;
const ENGLISH_TITLES = /^(?:mr|mrs|ms|miss|dr|prof|professor|sir|madam)\.?\s+/i;

/** Words that begin like a surname and are none. */
const ORDINARY = new Set(
  "金点 金点子 方案 方法 方便 方面 方式 高度 文化 文件 文艺 安全 安排 时间 时候 党员 黄金 平时 平台 关于 关注 关心 于是 和谐 成果 成立 成本 何时 任务 任何 马上 经常 常常 温馨 高兴 祝好 祝您 严重 白天 齐全 计划 包括 左右 房间 路上 水平 全面 全市 全体 全部 全局 公共 公司 公众 明年 明确 应当 应该 向您 向上 都是 都有 后来 单位 单独 解决 经过 经费 经济 经验 相关 相信 查看 查收 强化 满意 国家 国际 国内 广泛 广场 广大 东西 权利 简单 简介 易于 古籍 农民 农村 印发 乐意 乐观 宣传 管理 支持 项目 路线 盛大 童年 江苏 江南 云南 常州 常见 常年 苏州 武汉 南京 宁波 杭州 广州 温州 金额 金秋 华东 时尚 时代 谢谢 谢意 联系 程度 程序 房屋 连续 习惯 空间 空调 丰富 益处 利用 利于 尚未 充分 师生 师资 游客 游戏 代表 代替 付出 付费 帅气 曾经 养老 冷气 欧洲 都市 都会 步骤 步行 居民 居住 终于 终端 古城 古镇 易行 满足 红色 红包 巢湖 丰收 班级 班车 车站 车位 车辆 谷雨 牧场 富有 富裕 储物 储备 封闭 曲艺 惠民 荣誉 程控 石头 包装 洪水 应急 管网 万一 万人 高校 高效 高峰 高质 夏天 夏季 田园 胡同 林业 林荫 盛况 梅花 童话 江河 路灯 路径 贾某某某 强调 席位 季度 纪念 纪律 项链 董事 舒适 宋代 谈话 谈心 成员 成功 成效 成绩 计算 计时 伏案 明显 明白 米饭 毛笔 和平 黄昏 平安 平面 元旦 元素 余地 伍佰 康复 齐心 于今 时刻 时段 常态 常规 安静 安装 毕业 罗列 汤圆 雷电 费用 费力 唐诗 史料 任期 任职 柳树 方向 方针 花园 花费 凤凰 马路 昌盛 云端 章程 水电 水源 谢绝 华丽 严格 严肃 孔子 张贴 施工 施行 许多 何处 何不 尤其 尤为 卫生 钱款 周末 周边 周围 周年 周一 周二 周三 周四 周五 周六 周日 王国 冯某某某 陈列 陈设 陈旧 秦朝 朱红 杨柳 沈阳 韩国 吴语 赵国 孙子 李子 文创 文广 文明 文字 文本 文物 文保 文体 文献 文学 东区 西区 国学 全员 全程 全年 全天 全省 全国 全文 高中 高一 高二 高三 初中 安保 后勤 党办 党委 财务 人事 教务 教导 教研 总务 管委 简报 简历 简述 农业 园区 校区 校园 时政 新区 广电 项目部 时间段 负责 办公 艺术 市场 产业 建议 意见 总结 汇报 成都 石家庄 黄山 黄河 金陵 和田 江阴 常熟".split(
    /\s+/,
  ),
);
/** What people call themselves in private mailboxes that reads like surname and given name. */
export const NICKNAMES = new Set(
  "向阳花 向日葵 骆驼 白云 白鸽 金鱼 明月 高山 花开 花香 水滴 石子 马儿 牛牛 云朵 温柔 常青树 左岸 时光 安心 安好 平凡 平凡人 乐呵 乐天 路人 路人甲 康乐 古道 西风 云淡 花花 柳絮 梅香 雷达 海风 江南雨 夏雨 夏夜 冷月 白杨 白桦 松涛".split(
    " ",
  ),
);
const PARTICLE =
  /[的了是在把被吗呢吧啊们您你我他她它这那就也很还最等或并且但对到让请使给着过得地要应该已不没所者多册几两]/;
/** Surnames that are far more often words; only where a name must stand are they taken for one. */
const RARE =
  /^[广国全都步宫东满养后红游权盖公相经房应习向易终居利冷充水云包平和明危路班秋仲车丰空沙石边连农简安常乐时元成计任方高文单时强管解干支双古谷雷章符雨]/;

/** 苗老师, 李主任: no name, only how somebody is addressed. */
const ADDRESSED =
  /^.(?:老师|同志|医生|大夫|护士|主任|师傅|校长|院长|园长|馆长|科长|处长|局长|部长|站长|队长|所长|经理|书记|教授|先生|女士|小姐|阿姨|大姐|大哥|老板|[总工])$/;

/** 张某, 李小明, 欧阳某某, 艾力·买买提. */
export function isChineseName(words: string, options: { amidText?: boolean } = {}): boolean {
  // 敬请卓裁 closes a letter.
  if (/^[卓钧明][裁鉴夺]$/.test(words)) return false;
  if (/^代[笔念发转呈交报填录写收办]|^[师左][池一二三四五]$/.test(words)) return false;
  if (/^\p{Script=Han}{2,8}·\p{Script=Han}{2,8}$/u.test(words)) return true;
  if (options.amidText && RARE.test(words)) return false;
  if (!/^\p{Script=Han}{2,4}$/u.test(words) || ORDINARY.has(words) || ADDRESSED.test(words)) return false;
  const compound = COMPOUND.test(words);
  if (!compound && (!SURNAMES.has(words[0]!) || words.length > 3)) return false;
  const given = words.slice(compound ? 2 : 1);
  return (
    given.length >= 1 &&
    given.length <= 2 &&
    !PARTICLE.test(given) &&
    !/[部科室处馆局院团校组队站所司]$/.test(words)
  );
}

function couldBeName(words: string): boolean {
  return (
    /^\p{Script=Han}{2,4}$/u.test(words) &&
    !ORDINARY.has(words) &&
    !PARTICLE.test(words) &&
    !/[部科室处馆局院团校组队站所司人名集体]$/.test(words)
  );
}

/** 小王, 老李: what colleagues call each other; a name when nothing better is known. */
export function isFamiliarName(words: string): boolean {
  return /^[小老阿]\p{Script=Han}$/u.test(words) && SURNAMES.has(words[1]!);
}

export function isEnglishName(words: string): boolean {
  return (
    /^(?:[A-Z][\p{L}'’-]+)(?: [A-Z]\.?)?(?: (?:[A-Z][\p{L}'’-]+|de|van|von|der|bin|al)){1,3}$/u.test(words) &&
    !/\b(?:Office|Department|Library|Museum|School|Team|Centre|Center|Unit|Regards|Thanks|Hello|Dear|Best|Kind|Yours|Many|Summary|Report|Plan|Idea|Proposal|Suggestion|Bureau|Street|Road|University|College|Hospital|Golden|Bright|The|My|Our|New|Sincerely|Faithfully|Wishes)\b/.test(
      words,
    )
  );
}

/** The name without 老师, 处长, Dr.; "" when nothing is left that could be one. */
export function withoutTitle(words: string): string {
  const trimmed = words
    .normalize("NFKC")
    .trim()
    .replace(/^[:：,，、\s]+|[。.,，;；、:：\s]+$/g, "")
    .replace(ENGLISH_TITLES, "");
  const untitled = trimmed.replace(TITLES, "").trim();
  const spaced = /^\p{Script=Han}(?:\s+\p{Script=Han}){1,3}$/u.test(untitled)
    ? untitled.replace(/\s+/g, "")
    : untitled;
  return /^\p{Script=Han}$/u.test(spaced) ? "" : spaced;
}

/**
 * The names in a place that must hold names ("建议人：张某、李某"); words that are no names are left out. Behind a label
 * any two to four characters may be one: there are thousands of surnames.
 */
export function namesIn(words: string, options: { labelled?: boolean } = {}): string[] {
  const text = words.normalize("NFKC").trim().slice(0, 200);
  const spacedHan = /^\p{Script=Han}(?:\s+\p{Script=Han}){1,3}$/u.test(text);
  const parts = spacedHan
    ? [text]
    : text.split(
        /[、,，;；/&|+]|\s+and\s+|\t|(?<=\p{Script=Han}{2})\s+(?=\p{Script=Han})|(?<=\p{Script=Han}{2})[和与及](?=\p{Script=Han}{2})/u,
      );
  const names: string[] = [];
  for (const part of parts) {
    const name = withoutTitle(part);
    const fits = isChineseName(name) || isFamiliarName(name) || isEnglishName(name);
    if ((fits || (options.labelled && couldBeName(name))) && !names.includes(name)) names.push(name);
  }
  return names;
}
