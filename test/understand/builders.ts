// Mails, documents and two invented campaigns for the tests of understanding: a schools bureau and an English museum trust.
import { createHash } from "node:crypto";
import type { Campaign, Deliverable, Unit } from "../../src/campaign/campaign.ts";
import { noText, type ReadPart } from "../../src/document/document.ts";
import type { Mail } from "../../src/message/mail.ts";
import { keepEverything } from "../support/retention.ts";

export interface Attached {
  filename: string;
  text?: string;
  /** Why it could not be read. */
  held?: "password-protected" | "corrupt" | "no-text";
  mediaType?: string;
  author?: string;
  title?: string;
  /** How sure recognition was of its text; absent: the text is the file's own. */
  confidence?: number;
  children?: Attached[];
}

export interface Letter {
  from?: string;
  name?: string;
  subject?: string;
  text?: string;
  attach?: Attached[];
  headers?: Record<string, string[]>;
  inReplyTo?: string[];
}

export function mailOf(letter: Letter): Mail {
  return {
    messageId: "<1@mail.example>",
    inReplyTo: letter.inReplyTo ?? [],
    references: letter.inReplyTo ?? [],
    from: [{ name: letter.name ?? "", address: letter.from ?? "someone@qq.example" }],
    replyTo: [],
    to: [{ name: "", address: "ideas@bureau.example" }],
    cc: [],
    returnPath: letter.from ?? "someone@qq.example",
    subject: letter.subject ?? "",
    claimedAt: null,
    headers: letter.headers ?? {},
    text: letter.text ?? "",
    html: null,
    parts: (letter.attach ?? []).map((one) => ({ ...partOf(one).part, content: new Uint8Array() })),
    bounce: null,
    trace: [],
    checked: null,
    problems: [],
  };
}

export function partOf(attached: Attached): ReadPart {
  const text = attached.text ?? "";
  const part = {
    filename: attached.filename,
    declaredType: "application/octet-stream",
    bytes: text.length + 1,
    sha256: createHash("sha256")
      .update(attached.filename + text)
      .digest("hex"),
    inline: false,
  };
  return {
    part,
    document: {
      ...noText,
      text,
      author: attached.author ?? null,
      title: attached.title ?? null,
      confidence: attached.confidence ?? null,
      status: attached.held ? "held" : "read",
      reason: attached.held ?? null,
      mediaType:
        attached.mediaType ?? (attached.children && !text ? "application/zip" : "application/msword"),
    },
    children: (attached.children ?? []).map(partOf),
  };
}

export function unit(code: string, name: string, more: Partial<Unit> = {}): Unit {
  return {
    code,
    name,
    aliases: [],
    kind: "grassroots",
    staff: null,
    domains: [],
    liaison: null,
    head: null,
    supervisor: null,
    ...more,
  };
}

export function deliverable(
  code: string,
  name: string,
  from: "person" | "unit",
  more: Partial<Deliverable> = {},
): Deliverable {
  return {
    code,
    name,
    aliases: [],
    from,
    owedBy: [],
    opens: null,
    closes: null,
    due: null,
    dueTime: null,
    items: [],
    ...more,
  };
}

export function campaign(
  more: Partial<Campaign> & Pick<Campaign, "code" | "title" | "units" | "deliverables">,
): Campaign {
  return {
    locale: "zh-CN",
    timezone: "Asia/Shanghai",
    opens: "2025-03-01",
    closes: "2025-06-30",
    phases: [],
    mailbox: {
      address: "ideas@bureau.example",
      imap: null,
      poll: "* * * * *",
      idle: false,
      authserv: [],
      authservBelow: false,
      hops: null,
      verify: false,
      maxBytes: 1e7,
      answerFrom: null,
    },
    smtp: null,
    office: { name: "活动办公室", members: [], digest: "17:30", weekly: "last" },
    roster: [],
    announcement: null,
    themes: [],
    reminders: {
      before: [],
      overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 },
      workingDaysOnly: true,
      quiet: null,
    },
    clarifyWithin: 2,
    review: { criteria: [], forum: 3 },
    retention: keepEverything,
    autoFileAt: 0.9,
    holidays: { off: [], working: [] },
    templates: "",
    watch: { tell: [], url: null, inside: false, mail: null },
    ...more,
  };
}

