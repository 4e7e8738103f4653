// A mailbox that is a folder of .eml files or a Maildir: read, never moved or marked.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { arrivalOf } from "./arrival.ts";
import type { FetchedMail, ListedMail, Mailbox } from "./mailbox.ts";

const HEAD_BYTES = 64 * 1024;
const STREAM_FROM_BYTES = 2 * 1024 * 1024;

/** Rejects when `folder` cannot be read. The order is that of the names, folder by folder. */
export async function openFolder(folder: string): Promise<Mailbox> {
  const root = resolve(folder);
  await readdir(root);
  const listed = new Map<number, { mail: ListedMail; file: string }>();

  const listAll = async (): Promise<ListedMail[]> => {
    listed.clear();
    for (const file of await mailFiles(root)) {
      const mail = await describe(root, file);
      if (mail) listed.set(mail.uid, { mail, file });
    }
    return [...listed.values()].map((entry) => entry.mail);
  };

  return {
    name: pathToFileURL(root).href,
    uidValidity: 1,
    // Numbers made from names do not grow: all are listed, and those with a record are left out by the caller.
    list: listAll,
    listAll,
    fetch: async function* fetch(uids): AsyncGenerator<FetchedMail> {
      if (listed.size === 0) await listAll();
      for (const uid of uids) {
        const entry = listed.get(uid);
        if (!entry) continue;
        const large = entry.mail.bytes > STREAM_FROM_BYTES;
        // A file removed since it was listed is an absent answer.
        const raw = large ? createReadStream(entry.file) : await readFile(entry.file).catch(() => null);
        if (raw) yield { ...entry.mail, raw };
      }
    },
    fetchHead: async (uid) => {
      const entry = listed.get(uid);
      return entry ? headOf(entry.file) : null;
    },
    close: async () => {},
  };
}

/** A Maildir's mails are in cur and new; anywhere else they are the .eml files, also in folders below. */
async function mailFiles(root: string): Promise<string[]> {
  const names = await readdir(root);
  if (names.includes("cur") && names.includes("new")) {
    const parts = await Promise.all(
      ["cur", "new"].map(async (part) =>
        (await readdir(join(root, part))).map((name) => join(root, part, name)),
      ),
    );
    return parts.flat().sort((one, other) => compare(nameOf(root, one), nameOf(root, other)));
  }
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.eml$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((one, other) => compare(relative(root, one), relative(root, other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

async function describe(root: string, file: string): Promise<ListedMail | null> {
  const { size, mtime } = await stat(file).catch(() => ({ size: -1, mtime: new Date(0) }));
  if (size < 0) return null;
  const head = await headOf(file);
  const digest = createHash("sha256").update(nameOf(root, file)).digest();
  return { uid: digest.readUIntBE(0, 6), bytes: size, arrivedAt: (head && arrivalOf(head)) ?? mtime };
}

/** What stays the same for one mail: in a Maildir a mail moves from new to cur and its flags follow a colon. */
function nameOf(root: string, file: string): string {
  const name = relative(root, file).split(sep).join("/");
  const inMaildir = /^(?:cur|new)\/([^/:]+)(?::2,[A-Za-z]*)?$/.exec(name);
  return inMaildir && !/\.eml$/i.test(name) ? (inMaildir[1] as string) : name;
}

async function headOf(file: string): Promise<Buffer | null> {
  const handle = await open(file).catch(() => null);
  if (!handle) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
