// The house rules, kept by a test: import direction, purity, clocks, names, first lines, nothing unreached.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");

/** A file may import only from its own folder or from folders further right. */
const order =
  "main commands service console journey watch digest review notice deadline submission " +
  "understand reading document message intake store campaign sheet text clock log mask crash-point";
const rank = new Map(order.split(" ").map((name, index) => [name, index]));

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => {
    const text = readFileSync(join(source, name), "utf8");
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) =>
      relative(source, resolve(source, dirname(name), match[1] as string)),
    );
    return { name, text, imports };
  });

function room(name: string): string {
  return name.includes("/") ? (name.split("/")[0] as string) : basename(name, ".ts");
}

/** The lines of every file that match, except in the named files. */
function offences(pattern: RegExp, except: (name: string) => boolean): string[] {
  return files
    .filter(({ name }) => !except(name))
    .flatMap(({ name, text }) =>
      text
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`src/${name}:${index + 1}: ${line.trim()}`] : [])),
    );
}

test("there are source files to look at", () => {
  expect(files.length).toBeGreaterThan(40);
});

test("every folder of src has its place in the order", () => {
  expect([...new Set(files.map(({ name }) => room(name)))].filter((name) => !rank.has(name))).toEqual([]);
});

test("imports run one way", () => {
  const against = files.flatMap(({ name, imports }) =>
    imports
      .filter((target) => (rank.get(room(target)) ?? -1) < (rank.get(room(name)) ?? -1))
      .map((target) => `src/${name} imports ${target}`),
  );
  expect(against).toEqual([]);
});

test("no file imports itself by way of others", () => {
  const imports = new Map(files.map((file) => [file.name, file.imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (name: string, path: string[]): void => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(" → "));
    else if (!done.has(name)) {
      for (const target of imports.get(name) ?? []) visit(target, [...path, name]);
      done.add(name);
    }
  };
  for (const { name } of files) visit(name, []);
  expect(circles).toEqual([]);
});

test("only the clock reads the time", () => {
  const inClock = (name: string) => name === "clock.ts";
  expect(offences(/\bDate\.now\(\)|\bnew Date\(\)/, inClock)).toEqual([]);
  // A child process is killed by a real timer, whatever the campaign's clock says.
  expect(
    offences(/\bset(Timeout|Interval)\(/, (name) => inClock(name) || name.startsWith("reading/")),
  ).toEqual([]);
});

test("only the environment file reads the environment", () => {
  expect(offences(/process\.env\b/, (name) => name === "campaign/environment.ts")).toEqual([]);
});

test("only commands and the log print", () => {
  // A child process has no other voice than its stderr, which its parent puts into the log.
  const mayPrint = (name: string) => /^(commands\/|main\.ts|log\.ts|reading\/child\.ts)/.test(name);
  const printing = /\bconsole\.(log|error|warn|info|debug|table)\(|(?<![#.\w])process\.std(out|err)\b/;
  expect(offences(printing, mayPrint)).toEqual([]);
});

test("no rooms for odds and ends", () => {
  const banned = /(^|\/)(index|types|utils?|helpers?|common|shared|misc|manager|lib)\.ts$/;
  expect(files.map(({ name }) => name).filter((name) => banned.test(name))).toEqual([]);
});

test("every file says in its first line what it is for", () => {
  expect(files.filter(({ text }) => !text.startsWith("// ")).map(({ name }) => name)).toEqual([]);
});

test("nothing is left for later in a comment", () => {
  expect(offences(/\b(TODO|FIXME|XXX)\b/, () => false)).toEqual([]);
});

test("every file is reached from main.ts or is the entry of a process of its own", () => {
  const reached = new Set<string>();
  const imports = new Map(files.map((file) => [file.name, file.imports]));
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const target of imports.get(name) ?? []) visit(target);
  };
  for (const entry of ["main.ts", "reading/child.ts", "digest/picture/drawing.ts"]) visit(entry);
  expect(files.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
});

test("what is pure touches no disk, no network and no database", () => {
  const pure = ["understand/", "message/", "document/", "text/", "deadline/", "campaign/campaign.ts"];
  const edges = new Set([
    "deadline/records.ts",
    // The stage of the office's rulings and its SQL.
    "deadline/office/rule.ts",
    "deadline/office/records.ts",
    "document/seven-zip.ts",
    "document/pdfium.ts",
  ]);
  // The unpacker and the reader of PDF read their own engines, which are files of packages.
  const outside =
    /from "(node:(fs|net|http|https|child_process)[^"]*|pg|kysely|nodemailer|imapflow)"|\/store\//;
  expect(
    offences(outside, (name) => edges.has(name) || !pure.some((prefix) => name.startsWith(prefix))),
  ).toEqual([]);
});

test("SQL lives in the files named for it", () => {
  const homes =
    /(^|\/)(records|erase|places|outbox|bounced|books|ledger|database|migrate|blobs|jobs|tables|embedded|open)\.ts$|^(console|store)\//;
  expect(
    offences(/\bsql`|\.(selectFrom|insertInto|updateTable|deleteFrom)\(/, (name) => homes.test(name)),
  ).toEqual([]);
});

test("no text becomes SQL but the lists of rights, and no JSON path is built (kysely CVE-2026-32763, -44635; R56)", () => {
  expect(offences(/\bsql\.raw\(|\.ref\([^)]*["']->/, (name) => name === "store/rights.ts")).toEqual([]);
});

// A guide, not a verdict: a long file wants a reason or a cut.
afterAll(() => {
  for (const { name, text } of files) {
    const lines = text.split("\n").length;
    if (lines > 250) console.info(`guide: src/${name} has ${lines} lines; 250 is plenty`);
  }
});
