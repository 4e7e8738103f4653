// Looking again with today's rules and what was learned since: at held mails, to file those that are now sure; at filed
// ones, only to show which would be decided otherwise.
import { answerFacts, keepWhatWasRead, readMessages } from "../journey.ts";
import { tellContacts } from "../notice/contact.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { intend, UNTIL_THE_OFFICE_SAYS_SO } from "../notice/outbox.ts";
import { answer } from "../notice/wording/acknowledgement.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import type { Trx } from "../store/database.ts";
import {
  type EarlierUnderstood,
  filedByRules,
  lockUndecided,
  undecidedHeld,
} from "../submission/again/records.ts";
import { independentGroups, slices } from "../submission/batches.ts";
import { fileMails } from "../submission/file.ts";
import { threadsOf } from "../submission/thread.ts";
import type { UnderstoodMail } from "../submission/understood.ts";
import type { ReasonCode } from "../text/reason.ts";
import { CORRECTION, type Evidence, type Understanding } from "../understand/evidence.ts";
import { understand } from "../understand/understand.ts";
import type { App } from "./app.ts";

/** What a mail was taken for: each submission's type, unit and item. */
export interface Taken {
  outcome: Understanding["outcome"];
  reason: string | null;
  type: string | null;
  unit: string | null;
  submissions: { type: string; unit: string | null; item: string | null }[];
}

export interface LookedAgain {
  message: number;
  fromAddress: string;
  subject: string;
  before: Taken;
  after: Taken;
  /** What speaks for the type and the unit now, strongest first. */
  why: Evidence[];
  /** Of what was filed: before, or just now. */
  references: string[];
  /** Sure enough to be filed now. */
  files: boolean;
}

export interface LookAgain {
  dryRun: boolean;
  /** Whatever they are held for, not only for want of certainty. */
  allHeld: boolean;
}

/** Held for these, a mail waits for nothing but to be understood better. */
const UNSURE: ReasonCode[] = ["unit-unknown", "unit-unsure", "type-unsure", "nothing-found"];
const BATCH = 100;

/**
 * Each undecided held mail with what it would be now; without `dryRun` those that are sure are filed and their senders
 * told once, batch by batch: ended at any point and begun again, it does nothing twice.
 */
export async function* reclassifyHeld(app: App, { dryRun, allHeld }: LookAgain): AsyncGenerator<LookedAgain> {
  const reasons = allHeld ? null : UNSURE;
  for (let after = 0; ; ) {
    const batch = await undecidedHeld(app.db, app.campaign.code, { reasons, after, limit: BATCH });
    if (batch.length === 0) return;
    for (const slice of slices(batch)) yield* lookAtHeld(app, slice, dryRun);
    after = batch.at(-1)?.id ?? after;
  }
}

/** Filed by the rules alone, and by today's rules something else. Nothing is changed. */
export async function* differentlyFiled(app: App): AsyncGenerator<LookedAgain | null> {
  for (let after = 0; ; ) {
    const batch = await filedByRules(app.db, app.campaign.code, { after, limit: BATCH });
    if (batch.length === 0) return;
    for (const slice of slices(batch)) {
      const again = await understandAgain(app, app.db, await readMessages(app, slice));
      for (const { message, understood } of again) {
        const one = understood && lookedAgain(message as EarlierUnderstood, understood.understanding);
        yield one && differs(one) ? one : null;
      }
    }
    after = batch.at(-1)?.id ?? after;
  }
}

async function* lookAtHeld(
  app: App,
  slice: EarlierUnderstood[],
  dryRun: boolean,
): AsyncGenerator<LookedAgain> {
  const read = await readMessages(app, slice);
  const looked: LookedAgain[] = [];
  const look = async (trx: Trx, open: Set<number>) => {
    for (const group of independentGroups(read.filter(({ message }) => open.has(message.id)))) {
      const again = await understandAgain(app, trx, group);
      if (!dryRun) await keepWhatWasRead(app, trx, group.filter(isFirstRead(again)));
      const filed = dryRun ? new Map<number, Filed>() : await fileSure(app, trx, again);
      for (const { message, understood } of again) {
        if (!understood) continue;
        const now = filed.get(message.id);
        const one = lookedAgain(message as EarlierUnderstood, now?.understanding ?? understood.understanding);
        looked.push({ ...one, references: now?.references ?? [] });
      }
    }
  };
  if (dryRun) await look(app.db, new Set(slice.map(({ id }) => id)));
  else {
    await app.db.transaction().execute(async (trx) => {
      looked.length = 0;
      const ids = slice.map(({ id }) => id);
      await look(trx, await lockUndecided(trx, ids));
    });
  }
  yield* looked;
}

