// SQL: every place where the words of people stand, looking for a person in them, and putting a pseudonym there instead.
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Trx } from "../../store/database.ts";

interface PlaceColumns {
  /** Names a row to whoever reads the copy. */
  id: string;
  at: string | null;
  text: string[];
  json: string[];
}

/** Bytes aside, which cannot be reworded; what the office itself published (`announcement`) is not about a sender. */
export const places: Record<string, PlaceColumns> = {
  message: {
    ...{ id: "id", at: "arrived_at" },
    ...{
      text: ["from_name", "from_address", "subject", "new_text", "detail", "decided_by"],
      json: ["understanding", "sender_check"],
    },
  },
  attachment: { id: "id", at: null, text: ["filename"], json: [] },
  document: {
    ...{ id: "sha256", at: "read_at" },
    ...{ text: ["text", "title", "author"], json: ["properties", "warnings"] },
  },
  recognition: { id: "sha256", at: "requested_at", text: ["filename"], json: [] },
  submission: { id: "reference", at: "arrived_at", text: ["title", "text", "decided_by"], json: [] },
  further_message: { id: "submission_id", at: "added_at", text: ["text"], json: [] },
  correction: { id: "id", at: "made_at", text: ["before", "after", "made_by"], json: [] },
  ruling: { id: "id", at: "made_at", text: ["made_by", "why"], json: [] },
  ruling_scan: { id: "ruling_id", at: null, text: ["filename"], json: [] },
  resumed_address: { id: "campaign", at: null, text: ["resumed_by"], json: [] },
  announced: { id: "notice_id", at: null, text: ["name", "person"], json: [] },
  notice: {
    ...{ id: "id", at: "intended_at" },
    text: ["subject", "text", "html", "response", "wording_fault", "decided_by"],
    json: ["to_contacts", "cc_contacts", "bounce", "still_owed"],
  },
};

export interface HeldRow {
  place: string;
  id: string;
  at: Date | null;
  text: string;
}

/** In JSON a line's first letter stands right behind "\\n". */
const BEHIND_ESCAPE = "(?<=\\\\[bfnrt])";
const LETTER = "a-zÀ-ɏ0-9";

/**
 * A pattern of PostgreSQL that matches any of these words as they stand. Latin ones are whole words: Tim is not in
 * "timeliness", a key of our own JSON, nor li@a.example in wangli@a.example.
 */
export function patternOf(words: string[]): string {
  const longest = words.toSorted((one, other) => other.length - one.length);
  return longest.map(wholeWord).join("|");
}

function wholeWord(word: string): string {
  const isAddress = word.includes("@");
  const before = isAddress ? `(?<![${LETTER}._%+-])` : `(?<![${LETTER}])`;
  const after = isAddress ? `(?!\\.?[${LETTER}-])` : `(?![${LETTER}])`;
  const begins = /^[a-z\u00c0-\u024f0-9]/i.test(word) ? `(?:${before}|${BEHIND_ESCAPE})` : "";
  const ends = /[a-z\u00c0-\u024f0-9]$/i.test(word) ? after : "";
  return `${begins}${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${ends}`;
}

const mentions = ({ text, json }: PlaceColumns, pattern: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`concat_ws(chr(10), ${sql.join([
    ...text.map((name) => sql.ref(name)),
    ...json.map((name) => sql`${sql.ref(name)}::text`),
  ])}) ~* ${pattern}`;

/** Every row that names the person, and every mail of his with its attachments and submissions. */
export async function heldAbout(trx: Trx, pattern: string, ownMails: number[]): Promise<HeldRow[]> {
  const found: HeldRow[] = [];
  for (const [table, columns] of Object.entries(places)) {
    const words = [...columns.text, ...columns.json].map((name) => sql`${sql.ref(name)}::text`);
    const own =
      table === "message"
        ? sql`or id = any(${ownMails})`
        : table === "attachment" || table === "submission"
          ? sql`or message_id = any(${ownMails})`
          : sql``;
    const at = columns.at === null ? sql`null::timestamptz` : sql.ref(columns.at);
    const { rows } = await sql<HeldRow>`
      select ${table}::text as place, ${sql.ref(columns.id)}::text as id, ${at} as at,
        concat_ws(chr(10), ${sql.join(words)}) as text
      from ${sql.table(table)} where ${mentions(columns, pattern)} ${own} order by 2`.execute(trx);
    found.push(...rows);
  }
  return found;
}

/** What belongs to a mail that came later: who writes again wants to be read. */
const later: Record<string, (until: Date) => RawBuilder<SqlBool>> = {
  message: (until) => sql<SqlBool>`arrived_at > ${until}`,
  submission: (until) => sql<SqlBool>`arrived_at > ${until}`,
  notice: (until) => sql<SqlBool>`exists (
    select from message m where m.id = notice.cause_message_id and m.arrived_at > ${until})`,
};

/** The pseudonym instead of the words, everywhere. Returns how many rows named the person. */
export async function reword(trx: Trx, pattern: string, pseudonym: string, until: Date): Promise<number> {
  let count = 0;
  for (const [table, columns] of Object.entries(places)) {
    const { text, json } = columns;
    const changes = [
      ...text.map(
        (name) => sql`${sql.ref(name)} = regexp_replace(${sql.ref(name)}, ${pattern}, ${pseudonym}, 'gi')`,
      ),
      ...json.map(
        (name) =>
          sql`${sql.ref(name)} = regexp_replace(${sql.ref(name)}::text, ${pattern}, ${pseudonym}, 'gi')::jsonb`,
      ),
    ];
    const result = await sql`
      update ${sql.table(table)} set ${sql.join(changes)}
      where ${mentions(columns, pattern)} and not ${later[table]?.(until) ?? sql`false`}`.execute(trx);
    count += Number(result.numAffectedRows ?? 0);
  }
  const people = await sql`
    update submission set people = array(
      select case when name ~* ${pattern} then ${pseudonym} else name end from unnest(people) as name)
    where array_to_string(people, chr(10)) ~* ${pattern} and arrived_at <= ${until}`.execute(trx);
  return count + Number(people.numAffectedRows ?? 0);
}
