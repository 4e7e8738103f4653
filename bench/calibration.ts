// Whether claimed confidences are honest: a monotone map fitted on all authors but one, judged on that one. Usage: node bench/calibration.ts DIR…
import { resolve } from "node:path";
import { chosen, readLetters } from "./understanding/letters.ts";
import { runLetters } from "./understanding/run.ts";
import { type Claim, calibrationError } from "./understanding/statistics.ts";

interface Said extends Claim {
  author: string;
}

/** Sigmoid of a·logit + b: two numbers, so that two hundred letters are enough. */
interface Map2 {
  a: number;
  b: number;
}

const logit = (p: number) => Math.log(p / (1 - p));
const clipped = (p: number) => Math.min(Math.max(p, 0.001), 0.9995);
const mapped = ({ a, b }: Map2, confidence: number) =>
  1 / (1 + Math.exp(-(a * logit(clipped(confidence)) + b)));

const bounded = (step: number) => Math.min(Math.max(step, -0.2), 0.2);

/** Newton's method on the likelihood, drawn towards the map that changes nothing. */
function fitted(claims: Claim[]): Map2 {
  let [a, b] = [1, 0];
  for (let round = 0; round < 40; round += 1) {
    let [ga, gb, haa, hab, hbb] = [a - 1, b, 1, 0, 1];
    for (const { confidence, right } of claims) {
      const x = logit(clipped(confidence));
      const p = 1 / (1 + Math.exp(-(a * x + b)));
      const miss = p - (right ? 1 : 0);
      const slope = p * (1 - p);
      ga += miss * x;
      gb += miss;
      haa += slope * x * x;
      hab += slope * x;
      hbb += slope;
    }
    const determinant = haa * hbb - hab * hab;
    // A whole step may leave the valley where nearly all claims are right.
    a -= bounded((hbb * ga - hab * gb) / determinant);
    b -= bounded((haa * gb - hab * ga) / determinant);
  }
  return { a, b };
}

const folders = process.argv.slice(2);
const set = readLetters(folders.map((folder) => resolve(folder)));
const results = await runLetters(chosen(set, { split: "develop", only: [] }), () => {});
for (const which of ["type", "unit"] as const) {
  const said = results.flatMap(({ labelled, judged }): Said[] => {
    const verdict = judged.understanding[which];
    const right = judged.right.get(which);
    if (judged.expected.origin !== "person" || verdict.value === null || right === undefined) return [];
    const author = `${labelled.organisation.name}/${labelled.author}`;
    return [{ confidence: verdict.confidence, right, author }];
  });
  const unseen = [...new Set(said.map((one) => one.author))].flatMap((author) => {
    const map = fitted(said.filter((one) => one.author !== author));
    const its = said.filter((one) => one.author === author);
    return its.map((one) => ({ ...one, confidence: mapped(map, one.confidence) }));
  });
  const { a, b } = fitted(said);
  const sure = said.filter((one) => one.confidence >= 0.9);
  console.log(
    `${which}: ${said.length} claims, error ${calibrationError(said).toFixed(3)} as claimed, ` +
      `${calibrationError(unseen).toFixed(3)} mapped (unseen authors); a ${a.toFixed(2)}, b ${b.toFixed(2)}; ` +
      `at 0.9: ${sure.length} claims, ${sure.filter((one) => one.right).length} right`,
  );
}
