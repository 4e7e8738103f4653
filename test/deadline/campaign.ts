// A small campaign for the tests of deadlines and notices: three units with every contact, one idea, two owed things.
import { join } from "node:path";
import type { Campaign, Contact, Unit } from "../../src/campaign/campaign.ts";
import { keepEverything } from "../support/retention.ts";

const contact = (name: string, email: string): Contact => ({ name, email });

export function unit(code: string, change: Partial<Unit> = {}): Unit {
  return {
    code,
    name: code,
    aliases: [],
    kind: "grassroots",
    staff: 80,
    domains: [`${code}.example`],
    liaison: contact("联络员", `liaison@${code}.example`),
    head: contact("负责人", `head@${code}.example`),
    supervisor: contact("分管领导", "leader@bureau.example"),
    ...change,
  };
}

export function campaign(change: Partial<Campaign> = {}): Campaign {
  return {
    code: "DTL",
    title: "大讨论活动",
    locale: "zh-CN",
    timezone: "Asia/Shanghai",
    opens: "2012-11-12",
    closes: "2012-12-20",
    phases: [],
    mailbox: {
      address: "ideas@bureau.example",
      imap: null,
      poll: "*/1 * * * *",
      idle: false,
      authserv: [],
      authservBelow: false,
      hops: null,
      verify: false,
      answerFrom: null,
      maxBytes: 60_000_000,
    },
    smtp: { host: "127.0.0.1", port: 25, secure: false, user: null, perHour: 200, connections: 5 },
    office: {
      name: "活动办公室",
      members: [contact("办公室", "office@bureau.example")],
      digest: "17:30",
      weekly: "last",
    },
    units: [
      unit("library", { name: "市图书馆" }),
      unit("museum", { name: "市博物馆" }),
      unit("heritage", { name: "文物处", kind: "office" }),
      unit("leadership", { name: "局领导班子", kind: "leadership" }),
    ],
    roster: [],
    announcement: null,
    themes: [],
    deliverables: [
      {
        code: "golden-idea",
        name: "金点子",
        aliases: [],
        from: "person",
        owedBy: [],
        opens: "2012-11-21",
        closes: "2012-12-05",
        due: null,
        dueTime: null,
        items: [],
      },
      {
        code: "summary",
        name: "书面总结",
        aliases: [],
        from: "unit",
        owedBy: ["office", "grassroots"],
        opens: null,
        closes: null,
        due: "2012-12-25",
        dueTime: null,
        items: [],
      },
      {
        code: "plan",
        name: "实施方案",
        aliases: [],
        from: "unit",
        owedBy: [],
        opens: null,
        closes: null,
        due: "2012-12-15",
        dueTime: null,
        items: [
          {
            code: "famous-city",
            name: "名城申报工程",
            aliases: [],
            unit: "heritage",
            lead: contact("牵头领导", "lead@bureau.example"),
          },
        ],
      },
    ],
    reminders: {
      before: [7, 3, 1],
      overdue: { liaison: 1, head: 3, supervisor: 5, every: 2 },
      workingDaysOnly: true,
      quiet: { from: "18:00", to: "08:30" },
    },
    clarifyWithin: 2,
    review: { criteria: [], forum: 10 },
    retention: keepEverything,
    autoFileAt: 0.9,
    holidays: { off: [], working: [] },
    templates: join(import.meta.dirname, "../../config/templates"),
    watch: { tell: [], url: null, inside: false, mail: null },
    ...change,
  };
}

/** An instant in the campaign's zone: at("2012-12-14", "08:30"). */
export function at(on: string, time = "08:30"): Date {
  return new Date(`${on}T${time}:00+08:00`);
}
