// `npm ci` must work on a machine of any kind: npm refuses a lockfile that leaves out other machines' packages.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

interface Locked {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const root = resolve(import.meta.dirname, "..");
const lock = JSON.parse(readFileSync(resolve(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as Record<
  string,
  Record<string, string>
>;

/** The entry that node would find for `name` when asked from `path`. */
function found(path: string, name: string): Locked | undefined {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const entry = lock.packages[`${from === "" ? "" : `${from}/`}node_modules/${name}`];
    if (entry || from === "") return entry;
  }
}

test("the lockfile names the package of every platform", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([, range]) => /^\d/.test(range))
      .filter(([name, version]) => found(path, name)?.version !== version)
      .map(([name, version]) => `${path} → ${name}@${version}`),
  );
  expect(missing).toEqual([]);
});

test("every package is pinned to one version", () => {
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"];
  const loose = kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range)),
  );
  expect(loose).toEqual([]);
});
