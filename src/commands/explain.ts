// jinbox explain: what each mail is, why, and what would be answered. Needs no database and files nothing.
import { availableParallelism } from "node:os";
import { type Campaign, deliverableOf } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { ReadPart } from "../document/document.ts";
import { arrivalOf } from "../intake/arrival.ts";
import { createLogger } from "../log.ts";
import type { Mail } from "../message/mail.ts";
import { isNoticeId } from "../message/notice-id.ts";
import { isBelieved, senderCheck } from "../message/sender.ts";
import { answer, type FiledFact } from "../notice/wording/acknowledgement.ts";
import { type RecogniseNow, readParts } from "../reading/read.ts";
import { createReader, type Reader } from "../reading/reader.ts";
import { referencesIn } from "../submission/reference.ts";
import { lacksText, timelinessOf } from "../submission/submission.ts";
import type { ThreadContext, Understanding, Verdict } from "../understand/evidence.ts";
import { type Knowledge, ownOf, prepare, understand } from "../understand/understand.ts";
import { briefly, summary } from "./brief.ts";
import { untilClosed } from "./closed-pipe.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  type ExitCode,
  jsonOption,
  UsageError,
} from "./command.ts";
import { type Explanation, readable } from "./explained.ts";
import { attachmentEntry } from "./extract.ts";
import { lookFor } from "./look.ts";
import { mailFiles, openMail } from "./mail-files.ts";
import { progressLine } from "./progress.ts";

export const command: Command = {
  name: "explain",
  usage: "FILE.eml… [--brief | --json] [--verify] [--config FILE] [--color auto|always|never]",
  words: {
    en: "what each mail is, why, and what would be answered; a folder means every .eml in it, - standard input; exit 1 when one could not be opened",
    zh: "说明每封邮件是什么、为什么、会怎样回复；给出文件夹则读其中所有 .eml，- 表示标准输入；有打不开的，退出码为 1",
  },
  options: {
    brief: { type: "boolean", words: { en: "one line a mail", zh: "每封一行" } },
    json: jsonOption,
    verify: {
      type: "boolean",
      words: {
        en: "check DKIM, SPF and DMARC of the sender too, asking DNS",
        zh: "另验发信人的 DKIM、SPF、DMARC（要查 DNS）",
      },
    },
    config: configOption,
    color: {
      type: "string",
      value: "WHEN",
      words: {
        en: "auto (at a terminal, unless NO_COLOR is set), always, never: then 〖type〗 and 〔unit〕 mark the words",
        zh: "auto（终端上用颜色，除非设了 NO_COLOR）、always、never；不用颜色时以〖类型〗〔单位〕标出字句",
      },
    },
  },
  positionals: true,
  run,
};

export interface Explainer {
  explain(files: { file: string; raw: Uint8Array }[]): Promise<Explanation[]>;
}

/** The way of one mail without the database: read, with what its pictures say, understand, word the answer. */
export function createExplainer(
  campaign: Campaign,
  reader: Reader,
  clock: Clock,
  recognising: RecogniseNow = () => undefined,
): Explainer {
  const means: Means = { campaign, reader, clock, knowledge: prepare(campaign), recognising };
  return {
    explain: async (files) => {
      const read = await reader.readMails(files.map(({ raw }) => raw));
      const mails = await checkedMails(files, read, means);
      return Promise.all(mails.map((mail, i) => explainOne({ ...files[i]!, mail }, means)));
    },
  };
}

/** By today's keys and addresses: they may have been others when the mail came. */
async function checkedMails(
  files: { raw: Uint8Array }[],
  mails: Mail[],
  { campaign, reader, clock }: Means,
): Promise<Mail[]> {
  const { verify, hops } = campaign.mailbox;
  if (!verify) return mails;
  const sent = mails.map((mail, at) => ({
    raw: files[at]!.raw,
    mail,
    arrivedAt: arrivedOr(clock, files[at]!.raw),
  }));
  const found = await reader.checkSenders(sent, hops);
  return mails.map((mail, at) => ({ ...mail, checked: found[at] ?? null }));
}

function arrivedOr(clock: Clock, raw: Uint8Array): Date {
  return arrivalOf(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)) ?? clock.now();
}

interface Means {
  campaign: Campaign;
  reader: Reader;
  clock: Clock;
  knowledge: Knowledge;
  recognising: RecogniseNow;
}

async function explainOne(
  { file, raw, mail }: { file: string; raw: Uint8Array; mail: Mail },
  means: Means,
): Promise<Explanation> {
  const { campaign, reader, clock, knowledge } = means;
  const { parts } = await readParts(mail, reader, async () => new Map(), means.recognising);
  const arrivedAt = arrivedOr(clock, raw);
  const thread = threadOf(mail, campaign);
  const understanding = understand({ mail, parts, arrivedAt, thread }, knowledge);
  const facts = {
    mail,
    understanding,
    parts,
    arrivedAt,
    messageId: null,
    submissions: filedFacts(understanding, mail, parts, arrivedAt, campaign),
    corrected: [],
    duplicateOf: null,
  };
  const notice = await answer(facts, campaign);
  const sender = senderCheck(mail, campaign.mailbox);
  return { file, arrivedAt, mail, sender, parts, understanding, notices: notice ? [notice] : [] };
}

