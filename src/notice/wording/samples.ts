// Every notice in its sample states: what the console previews, what the doctor checks the templates with.
import type { Campaign, Contact, Deliverable, Unit } from "../../campaign/campaign.ts";
import { calendarOf } from "../../deadline/calendar.ts";
import type { DutyKind, DutyNotice } from "../../deadline/ladder.ts";
import type { Obligation } from "../../deadline/obligation.ts";
import { type Document, heldDocument, noText, type ReadPart } from "../../document/document.ts";
import type { Mail } from "../../message/mail.ts";
import { addDays, endOfDay, instantOf } from "../../text/dates.ts";
import type { ReasonCode } from "../../text/reason.ts";
import { CORRECTION, type Understanding } from "../../understand/evidence.ts";
import { contactIntent } from "../contact.ts";
import type { NoticeIntent } from "../notice.ts";
import { type AnswerFacts, answer, type FiledFact } from "./acknowledgement.ts";
import { announcementIntent } from "./announcement.ts";
import { dutyIntent } from "./duty.ts";
import { reportInstructed } from "./instructed.ts";
import { ruledSamples } from "./ruled-samples.ts";

export interface SampleNotice {
  /** "acknowledgement-filed": the kind and the state it shows. */
  name: string;
  compose(): Promise<NoticeIntent | null>;
}

/** One sample for each thing a notice can say, with the campaign's own units and deliverables. */
export function sampleNotices(campaign: Campaign): SampleNotice[] {
  return [
    ...answerSamples(campaign),
    instructedSample(campaign),
    ...contactSamples(campaign),
    ...dutySamples(campaign),
    ...announcementSamples(campaign),
  ];
}

function answerSamples(campaign: Campaign): SampleNotice[] {
  const idea = campaign.deliverables.find(({ from }) => from === "person") ?? campaign.deliverables[0];
  const owed = campaign.deliverables.find(({ from }) => from === "unit") ?? idea;
  const states: Record<string, Partial<AnswerFacts>> = {
    "acknowledgement-filed": { submissions: [filed(campaign, idea, 42)], parts: [readable] },
    "acknowledgement-several": {
      submissions: [filed(campaign, idea, 42), { ...filed(campaign, idea, 43), timeliness: "late" }],
    },
    "acknowledgement-early": { submissions: [{ ...filed(campaign, idea, 42), timeliness: "early" }] },
    "acknowledgement-unverified": { submissions: [{ ...filed(campaign, owed, 44), verified: false }] },
    "acknowledgement-replacing": {
      submissions: [{ ...filed(campaign, owed, 44), supersedes: reference(campaign, 42) }],
      parts: [archive],
    },
    "acknowledgement-corrected": {
      understanding: understanding(campaign, "filed", null, CORRECTION),
      corrected: [
        {
          reference: reference(campaign, 42),
          change: words(campaign).change,
          done: true,
          why: null,
          adds: false,
        },
        {
          reference: reference(campaign, 43),
          change: words(campaign).withdrawn,
          done: false,
          why: "correction-unauthorised",
          adds: false,
        },
      ],
    },
    "acknowledgement-supplemented": {
      understanding: understanding(campaign, "filed", null, CORRECTION),
      corrected: [
        {
          reference: reference(campaign, 42),
          change: words(campaign).added,
          done: true,
          why: null,
          adds: true,
        },
      ],
    },
    "acknowledgement-question": { understanding: understanding(campaign, "held", "question", null) },
    "acknowledgement-held": { understanding: understanding(campaign, "held", "type-unsure", null) },
    "acknowledgement-duplicate": {
      understanding: understanding(campaign, "ignored", "duplicate", null),
      duplicateOf: reference(campaign, 42),
    },
    "acknowledgement-unanswered": {
      submissions: [filed(campaign, idea, 42)],
      unanswered: [reference(campaign, 40), reference(campaign, 41)],
    },
    "acknowledgement-two-missing": {
      submissions: [{ ...filed(campaign, owed, 42), unit: null, provisional: true }],
      parts: [unreadable("password-protected")],
    },
    "acknowledgement-recognised": {
      submissions: [filed(campaign, idea, 42)],
      parts: [scanned("扫描件.pdf", 12, 3_450, 0.95), cutShort, scanned("照片.jpg", 1, 86, 0.62), slides],
    },
    "clarification-unit": { submissions: [{ ...filed(campaign, idea, 42), unit: null }] },
    "clarification-held": {
      understanding: understanding(campaign, "held", "type-unsure", null),
      parts: [unreadable("corrupt")],
    },
    "clarification-attachment": {
      submissions: [{ ...filed(campaign, owed, 42), provisional: true }],
      parts: [readable, unreadable("no-text")],
    },
  };
  return Object.entries(states).map(([name, state]) => ({
    name,
    compose: () => answer({ ...blankFacts(campaign), ...state }, campaign),
  }));
}

