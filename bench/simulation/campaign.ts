// A year's campaign of two hundred invented units, and the mails they send: the same for the same seed, whenever it is made.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { stringify } from "yaml";
import { type Random, seeded } from "../../test/support/random.ts";
import { pdfOf } from "../mails.ts";

export interface Size {
  units: number;
  mails: number;
  seed: number;
  /** `campaign`: a report by summer and a summary at the end; `monthly`: something due every two or three weeks. */
  shape: Shape;
}

export const shapes = ["campaign", "monthly"] as const;
export type Shape = (typeof shapes)[number];

const YEAR = 2012;
export const FROM = `${YEAR}-01-01`;
export const TO = `${YEAR}-12-31`;
const MAILBOX = "ideas@year.example";

const firsts = ["东", "西", "南", "北", "中", "新", "古", "长", "平", "安", "清", "明", "永", "和", "康"];
const seconds = ["湖", "山", "河", "桥", "塘", "坪", "溪", "岭", "州", "港", "泉", "林", "城", "湾"];
const houses = ["图书馆", "文化馆", "博物馆", "美术馆", "剧院", "少年宫", "档案馆", "文化站"];
const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏";
const givens = "文明雅静思远清和志强海燕春秋立新国栋";
const themes = [
  "夜间开放",
  "流动书车",
  "老年课堂",
  "非遗工坊",
  "志愿讲解",
  "社区剧场",
  "少儿绘本",
  "数字展厅",
];
const troubles = [
  "白天上班的居民来不了",
  "路远的老人不方便",
  "孩子放学后没有去处",
  "展品说明看不懂",
  "场地常年空着",
];
const measures = [
  "每周二、周四晚上延长两个小时",
  "由青年骨干轮流值守",
  "请退休的同志讲解",
  "在入口设意见簿",
  "与学校签一份协议",
  "每季度公布一次参加人数",
  "先在一处试行三个月",
  "把流程写成一页纸贴出来",
];

interface Unit {
  code: string;
  name: string;
  domain: string;
  kind: "office" | "grassroots";
}

const two = (n: number) => String(n).padStart(2, "0");

function unitsOf(count: number): Unit[] {
  return Array.from({ length: count }, (_, n) => {
    const place = `${firsts[n % firsts.length]}${seconds[Math.floor(n / firsts.length) % seconds.length]}`;
    return {
      code: `unit-${String(n + 1).padStart(3, "0")}`,
      name: `${place}${houses[n % houses.length]}`,
      domain: `u${n + 1}.year.example`,
      kind: n % 3 === 0 ? "office" : "grassroots",
    };
  });
}

interface Owed {
  code: string;
  name: string;
  due: string;
  owedBy: Unit["kind"][];
}

function owedThings(shape: Shape): Owed[] {
  const owedBy: Unit["kind"][] = ["office", "grassroots"];
  if (shape === "monthly") return briefsAndReports(owedBy);
  return [
    { code: "halfway", name: "半年工作报告", due: `${YEAR}-06-15`, owedBy },
    { code: "summary", name: "书面总结", due: `${YEAR}-11-25`, owedBy },
  ];
}

/** Every month a brief from one unit in three, every quarter a report from each. */
function briefsAndReports(owedBy: Unit["kind"][]): Owed[] {
  const names = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
  const briefs = names.map((name, month): Owed => {
    const due = `${YEAR}-${two(month + 1)}-25`;
    return { code: `brief-${two(month + 1)}`, name: `${name}月份工作简报`, due, owedBy: ["office"] };
  });
  const reports = [3, 6, 9, 12].map((month, quarter): Owed => {
    const name = `第${names[quarter]}季度工作总结`;
    return {
      code: `report-${quarter + 1}`,
      name,
      due: `${YEAR}-${two(month)}-15`,
      owedBy,
    };
  });
  return [...briefs, ...reports];
}

export async function writeYear(folder: string, size: Size): Promise<{ config: string; mails: string }> {
  const mails = join(folder, "mails");
  await mkdir(mails, { recursive: true });
  const config = join(folder, "campaign.yaml");
  const units = unitsOf(size.units);
  const owed = owedThings(size.shape);
  await writeFile(config, stringify(configOf(units, owed)));
  const random = seeded(size.seed);
  const sent = owed.flatMap((thing) =>
    units
      .filter(({ kind }) => thing.owedBy.includes(kind))
      // Of a hundred, six never send it; the others mostly in the last two weeks, one in eight too late.
      .filter(() => random.below(100) >= 6)
      .map((unit) => ({ thing, unit })),
  );
  for (let n = 0; n < size.mails; n++) {
    const one = sent[n];
    const raw = one
      ? reportOf(n, one, random)
      : n % 12 === 0
        ? questionOf(n, units, random)
        : ideaOf(n, units, random);
    await writeFile(join(mails, `${String(n).padStart(5, "0")}.eml`), await raw);
  }
  return { config, mails };
}

