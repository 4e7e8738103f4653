// `npm run eval`: how well mails are understood, measured on labelled letters that go the whole way from their bytes.
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../src/clock.ts";
import { createExplainer, threadOf } from "../src/commands/explain.ts";
import { createLogger } from "../src/log.ts";
import { createReader } from "../src/reading/reader.ts";
import { type Knowledge, prepare } from "../src/understand/understand.ts";
import { cpuFigures, type Task } from "./understanding/cpu.ts";
import { measure } from "./understanding/figures.ts";
import { ASPECTS, type Aspect, type Judged, judge } from "./understanding/judge.ts";
import { grown } from "./understanding/large-campaign.ts";
import { chosen, type Labelled, type Organisation, readLetters } from "./understanding/letters.ts";
import { rawMail } from "./understanding/raw-mail.ts";
import { details, figureTable, wrongLetter } from "./understanding/report.ts";
import { reliability } from "./understanding/statistics.ts";
import { writeMails } from "./understanding/write.ts";

const HELP = `npm run eval -- [--split develop|heldout|all] [--letters DIR]… [--only ORGANISATION[/AUTHOR[#N]]]…
              [--errors [--wrong ASPECT,…]] [--write DIR] [--no-cpu] [--json]
  用标注好的来信衡量理解得对不对：每封信先做成真正的邮件，再走读取与理解的全过程
  how well labelled letters are understood; each is made into a real mail and goes the whole way through the reader

  --split    develop (default): the authors that rules are written against; heldout: those nobody looks at; all.
             A file that names no split is always taken
  --letters  a folder of organisations, instead of fixtures/letters; may be given several times
  --only     an organisation, an author or one letter; may be given several times
  --errors   each wrong letter: what it shows, what was expected and found, and the strongest evidence
  --wrong    only letters wrong in one of these: ${ASPECTS.join(", ")}
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

const began = performance.now();
const set = readLetters(values.letters.map((folder) => resolve(folder)));
const labelled = chosen(set, { split, only: values.only });
for (const problem of set.problems) console.error(`eval: ${problem}`);
if (labelled.length === 0) usage("no letter is chosen / 没有选中任何信");

const { judged, tasks } = await runAll(labelled);
const measured = measure(judged);
const figures = [...measured.figures, ...(values["no-cpu"] ? [] : cpuFigures(tasks()))];
const missed = figures.filter(({ met }) => met === false);
const wrong = labelled.flatMap((one, at) => {
  const its = judged[at] as Judged;
  const counts = its.wrong.some(({ aspect }) => aspects.length === 0 || aspects.includes(aspect));
  return counts ? [{ one, its }] : [];
});

if (values.json) {
  const { claims, figures: _, ...rest } = measured;
  console.log(
    JSON.stringify({
      split,
      letters: labelled.length,
      authors: new Set(labelled.map(({ organisation, author }) => `${organisation.name}/${author}`)).size,
      figures,
      ...rest,
      reliability: Object.fromEntries(
        Object.entries(claims).map(([which, all]) => [which, reliability(all)]),
      ),
      wrong: wrong.map(({ one, its }) => ({ id: one.id, shows: one.letter.shows, wrong: its.wrong })),
      problems: set.problems,
      missed: missed.map(({ key }) => key),
    }),
  );
} else {
  if (values.errors) {
    for (const { one, its } of wrong) console.log(`${wrongLetter(one, its, aspects)}\n`);
  }
  const authors = new Set(labelled.map(({ organisation, author }) => `${organisation.name}/${author}`)).size;
  const organisations = new Set(labelled.map(({ organisation }) => organisation.name)).size;
  console.log(
    `${labelled.length} letters by ${authors} authors in ${organisations} organisations, ${split}; ` +
      `${wrong.length} wrong in some way; ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
  );
  console.log(figureTable(figures));
  if (!values.errors) console.log(`\n${details(measured)}`);
  console.log(
    missed.length === 0
      ? "\nEvery bar is met."
      : `\n${missed.length} below the bar: ${missed.map(({ name }) => name.trim()).join("; ")}`,
  );
}
if (missed.length > 0 || set.problems.length > 0) process.exitCode = 1;

/** Every letter through the child process, its documents and the rules; what is left is the CPU to measure. */
async function runAll(all: Labelled[]): Promise<{ judged: Judged[]; tasks: () => Task[] }> {
  const log = createLogger({ level: "error", readable: process.stderr.isTTY });
  const reader = createReader({ children: Math.max(1, Math.min(2, availableParallelism())), log });
  const judged: Judged[] = [];
  const plain: { organisation: Organisation; facts: Task["facts"] }[] = [];
  const written: Parameters<typeof writeMails>[1] = [];
  try {
    for (const organisation of new Set(all.map((one) => one.organisation))) {
      const explainer = createExplainer(organisation.campaign, reader, systemClock);
      const its = all.filter((one) => one.organisation === organisation);
      for (let at = 0; at < its.length; at += 32) {
        const slice = its.slice(at, at + 32);
        const raws = await Promise.all(slice.map(rawMail));
        const explained = await explainer.explain(raws.map((raw, i) => ({ file: slice[i]?.id ?? "", raw })));
        for (const [i, { mail, parts, arrivedAt, understanding }] of explained.entries()) {
          const one = slice[i] as Labelled;
          judged[all.indexOf(one)] = judge(one.letter.expect, understanding, organisation.campaign);
          const facts = { mail, parts, arrivedAt, thread: threadOf(mail, organisation.campaign) };
          if (mail.parts.length === 0) plain.push({ organisation, facts });
          if (values.write) written.push({ labelled: one, raw: raws[i] as Buffer });
        }
        progress(judged.filter(Boolean).length, all.length);
      }
    }
  } finally {
    progress(null, all.length);
    await reader.close();
  }
  if (values.write) await writeMails(values.write, written);
  return {
    judged,
    tasks: () => {
      const knowledge = new Map<Organisation, Knowledge>();
      return plain.map(({ organisation, facts }) => {
        const known = knowledge.get(organisation) ?? prepare(grown(organisation.campaign));
        knowledge.set(organisation, known);
        return { facts, knowledge: known };
      });
    },
  };
}

function progress(done: number | null, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(done === null ? "\r\x1b[K" : `\r${done}/${of}`);
}
