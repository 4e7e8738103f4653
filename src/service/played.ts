// A folder of .eml files as mails to be played: each with the arrival its headers tell.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { arrivalOf } from "../intake/arrival.ts";
import type { PlayedMail } from "./playthrough.ts";

export interface MailFolder {
  mails: PlayedMail[];
  /** Names of files that tell no time of arrival. */
  undated: string[];
}

/** Every .eml below the folder, by name. Throws when the folder cannot be read. */
export async function readMailFolder(folder: string): Promise<MailFolder> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith(".eml"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const found: MailFolder = { mails: [], undated: [] };
  for (const name of names.sort()) {
    const raw = await readFile(join(folder, name));
    const arrivedAt = arrivalOf(raw);
    if (arrivedAt) found.mails.push({ name, arrivedAt, raw });
    else found.undated.push(name);
  }
  return found;
}
