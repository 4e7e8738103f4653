// The office's instructions are carried out, each by itself and each with its own result, in the mail's transaction.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { type AuditEntry, recordAudit } from "../store/audit.ts";
import type { Trx } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";
import type { Instruction, InstructionProblem } from "../understand/instruction.ts";
import type { Changes } from "../understand/named-values.ts";
import {
  auditActor,
  type Decided,
  type Decider,
  decideSubmission,
  dutyOf,
  type KeptCorrection,
  keepCorrections,
  lockReplacing,
  type OfficeSubmission,
  reinstate,
  stateOfMail,
  submissionForOffice,
} from "./office/records.ts";
import { setSubmissionStates, submissionsOfMessages } from "./records.ts";
import { dismissForOffice, fileForOffice, type Refusal, type Settled } from "./settle.ts";
import { type Submission, timelinessOf } from "./submission.ts";
import { saysItReplaces, supersede } from "./supersede.ts";

/** One fact of a submission, in codes, before and after. */
export interface Change {
  field: "unit" | "type" | "item" | "people" | "title";
  before: string | null;
  after: string | null;
}

export type NotDone =
  | { why: "unclear"; problems: InstructionProblem[] }
  | { why: "either"; reference: string; mail: number }
  | { why: "no-such-submission"; reference: string }
  | { why: "not-current"; state: Submission["state"] }
  | { why: "withdraws-and-changes" }
  | { why: "dismisses-filed" }
  | { why: "withdraws-held" }
  /** The mail was decided before; what it was filed as. */
  | { why: "decided"; state: MessageState; references: string[] }
  | Exclude<Refusal, { why: "not-held" }>;

export type Done =
  | { did: "filed"; submissions: Settled["submissions"]; superseded: Map<string, string> }
  | { did: "dismissed" }
  | { did: "withdrawn" }
  /** It stands again; `withdrawn`: the version that had taken its place. */
  | { did: "restored"; withdrawn: string | null }
  | { did: "confirmed" }
  | { did: "changed"; changes: Change[]; supersedes: string | null; reinstated: string | null }
  /** It says so already. */
  | { did: "unchanged" };

export interface Instructed {
  line: string;
  /** Which line of the mail it was. */
  at: number;
  /** Of the submission; null for a mail, or where nothing was found. */
  reference: string | null;
  /** Of the mail that waited. */
  mail: number | null;
  result: Done | NotDone;
}

export async function instruct(
  trx: Trx,
  campaign: Campaign,
  instructions: Instruction[],
  decider: Decider,
): Promise<Instructed[]> {
  const results: Instructed[] = [];
  for (const instruction of instructions) results.push(await carryOut(trx, campaign, instruction, decider));
  return results;
}

async function carryOut(
  trx: Trx,
  campaign: Campaign,
  instruction: Instruction,
  decider: Decider,
): Promise<Instructed> {
  const { line, at, target, problems } = instruction;
  const submission = target.reference
    ? await submissionForOffice(trx, campaign.code, target.reference)
    : null;
  const state = target.mail === null ? null : await stateOfMail(trx, campaign.code, target.mail);
  const waits = state === "held" || state === "oversize";
  const { reference, mail } = target;
  if (reference !== null && mail !== null && submission && waits)
    return { line, at, reference, mail, result: { why: "either", reference, mail } };
  if (problems.length > 0)
    return {
      line,
      at,
      reference,
      mail: reference === null ? mail : null,
      result: { why: "unclear", problems },
    };
  if (submission || mail === null || (reference !== null && !waits)) {
    const result: Done | NotDone = submission
      ? await decide(trx, campaign, submission, instruction, decider)
      : { why: "no-such-submission", reference: reference ?? "" };
    return { line, at, reference, mail: null, result };
  }
  return { line, at, reference: null, mail, result: await settle(trx, campaign, mail, instruction, decider) };
}

