// A file that is either whole or not there: written beside its place, then renamed into it.
import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { crashPoint } from "../crash-point.ts";
import { endOnSignal } from "../store/signals.ts";
import { UsageError } from "./command.ts";

/** A reader never finds half a file, nor loses the old one to a failure; nobody but its owner may read it. */
export async function writeWholeFile(
  path: string,
  write: (destination: Writable) => Promise<void>,
): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory())
    throw new UsageError(`--out ${path}: 这是文件夹，请写文件名 / that is a folder: name a file`);
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  const file = await openIn(draft, path);
  // Who ends the command half-way finds nothing of it.
  const clear = endOnSignal(() => rm(draft, { force: true }));
  try {
    await write(file.createWriteStream({ flush: true }));
    crashPoint("file-drafted");
    await rename(draft, path);
  } finally {
    await clear();
  }
}

async function openIn(draft: string, path: string): Promise<FileHandle> {
  try {
    return await open(draft, "wx", 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UsageError(
      `不能在此写入 ${path}：请确认文件夹存在且可写 / cannot write there: check that the folder exists and may be written (${code})`,
    );
  }
}
