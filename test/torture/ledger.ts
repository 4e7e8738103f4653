// What a ledger must be like at any moment, and when everything is quiet, by the storm's own SQL and its own memory.
import type pg from "pg";
import type { Delivered, World } from "./world.ts";

/** Every state there may be, and from which to which a notice may go (design §4). */
const messageStates = ["received", "filed", "held", "automatic", "ignored", "oversize"];
const submissionStates = ["current", "superseded", "withdrawn"];
const noticeSteps = new Set([
  "intended>claimed",
  "claimed>intended",
  "claimed>data-sent",
  "claimed>dropped",
  "claimed>rejected",
  "data-sent>accepted",
  "data-sent>rejected",
  "data-sent>ambiguous",
  "data-sent>intended",
  "data-sent>bounced",
  "ambiguous>accepted",
  "ambiguous>intended",
  "ambiguous>dropped",
  "ambiguous>bounced",
  "accepted>bounced",
  "intended>dropped",
  "dropped>intended",
]);

export interface Findings {
  /** Mails that are nowhere, or not what they must be. */
  lost: string[];
  filedTwice: string[];
  noticesLost: string[];
  noticesTwice: string[];
  falseOverdue: string[];
  /** Anything else that must never be: a state or step that is not listed, a dangling row. */
  broken: string[];
}

export const kindsOfFinding = [
  "lost",
  "filedTwice",
  "noticesLost",
  "noticesTwice",
  "falseOverdue",
  "broken",
] as const satisfies (keyof Findings)[];

export function noFindings(): Findings {
  return { lost: [], filedTwice: [], noticesLost: [], noticesTwice: [], falseOverdue: [], broken: [] };
}

interface Notice {
  id: number;
  key: string;
  kind: string;
  state: string;
  rfc_message_id: string;
  cause_message_id: number | null;
  unit: string | null;
  still_owed: string[];
  steps: string[];
}

interface Message {
  id: number;
  sha256: string;
  state: string;
  reason: string | null;
  attempts: number;
  records: number;
  arrived_at: Date;
}

interface Submission {
  id: number;
  message_id: number;
  state: string;
  supersedes: number | null;
  arrived_at: Date;
}

interface Ledger {
  notices: Notice[];
  messages: Message[];
  submissions: Submission[];
  lastNumber: number;
  torn: string[];
}

/** The mailbox must have been read within this time before anybody is told that he is late (design §5). */
const INTERLOCK_MS = 30 * 60_000;

