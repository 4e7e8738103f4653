// What people did, each entry in the transaction of the act and chained to all before it: added, read and checked (R69).
import { createHash, randomBytes } from "node:crypto";
import { basename } from "node:path";
import { sql } from "kysely";
import { operator } from "../campaign/environment.ts";
import { type Database, dbText, type Trx } from "./database.ts";

/** Everything a person can do that changes something here, or takes data out of it. */
export const auditActions = [
  // The office about what is owed.
  ...["receipt", "receipt-revoked", "extension", "extension-revoked", "waiver", "waiver-revoked"],
  // The office about mails and what was filed from them.
  ...["file", "dismiss", "correct", "confirm", "withdraw", "supersede", "reinstate", "reclassify"],
  // Senders about what they handed in.
  ...["sender-correct", "sender-withdraw", "sender-supersede", "sender-supplement", "sender-complete"],
  // The office about what we write.
  ...["notice-resend", "notice-settle", "backlog-answer", "backlog-dismiss", "announce", "announce-stop"],
  "resume-address",
  // Whoever keeps it running.
  ...["migrate", "grant", "digest", "export", "backup", "restore", "purge", "forget"],
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Who did it: an address by mail; on the command line the system's user, and the name he gave. */
export interface AuditActor {
  by: string | null;
  way: "mail" | "command" | "console";
  /** The mail that asked for it. */
  askedIn: number | null;
  at: Date;
}

/** Whoever typed a command that asks for no name. */
export const byCommand = (at: Date): AuditActor => ({ by: null, way: "command", askedIn: null, at });

/** `about` names a thing by number or code and is kept for good; people stand in `before` and `after` only. */
export interface AuditEntry {
  action: AuditAction;
  about: string;
  before?: string | null;
  after?: string | null;
}

const SALT_BYTES = 16;

/** `campaign`: its code; null for what concerns the whole installation. */
export async function recordAudit(
  trx: Trx,
  campaign: string | null,
  { by, way, askedIn, at }: AuditActor,
  entries: AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const who = way === "command" ? [operator(), by].filter(Boolean).join(" / ") : (by ?? "");
  const rows = entries.map(({ action, about, before = null, after = null }) => {
    const salt = randomBytes(SALT_BYTES);
    const personal = {
      who: dbText(who, 500),
      before: before === null ? null : dbText(before, 2_000),
      after: after === null ? null : dbText(after, 2_000),
    };
    const sealed = sealOf(salt, personal);
    return {
      ...{ campaign, at, way, action, about: dbText(about, 500), asked_in: askedIn },
      ...personal,
      ...{ salt, sealed, forgotten_at: null },
    };
  });
  await trx.insertInto("audit").values(rows).execute();
}

/** Data that leaves for a file is an act of a person, though nothing here changes. */
export async function noteExport(
  trx: Trx,
  campaign: string,
  { what, file }: { what: "ledger" | "compendium" | "urging"; file: string },
  at: Date,
): Promise<void> {
  await recordAudit(trx, campaign, byCommand(at), [{ action: "export", about: what, after: basename(file) }]);
}

/** Forgets who and what in entries that speak of a person by a word this pattern finds; returns how many. The chain holds. */
export async function forgetAudited(trx: Trx, pattern: string, actor: AuditActor): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    update audit set who = null, before = null, after = null, salt = null, forgotten_at = ${actor.at}
    where salt is not null and concat_ws(' ', who, before, after) ~* ${pattern}
    returning id`.execute(trx);
  // Which were emptied is itself in the chain: anything else that lost its words was tampered with.
  const ids = rows.map(({ id }) => id);
  const parts = Array.from({ length: Math.ceil(ids.length / NAMED_MAX) }, (_, part) =>
    ids.slice(part * NAMED_MAX, (part + 1) * NAMED_MAX),
  );
  await recordAudit(
    trx,
    null,
    actor,
    parts.map((part) => ({ action: "forget" as const, about: `audit/${part.join(",")}` })),
  );
  return ids.length;
}

/** For a database that is thrown away and must say the same every time: no chain does, for its salts are random. */
export async function leaveUnchained(db: Database): Promise<void> {
  await sql`alter table audit disable trigger audit_chained`.execute(db);
}

const likePattern = (part: string) => `%${dbText(part).replace(/[\\%_]/g, "\\$&")}%`;

/** So many numbers fit into one entry. */
const NAMED_MAX = 20;

/** The newest link: said outside (in the digest), it shows a chain that was written anew or cut off. */
export interface AuditHead {
  number: number;
  /** Hex. */
  hash: string;
}

export async function auditHead(trx: Trx): Promise<AuditHead | null> {
  const row = await trx
    .selectFrom("audit_chain")
    .select(["number", "hash"])
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { number: row.number, hash: row.hash.toString("hex") } : null;
}

export interface AuditRow {
  id: number;
  /** Null: it is not in the chain. */
  number: number | null;
  campaign: string | null;
  at: Date;
  way: AuditActor["way"];
  /** One of a newer version may be none of ours. */
  action: string;
  about: string;
  askedIn: number | null;
  /** Null: forgotten. */
  who: string | null;
  before: string | null;
  after: string | null;
}

interface ChainedRow extends AuditRow {
  salt: Buffer | null;
  sealed: Buffer;
  hash: Buffer | null;
}

const BATCH = 1_000;

/** Oldest first; what is outside the chain at the end. */
export async function* auditRows(
  db: Database,
  {
    from = null,
    to = null,
    about,
  }: { from?: Date | null; to?: Date | null; about?: string | undefined } = {},
): AsyncGenerator<ChainedRow> {
  for (let after = 0, unchained = 0; ; ) {
    const rows = await db
      .selectFrom("audit as a")
      .leftJoin("audit_chain as c", "c.audit_id", "a.id")
      .select(["a.id", "a.campaign", "a.at", "a.way", "a.action", "a.about", "a.asked_in as askedIn"])
      .select(["a.who", "a.before", "a.after", "a.salt", "a.sealed", "c.number", "c.hash"])
      .where((where) =>
        where.or([
          where("c.number", ">", after),
          where.and([where("c.number", "is", null), where("a.id", ">", unchained)]),
        ]),
      )
      .$if(from !== null, (query) => query.where("a.at", ">=", from))
      .$if(to !== null, (query) => query.where("a.at", "<=", to))
      .$if(about !== undefined, (query) => query.where("a.about", "ilike", likePattern(about ?? "")))
      .orderBy("c.number")
      .orderBy("a.id")
      .limit(BATCH)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    if (last.number === null) [after, unchained] = [Number.MAX_SAFE_INTEGER, last.id];
    else after = last.number;
  }
}

export type AuditFault =
  /** Something of the entry, or of one before it, is not as it was written. */
  | { fault: "changed"; number: number; about: string }
  | { fault: "missing"; number: number }
  /** Put in behind the chain's back. */
  | { fault: "unchained"; id: number; about: string }
  /** Its words are gone, and no one is on record for having had them forgotten. */
  | { fault: "emptied"; number: number; about: string }
  /** What was said outside is not what is here: cut off, or written anew. */
  | { fault: "head"; number: number; expected: string; found: string | null };

/**
 * Computes the whole chain anew; the first fault, or null. `known` is a head that was noted earlier, its hash in full or
 * only its beginning.
 */
export async function verifyAudit(
  db: Database,
  known: AuditHead | null = null,
): Promise<{ head: AuditHead | null; fault: AuditFault | null }> {
  let head: AuditHead | null = null;
  let atKnown: string | null = null;
  const emptied = new Map<number, { number: number; about: string }>();
  for await (const row of auditRows(db)) {
    const { id, number, about } = row;
    if (number === null || row.hash === null) return { head, fault: { fault: "unchained", id, about } };
    const expected: number = (head?.number ?? 0) + 1;
    if (number !== expected) return { head, fault: { fault: "missing", number: expected } };
    const isWhole = row.salt === null || sealOf(row.salt, row).equals(row.sealed);
    const hash = linkOf(head?.hash ?? null, row);
    if (!isWhole || hash !== row.hash.toString("hex"))
      return { head, fault: { fault: "changed", number, about } };
    if (row.salt === null) emptied.set(id, { number, about });
    if (row.action === "forget") for (const gone of forgottenIn(about)) emptied.delete(gone);
    head = { number, hash };
    if (known?.number === number) atKnown = hash;
  }
  const [first] = emptied.values();
  if (first) return { head, fault: { fault: "emptied", ...first } };
  if (known && !atKnown?.startsWith(known.hash)) {
    const { number, hash: expected } = known;
    return { head, fault: { fault: "head", number, expected, found: atKnown } };
  }
  return { head, fault: null };
}

function forgottenIn(about: string): number[] {
  const [, ids = ""] = /^audit\/([\d,]+)$/.exec(about) ?? [];
  return ids.split(",").filter(Boolean).map(Number);
}

/** As the database writes it: every part with its length before it. */
function linkOf(previous: string | null, row: ChainedRow): string {
  const { number, campaign, at, way, action, about, askedIn, sealed } = row;
  const parts = [`${number}`, previous, campaign, at.toISOString(), way, action, about];
  const all = [...parts, askedIn === null ? null : `${askedIn}`, sealed.toString("hex")];
  return createHash("sha256").update(all.map(partOf).join("")).digest("hex");
}

function sealOf(
  salt: Buffer,
  { who, before, after }: { who: string | null; before: string | null; after: string | null },
): Buffer {
  const content = [who, before, after].map(partOf).join("");
  return createHash("sha256").update(salt).update(content).digest();
}

const partOf = (value: string | null): string =>
  value === null ? "-" : `${Buffer.byteLength(value)}:${value}`;