/** One line done, one changed, one written wrongly, one that came too late. */
function contactSamples(campaign: Campaign): SampleNotice[] {
  const [unit] = campaign.units;
  const owed = campaign.deliverables.find(({ from }) => from === "unit");
  const to = unit?.liaison;
  if (!unit || !owed || !to) return [];
  const about = {
    unit: unit.code,
    type: owed.code,
    title: filed(campaign, owed, 42).title,
    reference: reference(campaign, 42),
  };
  const by = {
    unverified: "",
    replaced: reference(campaign, 44),
    withdrawn: "",
    changed: words(campaign).change,
  };
  return (["unverified", "replaced", "withdrawn", "changed"] as const).map((matter) => ({
    name: `contact-${matter}`,
    compose: () =>
      contactIntent(
        { ...about, matter, by: by[matter] },
        { to, mail: sampleMail(campaign), messageId: 9 },
        campaign,
      ),
  }));
}

function instructedSample(campaign: Campaign): SampleNotice {
  const [first, second] = campaign.units;
  const owed = campaign.deliverables.find(({ from }) => from === "unit") ?? campaign.deliverables[0];
  const zh = campaign.locale === "zh-CN";
  const line = (chinese: string, english: string) => (zh ? chinese : english);
  const draft = { ...filed(campaign, owed, 44), campaign: campaign.code, messageId: 9, ordinal: 1, text: "" };
  const submission = { ...draft, state: "current" as const, arrivedAt: blankFacts(campaign).arrivedAt };
  const submissions = [{ ...submission, verified: true, supersedes: null }];
  const moved = { field: "unit" as const, before: second?.code ?? null, after: first?.code ?? null };
  const unknown = {
    what: "unknown-name" as const,
    field: "unit" as const,
    nearest: first ? [first.name] : [],
  };
  return {
    name: "instructed",
    compose: () =>
      reportInstructed(
        { mail: sampleMail(campaign), messageId: 1 },
        {
          ruled: ruledSamples(campaign),
          decided: [],
          files: [],
          instructed: [
            {
              line: line(`#9 单位=${first?.name}`, `#9 unit=${first?.name}`),
              ...{ at: 0, reference: null, mail: 9 },
              result: { did: "filed", submissions, superseded: new Map() },
            },
            {
              line: line(`#0042 单位=${first?.name}`, `#0042 unit=${first?.name}`),
              ...{ at: 1, reference: reference(campaign, 42), mail: null },
              result: {
                did: "changed",
                changes: [moved],
                supersedes: null,
                reinstated: reference(campaign, 30),
              },
            },
            {
              line: line("#10 单位=图书管 请办理", "#10 unit=Librery soon"),
              ...{ at: 2, reference: null, mail: 10 },
              result: {
                why: "unclear",
                problems: [
                  { ...unknown, written: line("图书管", "Librery") },
                  { what: "not-understood", written: line("办理", "soon") },
                ],
              },
            },
            {
              line: line("#11 忽略", "#11 dismiss"),
              ...{ at: 3, reference: null, mail: 11 },
              result: { why: "decided", state: "filed", references: [reference(campaign, 43)] },
            },
          ],
        },
        campaign,
      ),
  };
}