type Read = Awaited<ReturnType<typeof readMessages>>[number];

interface Again {
  message: Read["message"];
  /** Null while its scans are to be recognised first. */
  understood: UnderstoodMail | null;
}

async function understandAgain(app: App, trx: Trx, read: Read[]): Promise<Again[]> {
  const knowledge = await app.knowledge.at(trx);
  const threads = await threadsOf(
    trx,
    app.campaign,
    read.map(({ mail }) => mail),
  );
  return read.map(({ message, mail, parts, awaited }, index) => {
    if (awaited.length > 0) return { message, understood: null };
    const thread = threads[index] ?? null;
    const { arrivedAt } = message;
    const understanding = understand({ mail, parts, arrivedAt, thread }, knowledge);
    const understood = { messageId: message.id, arrivedAt, mail, parts, understanding, thread, orders: null };
    return { message, understood };
  });
}

/** A mail that failed before it was understood has nothing kept of it yet. */
function isFirstRead(again: Again[]): (read: Read) => boolean {
  const sure = new Set(
    again.flatMap(({ message, understood }) =>
      understood && isSure(understood.understanding) ? [message.id] : [],
    ),
  );
  return ({ message }) => sure.has(message.id) && (message as EarlierUnderstood).understanding === null;
}

interface Filed {
  understanding: Understanding;
  references: string[];
}

/** What is sure is filed like a mail that has just come; its sender, who was told to wait, is told once how it ended. */
async function fileSure(app: App, trx: Trx, again: Again[]): Promise<Map<number, Filed>> {
  const { campaign } = app;
  const now = app.clock.now();
  const sure = again.flatMap(({ understood }) =>
    understood && isSure(understood.understanding) ? [understood] : [],
  );
  const filed = await fileMails(trx, campaign, sure, now);
  const backlog = new Set(again.filter(({ message }) => message.backlog).map(({ message }) => message.id));
  const answers: NoticeIntent[] = [];
  for (const one of filed) {
    const { messageId } = one.understood;
    const reply = one.understanding.outcome === "filed" ? await answer(answerFacts(one), campaign) : null;
    if (!backlog.has(messageId)) answers.push(...(await tellContacts(one, campaign)));
    if (!reply) continue;
    const notBefore = backlog.has(messageId) ? UNTIL_THE_OFFICE_SAYS_SO : reply.notBefore;
    answers.push({ ...reply, key: `${reply.key}/filed`, notBefore });
  }
  await intend(trx, campaign, answers, now);
  await recordAudit(
    trx,
    campaign.code,
    byCommand(now),
    filed.map(({ understood, submissions }) => ({
      ...{ action: "reclassify", about: `mail/${understood.messageId}` },
      after: submissions.map(({ reference }) => reference).join(" "),
    })),
  );
  return new Map(
    filed.map(({ understood, understanding, submissions }) => [
      understood.messageId,
      { understanding, references: submissions.map(({ reference }) => reference) },
    ]),
  );
}

/** A correction or a word of thanks of last week is not carried out today: what it speaks of has moved on. */
function isSure({ outcome, type, submissions }: Understanding): boolean {
  return outcome === "filed" && type.value !== CORRECTION && submissions.length > 0;
}

function lookedAgain(message: EarlierUnderstood, understanding: Understanding): LookedAgain {
  const { id, fromAddress, subject, references } = message;
  const taken = ({ outcome, reason, type, unit, submissions }: Understanding): Taken => ({
    ...{ outcome, reason, type: type.value, unit: unit.value },
    submissions: submissions.map((one) => ({ type: one.type, unit: one.unit, item: one.item })),
  });
  const none: Taken = { outcome: "held", reason: message.reason, type: null, unit: null, submissions: [] };
  const { type, unit } = understanding;
  const why = [type, unit].flatMap(({ value, evidence }) =>
    evidence.filter((one) => one.speaksFor === value).slice(0, 3),
  );
  return {
    ...{ message: id, fromAddress, subject, references, why },
    before: message.understanding ? { ...taken(message.understanding), reason: message.reason } : none,
    after: taken(understanding),
    files: isSure(understanding),
  };
}

/** Another outcome, or other types, units and items; the same ones in another order are the same. */
export function differs({ before, after }: LookedAgain): boolean {
  const of = ({ submissions }: Taken) =>
    submissions.map(({ type, unit, item }) => `${type}/${unit}/${item}`).sort();
  return (
    before.outcome !== after.outcome ||
    (after.outcome !== "filed" && before.reason !== after.reason) ||
    before.type !== after.type ||
    before.unit !== after.unit ||
    of(before).join() !== of(after).join()
  );
}
