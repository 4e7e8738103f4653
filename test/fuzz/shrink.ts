// The smallest mail that still fails in the same way: pieces are left out, ever smaller ones, as long as it fails without them.
import { readParts } from "../../src/reading/read.ts";
import type { App } from "../../src/service/app.ts";

/** Each try reads a mail; one that hangs costs a minute. */
const TRIES = 60;

export async function shrunk(app: App, raw: Buffer, reason: string): Promise<Buffer> {
  let smallest = raw;
  let tries = 0;
  for (let size = Math.ceil(raw.length / 2); size >= 1 && tries < TRIES; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.length && tries < TRIES; tries++) {
      const without = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)]);
      if (await failsStill(app, without, reason)) smallest = without;
      else from += size;
    }
  }
  return smallest;
}

async function failsStill({ reader }: App, raw: Buffer, reason: string): Promise<boolean> {
  const [mail] = await reader.readMails([raw]);
  if (mail === undefined) return false;
  if (mail.problems.some((problem) => problem.reason === reason)) return true;
  const { parts } = await readParts(mail, reader, async () => new Map());
  return JSON.stringify(parts.map(({ document }) => document.reason)).includes(reason);
}