function dutySamples(campaign: Campaign): SampleNotice[] {
  const kinds: DutyKind[] = ["reminder", "overdue", "escalation"];
  const calendar = calendarOf(campaign);
  return [
    ...kinds.map((kind) => ({
      name: kind,
      compose: () => dutyIntent(dutySample(campaign, kind), campaign, calendar),
    })),
    {
      name: "escalation-after-bounce",
      compose: () => {
        const notice = dutySample(campaign, "escalation");
        const returned = notice.cc.map(({ email }) => email);
        return dutyIntent({ ...notice, returned }, campaign, calendar);
      },
    },
  ];
}

/** To one person, to a liaison who passes it on, and one whose plan is only in the attachment. */
function announcementSamples(campaign: Campaign): SampleNotice[] {
  const zh = campaign.locale === "zh-CN";
  const code = sampleUnit(campaign)?.code ?? "unit";
  const subject = zh ? `关于开展${campaign.title}的通知` : `Announcement of ${campaign.title}`;
  const text = zh
    ? `${subject}\n\n各单位：\n现将有关安排通知如下。\n\n一、广泛发动，人人参与。\n二、按时报送，讲求实效。\n\n${campaign.office.name}`
    : `${subject}\n\nTo all units:\nPlease note the following.\n\n1. Everyone is invited to take part.\n2. Please send your papers in time.\n\n${campaign.office.name}`;
  const announcement = {
    ...{ name: "1", subject, text, sha256: "00", mediaType: "application/pdf" },
    filename: zh ? `${subject}.pdf` : "announcement.pdf",
  };
  const person = { address: "someone@unit.example", people: [{ name: words(campaign).name }], unit: code };
  const plain = { announcement, ...person, tells: new Map(), passesOn: [] };
  const other = campaign.units.find((unit) => unit.code !== code)?.code ?? code;
  const tells = new Map([[code, zh ? ["李某", "王某"] : ["K. Lake", "L. Hill"]]]);
  const now = instantOf(campaign.opens, "09:00", campaign.timezone);
  const states = {
    announcement: plain,
    "announcement-liaison": { ...plain, tells, passesOn: [other] },
    "announcement-attached": { ...plain, announcement: { ...announcement, text: "" } },
  };
  return Object.entries(states).map(([name, state]) => ({
    name,
    compose: () => announcementIntent(state, campaign, now),
  }));
}

const nobody: Contact = { name: "", email: "nobody@unit.example" };

function dutySample(campaign: Campaign, kind: DutyKind): DutyNotice {
  const unit = sampleUnit(campaign);
  const liaison = unit?.liaison ?? nobody;
  const head = unit?.head ?? liaison;
  const owed = owedSamples(campaign, unit, kind !== "reminder");
  const [first] = owed;
  const calendar = calendarOf(campaign);
  const due = first?.dueOn ?? campaign.closes;
  const days = kind === "reminder" ? -3 : kind === "overdue" ? 1 : 3;
  return {
    unit: unit?.code ?? "unit",
    on: calendar.addNoticeDays(due, days),
    kind,
    to: [kind === "escalation" ? head : liaison],
    cc: kind === "escalation" ? [liaison] : [],
    owed,
    causes: first ? [{ key: first.key, days }] : [],
    returned: [],
  };
}

/** One thing due or overdue, one extended, one the office has set no date for yet. */
function owedSamples(campaign: Campaign, unit: Unit | null, isOverdue: boolean): Obligation[] {
  const deliverables = campaign.deliverables.filter(({ from }) => from === "unit");
  return deliverables.slice(0, 3).map((deliverable, index) => {
    const announcedOn = index === 2 ? null : (deliverable.due ?? campaign.closes);
    const dueOn = index === 1 && announcedOn !== null ? addDays(announcedOn, 30) : announcedOn;
    const instant = (on: string | null) => (on === null ? null : endOfDay(on, campaign.timezone));
    const [item] = deliverable.items;
    return {
      key: `${deliverable.code}/${unit?.code}`,
      deliverable: deliverable.code,
      item: item?.code ?? null,
      unit: unit?.code ?? "unit",
      announcedOn,
      announcedAt: instant(announcedOn),
      dueOn,
      dueTime: null,
      dueAt: instant(dueOn),
      state: index === 0 && isOverdue ? "overdue" : index === 1 ? "extended" : "outstanding",
      metAt: null,
      metBy: null,
      provisional: false,
      why: null,
      reason: "",
      history: [],
    };
  });
}

