// Readers for one test each: whatever it started is ended with it.
import { afterEach } from "vitest";
import { silentLogger } from "../../src/log.ts";
import { createReader, type Reader, type ReaderOptions } from "../../src/reading/reader.ts";

const open: Reader[] = [];

export function reader(options: Omit<ReaderOptions, "log"> = {}): Reader {
  const made = createReader({ ...options, log: silentLogger });
  open.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});
