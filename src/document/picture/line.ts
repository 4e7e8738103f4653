// From the likelihood of each sign at each place along a line to the line's words (CTC: Graves et al. 2006).

export interface LineText {
  text: string;
  /** Mean likelihood of its signs, 0 to 1; 0 where there are none. */
  confidence: number;
}

/** `likelihoods`: for each place one number a sign; sign 0 is "none", which also parts a sign from its repetition. */
export function readLine(likelihoods: Float32Array, signs: string[]): LineText {
  let text = "";
  let sum = 0;
  let count = 0;
  let before = 0;
  for (let at = 0; at < likelihoods.length; at += signs.length) {
    let best = 0;
    let likelihood = likelihoods[at] as number;
    for (let sign = 1; sign < signs.length; sign++) {
      const candidate = likelihoods[at + sign] as number;
      if (candidate > likelihood) {
        likelihood = candidate;
        best = sign;
      }
    }
    if (best !== 0 && best !== before) {
      text += signs[best] as string;
      sum += likelihood;
      count++;
    }
    before = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

/** The model's signs as its dictionary lists them: "none" before, the space after. */
export function signsOf(dictionary: string): string[] {
  return ["", ...dictionary.replace(/\n$/, "").split("\n"), " "];
}
