// What a person reads: the table of figures, the confusions, the reliability of confidences, and each wrong letter.
import type { Evidence } from "../../src/understand/evidence.ts";
import type { Figure, Measured } from "./figures.ts";
import type { Aspect } from "./judge.ts";
import type { Labelled } from "./letters.ts";
import type { Result } from "./run.ts";
import { type ClassFigures, type Confusion, reliability } from "./statistics.ts";

export function figureTable(figures: Figure[]): string {
  const rows = figures.map((one) => {
    const mark = one.met === null ? " " : one.met ? "✓" : "✗";
    if (one.n === 0) return `${mark} ${one.name.padEnd(52)} nothing to measure`;
    const interval = `${words(one.low, one)} – ${words(one.high, one)}`;
    return `${mark} ${one.name.padEnd(52)} ${words(one.value, one).padStart(8)}  ${interval.padEnd(19)} ${String(one.n).padStart(4)}  ${barWords(one)}`;
  });
  return [`  ${"".padEnd(52)}   figure  95 % interval          n  bar`, ...rows].join("\n");
}

function words(value: number, { unit }: Figure): string {
  if (unit === "share") return `${(value * 100).toFixed(1)} %`;
  return unit === "ms" ? `${value.toFixed(2)} ms` : value.toFixed(3);
}

function barWords(one: Figure): string {
  if (one.bar === null) return "";
  return "atLeast" in one.bar ? `≥ ${words(one.bar.atLeast, one)}` : `≤ ${words(one.bar.atMost, one)}`;
}

export function details(measured: Measured): string {
  return [
    classTable("Types", measured.types, measured.typeConfusions),
    classTable("Replies", measured.intents, measured.intentConfusions),
    measured.originConfusions.length > 0
      ? `Origins taken wrongly: ${confusionWords(measured.originConfusions)}`
      : "",
    ...(["type", "unit", "both"] as const).map((one) => reliabilityTable(one, measured)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function classTable(title: string, classes: ClassFigures[], confused: Confusion[]): string {
  if (classes.length === 0) return "";
  const rows = classes.map(
    ({ name, labelled, precision, recall, f1 }) =>
      `  ${name.padEnd(24)} ${String(labelled).padStart(5)} ${precision.toFixed(3).padStart(10)} ${recall.toFixed(3).padStart(7)} ${f1.toFixed(3).padStart(7)}`,
  );
  const lines = [`${title.padEnd(26)}     n  precision  recall      F1`, ...rows];
  if (confused.length > 0) lines.push(`  taken wrongly: ${confusionWords(confused)}`);
  return lines.join("\n");
}

function confusionWords(confused: Confusion[]): string {
  return confused.map(({ expected, got, count }) => `${expected} → ${got} ${count}×`).join(", ");
}

function reliabilityTable(which: "type" | "unit" | "both", { claims }: Measured): string {
  const rows = reliability(claims[which]).map(
    ({ from, to, count, confidence, right }) =>
      `  ${from.toFixed(1)}–${to.toFixed(1)} ${String(count).padStart(5)}   ${confidence.toFixed(3)}   ${right.toFixed(3)}`,
  );
  return [`Confidence, ${which}`.padEnd(20), "               n   claimed   right", ...rows].join("\n");
}

const ASKED: Aspect[] = ["outcome", "type", "unit", "count", "people", "title", "intent"];

/** Hand by hand: a rule that fits one writer only shows here. Right of measured. */
export function authorTable(results: Pick<Result, "labelled" | "judged">[]): string {
  const authors = Map.groupBy(results, ({ labelled }) => `${labelled.organisation.name}/${labelled.author}`);
  const rows = [...authors].map(([author, its]) => {
    const cells = ASKED.map((aspect) => {
      const asked = its.flatMap(({ judged }) => judged.right.get(aspect) ?? []);
      return `${asked.filter(Boolean).length}/${asked.length}`.padStart(8);
    });
    return `  ${author.padEnd(34)}${cells.join("")}`;
  });
  return [`${"Authors".padEnd(36)}${ASKED.map((aspect) => aspect.padStart(8)).join("")}`, ...rows].join("\n");
}

const SHOWN = 5;

/** All that is needed to see what went wrong, in a few lines. */
export function wrongLetter(
  { labelled, judged }: Pick<Result, "labelled" | "judged">,
  aspects: Aspect[],
): string {
  const { id, letter } = labelled;
  const { understanding, wrong } = judged;
  const { type, unit, originEvidence, newText } = understanding;
  const shown = wrong.filter(({ aspect }) => aspects.length === 0 || aspects.includes(aspect));
  const lines = [
    `${id}  ${letter.shows}`,
    `    ${letter.from.name} <${letter.from.address}>  «${letter.subject}»  ${short(newText, 90)}`,
    ...filesOf(letter.attachments ?? []),
    ...shown.map((one) => `    ${one.aspect.padEnd(11)} ${one.expected}  →  ${one.got}`),
  ];
  const has = (...some: Aspect[]) => shown.some(({ aspect }) => some.includes(aspect));
  if (has("origin")) lines.push(...evidenceLines("origin", originEvidence));
  if (has("type", "outcome")) lines.push(...evidenceLines("type", type.evidence));
  if (has("unit", "submissions") || understanding.reason?.startsWith("unit-"))
    lines.push(...evidenceLines("unit", unit.evidence));
  return lines.join("\n");
}

function filesOf(attachments: NonNullable<Labelled["letter"]["attachments"]>): string[] {
  if (attachments.length === 0) return [];
  const names = attachments.map(
    ({ filename, unreadable }) => filename + (unreadable ? ` (${unreadable})` : ""),
  );
  return [`    files: ${names.join(", ")}`];
}

function evidenceLines(about: string, evidence: Evidence[]): string[] {
  return evidence
    .slice(0, SHOWN)
    .map(
      ({ weight, where, words, speaksFor }) =>
        `      ${about} ${weight >= 0 ? "+" : ""}${weight.toFixed(1)} ${speaksFor}  ${where} «${short(words, 40)}»`,
    );
}

function short(text: string, most: number): string {
  const line = text.replace(/\s*\n\s*/g, " ⏎ ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
