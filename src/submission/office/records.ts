// SQL of what the office decides: which of our notices a mail answers, what is changed, and the examples kept of it.
import { sql } from "kysely";
import { type AuditActor, type AuditEntry, recordAudit } from "../../store/audit.ts";
import { dbText, type Trx } from "../../store/database.ts";
import type { CorrectionTable, MessageState } from "../../store/tables.ts";
import type { Understanding } from "../../understand/evidence.ts";
import { type Example, nameRead } from "../../understand/learned.ts";
import type { Submission, SubmissionState } from "../submission.ts";

/** A submission the office is about to decide, locked, with what its mail was understood to be. */
export type OfficeSubmission = Submission & { ordinal: number; understanding: Understanding | null };

export async function submissionForOffice(
  trx: Trx,
  campaign: string,
  reference: string,
): Promise<OfficeSubmission | null> {
  const row = await trx
    .selectFrom("submission as s")
    .innerJoin("message as m", "m.id", "s.message_id")
    .select([
      "s.id",
      "s.reference",
      "s.campaign",
      "s.message_id as messageId",
      "s.ordinal",
      "s.type",
      "s.item",
    ])
    .select(["s.unit", "s.people", "s.title", "s.text", "s.state", "s.arrived_at as arrivedAt", "s.verified"])
    .select(["s.timeliness", "s.provisional", "s.supersedes", "m.understanding"])
    .where("s.campaign", "=", campaign)
    .where("s.reference", "=", reference)
    .forUpdate("s")
    .executeTakeFirst();
  return row ? { ...row, understanding: row.understanding as Understanding | null } : null;
}

/** What mail waits for a person under this number; null: none has the number. */
export async function stateOfMail(trx: Trx, campaign: string, id: number): Promise<MessageState | null> {
  const row = await trx
    .selectFrom("message")
    .select("state")
    .where("campaign", "=", campaign)
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.state ?? null;
}

export type Decided = Pick<
  Submission,
  | "unit"
  | "type"
  | "item"
  | "people"
  | "title"
  | "verified"
  | "timeliness"
  | "provisional"
  | "supersedes"
  | "state"
>;

/** The office's word stands from now on: no rule and no re-run touches what `decided_by` names it for (R30). */
export async function decideSubmission(
  trx: Trx,
  id: number,
  decided: Decided,
  { at, way }: Decider,
): Promise<void> {
  const isReadable = sql<Date | null>`case when provisional then ${at}::timestamptz else readable_at end`;
  await trx
    .updateTable("submission")
    .set({
      ...decided,
      ...(!decided.provisional && { readable_at: isReadable }),
      people: decided.people.map((name) => dbText(name, 100)),
      title: dbText(decided.title, 500),
      decided_by: way === "sender" ? "sender" : "office",
    })
    .where("id", "=", id)
    .execute();
}

/** Who decided: the rules no longer did. The office's word stays the office's. */
export async function standAs(trx: Trx, ids: number[], decidedBy: string): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("submission")
    .set({ decided_by: decidedBy })
    .where("id", "in", ids)
    .where("decided_by", "=", "rules")
    .execute();
}

/** The version that stands in place of this one, however many there were between them; locked. */
export async function lockReplacing(
  trx: Trx,
  id: number,
): Promise<{ id: number; messageId: number; reference: string } | null> {
  const { rows } = await sql<{ id: number; messageId: number; reference: string }>`
    with recursive newer as (
      select id from submission where supersedes = ${id}
      union select s.id from submission s join newer on s.supersedes = newer.id)
    select s.id, s.message_id as "messageId", s.reference from submission s
    where s.id in (select id from newer) and s.state = 'current' order by s.id desc limit 1 for update`.execute(
    trx,
  );
  return rows[0] ?? null;
}

/** An older version that was replaced or withdrawn by what turned out to be somebody else's, or nobody's word. */
export async function reinstate(
  trx: Trx,
  id: number,
  from: SubmissionState = "superseded",
): Promise<Pick<Submission, "type" | "unit" | "item" | "reference"> | null> {
  const row = await trx
    .updateTable("submission")
    .set({ state: "current" })
    .where("id", "=", id)
    .where("state", "=", from)
    .returning(["type", "unit", "item", "reference"])
    .executeTakeFirst();
  return row ?? null;
}