/** Schools whose names contain each other, other words for what is collected. */
export const schools = campaign({
  code: "JYJ",
  title: "“办好家门口的学校”主题活动",
  office: { name: "主题活动办公室", members: [], digest: "17:30", weekly: "last" },
  units: [
    unit("no1", "江城市第一小学", { aliases: ["第一小学", "一小"], domains: ["no1.edu.example"] }),
    unit("no1-east", "江城市第一小学东校区", {
      aliases: ["第一小学东校区", "一小东校区", "东校区"],
      domains: ["no1.edu.example"],
      liaison: { name: "范丽", email: "fanli@163.example" },
    }),
    unit("no2", "江城市第二小学", { aliases: ["第二小学", "二小"] }),
    unit("lab", "江城市实验中学", {
      aliases: ["实验中学", "实中"],
      domains: ["lab.edu.example"],
      liaison: { name: "何静", email: "hejing@lab.edu.example" },
    }),
    unit("voc", "江城市职业技术学校", {
      aliases: ["职校", "职教中心"],
      head: { name: "杨校长", email: "yang@voc.example" },
    }),
    unit("basic", "基础教育科", { aliases: ["基教科"], kind: "office", domains: ["bureau.example"] }),
    unit("safety", "学校安全与后勤保障科", {
      aliases: ["安保科", "安全科"],
      kind: "office",
      domains: ["bureau.example"],
    }),
  ],
  roster: [
    { name: "谭晓燕", email: null, unit: "no2" },
    { name: "王芳", email: null, unit: "no1" },
    { name: "王芳", email: null, unit: "lab" },
    { name: "邓凯", email: "dengkai@qq.example", unit: "voc" },
  ],
  deliverables: [
    deliverable("suggestion", "我为教育献一策", "person", {
      aliases: ["一策", "献策", "金策"],
      opens: "2025-03-10",
      closes: "2025-04-30",
    }),
    deliverable("term-review", "学期工作小结", "unit", { owedBy: ["grassroots"], due: "2025-06-20" }),
    deliverable("self-check", "安全自查报告", "unit", { owedBy: ["grassroots"], due: "2025-05-15" }),
    deliverable("scheme", "五项行动工作方案", "unit", {
      due: "2025-05-30",
      items: [
        { code: "reading", name: "书香校园建设行动", aliases: ["书香行动"], unit: "basic", lead: null },
        {
          code: "campus-safety",
          name: "平安校园守护行动",
          aliases: ["平安行动"],
          unit: "safety",
          lead: { name: "罗局长", email: "luo@bureau-leaders.example" },
        },
      ],
    }),
  ],
});

/** English throughout. */
export const trust = campaign({
  code: "BRT",
  title: "Brighter Trust",
  locale: "en",
  timezone: "Europe/London",
  mailbox: {
    address: "brighter@trust.example",
    imap: null,
    poll: "* * * * *",
    idle: false,
    authserv: [],
    authservBelow: false,
    hops: null,
    verify: false,
    maxBytes: 1e7,
    answerFrom: null,
  },
  office: { name: "Brighter Trust Office", members: [], digest: "17:30", weekly: "last" },
  units: [
    unit("harbour", "Harbour Museum", { aliases: ["Harbour"], domains: ["harbour.example"] }),
    unit("harbour-east", "Harbour Museum East Wing", {
      aliases: ["East Wing"],
      domains: ["harbour.example"],
    }),
    unit("archive", "County Archive", {
      liaison: { name: "Ruth Poole", email: "ruth.poole@archive.example" },
    }),
    unit("finance", "Finance Department", { aliases: ["Finance"], kind: "office" }),
  ],
  roster: [{ name: "Tom Fletcher", email: null, unit: "archive" }],
  deliverables: [
    deliverable("bright-idea", "Bright Idea", "person", { aliases: ["suggestion"] }),
    deliverable("year-report", "Annual Report", "unit", { owedBy: ["grassroots"], due: "2025-06-20" }),
  ],
});

/** Subsidiaries behind one mail domain, names cut from each other, two kinds of paper and one of ideas. */
export const group = campaign({
  code: "HYJB",
  title: "降本增效大家谈",
  office: { name: "降本增效办公室", members: [], digest: "17:30", weekly: "last" },
  units: [
    unit("build", "恒远建设集团有限公司", { aliases: ["恒远建设", "建设公司"] }),
    unit("build2", "恒远建设第二分公司", { aliases: ["建设二分公司", "二分公司"] }),
    unit("care", "恒远物业服务有限公司", {
      aliases: ["恒远物业", "物业公司"],
      liaison: { name: "安然", email: "anran@hengyuan.example" },
    }),
    unit("south", "江城市恒远学校南湖校区", { aliases: ["恒远学校南湖校区", "南湖校区"] }),
    unit("school", "江城市恒远学校", {
      aliases: ["恒远学校", "恒校"],
      liaison: { name: "丁一帆", email: "dingyf@hengyuan.example" },
    }),
    unit("freight", "恒远物流有限公司", { aliases: ["恒远物流", "物流公司", "Hengyuan Logistics"] }),
    unit("data", "集团信息中心", { aliases: ["信息中心", "IT"], kind: "office" }),
    unit("finance", "集团财务部", { aliases: ["财务部", "Finance"], kind: "office" }),
    unit("purchase", "采购科", { kind: "office" }),
  ],
  roster: [{ name: "钱思齐", email: "qiansq@hengyuan.example", unit: "build2" }],
  deliverables: [
    deliverable("tip", "降本增效妙招", "person", { aliases: ["妙招", "cost-saving idea"] }),
    deliverable("praise", "服务之星征文", "person", { aliases: ["征文"] }),
    deliverable("analysis", "经营分析报告", "unit", { aliases: ["经营分析"], due: "2025-04-30" }),
    deliverable("half-year", "半年工作总结", "unit", { due: "2025-06-28" }),
  ],
});
