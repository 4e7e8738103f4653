// The list of the forgotten beside the database: a backup from before does not have it, the data directory does.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../../store/database.ts";
import { keepSecret, knownSecret } from "../../store/secret.ts";
import { addForgotten, allForgotten, FORGOTTEN, type ForgottenEntry } from "./records.ts";

interface ListFile {
  /** What the hashes are keyed with, hex. */
  key: string;
  entries: ForgottenEntry[];
}

export const listPath = (dataDirectory: string) => join(dataDirectory, "forgotten.json");

export async function listOf(db: Database): Promise<string> {
  const key = await knownSecret(db, FORGOTTEN);
  const list: ListFile = { key: key?.toString("hex") ?? "", entries: await allForgotten(db) };
  return `${JSON.stringify(list, null, 1)}\n`;
}

/** Puts the list into a restored database; false: there is none. */
export async function takeList(db: Database, dataDirectory: string, now: Date): Promise<boolean> {
  const text = await readFile(listPath(dataDirectory), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return false;
  const { key, entries } = JSON.parse(text) as ListFile;
  await db.transaction().execute(async (trx) => {
    await keepSecret(trx, FORGOTTEN, Buffer.from(key, "hex"), now);
    await addForgotten(
      trx,
      entries.map((entry) => ({ ...entry, at: new Date(entry.at) })),
    );
  });
  return true;
}
