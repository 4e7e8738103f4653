// The mails a command is given: files, every .eml of a folder, or standard input as "-".
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { failureText } from "../text/failure.ts";

const STDIN = "-";

export interface MailFiles {
  files: string[];
  /** Something named could not be opened. */
  missing: boolean;
}

export async function mailFiles(command: string, paths: string[]): Promise<MailFiles> {
  const files: string[] = [];
  let missing = false;
  for (const path of paths) {
    if (path === STDIN) {
      files.push(path);
      continue;
    }
    try {
      if (!(await stat(path)).isDirectory()) files.push(path);
      else {
        const found = await inFolder(path);
        if (found.length === 0)
          console.error(`${command}: ${path}: 文件夹里没有 .eml 文件 / no .eml file in the folder`);
        files.push(...found);
      }
    } catch (error) {
      missing = true;
      cannotOpen(command, path, error);
    }
  }
  return { files: [...new Set(files)], missing };
}

async function inFolder(path: string): Promise<string[]> {
  const names = await readdir(path);
  return names
    .filter((name) => name.toLowerCase().endsWith(".eml"))
    .sort()
    .map((name) => join(path, name));
}

/** Null where it cannot be opened; that is said on stderr. */
export async function openMail(
  command: string,
  path: string,
): Promise<{ file: string; raw: Uint8Array } | null> {
  try {
    const raw = path === STDIN ? await fromStdin() : await readFile(path);
    return { file: path === STDIN ? path : basename(path), raw };
  } catch (error) {
    cannotOpen(command, path, error);
    return null;
  }
}

async function fromStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function cannotOpen(command: string, path: string, error: unknown): void {
  console.error(`${command}: ${path}: 打不开 / cannot be opened (${failureText(error)})`);
}