/** A mail that waits: filed as the office says, or put aside. */
async function settle(
  trx: Trx,
  campaign: Campaign,
  id: number,
  { changes, act }: Instruction,
  decider: Decider,
): Promise<Done | NotDone> {
  if (act === "withdraw" || act === "restore") return { why: "withdraws-held" };
  if (act === "dismiss") {
    if (hasFacts(changes)) return { why: "withdraws-and-changes" };
    const refusal = await dismissForOffice(trx, campaign, id, changes.note ?? null, decider);
    return refusal ? notHeld(trx, id, refusal) : { did: "dismissed" };
  }
  const { note: _, ...named } = changes;
  // "登记" files what is not named as guessed; a line that names a unit names only that.
  const choice = { ...named, asGuessed: act === "file" };
  const settled = await fileForOffice(trx, campaign, id, choice, decider);
  return "why" in settled ? notHeld(trx, id, settled) : { did: "filed", ...settled };
}

async function notHeld(trx: Trx, id: number, refusal: Refusal): Promise<NotDone> {
  if (refusal.why !== "not-held") return refusal;
  const filed = await submissionsOfMessages(trx, [id]);
  const references = filed.map(({ reference }) => reference).sort();
  return { why: "decided", state: refusal.state, references };
}

function hasFacts({ note: _, ...facts }: Changes): boolean {
  return Object.keys(facts).length > 0;
}

/** A submission: withdrawn, confirmed, or changed; its arrival stays (what is late does not become early by moving). */
async function decide(
  trx: Trx,
  campaign: Campaign,
  submission: OfficeSubmission,
  { changes, act }: Instruction,
  decider: Decider,
): Promise<Done | NotDone> {
  if (act === "restore") return restore(trx, campaign, submission, changes, decider);
  if (submission.state !== "current") return { why: "not-current", state: submission.state };
  if (act === "dismiss") return { why: "dismisses-filed" };
  const of = { messageId: submission.messageId, submissionId: submission.id };
  if (act === "withdraw") {
    if (hasFacts(changes)) return { why: "withdraws-and-changes" };
    await setSubmissionStates(trx, [submission.id], "withdrawn");
    const kept: KeptCorrection = { ...of, field: "withdraw", before: "current", after: changes.note ?? null };
    await keepCorrections(trx, campaign.code, [kept], decider);
    return { did: "withdrawn" };
  }
  const decided = decidedOf(campaign, submission, changes, act === "file");
  if ("why" in decided) return decided;
  const made = changesBetween(submission, decided);
  const isConfirmed = decided.verified && !submission.verified;
  if (made.length === 0 && !isConfirmed && act !== "file") return { did: "unchanged" };
  const reinstated = await leaveDuty(trx, submission, decided);
  const supersedes =
    made.length > 0 || isConfirmed ? await takePlace(trx, campaign, submission, decided) : null;
  await decideSubmission(trx, submission.id, decided, decider);
  const kept: KeptCorrection[] = made.map((change) => ({ ...of, ...change }));
  if (act === "file" || isConfirmed) {
    kept.push({ ...of, field: "confirm", before: `${submission.verified}`, after: "true" });
    // Whose it is was looked at as well: an example like any other.
    const { unit } = decided;
    const isLookedAt = act === "file" || made.length === 0;
    if (isLookedAt && unit === submission.unit)
      kept.push({ ...of, field: "unit", before: unit, after: unit });
  }
  await keepCorrections(trx, campaign.code, kept, decider);
  const about = submission.reference;
  const moved: AuditEntry[] = [
    ...(reinstated === null ? [] : [{ action: "reinstate" as const, about: reinstated, before: about }]),
    ...(supersedes === null ? [] : [{ action: "supersede" as const, about, before: supersedes }]),
  ];
  await recordAudit(trx, campaign.code, auditActor(decider), moved);
  return made.length > 0 ? { did: "changed", changes: made, supersedes, reinstated } : { did: "confirmed" };
}