/** Remembers every step of every notice, in the transaction that makes it. */
export async function watchNotices(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create schema torture;
    create table torture.step (notice_id bigint not null, step text not null, at timestamptz not null default now());
    create index on torture.step (notice_id);
    create function torture.remember() returns trigger language plpgsql as $$ begin
      insert into torture.step (notice_id, step) values (new.id, old.state || '>' || new.state);
      return null;
    end $$;
    create trigger remember after update on notice for each row when (old.state <> new.state)
      execute function torture.remember()`);
}

/** One moment of everything, whatever is going on. Rejects where the database does not answer. */
async function readLedger(client: pg.ClientBase): Promise<Ledger> {
  await client.query("begin transaction isolation level repeatable read read only");
  try {
    const all = async <Row>(text: string): Promise<Row[]> => (await client.query(text)).rows as Row[];
    return {
      notices:
        await all(`select id::int, key, kind, state, rfc_message_id, cause_message_id::int, unit, still_owed,
        coalesce((select array_agg(step.step order by step.at) from torture.step where notice_id = notice.id), '{}') as steps
        from notice order by id`),
      messages:
        await all(`select id::int, encode(sha256, 'hex') as sha256, state, reason, attempts, arrived_at,
        (select count(*)::int from mail_record where message_id = message.id) as records from message order by id`),
      submissions: await all(
        "select id::int, message_id::int, state, supersedes::int, arrived_at from submission order by id",
      ),
      lastNumber:
        (await all<{ last: number }>("select coalesce(max(last), 0)::int as last from reference_counter"))[0]
          ?.last ?? 0,
      torn: (
        await all<{ hash: string }>(`select encode(sha256, 'hex') as hash from blob where bytes <>
          coalesce((select sum(octet_length(data)) from blob_chunk where blob_chunk.sha256 = blob.sha256), 0)`)
      ).map(({ hash }) => hash),
    };
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}

/** Looks at the whole ledger at this moment; `ambiguous` counts sendings whose end nobody could know. */
export async function inspect(
  client: pg.ClientBase,
  world: World,
): Promise<{ findings: Findings; ambiguous: number; ledger: Ledger }> {
  // Before and after: what the server has now was given to it by now; what is said to be accepted now, it has by then.
  const before = new Map([...world.arrived.values()].map((mail) => [mail.messageId, mail.at.length]));
  const ledger = await readLedger(client);
  const findings = noFindings();
  const letters = asHandled(ledger, world);
  lookAtMessages(ledger, letters, findings);
  lookAtSubmissions(ledger, letters, findings);
  const ambiguous = lookAtNotices(ledger, world, before, findings);
  lookAtAnswers(ledger, letters, findings);
  lookForFalseOverdue(ledger, world, findings);
  return { findings, ambiguous, ledger };
}

/**
 * Every letter by its bytes, with what it must become: of a mail and its copies, whichever is handled first is filed, and
 * the others repeat it. A death may put the older behind the younger.
 */
function asHandled({ messages }: Ledger, { letters }: World): Map<string, Delivered> {
  const states = new Map(messages.map(({ sha256, state }) => [sha256, state]));
  const byHash = new Map(letters.map((letter) => [letter.sha256, letter]));
  for (const copy of letters) {
    const first = letters.find((letter) => letter === copy.repeats);
    if (!first || states.get(copy.sha256) !== "filed") continue;
    byHash.set(copy.sha256, { ...copy, expect: first.expect });
    byHash.set(first.sha256, { ...first, expect: copy.expect });
  }
  return byHash;
}

function lookAtMessages(
  { messages, torn }: Ledger,
  letters: Map<string, Delivered>,
  findings: Findings,
): void {
  for (const { id, sha256, state, records } of messages) {
    if (!messageStates.includes(state)) findings.broken.push(`message ${id} is ${state}`);
    if (!letters.has(sha256))
      findings.broken.push(`message ${id} (${sha256.slice(0, 12)}) was sent by nobody`);
    if (records === 0) findings.broken.push(`message ${id} has no record of where it was seen`);
  }
  if (new Set(messages.map(({ sha256 }) => sha256)).size < messages.length)
    findings.filedTwice.push("two messages have the same bytes");
  for (const hash of torn) findings.broken.push(`blob ${hash.slice(0, 12)} is not whole`);
}

function lookAtSubmissions(
  { submissions, messages, lastNumber }: Ledger,
  letters: Map<string, Delivered>,
  findings: Findings,
): void {
  const perMessage = countBy(submissions, ({ message_id }) => message_id);
  for (const message of messages) {
    const letter = letters.get(message.sha256);
    const count = perMessage.get(message.id) ?? 0;
    if (letter && letter.expect.submissions >= 0 && count > letter.expect.submissions)
      findings.filedTwice.push(`${letter.kind} ${letter.messageId} has ${count} submissions`);
    if (count > 0 && message.state !== "filed")
      findings.broken.push(`message ${message.id} is ${message.state} and has submissions`);
  }
  for (const { id, state, supersedes } of submissions) {
    if (!submissionStates.includes(state)) findings.broken.push(`submission ${id} is ${state}`);
    const older = submissions.find((one) => one.id === supersedes);
    if (older?.state === "current")
      findings.broken.push(`submission ${id} and the older ${older.id} are both current`);
    if (state === "superseded" && !submissions.some((one) => one.supersedes === id))
      findings.broken.push(`submission ${id} is superseded by nothing`);
  }
  // Numbers are given in the transaction that files: what a kill took back, it gave its numbers back.
  if (lastNumber !== submissions.length)
    findings.broken.push(`${submissions.length} submissions have numbers up to ${lastNumber}`);
}

function lookAtNotices(
  ledger: Ledger,
  world: World,
  before: Map<string, number>,
  findings: Findings,
): number {
  let events = 0;
  const known = new Set(ledger.notices.map(({ rfc_message_id }) => rfc_message_id));
  for (const notice of ledger.notices) {
    const name = `${notice.kind} ${notice.key} (${notice.state})`;
    for (const step of notice.steps) if (!noticeSteps.has(step)) findings.broken.push(`${name} went ${step}`);
    const unsure = notice.steps.filter((step) => step.endsWith(">ambiguous")).length;
    const open = notice.state === "data-sent" ? 1 : 0;
    events += unsure;
    const mail = world.arrived.get(notice.rfc_message_id);
    const hadArrived = before.get(notice.rfc_message_id) ?? 0;
    if (notice.state === "accepted" && !mail) findings.noticesLost.push(`${name} never reached the server`);
    if (hadArrived > 0 && !notice.steps.includes("claimed>data-sent"))
      findings.broken.push(`${name} reached the server and never was data-sent`);
    // Each sending whose end nobody could know allows one more; not where a copy could be found.
    const allowed = 1 + (mail?.hasCopy ? 0 : unsure);
    if (hadArrived > allowed)
      findings.noticesTwice.push(`${name} arrived ${hadArrived} times, ${unsure} ambiguous`);
    if (notice.state === "intended" && hadArrived > 0 && unsure + open === 0)
      findings.noticesTwice.push(`${name} arrived and is to be sent again`);
  }
  for (const messageId of before.keys())
    if (!known.has(messageId)) findings.broken.push(`${messageId} arrived and is not in the outbox`);
  return events;
}

function lookAtAnswers(
  { notices, messages }: Ledger,
  letters: Map<string, Delivered>,
  findings: Findings,
): void {
  const answers = countBy(
    notices.filter(({ cause_message_id }) => cause_message_id !== null),
    ({ cause_message_id }) => cause_message_id as number,
  );
  for (const message of messages) {
    const letter = letters.get(message.sha256);
    if (!letter || message.state === "received") continue;
    const count = answers.get(message.id) ?? 0;
    const { answers: expected } = letter.expect;
    if (count > 1 || (expected === 0 && count > 0))
      findings.noticesTwice.push(`${letter.kind} ${letter.messageId} has ${count} answers`);
    if (expected === 1 && count === 0)
      findings.noticesLost.push(
        `${letter.kind} ${letter.messageId} (${message.state} ${message.reason ?? ""}) has no answer`,
      );
  }
}

/** Told that something is overdue, though it had been on the server for longer than the interlock allows to be unread. */
function lookForFalseOverdue({ notices }: Ledger, world: World, findings: Findings): void {
  for (const notice of notices) {
    if (notice.kind !== "overdue" && notice.kind !== "escalation") continue;
    const told = world.arrived.get(notice.rfc_message_id)?.at[0];
    if (!told) continue;
    for (const owed of notice.still_owed) {
      const [deliverable] = owed.split("/");
      const came = world.letters.find(
        ({ reportOf }) => reportOf === notice.unit && deliverable === "summary-report",
      )?.deliveredAt;
      if (came && came.getTime() + INTERLOCK_MS < told.getTime())
        findings.falseOverdue.push(
          `${notice.key}: told at ${told.toISOString()}, ${owed} came at ${came.toISOString()}`,
        );
    }
  }
}

/** When everything is quiet: every letter is what it had to become, and nothing is under way. */
export function settled(ledger: Ledger, world: World): Findings {
  const findings = noFindings();
  const byHash = new Map(ledger.messages.map((message) => [message.sha256, message]));
  const perMessage = countBy(ledger.submissions, ({ message_id }) => message_id);
  for (const letter of asHandled(ledger, world).values()) {
    const message = byHash.get(letter.sha256);
    const name = `${letter.kind} ${letter.messageId}`;
    if (!message) {
      findings.lost.push(`${name} is not in the ledger`);
      continue;
    }
    if (!letter.expect.states.includes(message.state))
      findings.lost.push(
        `${name} is ${message.state} ${message.reason ?? ""} after ${message.attempts} attempts`,
      );
    else if (letter.expect.submissions > (perMessage.get(message.id) ?? 0))
      findings.lost.push(
        `${name} is ${message.state} and brought ${perMessage.get(message.id) ?? 0} submissions`,
      );
  }
  for (const copy of world.letters) {
    const both = [copy.sha256, world.letters.find((letter) => letter === copy.repeats)?.sha256];
    const came = both.flatMap((sha256) => byHash.get(sha256 ?? "") ?? []);
    const brought = ledger.submissions.find(({ message_id }) => came.some(({ id }) => id === message_id));
    if (copy.repeats && brought && came.some(({ arrived_at }) => arrived_at < brought.arrived_at))
      findings.broken.push(`submission ${brought.id} counts from later than the first of its copies came`);
  }
  for (const { kind, key, state, steps } of ledger.notices) {
    if (["intended", "claimed", "data-sent"].includes(state))
      findings.noticesLost.push(`${kind} ${key} is still ${state}`);
    // Sent once more at the latest after a day; in doubt twice, or an accusation, it is for the office to decide.
    const doubts = steps.filter((step) => step.endsWith(">ambiguous")).length;
    if (state === "ambiguous" && doubts === 1 && !["overdue", "escalation"].includes(kind))
      findings.noticesLost.push(`${kind} ${key} is in doubt and was not sent again`);
  }
  return findings;
}

function countBy<Item>(items: Item[], keyOf: (item: Item) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
