// The private folder of this process's children: what is too large for a message passes through it.
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "jinbox-reading-";

/** Made when first asked for, and made again where the system swept it away: it may be months old. */
export function privateFolder(): { path: () => Promise<string>; remove: () => Promise<void> } {
  let made: Promise<string> | null = null;
  return {
    path: async () => {
      made ??= sweep().then(() => mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)));
      const folder = await made;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    remove: async () => {
      if (made) await rm(await made, { recursive: true, force: true });
    },
  };
}

/** What processes that were killed left behind: pieces of mail should not lie about. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [] as string[])) {
    const [, pid] = name.match(/^jinbox-reading-(\d{1,9})-/) ?? [];
    // Another account's folder stays: it is not ours to remove, and the system says so.
    if (pid && !isAlive(Number(pid)))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
