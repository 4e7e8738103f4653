// The folder an `--out` names, made where it is not there yet.
import { mkdir } from "node:fs/promises";
import { UsageError } from "./command.ts";

/** Throws usage where a file stands in the way, and names it. */
export async function makeOutFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" && error.code !== "ENOTDIR") throw error;
    throw new UsageError(`--out ${folder}: 这是一个文件，请写文件夹 / this is a file; name a folder`);
  });
}
