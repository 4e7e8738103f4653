// SQL of what is due to be removed, and of the record that it was.
import { type RawBuilder, sql } from "kysely";
import type { Retention } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import {
  eraseAttachments,
  eraseNotices,
  eraseOriginals,
  eraseSenders,
  eraseSubmissions,
  eraseWords,
} from "./erase.ts";

export type Kind = keyof Retention;

interface KindRule {
  /** What is still to be removed: id, the instant that counts, a hash and a size of each. */
  open: RawBuilder<unknown>;
  erase(trx: Trx, ids: number[], now: Date): Promise<void>;
}

/** Whole mails of these states, with all that came of them. */
function wholeMails(states: string): KindRule {
  return {
    open: sql`select id, arrived_at as at, sha256, bytes from message
      where state = any(${states}::text[]) and (removed_at is null or anonymous_at is null)`,
    erase: async (trx, ids, now) => {
      await eraseWords(trx, ids, now);
      await eraseSenders(trx, ids, now);
      await eraseAttachments(trx, ids, now);
      await eraseOriginals(trx, ids, now);
    },
  };
}

const rules: Record<Kind, KindRule> = {
  automatic: wholeMails("{automatic,ignored}"),
  held: wholeMails("{held,oversize}"),
  mail: {
    open: sql`select id, arrived_at as at, sha256, bytes from message where state = 'filed' and removed_at is null`,
    erase: async (trx, ids, now) => {
      await eraseWords(trx, ids, now);
      await eraseOriginals(trx, ids, now);
    },
  },
  attachments: {
    open: sql`select m.id, m.arrived_at as at, sha256(string_agg(a.sha256, ''::bytea order by a.id)) as sha256,
        sum(a.bytes) as bytes
      from message m join attachment a on a.message_id = m.id
      where m.state = 'filed' and a.removed_at is null group by m.id`,
    erase: eraseAttachments,
  },
  notices: {
    open: sql`select id, intended_at as at, sha256(convert_to(subject || text, 'UTF8')) as sha256,
        octet_length(text) + coalesce(octet_length(html), 0) as bytes
      from notice where state in ('accepted', 'rejected', 'ambiguous', 'dropped', 'bounced') and removed_at is null`,
    erase: eraseNotices,
  },
  people: {
    open: sql`select id, arrived_at as at,
        sha256(convert_to(coalesce(from_name, '') || coalesce(from_address, ''), 'UTF8')) as sha256, 0 as bytes
      from message where state = 'filed' and anonymous_at is null`,
    erase: eraseSenders,
  },
  submissions: {
    open: sql`select id, arrived_at as at, sha256(convert_to(title || text, 'UTF8')) as sha256,
        octet_length(title) + octet_length(text) as bytes
      from submission where removed_at is null`,
    erase: eraseSubmissions,
  },
};

export const kinds = Object.keys(rules) as Kind[];

export interface Due {
  count: number;
  bytes: number;
  from: Date | null;
  to: Date | null;
}

/** The tables that have a column `campaign` are those the rules name. */
const ofCampaign = (kind: Kind, campaign: string, until: Date) => sql`
  select open.* from (${rules[kind].open}) as open
  where open.at <= ${until} and open.id in (select id from ${sql.table(tableOf(kind))} where campaign = ${campaign})`;

const tableOf = (kind: Kind) =>
  kind === "notices" ? "notice" : kind === "submissions" ? "submission" : "message";

export async function dueOf(trx: Trx, kind: Kind, campaign: string, until: Date): Promise<Due> {
  const { rows } = await sql<Due>`
    select count(*)::integer as count, coalesce(sum(bytes), 0)::bigint as bytes, min(at) as "from", max(at) as "to"
    from (${ofCampaign(kind, campaign, until)}) as due`.execute(trx);
  return rows[0] ?? { count: 0, bytes: 0, from: null, to: null };
}

/** Removes at most `limit` of a kind and records it; returns how many. One transaction: a killed purge goes on from there. */
export async function removeSome(
  trx: Trx,
  kind: Kind,
  {
    campaign,
    until,
    by,
    now,
    limit,
  }: { campaign: string; until: Date; by: string; now: Date; limit: number },
): Promise<number> {
  const { rows } = await sql<{ id: number; at: Date; sha256: Buffer; bytes: number }>`
    ${ofCampaign(kind, campaign, until)} order by id limit ${limit}`.execute(trx);
  if (rows.length === 0) return 0;
  await sql`
    insert into removal (campaign, kind, at, made_by, count, bytes, from_at, to_at, sha256)
    select ${campaign}, ${kind}, ${now}, ${by}, count(*), sum(bytes), min(at), max(at),
      sha256(string_agg(sha256, ''::bytea order by id))
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ at }) => at)}::timestamptz[],
      ${rows.map(({ sha256 }) => sha256)}::bytea[], ${rows.map(({ bytes }) => bytes)}::bigint[])
      as gone (id, at, sha256, bytes)`.execute(trx);
  await rules[kind].erase(
    trx,
    rows.map(({ id }) => id),
    now,
  );
  return rows.length;
}
