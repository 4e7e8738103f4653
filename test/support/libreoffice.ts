// LibreOffice as the office's program: what it makes of a file of ours, in a profile of its own and without a window.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./jinbox.ts";

export const AS_PDF = "pdf";
/** Every sheet, as shown, comma and quote, UTF-8. */
export const AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/** Comma and quote, UTF-8, and every cell that looks like a formula computed. */
export const EVALUATED_CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true";

/** Opens the file called `name` and hands back what it saved it as, by name. Throws with its words when it cannot. */
export async function inLibreOffice(
  name: string,
  bytes: Uint8Array,
  as: string,
  reading: string | null = null,
): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-office-"));
  try {
    const from = join(folder, name);
    const out = join(folder, "out");
    await writeFile(from, bytes);
    const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
    const args = [
      profile,
      "--headless",
      "--norestore",
      ...(reading ? [`--infilter=${reading}`] : []),
      "--convert-to",
      as,
      "--outdir",
      out,
      from,
    ];
    const run = startProcess("soffice", args, { LC_ALL: "C.UTF-8" });
    const code = await run.ended;
    const names = await readdir(out).catch(() => []);
    if (code !== 0 || names.length === 0)
      throw new Error(`LibreOffice ended with ${code}: ${run.stdout()}${run.stderr()}`);
    return new Map(
      await Promise.all(names.map(async (one) => [one, await readFile(join(out, one))] as const)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