/** What was replaced or withdrawn stands again; what had taken its place is withdrawn, and stays readable. */
async function restore(
  trx: Trx,
  campaign: Campaign,
  { id, messageId, state }: OfficeSubmission,
  changes: Changes,
  decider: Decider,
): Promise<Done | NotDone> {
  if (hasFacts(changes)) return { why: "withdraws-and-changes" };
  if (state === "current") return { did: "unchanged" };
  const newer = await lockReplacing(trx, id);
  const kept: KeptCorrection[] = [
    { messageId, submissionId: id, field: "restore", before: state, after: changes.note ?? null },
  ];
  if (newer) {
    await setSubmissionStates(trx, [newer.id], "withdrawn");
    const of = { messageId: newer.messageId, submissionId: newer.id };
    kept.push({ ...of, field: "withdraw", before: "current", after: changes.note ?? null });
  }
  await reinstate(trx, id, state);
  await keepCorrections(trx, campaign.code, kept, decider);
  return { did: "restored", withdrawn: newer?.reference ?? null };
}

function decidedOf(
  campaign: Campaign,
  submission: OfficeSubmission,
  changes: Changes,
  confirmed: boolean,
): Decided | Exclude<Refusal, { why: "not-held" }> {
  const type = changes.type ?? submission.type;
  const deliverable = deliverableOf(campaign, type);
  if (!deliverable) return { why: "type-needed" };
  const item = changes.item ?? (type === submission.type ? submission.item : null);
  if (item === null && deliverable.items.length > 0) return { why: "item-needed", type };
  if (item !== null && !deliverable.items.some(({ code }) => code === item))
    return { why: "item-unfit", type };
  const unit = changes.unit === undefined ? submission.unit : changes.unit;
  if (unitOf(campaign, unit) === null && deliverable.from === "unit") return { why: "unit-needed" };
  const { supersedes, state } = submission;
  return {
    ...{ type, item, unit, supersedes, state },
    people: changes.people ?? submission.people,
    title: changes.title ?? submission.title,
    timeliness: timelinessOf(campaign, type, submission.arrivedAt),
    // Whoever of the office says whose it is, or that it is in order, has looked (R60).
    verified: submission.verified || confirmed || (changes.unit !== undefined && changes.unit !== null),
    provisional: submission.provisional && !confirmed && deliverable.from === "unit",
  };
}

function changesBetween(before: OfficeSubmission, after: Decided): Change[] {
  const names = ({ people }: { people: string[] }) => people.join("、");
  const all: Change[] = [
    { field: "unit", before: before.unit, after: after.unit },
    { field: "type", before: before.type, after: after.type },
    { field: "item", before: before.item, after: after.item },
    { field: "people", before: names(before), after: names(after) },
    { field: "title", before: before.title, after: after.title },
  ];
  return all.filter((change) => change.before !== change.after);
}

/** What it had replaced under the wrong unit or type stands again: the right one must not owe for another's mistake. */
async function leaveDuty(trx: Trx, submission: OfficeSubmission, decided: Decided): Promise<string | null> {
  if (submission.supersedes === null) return null;
  const older = await dutyOf(trx, submission.supersedes);
  if (!older || (older.type === decided.type && older.unit === decided.unit && older.item === decided.item))
    return null;
  decided.supersedes = null;
  return (await reinstate(trx, submission.supersedes))?.reference ?? null;
}

/** Among the versions of where it now belongs, the rules hold that hold for any newer version. */
async function takePlace(
  trx: Trx,
  campaign: Campaign,
  submission: OfficeSubmission,
  decided: Decided,
): Promise<string | null> {
  if (decided.supersedes !== null) return null;
  const { understanding, ...facts } = submission;
  const saysSo = understanding !== null && saysItReplaces(understanding);
  const moved = { ...facts, ...decided };
  const superseded = await supersede(trx, campaign, [{ submission: moved, saysSo, answers: [] }]);
  decided.supersedes = moved.supersedes;
  return superseded.get(submission.reference) ?? null;
}
