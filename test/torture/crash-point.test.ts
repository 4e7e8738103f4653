// Crash points: each is somewhere in src, plain ones do nothing, armed ones end the process where they were told to.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { emptyDatabase } from "../support/database.ts";
import { endAllProcesses, root, startProcess } from "../support/jinbox.ts";

const source = resolve(root, "src");
const placed = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => [...readFileSync(join(source, name), "utf8").matchAll(/crashPoint\("([^"]+)"\)/g)])
  .map(([, name]) => name as string);
const named = [...readFileSync(join(source, "crash-point.ts"), "utf8").matchAll(/^ {2}\| "([^"]+)"/gm)].map(
  ([, name]) => name as string,
);

afterAll(endAllProcesses);

test("every crash point is placed once, and every place has its name", () => {
  expect(named.length).toBeGreaterThan(25);
  expect(placed.toSorted()).toEqual(named.toSorted());
});

async function migrated(arm: string[], crash: string): Promise<{ code: number | null; tables: number }> {
  const database = await emptyDatabase();
  try {
    const env = { DATABASE_URL: database.url, JINBOX_CRASH: crash };
    const jinbox = startProcess(process.execPath, [...arm, resolve(root, "src/main.ts"), "migrate"], env);
    const code = await jinbox.ended;
    const { rows } = await database.pool.query("select to_regclass('message') is not null as there");
    return { code, tables: Number(rows[0].there) };
  } finally {
    await database.drop();
  }
}

test("an armed process dies at the named point; one that is not armed passes it", async () => {
  const arm = ["--import", resolve(root, "test/torture/armed.ts")];
  expect(await migrated(arm, "migrating:2")).toEqual({ code: null, tables: 0 });
  expect(await migrated(arm, "migrated")).toEqual({ code: null, tables: 1 });
  expect(await migrated([], "migrated")).toEqual({ code: 0, tables: 1 });
});
