// `npm ci` must work on a machine of any kind: npm refuses a lockfile that leaves out other machines' packages.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
  resolved?: string;
  integrity?: string;
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

const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/** The first version in which what is known of it is mended; of what reads strangers' bytes above all. */
const mended: Record<string, string> = {
  ...{
    kysely: "0.28.17",
    mammoth: "1.11.0",
    "pdfjs-dist": "6.2.108",
    nodemailer: "9.1.0",
    mailparser: "3.9.16",
  },
  ...{ imapflow: "2.5.6", yauzl: "3.2.1", hono: "4.11.4", jszip: "3.8.0", "iconv-lite": "0.4.0" },
};
/** Never mended on npm. */
const banned = ["xlsx", "exceljs"];

test("nothing older than its last known hole is shipped, and nothing that was never mended", () => {
  const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);
  const isOlder = (version: string, than: string) => {
    const [a, b] = [numbers(version), numbers(than)];
    const at = a.findIndex((number, index) => number !== b[index]);
    return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
  };
  const found = shipped.filter(([path]) => nameOf(path) in mended);
  expect(new Set(found.map(([path]) => nameOf(path)))).toEqual(new Set(Object.keys(mended)));
  const old = found.filter(([path, { version = "" }]) => isOlder(version, mended[nameOf(path)] ?? ""));
  expect(old.map(([path, { version }]) => `${path} ${version}`)).toEqual([]);
  expect(shipped.map(([path]) => nameOf(path)).filter((name) => banned.includes(name))).toEqual([]);
});

test("only these run a script when they are installed, and all come from the registry, hashed", () => {
  const scripts = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== "" && entry.hasInstallScript,
  );
  const allowed = Object.keys(manifest.allowScripts ?? {});
  expect(scripts.map(([path]) => nameOf(path)).filter((name) => !allowed.includes(name))).toEqual([]);
  const strange = shipped.filter(
    ([, { resolved, integrity }]) =>
      (resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/")) ||
      (resolved !== undefined && !integrity?.startsWith("sha512-")),
  );
  expect(strange.map(([path]) => path)).toEqual([]);
});

const licences = [
  ...["MIT", "MIT-0", "ISC", "0BSD", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1"],
  ...[
    "(MIT OR EUPL-1.1+)",
    "(MIT OR GPL-3.0-or-later)",
    "(MIT AND Zlib)",
    "(MIT OR CC0-1.0)",
    "MIT AND Apache-2.0",
  ],
];
/** Looked at by hand: LGPL-2.1 with the unRAR restriction, used unchanged as a file of its own. */
const lookedAt = ["7z-wasm"];

test("every licence of what is shipped is one that was agreed to", () => {
  const others = shipped.filter(
    ([path, { license }]) => !licences.includes(license ?? "") && !lookedAt.includes(nameOf(path)),
  );
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test("the bill of materials lists what is installed, no more and no less", async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "sbom"], {
    cwd: root,
    maxBuffer: 50_000_000,
  });
  const { bomFormat, components } = JSON.parse(stdout) as {
    bomFormat: string;
    components: { purl: string }[];
  };
  expect(bomFormat).toBe("CycloneDX");
  // The package `node` fetches its program when it is installed: listed, and in no lockfile.
  const listed = new Set(
    components
      .map(({ purl }) => decodeURIComponent(purl).split("?")[0] ?? "")
      .filter((purl) => !/^pkg:npm\/node-(?:linux|darwin|win)-/.test(purl)),
  );
  // Other platforms' packages are in the lockfile and not on this machine.
  const all = Object.entries(lock.packages).filter(([path]) => path !== "");
  const installed = all.filter(([path]) => existsSync(resolve(root, path)));
  expect(listed).toEqual(
    new Set(installed.map(([path, { version }]) => `pkg:npm/${nameOf(path)}@${version}`)),
  );
});

test("every proof that SECURITY.md names is there", () => {
  const named =
    readFileSync(resolve(root, "SECURITY.md"), "utf8").match(/(?<=`)(?:test|\.ci)\/[^`]+(?=`)/g) ?? [];
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});