function sampleUnit(campaign: Campaign): Unit | null {
  return campaign.units.find(({ liaison, head }) => liaison && head) ?? campaign.units[0] ?? null;
}

function reference(campaign: Campaign, number: number): string {
  return `${campaign.code}-${String(number).padStart(4, "0")}`;
}

function words({ locale }: Campaign) {
  return locale === "en"
    ? {
        title: "Keep the reading room open until ten",
        change: "unit: City Museum",
        withdrawn: "withdrawn",
        added: "attachment added: Annex.docx",
        name: "J. Wood",
      }
    : {
        title: "阅览室延长开放到晚上十点",
        change: "单位改为市博物馆",
        withdrawn: "撤回",
        added: "补充附件：附表.docx",
        name: "张某",
      };
}

function filed(campaign: Campaign, deliverable: Deliverable | undefined, number: number): FiledFact {
  const { title, name } = words(campaign);
  return {
    reference: reference(campaign, number),
    type: deliverable?.code ?? "",
    unit: sampleUnit(campaign)?.code ?? null,
    item: deliverable?.items[0]?.code ?? null,
    people: deliverable?.from === "unit" ? [] : [name],
    title,
    timeliness: "in-time",
    provisional: false,
    verified: true,
    supersedes: null,
  };
}

function blankFacts(campaign: Campaign): AnswerFacts {
  return {
    mail: sampleMail(campaign),
    understanding: understanding(campaign, "filed", null, null),
    parts: [],
    arrivedAt: instantOf(campaign.opens, "09:42", campaign.timezone),
    messageId: 1,
    submissions: [],
    corrected: [],
    duplicateOf: null,
  };
}

function sampleMail(campaign: Campaign): Mail {
  const { title, name } = words(campaign);
  return {
    messageId: "<sample@sender.example>",
    inReplyTo: [],
    references: [],
    from: [{ name, address: "someone@sender.example" }],
    replyTo: [],
    to: [{ name: "", address: campaign.mailbox.address }],
    cc: [],
    returnPath: "someone@sender.example",
    subject: title,
    claimedAt: null,
    headers: {},
    text: "",
    html: null,
    parts: [],
    bounce: null,
    trace: [],
    checked: null,
    problems: [],
  };
}

function understanding(
  campaign: Campaign,
  outcome: Understanding["outcome"],
  reason: ReasonCode | null,
  type: string | null,
): Understanding {
  const verdict = (value: string | null) => ({ value, confidence: 1, evidence: [], runnerUp: null });
  return {
    ruleVersion: 0,
    origin: "person",
    originEvidence: [],
    unitAsRead: null,
    outcome,
    reason,
    type: verdict(type),
    unit: verdict(sampleUnit(campaign)?.code ?? null),
    submissions: [],
    corrections: [],
    intent: null,
    senderRegistered: true,
    newText: "",
  };
}

function part(filename: string, document: Document, children: ReadPart[] = []): ReadPart {
  const facts = { filename, declaredType: document.mediaType, bytes: 24_576, sha256: "", inline: false };
  return { part: facts, document, children };
}

function readDocument(mediaType: string, pages: number | null, characters: number): Document {
  return { ...noText, text: "字".repeat(characters), pages, status: "read", reason: null, mediaType };
}

const readable = part("方案.docx", readDocument("application/msword", 3, 1_240));
const archive = part("材料.zip", readDocument("application/zip", null, 0), [
  part("总结.doc", readDocument("application/msword", 5, 2_310)),
  part("附表.xls", heldDocument("application/vnd.ms-excel", "password-protected")),
]);
const unreadable = (reason: ReasonCode) => part("扫描件.pdf", heldDocument("application/pdf", reason));
const scanned = (name: string, pages: number, characters: number, confidence: number) =>
  part(name, {
    ...readDocument(name.endsWith("pdf") ? "application/pdf" : "image/jpeg", pages, characters),
    confidence,
  });
const cutShort = part("年鉴.pdf", {
  ...readDocument("application/pdf", 80, 21_000),
  confidence: 0.97,
  pagesRead: 30,
});
const slides = part("汇报.ppt", readDocument("application/vnd.ms-powerpoint", 14, 820));
