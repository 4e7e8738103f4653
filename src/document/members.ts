// Files inside a container: which of them somebody put there, what they are called, and that they are safe to show.
import { type Buffer, isUtf8 } from "node:buffer";
import { safeName } from "../message/filename.ts";
import type { ReasonCode } from "../text/reason.ts";
import type { DocumentChild } from "./document.ts";
import { sniff } from "./sniff.ts";
import { Unreadable } from "./unreadable.ts";

export interface Member {
  /** With its folders; "" where it has none. */
  name: string;
  content: Uint8Array;
  problem: ReasonCode | null;
}

/** What systems and programs put beside the files: resource forks, thumbnails, folder settings, Word's lock files. */
const LEFT_BY_SOFTWARE = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$|~\$[^/]*$)/i;

export function isSomebodysFile(name: string): boolean {
  return !/[/\\]$/.test(name) && !LEFT_BY_SOFTWARE.test(name);
}

/**
 * Names without a mark are all UTF-8 or none is: one archive was made on one system, and a short name in GBK may be
 * UTF-8 by accident (联通).
 */
export function charsetOf(names: Uint8Array[]): "utf-8" | "gb18030" {
  return names.every((name) => isUtf8(name)) ? "utf-8" : "gb18030";
}

/** macOS takes accents and marks apart, hence NFC. */
export function memberName(written: Buffer, charset: string): string {
  return new TextDecoder(charset).decode(written).normalize("NFC").replaceAll("\\", "/");
}

/**
 * What a container hands back. One that could not be had does not cost the others; when none could be had, the
 * container cannot be read for that reason.
 */
export function childrenOf(members: Member[]): DocumentChild[] {
  const files = members.filter(({ name }) => isSomebodysFile(name));
  if (files.length === 0) throw new Unreadable("empty-file", "a container without any file");
  const hasSome = files.some(({ problem, content }) => problem === null && content.length > 0);
  const failed = files.find(({ problem }) => problem !== null);
  if (failed?.problem && !hasSome) throw new Unreadable(failed.problem, failed.name);
  return files.map(({ name, content, problem }, at): DocumentChild => {
    const filename = safeName(name, name === "" ? sniff(content) : "application/octet-stream", at + 1);
    if (problem) return { filename, bytes: content.length, content: new Uint8Array(), reason: problem };
    return { filename, bytes: content.length, content };
  });
}
