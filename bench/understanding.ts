// `npm run eval`: how well mails are understood, measured on labelled letters that go the whole way from their bytes.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Before, compared } from "./understanding/compare.ts";
import { cpuFigures } from "./understanding/cpu.ts";
import { measure } from "./understanding/figures.ts";
import { ASPECTS, type Aspect } from "./understanding/judge.ts";
import { chosen, readLetters } from "./understanding/letters.ts";
import { authorTable, details, figureTable, wrongLetter } from "./understanding/report.ts";
import { plainTasks, runLetters } from "./understanding/run.ts";
import { reliability } from "./understanding/statistics.ts";
import { writeMails } from "./understanding/write.ts";

const HELP = `npm run eval -- [--split develop|heldout|all] [--letters DIR]… [--only ORGANISATION[/AUTHOR[#N]]]…
              [--errors [--wrong ASPECT,…]] [--compare FILE.json] [--write DIR] [--no-cpu] [--json]
  用标注好的来信衡量理解得对不对：每封信先做成真正的邮件，再走读取与理解的全过程
  how well labelled letters are understood; each is made into a real mail and goes the whole way through the reader

  --split    develop (default): the authors that rules are written against; heldout: those nobody looks at; all.
             A file that names no split is always taken
  --letters  a folder of organisations, instead of fixtures/letters; may be given several times
  --only     an organisation, an author or one letter; may be given several times
  --errors   each wrong letter: what it shows, what was expected and found, and the strongest evidence
  --wrong    only letters wrong in one of these: ${ASPECTS.join(", ")}
  --compare  what --json wrote before: which letters are right now, and which no longer
  --write    the mails as .eml with .expect.json and their campaigns, for jinbox explain
  --no-cpu   leaves out the measurement of CPU
  --json     one object for machines

  exit 0: every bar is met; 1: a bar is missed, or a file of letters could not be taken; 2: wrong usage`;

function usage(message: string): never {
  console.error(`eval: ${message}\n\n${HELP}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        split: { type: "string", default: "develop" },
        letters: {
          type: "string",
          multiple: true,
          default: [join(import.meta.dirname, "../fixtures/letters")],
        },
        only: { type: "string", multiple: true, default: [] },
        errors: { type: "boolean", default: false },
        wrong: { type: "string", multiple: true, default: [] },
        compare: { type: "string" },
        write: { type: "string" },
        "no-cpu": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return usage((error as Error).message);
  }
}

const values = options();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const split = values.split as "develop" | "heldout" | "all";
if (!["develop", "heldout", "all"].includes(split)) usage(`--split ${split}: develop, heldout or all`);
const aspects = values.wrong.flatMap((one) => one.split(",")) as Aspect[];
for (const one of aspects) if (!ASPECTS.includes(one)) usage(`--wrong ${one}: one of ${ASPECTS.join(", ")}`);

const before = values.compare ? readBefore(values.compare) : null;

const began = performance.now();
const set = readLetters(values.letters.map((folder) => resolve(folder)));
const labelled = chosen(set, { split, only: values.only });
for (const problem of set.problems) console.error(`eval: ${problem}`);
if (labelled.length === 0) usage("no letter is chosen / 没有选中任何信");

const results = await runLetters(labelled, progress);
progress(null);
if (values.write) await writeMails(values.write, results);
const measured = measure(results.map(({ judged }) => judged));
const figures = [...measured.figures, ...(values["no-cpu"] ? [] : cpuFigures(plainTasks(results)))];
const missed = figures.filter(({ met }) => met === false);
const wrong = results.filter(({ judged }) =>
  judged.wrong.some(({ aspect }) => aspects.length === 0 || aspects.includes(aspect)),
);
const authors = new Set(labelled.map(({ organisation, author }) => `${organisation.name}/${author}`)).size;

if (values.json) {
  const { claims, figures: _, ...rest } = measured;
  const bins = Object.entries(claims).map(([which, all]) => [which, reliability(all)]);
  console.log(
    JSON.stringify({
      split,
      letters: labelled.map(({ id }) => id),
      authors,
      figures,
      ...rest,
      reliability: Object.fromEntries(bins),
      wrong: wrong.map(({ labelled: { id, letter }, judged }) => ({
        id,
        shows: letter.shows,
        wrong: judged.wrong,
      })),
      problems: set.problems,
      missed: missed.map(({ key }) => key),
    }),
  );
} else {
  if (values.errors) for (const one of wrong) console.log(`${wrongLetter(one, aspects)}\n`);
  const organisations = new Set(labelled.map(({ organisation }) => organisation.name)).size;
  console.log(
    `${labelled.length} letters by ${authors} authors in ${organisations} organisations, ${split}; ` +
      `${wrong.length} wrong in some way; ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
  );
  console.log(figureTable(figures));
  if (!values.errors && !before) console.log(`\n${details(measured)}\n\n${authorTable(results)}`);
  if (before) console.log(`\n${compared(before, results)}`);
  console.log(
    missed.length === 0
      ? "\nEvery bar is met."
      : `\n${missed.length} below the bar: ${missed.map(({ name }) => name.trim()).join("; ")}`,
  );
}
if (missed.length > 0 || set.problems.length > 0) process.exitCode = 1;

function readBefore(file: string): Before {
  try {
    const before = JSON.parse(readFileSync(file, "utf8")) as Before;
    if (Array.isArray(before.letters) && Array.isArray(before.wrong)) return before;
  } catch (error) {
    usage(`--compare ${file}: ${(error as Error).message}`);
  }
  return usage(`--compare ${file}: not what --json wrote`);
}

function progress(done: number | null): void {
  if (process.stderr.isTTY) process.stderr.write(done === null ? "\r\x1b[K" : `\r${done}/${labelled.length}`);
}