/** What the mail itself tells of its thread; which submission that was only the database knows. */
export function threadOf(mail: Mail, campaign: Campaign): ThreadContext | null {
  const { messageIdDomain } = ownOf(campaign);
  const repliesToNotice = [...mail.inReplyTo, ...mail.references].some((id) =>
    isNoticeId(id, messageIdDomain),
  );
  const references = referencesIn(mail.subject, campaign);
  return repliesToNotice || references.length > 0
    ? { references, type: null, unit: null, repliesToNotice }
    : null;
}

/** What would be said back; the number is a stand-in, for nothing is filed. */
function filedFacts(
  { outcome, submissions, senderRegistered }: Understanding,
  mail: Mail,
  parts: ReadPart[],
  arrivedAt: Date,
  campaign: Campaign,
): FiledFact[] {
  if (outcome !== "filed") return [];
  return submissions.map((draft, i) => ({
    reference: `${campaign.code}-${String(i).padStart(4, "0")}`,
    type: draft.type,
    unit: draft.unit,
    item: draft.item,
    people: draft.people,
    title: draft.title,
    timeliness: timelinessOf(campaign, draft.type, arrivedAt),
    provisional: deliverableOf(campaign, draft.type)?.from === "unit" && lacksText(parts, submissions),
    verified: senderRegistered && isBelieved(mail, campaign.mailbox),
    supersedes: null,
  }));
}

/** The line of design §6. */
export function explanationLine({ file, mail, sender, parts, understanding, notices }: Explanation) {
  const { origin, originEvidence, outcome, reason, type, unit, unitAsRead } = understanding;
  const { ruleVersion, submissions, corrections, intent } = understanding;
  const [from] = mail.from;
  return {
    file,
    ruleVersion,
    origin,
    originEvidence,
    from: { name: from?.name ?? "", address: from?.address ?? "" },
    sender,
    subject: mail.subject,
    outcome,
    reason,
    type: verdictLine(type),
    unit: { ...verdictLine(unit), asRead: unitAsRead },
    submissions: submissions.map(({ type, unit, people, title, text, item }) => ({
      type,
      unit,
      people,
      title,
      text,
      item,
    })),
    corrections,
    intent,
    attachments: parts.map(attachmentEntry),
    notices: notices.map(({ kind, to, subject, text }) => ({
      kind,
      to: to.map((contact) => contact.email).join(", "),
      subject,
      text,
    })),
  };
}

function verdictLine({ value, confidence, evidence, runnerUp }: Verdict) {
  return { value, confidence, evidence, runnerUp };
}

const BATCH = 32;

async function run({ values, positionals }: CommandInput): Promise<ExitCode> {
  if (positionals.length === 0)
    throw new UsageError(
      "explain: name a .eml file or a folder, or - for standard input / 请给出 .eml 文件或文件夹，或用 - 读标准输入",
    );
  const print = printing(values);
  const environment = readEnvironment();
  const { campaign } = loadCampaign((values.config as string | undefined) ?? environment.configFile);
  campaign.mailbox.verify = values.verify === true;
  const { files, missing } = await mailFiles("explain", positionals);
  if (files.length === 0) return 1;
  const log = createLogger({ level: "error", readable: process.stderr.isTTY });
  const reader = createReader({ children: Math.max(1, Math.min(files.length, availableParallelism())), log });
  const progress = progressLine(files.length);
  const explainer = createExplainer(campaign, reader, systemClock, progress.recognising);
  const understood: Pick<Understanding, "outcome">[] = [];
  const isClosed = untilClosed(process.stdout);
  let code: ExitCode = missing ? 1 : 0;
  try {
    for (let at = 0; at < files.length && !isClosed(); at += BATCH) {
      if (at === 0) progress.file(0, files[0]!);
      const opened = await Promise.all(files.slice(at, at + BATCH).map((path) => openMail("explain", path)));
      if (opened.includes(null)) code = 1;
      const explained = await explainer.explain(opened.filter((file) => file !== null));
      for (const one of explained) {
        progress.clear();
        console.log(print(one, campaign));
        remark(one);
        understood.push({ outcome: one.understanding.outcome });
        progress.file(understood.length, one.file);
      }
    }
    if (values.brief && understood.length > 1) console.error(summary(understood, campaign));
  } finally {
    progress.clear();
    await reader.close();
  }
  return code;
}

function printing(values: CommandInput["values"]): (one: Explanation, campaign: Campaign) => string {
  const when = values.color ?? "auto";
  if (when !== "auto" && when !== "always" && when !== "never")
    throw new UsageError(`--color ${when}: auto, always, never`);
  if (values.json && values.brief)
    throw new UsageError("--json --brief: choose one of them / 两者只能选一个");
  if (values.json) return (one) => JSON.stringify(explanationLine(one));
  const look = lookFor(when, process.stdout);
  return (one, campaign) => (values.brief ? briefly : readable)(one, campaign, look);
}

/** A mail without any of these was never sent. */
const HEADERS = ["from", "to", "subject", "date", "received", "message-id", "content-type"];

/** Whoever hands in a document gets a line like any mail's, and is told which command reads it. */
function remark({ file, mail }: Explanation): void {
  if (HEADERS.some((name) => mail.headers[name] !== undefined)) return;
  console.error(
    `explain: ${file}: 没有邮件头，不像邮件；读文档请用 jinbox extract / has no headers and is hardly a mail; jinbox extract reads documents`,
  );
}
