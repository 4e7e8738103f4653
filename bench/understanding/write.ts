// The letters as files, so that they can be given to `jinbox explain`: a folder an organisation, its campaign beside them.
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Letter } from "./label.ts";
import type { Result } from "./run.ts";

export async function writeMails(folder: string, mails: Pick<Result, "labelled" | "raw">[]): Promise<void> {
  const copied = new Set<string>();
  for (const { labelled, raw } of mails) {
    const { organisation, author, letter, id } = labelled;
    const file = join(folder, organisation.name, `${author}-${id.split("#").at(-1)?.padStart(2, "0")}`);
    await mkdir(dirname(file), { recursive: true });
    if (!copied.has(organisation.name)) {
      for (const name of ["campaign.yaml", "roster.csv"])
        await cp(join(organisation.folder, name), join(folder, organisation.name, name), {
          force: true,
        }).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT" || name === "campaign.yaml") throw error;
        });
      copied.add(organisation.name);
    }
    await writeFile(`${file}.eml`, raw);
    await writeFile(`${file}.expect.json`, `${JSON.stringify(expectationOf(letter), null, 2)}\n`);
  }
}

function expectationOf({ shows, expect }: Letter) {
  return { shows, ...expect };
}