function configOf(units: Unit[], owed: Owed[]): object {
  const contact = (name: string, email: string) => ({ name, email });
  return {
    campaign: {
      ...{ code: "YEAR", title: "全年工作汇总", locale: "zh-CN", timezone: "Asia/Shanghai" },
      ...{ opens: FROM, closes: TO },
    },
    mailbox: { address: MAILBOX },
    office: { name: "汇总办公室", members: [contact("办公室", "office@year.example")], digest: "17:30" },
    units: units.map(({ code, name, domain, kind }) => ({
      ...{ code, name, kind, staff: 40, domains: [domain] },
      liaison: contact("联络员", `liaison@${domain}`),
      head: contact("负责人", `head@${domain}`),
      supervisor: contact("分管领导", `leader@${domain}`),
    })),
    deliverables: [
      { code: "idea", name: "合理化建议", aliases: ["建议", "金点子"], from: "person" },
      ...owed.map((one) => ({ ...one, from: "unit" })),
    ],
    reminders: {
      ...{ before: [7, 3, 1], overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 } },
      ...{ workingDaysOnly: true, quiet: "18:00-08:30" },
    },
  };
}

async function ideaOf(n: number, units: Unit[], random: Random): Promise<Buffer> {
  const unit = random.pick(units);
  const name = `${random.pick(surnames)}${random.pick(givens)}${random.pick(givens)}`;
  const theme = random.pick(themes);
  const lines = [
    `我是${unit.name}的${name}，想就${theme}提一条建议。`,
    `眼下${random.pick(troubles)}，去年共接到这样的意见${random.below(80) + 2}条。`,
    `建议${random.pick(measures)}，${random.pick(measures)}，所需经费约${random.below(20) + 1}万元。`,
    `${unit.name} ${name}`,
  ];
  const at = instant(random.below(366), random);
  return mailOf(n, { from: [name, `staff${n}@${unit.domain}`], subject: `合理化建议：${theme}`, lines, at });
}

async function questionOf(n: number, units: Unit[], random: Random): Promise<Buffer> {
  const unit = random.pick(units);
  const lines = [`办公室：请问${random.pick(themes)}方面的建议写多少字合适，要不要盖章？`, unit.name];
  const at = instant(random.below(366), random);
  return mailOf(n, { from: ["联络员", `liaison@${unit.domain}`], subject: "请问建议的格式", lines, at });
}

async function reportOf(
  n: number,
  { thing, unit }: { thing: Owed; unit: Unit },
  random: Random,
): Promise<Buffer> {
  const due = Date.UTC(YEAR, Number(thing.due.slice(5, 7)) - 1, Number(thing.due.slice(8)));
  const days = random.below(8) === 0 ? 1 + random.below(9) : -random.below(14);
  const day = Math.round((due - Date.UTC(YEAR, 0, 1)) / 86_400_000) + days;
  const lines = [
    `${unit.name}${thing.name}`,
    `一、基本情况。本期共开展活动${random.below(30) + 3}场，参加${random.below(900) + 100}人次。`,
    `二、主要做法。${random.pick(measures)}；${random.pick(measures)}。`,
    `三、存在问题。${random.pick(troubles)}。`,
    `四、下一步打算。${random.pick(measures)}。`,
    `${unit.name}`,
  ];
  const attached = n % 10 === 1 ? "pdf" : n % 10 === 5 ? "txt" : null;
  return mailOf(n, {
    ...{ from: ["联络员", `liaison@${unit.domain}`], subject: `${unit.name}报送${thing.name}`, lines },
    ...{
      at: instant(Math.min(365, Math.max(0, day)), random),
      attached,
      filename: `${unit.name}${thing.name}`,
    },
  });
}

/** At all hours, mostly the office's; some mails share their instant. */
function instant(day: number, random: Random): Date {
  const hour = random.below(10) < 8 ? 8 + random.below(10) : random.below(24);
  return new Date(Date.UTC(YEAR, 0, 1 + day, hour - 8, random.below(12) * 5));
}

interface Parts {
  from: [name: string, address: string];
  subject: string;
  lines: string[];
  at: Date;
  attached?: "pdf" | "txt" | null;
  filename?: string;
}

async function mailOf(n: number, parts: Parts): Promise<Buffer> {
  const { from, subject, lines, at, attached = null, filename = "" } = parts;
  const text = lines.join("\n");
  const content = attached === "pdf" ? pdfOf(text) : Buffer.from(text);
  const composer = new MailComposer({
    ...{ from: { name: from[0], address: from[1] }, to: MAILBOX, subject, date: at },
    messageId: `<year-${n}@${from[1].split("@")[1]}>`,
    text: attached ? `办公室：\n${subject}，见附件。\n${lines.at(-1)}` : text,
    headers: { "X-Jinbox-Arrived": at.toISOString() },
    ...(attached && { attachments: [{ filename: `${filename}.${attached}`, content }] }),
  });
  const built = composer.compile();
  built.baseBoundary = `year-${n}`;
  return built.build();
}
