// The schema of a database as text, from the catalog: the same for the same schema, whatever made it.
import { sql } from "kysely";
import type { Database } from "../../src/store/database.ts";

interface Column {
  table: string;
  line: string;
}

export async function schemaOf(db: Database): Promise<string> {
  const columns = await sql<Column>`
    select class.relname as table,
      concat('  ', attname, ' ', format_type(atttypid, atttypmod),
        case when attidentity = 'a' then ' generated always as identity' end,
        ' default ' || pg_get_expr(adbin, adrelid),
        case when attnotnull then ' not null' end,
        case when attstorage <> typstorage then ' storage ' || attstorage::text end) as line
    from pg_class class
      join pg_attribute on attrelid = class.oid and attnum > 0 and not attisdropped
      join pg_type on pg_type.oid = atttypid
      left join pg_attrdef on adrelid = class.oid and adnum = attnum
    where class.relnamespace = 'public'::regnamespace and class.relkind = 'r' and class.relname not like 'kysely%'
    order by class.relname, attnum`.execute(db);
  const constraints = await sql<Column>`
    select conrelid::regclass::text as table, concat('  ', pg_get_constraintdef(oid)) as line
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid::regclass::text not like 'kysely%'
    order by 1, contype desc, 2`.execute(db);
  const indexes = await sql<Column>`
    select tablename as table, indexdef as line from pg_indexes
    where schemaname = 'public' and tablename not like 'kysely%'
      and not exists (select from pg_constraint where conindid = indexname::regclass)
    order by 1, 2`.execute(db);
  const triggers = await sql<Column>`
    select tgrelid::regclass::text as table, pg_get_triggerdef(oid) as line from pg_trigger
    where not tgisinternal and tgrelid::regclass::text in (
      select tablename from pg_tables where schemaname = 'public')
    order by 1, 2`.execute(db);
  const extensions = await sql<{ name: string }>`
    select extname as name from pg_extension where extname <> 'plpgsql' order by 1`.execute(db);
  const linesOf = (rows: Column[], table: string): string[] =>
    rows.filter((row) => row.table === table).map((row) => row.line);
  const tables = [...new Set(columns.rows.map((column) => column.table))].map((table) => {
    const inside = [...linesOf(columns.rows, table), ...linesOf(constraints.rows, table)].join(",\n");
    return [
      `create table ${table} (\n${inside}\n)`,
      ...linesOf(indexes.rows, table),
      ...linesOf(triggers.rows, table),
    ].join("\n");
  });
  return `${[...extensions.rows.map(({ name }) => `create extension ${name}`), ...tables].join("\n\n")}\n`;
}
