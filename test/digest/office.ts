// A small campaign and rows for its database: what the tests of digest and console stand on.
import { createHash, randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Insertable } from "kysely";
import type { Campaign, Unit } from "../../src/campaign/campaign.ts";
import { putBlobs } from "../../src/store/blobs.ts";
import { type Database, dbJson } from "../../src/store/database.ts";
import type { MessageState, MessageTable, NoticeTable } from "../../src/store/tables.ts";
import type { Verdict } from "../../src/understand/evidence.ts";
import { keepEverything } from "../support/retention.ts";

const unit = (code: string, name: string, kind: Unit["kind"], staff: number | null): Unit => ({
  ...{ code, name, kind, staff, aliases: [], domains: [`${code}.example`] },
  liaison: { name: "联络员", email: `liaison@${code}.example` },
  head: null,
  supervisor: null,
});

const deliverable = {
  aliases: [],
  owedBy: [],
  opens: null,
  closes: null,
  due: null,
  dueTime: null,
  items: [],
};

export function sampleCampaign(locale: Campaign["locale"] = "zh-CN"): Campaign {
  return {
    code: "WHXDH",
    title: "“文化现代化，我们怎么办”大讨论活动",
    locale,
    timezone: "Asia/Shanghai",
    opens: "2012-11-12",
    closes: "2012-12-20",
    phases: [],
    mailbox: {
      ...{
        address: "ideas@culture.example",
        imap: null,
        poll: "* * * * *",
        idle: false,
        authserv: [],
        authservBelow: false,
        hops: null,
        verify: false,
        answerFrom: null,
      },
      maxBytes: 60_000_000,
    },
    smtp: null,
    office: {
      name: "大讨论活动领导小组办公室",
      members: [{ name: "办公室", email: "office@culture.example" }],
      digest: "17:30",
      weekly: "last",
    },
    units: [
      unit("leadership", "局领导班子", "leadership", null),
      unit("policy", "政策法规处", "office", 6),
      unit("library", "市图书馆", "grassroots", 86),
      unit("museum", "市博物馆", "grassroots", 54),
      unit("troupe", "锡剧院", "grassroots", 120),
    ],
    roster: [],
    announcement: null,
    themes: [],
    deliverables: [
      {
        ...deliverable,
        code: "golden-idea",
        name: "金点子",
        from: "person",
        opens: "2012-11-21",
        closes: "2012-12-05",
      },
      {
        ...{ ...deliverable, code: "summary-report", name: "书面总结", from: "unit", due: "2012-12-25" },
        owedBy: ["office", "grassroots"],
      },
      {
        ...{
          ...deliverable,
          code: "engineering-plan",
          name: "九大工程实施方案",
          from: "unit",
          due: "2012-12-15",
        },
        items: [
          { code: "service", name: "公共文化服务体系示范工程", aliases: [], unit: "library", lead: null },
          { code: "stage", name: "精品生产和院团改革深化工程", aliases: [], unit: "troupe", lead: null },
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
    templates: resolve(import.meta.dirname, "../../config/templates"),
    watch: { tell: [], url: null, inside: false, mail: null },
  };
}

/** An instant of the campaign's days, in Shanghai. */
export function at(text: string): Date {
  return new Date(`${text.replace(" ", "T")}:00+08:00`);
}

export function verdict(value: string | null, confidence: number, runnerUp?: [string, number]): Verdict {
  const second = runnerUp ? { value: runnerUp[0], confidence: runnerUp[1] } : null;
  return { value, confidence, evidence: [], runnerUp: second };
}

export async function openMailbox(db: Database, row: { lastReadAt?: Date | null; lastError?: string } = {}) {
  await db
    .insertInto("mailbox")
    .values({
      name: "imap://ideas@imap.culture.example/INBOX",
      campaign: "WHXDH",
      uid_validity: 1,
      last_uid: 0,
      live_at: at("2012-11-12 00:00"),
      last_read_at: row.lastReadAt ?? null,
      last_error: row.lastError ?? null,
      last_error_at: null,
    })
    .execute();
}

type MessageFacts = Partial<Omit<Insertable<MessageTable>, "sha256" | "understanding" | "state">> & {
  arrived: string;
  state: MessageState;
  understanding?: object;
  raw?: string;
  /** False leaves out the mailbox entry: a fault the books must show. */
  listed?: boolean;
};

let uid = 0;

/** A mail on record, with its bytes and its place in the mailbox; returns its id. */
export async function addMail(db: Database, facts: MessageFacts): Promise<number> {
  const { arrived, understanding, raw, listed = true, ...row } = facts;
  const bytes = Buffer.from(raw ?? `Message-ID: <${randomUUID()}@mail.example>\r\n\r\n正文`);
  const sha256 = createHash("sha256").update(bytes).digest();
  const arrivedAt = at(arrived);
  await putBlobs(db, [{ sha256, bytes }], arrivedAt);
  const { id } = await db
    .insertInto("message")
    .values({
      ...{ campaign: "WHXDH", sha256, bytes: bytes.length, arrived_at: arrivedAt, recorded_at: arrivedAt },
      ...{ backlog: false, reason: null, detail: null, handled_at: arrivedAt, decided_by: "rules" },
      ...{
        origin: "person",
        rfc_message_id: null,
        content_key: null,
        from_name: "张晓岚",
        claimed_at: arrivedAt,
      },
      ...{ from_address: "zhang@library.example", subject: "金点子", new_text: "正文", duplicate_of: null },
      ...row,
      understanding: understanding ? dbJson(understanding) : null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (listed) await listMail(db, id, arrivedAt);
  return id;
}

export async function listMail(db: Database, messageId: number, recordedAt: Date): Promise<void> {
  uid += 1;
  const mailbox = "imap://ideas@imap.culture.example/INBOX";
  const row = { mailbox, uid_validity: 1, uid, message_id: messageId, recorded_at: recordedAt };
  await db.insertInto("mail_record").values(row).execute();
}

interface SubmissionFacts {
  messageId: number;
  reference: string;
  arrived: string;
  type?: string;
  item?: string;
  unit?: string | null;
  people?: string[];
  title?: string;
  text?: string;
  ordinal?: number;
  state?: "current" | "superseded" | "withdrawn";
  verified?: boolean;
  timeliness?: "in-time" | "early" | "late";
  supersedes?: number;
}

export async function addSubmission(db: Database, facts: SubmissionFacts): Promise<number> {
  const { messageId, arrived, ...row } = facts;
  const { id } = await db
    .insertInto("submission")
    .values({
      ...{
        campaign: "WHXDH",
        message_id: messageId,
        ordinal: 0,
        type: "golden-idea",
        item: null,
        unit: "library",
      },
      ...{
        people: ["张晓岚"],
        title: "延长开放时间",
        text: "建议图书馆夜间开放。",
        state: "current" as const,
      },
      ...{ arrived_at: at(arrived), filed_at: at(arrived), verified: true, timeliness: "in-time" as const },
      ...{ provisional: false, supersedes: null, decided_by: "rules" },
      ...row,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

type NoticeFacts = Partial<Omit<Insertable<NoticeTable>, "to_contacts" | "attachments">> & {
  key: string;
  written: string;
  to?: string;
  attachments?: object[];
};

export async function addNotice(db: Database, facts: NoticeFacts): Promise<number> {
  const { written, to = "zhang@library.example", attachments = [], ...row } = facts;
  const when = at(written);
  const { id } = await db
    .insertInto("notice")
    .values({
      ...{ campaign: "WHXDH", kind: "acknowledgement", to_contacts: dbJson([{ name: "张晓岚", email: to }]) },
      ...{
        cc_contacts: "[]",
        subject: "已收到",
        text: "已收到您的来信。",
        html: null,
        attachments: dbJson(attachments),
      },
      ...{ rfc_message_id: `<${randomUUID()}@culture.example>`, in_reply_to: null, reference_ids: "[]" },
      ...{ cause_message_id: null, unit: null, still_owed: "[]", intended_at: when, not_before: when },
      ...{
        state: "accepted" as const,
        settled_at: when,
        claimed_by: null,
        lease_until: null,
        data_sent_at: null,
      },
      ...{ response: "250 OK", bounce: null },
      ...row,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