export async function dutyOf(
  trx: Trx,
  id: number,
): Promise<Pick<Submission, "type" | "unit" | "item" | "reference"> | null> {
  const row = await trx
    .selectFrom("submission")
    .select(["type", "unit", "item", "reference"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** One thing a person decided: of which mail and submission, what stood there, what stands now. */
export interface KeptCorrection {
  messageId: number;
  submissionId: number | null;
  field: CorrectionTable["field"];
  before: string | null;
  after: string | null;
}

/** Who decided, when, and which way it reached us. */
export interface Decider {
  by: string;
  way: CorrectionTable["way"];
  /** The mail that asked for it. */
  askedIn: number | null;
  at: Date;
}

export async function keepCorrections(
  trx: Trx,
  campaign: string,
  corrections: KeptCorrection[],
  decider: Decider,
): Promise<void> {
  if (corrections.length === 0) return;
  const { by, way, askedIn, at } = decider;
  await recordAudit(trx, campaign, auditActor(decider), await auditEntries(trx, corrections, way));
  await trx
    .insertInto("correction")
    .values(
      corrections.map(({ messageId, submissionId, field, before, after }) => ({
        campaign,
        message_id: messageId,
        submission_id: submissionId,
        field,
        before: before === null ? null : dbText(before, 2_000),
        after: after === null ? null : dbText(after, 2_000),
        made_by: dbText(by, 500),
        made_at: at,
        way,
        asked_in: askedIn,
      })),
    )
    .execute();
}

/** A sender writes mails like the office. */
export const auditActor = ({ way, ...decider }: Decider): AuditActor => ({
  ...decider,
  way: way === "sender" ? "mail" : way,
});

/** Where the office only agrees with what stood there, nothing was changed by it. */
async function auditEntries(
  trx: Trx,
  corrections: KeptCorrection[],
  way: Decider["way"],
): Promise<AuditEntry[]> {
  const changed = corrections.filter(
    ({ field, before, after }) => before !== after || field === "confirm" || field === "dismiss",
  );
  const references = await referencesOf(
    trx,
    changed.flatMap(({ submissionId }) => submissionId ?? []),
  );
  return changed.map(({ messageId, submissionId, field, before, after }) => {
    const about = references.get(submissionId ?? 0) ?? `mail/${messageId}`;
    if (field === "confirm" || field === "dismiss") return { action: field, about, before, after };
    if (field === "restore") return { action: "reinstate", about, before, after };
    if (field === "withdraw")
      return { action: way === "sender" ? "sender-withdraw" : "withdraw", about, before, after };
    const action = way === "sender" ? "sender-correct" : "correct";
    return { action, about: `${about}/${field}`, before, after };
  });
}

async function referencesOf(trx: Trx, ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom("submission")
    .select(["id", "reference"])
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map(({ id, reference }) => [id, reference]));
}

/** Which facts of these submissions the office has set, as "submission/field": its word is not a sender's to change. */
export async function setByOffice(trx: Trx, ids: number[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await trx
    .selectFrom("correction")
    .select(["submission_id", "field"])
    .distinct()
    .where("submission_id", "in", ids)
    .where("way", "<>", "sender")
    .execute();
  return new Set(rows.map(({ submission_id, field }) => `${submission_id}/${field}`));
}

/** Changes whenever a correction is added, in whatever order transactions commit. */
export async function correctionsMark(trx: Trx, campaign: string): Promise<string> {
  const row = await trx
    .selectFrom("correction")
    .select((table) => [table.fn.countAll<number>().as("count"), table.fn.max("id").as("last")])
    .where("campaign", "=", campaign)
    .executeTakeFirstOrThrow();
  return `${row.count}/${row.last ?? 0}`;
}

const FORWARDED = /^\s*(?:fw|fwd|转发|轉寄|轉發)\s*[:：]/i;
const EXAMPLES_MAX = 20_000;

/**
 * The unit the office named for each submission it decided, the latest word of each; a withdrawn one and a sender's own
 * word teach nothing: anybody may write what he likes about himself.
 */
export async function unitExamples(trx: Trx, campaign: string): Promise<Example[]> {
  const { rows } = await sql<
    Omit<Example, "readAs"> & {
      unitAsRead: string | null;
      officeWords: string[] | null;
      standing: string | null;
      subject: string | null;
    }
  >`
    select distinct on (c.submission_id) s.reference, c.after as unit,
      -- Whose address it is, a mail that somebody else may have written does not tell.
      case when m.sender_check is null or m.sender_check ->> 'verdict' = 'pass' then m.from_address end as sender,
      s.unit as standing, m.subject,
      m.understanding ->> 'unitAsRead' as "unitAsRead",
      jsonb_path_query_array(m.understanding, '$.unit.evidence[*] ? (@.where == "office").words') as "officeWords"
    from correction c join submission s on s.id = c.submission_id join message m on m.id = c.message_id
    where c.campaign = ${campaign} and c.field = 'unit' and c.way <> 'sender' and s.state <> 'withdrawn'
    order by c.submission_id, c.id desc
    limit ${EXAMPLES_MAX}`.execute(trx);
  // What has been changed since, by whomever may, is no example any more.
  return rows
    .filter(({ unit, standing }) => unit === standing)
    .map(({ reference, unit, sender, unitAsRead, officeWords, subject }) => ({
      ...{ reference, unit, readAs: nameRead(unitAsRead, officeWords ?? []) },
      // Who forwards a letter is not who wrote it.
      sender: FORWARDED.test(subject ?? "") ? null : sender,
    }));
}
