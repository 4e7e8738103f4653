// A campaign grown to the size of a prefecture: invented units and people beside its own, to measure under load.
import type { Campaign, Person, Unit } from "../../src/campaign/campaign.ts";

export const UNITS = 500;
export const PEOPLE = 20_000;

const TOWNS =
  "青石 白塔 柳林 红岩 双桥 东坪 西岭 南泉 北渡 沙溪 石门 金鸡 银杏 龙潭 凤鸣 云台 马鞍 牛角 羊场 鹿坪 松树 桃源 梅江 兰坪 竹园".split(
    " ",
  );
const KINDS =
  "镇人民政府 镇中心小学 镇初级中学 镇卫生院 镇文化站 镇农业服务中心 镇财政所 镇派出所 镇司法所 镇敬老院 镇供销社 镇水管站 镇林业站 镇市场监管所 镇第二小学 镇幼儿园 镇社区服务中心 镇综合执法队 镇便民服务中心 镇邮政支局".split(
    " ",
  );
const SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章";
const GIVEN = "明芳伟秀英敏静丽强磊军洋勇艳杰娟涛超霞平刚桂兰建国文华志云海玲红玉梅春燕国庆德";

export function grown(campaign: Campaign): Campaign {
  const units = [...campaign.units];
  for (let at = 0; units.length < UNITS; at++) units.push(unit(at));
  const roster = [...campaign.roster];
  for (let at = 0; roster.length < PEOPLE; at++) roster.push(person(at, units[at % units.length] as Unit));
  return { ...campaign, units, roster };
}

function unit(at: number): Unit {
  const town = TOWNS[at % TOWNS.length] as string;
  const kind = KINDS[Math.floor(at / TOWNS.length) % KINDS.length] as string;
  return {
    code: `grown-${at}`,
    name: `${town}${kind}`,
    aliases: [`${town}${kind.slice(1)}`],
    kind: "grassroots",
    staff: null,
    domains: [`u${at}.grown.example`],
    liaison: { name: "联络员", email: `liaison@u${at}.grown.example` },
    head: null,
    supervisor: null,
  };
}

function person(at: number, { code }: Unit): Person {
  const sign = (from: string, index: number) => from[index % from.length] as string;
  const name =
    sign(SURNAMES, at) + sign(GIVEN, Math.floor(at / SURNAMES.length)) + sign(GIVEN, Math.floor(at / 1_600));
  return { name, email: `p${at}@grown.example`, unit: code };
}
