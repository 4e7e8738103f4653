// The file a backup is: a line that names the format, a line of JSON, and then records, compressed and perhaps sealed.
//
//   jinbox backup 1
//   {"compression":"zstd","sealing":null}
//   zstd of: [kind: 1 byte][length: 4 bytes][that many bytes] …
//
// M the manifest; then for every table T its name and columns, D its rows as COPY … (FORMAT binary) writes them, E its
// rows, bytes and SHA-256; last Z, which names every table again. A file without Z was cut short.
import { createHash } from "node:crypto";
import type { Sealing } from "./sealed.ts";

export const MAGIC = "jinbox backup 1\n";

export interface Head {
  compression: "zstd";
  sealing: Sealing | null;
}

/** Nothing in it is about a person: it may be shown, logged and kept when the data is not. */
export interface Manifest {
  madeAt: string;
  jinbox: string;
  postgres: string;
  migrations: string[];
  tables: string[];
}

export interface TableHead {
  table: string;
  columns: string[];
}

export interface TableEnd {
  table: string;
  rows: number;
  bytes: number;
  sha256: string;
}

export interface Summary {
  tables: TableEnd[];
  /** The last number each sequence gave out. */
  sequences: Record<string, number>;
}

export type Kind = "M" | "T" | "D" | "E" | "Z";

const HEAD_BYTES = 5;
/** COPY hands out far smaller pieces; a length above it is damage. */
const RECORD_MAX = 64 * 1024 * 1024;

/** The file is not a whole backup: cut short, damaged, or something else. */
export class BackupDamaged extends Error {}

export function recordHead(kind: Kind, bytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(kind, 0, "latin1");
  head.writeUInt32BE(bytes, 1);
  return head;
}

export function jsonRecord(kind: Kind, value: Manifest | TableHead | TableEnd | Summary): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  return Buffer.concat([recordHead(kind, text.length), text]);
}

/** What a reader of backups does with what it finds. */
export interface Visitor {
  begin(manifest: Manifest): Promise<void>;
  /** Must read `rows` to its end; whether they are what was written is known only then. */
  table(head: TableHead, rows: AsyncIterable<Buffer>): Promise<void>;
}

/** Goes through the records of a whole backup and rejects with BackupDamaged if anything of it is not as written. */
export async function visitRecords(stream: AsyncIterable<Buffer>, visitor: Visitor): Promise<Summary> {
  const records = recordsOf(stream);
  const next = async (): Promise<{ kind: string; bytes: Buffer }> => {
    const { value, done } = await records.next();
    if (done)
      throw new BackupDamaged("文件不完整，被截短了 / the file ends before its end: it was cut short");
    return value;
  };
  const manifest = jsonOf<Manifest>(await next(), "M");
  await visitor.begin(manifest);
  const ends: TableEnd[] = [];
  let record = await next();
  for (; record.kind === "T"; record = await next()) {
    const head = jsonOf<TableHead>(record, "T");
    const before = ends.length;
    await visitor.table(head, rowsOf(head, next, ends));
    if (ends.length === before) throw new Error(`the rows of ${head.table} were not read to their end`);
  }
  const summary = jsonOf<Summary>(record, "Z");
  if (JSON.stringify(summary.tables) !== JSON.stringify(ends))
    throw new BackupDamaged("文件已损坏：数据表对不上 / the tables are not those the file says it holds");
  if (!(await records.next()).done)
    throw new BackupDamaged("文件已损坏：末尾多出内容 / there is something behind the end");
  return summary;
}

/** The data of one table; its end, checked against what came, goes to `ends`. */
async function* rowsOf(
  { table }: TableHead,
  next: () => Promise<{ kind: string; bytes: Buffer }>,
  ends: TableEnd[],
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let bytes = 0;
  for (;;) {
    const record = await next();
    if (record.kind === "D") {
      hash.update(record.bytes);
      bytes += record.bytes.length;
      yield record.bytes;
      continue;
    }
    const end = jsonOf<TableEnd>(record, "E");
    if (end.table !== table || end.bytes !== bytes || end.sha256 !== hash.digest("hex"))
      throw new BackupDamaged(
        `文件已损坏：${table} 的内容与写入时不同 / the rows of ${table} are not those that were written`,
      );
    ends.push(end);
    return;
  }
}

function jsonOf<Value>({ kind, bytes }: { kind: string; bytes: Buffer }, expected: Kind): Value {
  if (kind !== expected)
    throw new BackupDamaged(`a record ${expected} was expected, not ${JSON.stringify(kind)}`);
  try {
    return JSON.parse(bytes.toString()) as Value;
  } catch (error) {
    throw new BackupDamaged(`a record ${expected} cannot be read`, { cause: error });
  }
}

async function* recordsOf(stream: AsyncIterable<Buffer>): AsyncGenerator<{ kind: string; bytes: Buffer }> {
  let waiting: Buffer[] = [];
  let held = 0;
  let needed = HEAD_BYTES;
  for await (const chunk of stream) {
    waiting.push(chunk);
    held += chunk.length;
    if (held < needed) continue;
    let rest = Buffer.concat(waiting);
    for (;;) {
      needed = HEAD_BYTES;
      if (rest.length < needed) break;
      const bytes = rest.readUInt32BE(1);
      if (bytes > RECORD_MAX) throw new BackupDamaged("a record is longer than any that is written");
      needed += bytes;
      if (rest.length < needed) break;
      yield { kind: rest.toString("latin1", 0, 1), bytes: rest.subarray(HEAD_BYTES, needed) };
      rest = rest.subarray(needed);
    }
    waiting = rest.length > 0 ? [rest] : [];
    held = rest.length;
  }
  if (held > 0)
    throw new BackupDamaged(
      "文件不完整，被截短了 / the file ends in the middle of a record: it was cut short",
    );
}
