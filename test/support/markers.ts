// Looks for words in everything a database holds: every column of every table, and the files it is kept in.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/** "table: word" for every table that still holds one of the words, also inside bytes and JSON. */
export async function tablesHolding(pool: pg.Pool, words: string[]): Promise<string[]> {
  const tables = await pool.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname in ('public', 'jobs') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    for (const word of words) {
      // A row as text shows bytes in hex and escapes what is not ASCII in no other way.
      const hex = Buffer.from(word).toString("hex");
      const { rows } = await pool.query(
        `select exists (select from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0) as held`,
        [word, hex],
      );
      if (rows[0].held) found.push(`${name}: ${word}`);
    }
  }
  return found;
}

/** The files of this database in which one of the words stands. */
export async function filesHolding(pool: pg.Pool, words: string[]): Promise<string[]> {
  await pool.query("checkpoint");
  const { rows } = await pool.query<{ folder: string }>(
    `select current_setting('data_directory') || '/base/' || oid as folder from pg_database
     where datname = current_database()`,
  );
  const folder = rows[0]?.folder ?? "";
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    found.push(...words.filter((word) => bytes.includes(word)).map((word) => `${name}: ${word}`));
  }
  return found;
}
