// `node bench/genre.ts`: how well the words of a text tell its genre, and the training of the weights that are committed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sharesOf, TEXT_GENRES, weightsOf } from "../src/understand/genre.ts";
import { readExamples } from "./genre/examples.ts";
import { crossValidate, type Judged, temperatureOf, train } from "./genre/train.ts";

const HELP = `node bench/genre.ts [--examples FOLDER]… [--write] [--errors]
  cross-validates by domain (a file is a domain): each text is read by a model that saw nothing of its domain

  --examples  also these labelled texts, in the form of fixtures/genres; may be given several times
  --write     trains on all and writes src/understand/genre-weights.ts
  --errors    each text taken wrongly`;

const FOLDS = 6;
const root = join(import.meta.dirname, "..");

const { values } = parseArgs({
  options: {
    examples: { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
    errors: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const examples = [join(root, "fixtures/genres"), ...values.examples].flatMap(readExamples);
const judged = crossValidate(examples, FOLDS);
const temperature = temperatureOf(judged);
report(judged, temperature);
if (values.errors) for (const one of judged) showIfWrong(one);
if (values.write) {
  const made = { ...train(examples), temperature };
  const text = `// What each feature of a text weighs for each genre, in tenths. Made by \`node bench/genre.ts --write\`; not by hand.
export const GENRE_WEIGHTS = \`${weightsOf(made)}\`;
`;
  writeFileSync(join(root, "src/understand/genre-weights.ts"), text);
  console.log(`\n${made.rows.size} features, ${Math.round(Buffer.byteLength(text) / 1024)} kB`);
}

function report(all: Judged[], at: number): void {
  const read = all.map(({ example, sums }) => {
    const shares = sharesOf(sums.map((sum) => sum / at));
    const share = Math.max(...shares);
    return { genre: example.genre, best: TEXT_GENRES[shares.indexOf(share)]!, share };
  });
  console.log(`${all.length} texts of ${new Set(all.map(({ example }) => example.domain)).size} domains\n`);
  console.log(`${"".padEnd(12)}${TEXT_GENRES.map((one) => one.padStart(11)).join("")}      F1`);
  let macro = 0;
  for (const genre of TEXT_GENRES) {
    const own = read.filter((one) => one.genre === genre);
    const taken = read.filter((one) => one.best === genre);
    const right = own.filter((one) => one.best === genre).length;
    const f1 = (2 * right) / Math.max(own.length + taken.length, 1);
    macro += f1 / TEXT_GENRES.length;
    const row = TEXT_GENRES.map((best) =>
      String(own.filter((one) => one.best === best).length).padStart(11),
    ).join("");
    console.log(`${genre.padEnd(12)}${row}   ${f1.toFixed(3)}`);
  }
  const right = read.filter((one) => one.best === one.genre).length;
  let wrong = 0;
  for (let low = 0; low < 10; low++) {
    const bin = read.filter((one) => Math.min(Math.floor(one.share * 10), 9) === low);
    if (bin.length === 0) continue;
    const claimed = bin.reduce((sum, one) => sum + one.share, 0) / bin.length;
    const found = bin.filter((one) => one.best === one.genre).length / bin.length;
    wrong += (bin.length / read.length) * Math.abs(claimed - found);
  }
  console.log(
    `\nmacro-F1 ${macro.toFixed(3)}   right ${((100 * right) / read.length).toFixed(1)} %   ` +
      `calibration error ${wrong.toFixed(3)}   temperature ${at.toFixed(2)}`,
  );
}

function showIfWrong({ example, sums }: Judged): void {
  const best = TEXT_GENRES[sums.indexOf(Math.max(...sums))]!;
  if (best !== example.genre)
    console.log(`${example.domain} ${example.genre} → ${best}: ${example.text.slice(0, 90)}`);
}
