// The passphrase of a backup: from a file, never from the command line, where every user of the machine can read it.
import { readFileSync } from "node:fs";
import { type CommandInput, type CommandOption, UsageError } from "./command.ts";

export const passphraseOption: CommandOption = {
  type: "string",
  value: "FILE",
  words: {
    zh: "备份的口令放在这个文件里（第一行）：备份时给出就加密，核对、恢复加密的备份时必给",
    en: "the first line of this file is the passphrase: it encrypts a backup, and opens an encrypted one",
  },
};

const SHORTEST = 12;

export function passphraseOf(value: CommandInput["values"][string]): string | null {
  if (typeof value !== "string") return null;
  let line = "";
  try {
    line =
      readFileSync(value, "utf8")
        .replace(/^\uFEFF/, "")
        .split(/\r?\n/)[0] ?? "";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`--passphrase ${value}: 读不到这个文件 / that file cannot be read (${code})`);
  }
  if ([...line].length >= SHORTEST) return line;
  throw new UsageError(
    `--passphrase ${value}: 口令至少 ${SHORTEST} 个字符 / a passphrase has at least ${SHORTEST} characters`,
  );
}
