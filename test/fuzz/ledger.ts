// What a fuzz run left in the database, asked in SQL: states, mails that failed, strings that must not be there.
import type { Pool } from "pg";

export interface FailedMail {
  id: number;
  what: "crashed" | "slow";
  reason: string;
  raw: Buffer;
}

export async function statesOf(pool: Pool): Promise<[state: string, count: number][]> {
  const { rows } = await pool.query(
    "select m.state, count(*)::int as count from mail_record r join message m on m.id = r.message_id group by 1",
  );
  return rows.map(({ state, count }) => [state, count]);
}

/** Mails that ended only because nothing else helped, and those with a part that its child did not survive. */
export async function failedMails(pool: Pool): Promise<FailedMail[]> {
  const { rows } = await pool.query(
    `select distinct on (m.id) m.id, coalesce(a.reason, m.reason) as reason,
            (select string_agg(data, ''::bytea order by sequence) from blob_chunk c where c.sha256 = m.sha256) as raw
       from message m left join attachment a on a.message_id = m.id and a.reason in ('reader-failed', 'too-slow', 'too-much-memory')
      where a.reason is not null or m.reason in ('processing-failed', 'reader-failed', 'too-slow', 'too-much-memory')
      order by m.id`,
  );
  return rows.map(({ id, reason, raw }) => ({
    ...{ id, reason, raw },
    what: reason === "reader-failed" || reason === "processing-failed" ? "crashed" : "slow",
  }));
}

/** Whatever is shown in one line: a list, a header, a cell, a file's name. */
const ONE_LINE = new Set([
  ...[
    "message.subject",
    "message.from_name",
    "message.from_address",
    "message.rfc_message_id",
    "notice.subject",
  ],
  ...[
    "attachment.filename",
    "attachment.declared_type",
    "submission.title",
    "submission.people",
    "document.title",
  ],
]);

/** PostgreSQL itself refuses NUL and half characters; the rest is ours: control characters, and line ends where a line is meant. */
export async function uncleanColumns(pool: Pool): Promise<string[]> {
  const { rows: columns } = await pool.query(
    `select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and (data_type in ('text', 'jsonb') or udt_name = '_text') order by 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column } of columns) {
    const name = `${table}.${column}`;
    const bad = ONE_LINE.has(name)
      ? "[\\u0001-\\u001f\\u007f\\u2028\\u2029]"
      : "[\\u0001-\\u0008\\u000b\\u000e-\\u001a\\u007f\\ufffe\\uffff]";
    const { rows } = await pool.query(
      `select ${column}::text as value from ${table} where ${column}::text ~ $1 limit 1`,
      [bad],
    );
    for (const { value } of rows) {
      const at = String(value).search(new RegExp(bad, "u"));
      found.push(`${name}: ${JSON.stringify(String(value).slice(Math.max(0, at - 40), at + 40))}`);
    }
  }
  return found;
}
