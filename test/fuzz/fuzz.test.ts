// 2,000 malformed mails all the way, every time the tests run. The seed is printed; JINBOX_SEED plays it again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { fuzz } from "./fuzz.ts";

test("no process falls, no mail is lost, none hangs, none harms another", { timeout: 300_000 }, async () => {
  const seed = Number(process.env.JINBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const folder = await mkdtemp(join(tmpdir(), "jinbox-fuzz-"));
  const database = await testDatabase();
  try {
    const report = await fuzz({ database, mails: 2_000, seed, folder, say: () => undefined });
    console.info(`fuzz: ${JSON.stringify(report)}; JINBOX_SEED=${seed} plays it again`);
    expect(report.failures).toEqual([]);
    const { filed, held, automatic, ignored, oversize } = report;
    expect(filed + held + automatic + ignored + oversize).toBe(2_000);
    expect(Math.min(filed, held, automatic)).toBeGreaterThan(50);
  } finally {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
});
