// From judged letters to the figures, each with its number, its interval and its bar.
import type { Aspect, Judged } from "./judge.ts";
import {
  bootstrap,
  type Claim,
  type ClassFigures,
  type Confusion,
  calibrationError,
  classFigures,
  confusions,
  type Decided,
  type Interval,
  macroF1,
  wilson,
} from "./statistics.ts";

export interface Figure extends Interval {
  key: string;
  name: string;
  value: number;
  /** Of so many. */
  n: number;
  unit: "share" | "score" | "ms";
  bar: { atLeast: number } | { atMost: number } | null;
  /** Null where there is no bar, or nothing to measure. */
  met: boolean | null;
}

type Bar = Figure["bar"];

export function figureOf(one: Omit<Figure, "met">): Figure {
  const { bar, value, n } = one;
  const met = bar === null || n === 0 ? null : "atLeast" in bar ? value >= bar.atLeast : value <= bar.atMost;
  return { ...one, met };
}

function share(key: string, name: string, rights: boolean[], bar: Bar = null): Figure {
  const right = rights.filter(Boolean).length;
  const n = rights.length;
  const value = n === 0 ? 0 : right / n;
  return figureOf({ key, name, value, n, unit: "share", bar, ...wilson(right, n) });
}

export interface Measured {
  figures: Figure[];
  types: ClassFigures[];
  typeConfusions: Confusion[];
  originConfusions: Confusion[];
  intents: ClassFigures[];
  intentConfusions: Confusion[];
  claims: Record<"type" | "unit" | "both", Claim[]>;
}

export function measure(judged: Judged[]): Measured {
  const persons = judged.filter(({ expected }) => expected.origin === "person");
  const machines = judged.filter(({ expected }) => expected.origin !== "person");
  const filed = judged.filter(({ understanding }) => understanding.outcome === "filed");
  const submitted = persons.filter(({ expected }) => (expected.submissions?.length ?? 0) > 0);
  const types = persons.flatMap(({ expected, understanding }): Decided[] =>
    expected.type === undefined ? [] : [{ expected: expected.type, got: understanding.type.value ?? "none" }],
  );
  const intents = persons.flatMap(({ expected, understanding }): Decided[] =>
    expected.intent === undefined ? [] : [{ expected: expected.intent, got: understanding.intent ?? "none" }],
  );
  const origins = judged.map(({ expected, understanding }) => ({
    expected: expected.origin,
    got: understanding.origin,
  }));
  const claims = claimsOf(persons);
  const asked = (aspect: Aspect, among = persons) =>
    among.flatMap(({ right }) => (right.has(aspect) ? [right.get(aspect) === true] : []));
  const each = (field: keyof Judged["each"]) => persons.flatMap((one) => one.each[field]);
  const takenFor = (person: boolean, among: Judged[]) =>
    among.map(({ understanding }) => (understanding.origin === "person") === person);
  const unitsKnown = persons.filter(({ expected }) => expected.unit !== null);
  const unitsUnknown = persons.filter(({ expected }) => expected.unit === null);

  const figures = [
    share("autoFiledRight", "auto-filed: type and unit right", filed.map(isRightlyFiled), { atLeast: 0.995 }),
    share(
      "autoFiledSubmissionsRight",
      "  of those, where something is entered",
      filed.filter(({ understanding }) => understanding.submissions.length > 0).map(isRightlyFiled),
    ),
    share(
      "autoFiledShare",
      "auto-filed, of those a clerk would file unasked",
      persons.filter(({ expected }) => expected.outcome === "filed").map(isFiled),
      { atLeast: 0.9 },
    ),
    share("autoFiledShareOfAll", "auto-filed, of all that submit something", submitted.map(isFiled)),
    share(
      "autoFiledAllRight",
      "  of those, each submission's type and unit right",
      asked("submissions", filed),
    ),
    share(
      "filedUnasked",
      "filed although a person must look",
      judged.filter(({ expected }) => expected.outcome === "held").map(isFiled),
    ),
    figureOf({
      key: "typeMacroF1",
      name: "type, macro-F1",
      value: macroF1(types),
      n: types.length,
      unit: "score",
      bar: { atLeast: 0.98 },
      ...bootstrap(types, macroF1),
    }),
    share("type", "type", asked("type")),
    share("unit", "unit", asked("unit"), { atLeast: 0.98 }),
    share("unitKnown", "  unit, where the letter tells it", asked("unit", unitsKnown)),
    share("unitUnknown", "  unit, where none can be told", asked("unit", unitsUnknown)),
    share("unitAsRead", "  a unit not configured, as it is written", asked("unitAsRead")),
    share("ideas", "number of ideas exact", asked("ideas"), { atLeast: 0.97 }),
    share("count", "number of submissions exact, none included", asked("count")),
    share("item", "item", each("item")),
    share("people", "people exact", each("people")),
    share("title", "title has the words", each("title")),
    share("intent", "what a reply means", asked("intent"), { atLeast: 0.97 }),
    share("corrections", "corrections exact", asked("corrections")),
    share("machineAsPerson", "automatic mail taken for a person's", takenFor(true, machines), { atMost: 0 }),
    share("personAsMachine", "person's mail taken for automatic", takenFor(false, persons), { atMost: 0 }),
    share("outcome", "outcome", asked("outcome", judged)),
    share("reason", "reason of what is held", asked("reason")),
    calibration("typeCalibration", "calibration error, type", claims.type),
    calibration("unitCalibration", "calibration error, unit", claims.unit),
    calibration("bothCalibration", "calibration error, both", claims.both),
  ];
  return {
    figures,
    types: classFigures(types),
    typeConfusions: confusions(types),
    originConfusions: confusions(origins),
    intents: classFigures(intents),
    intentConfusions: confusions(intents),
    claims,
  };
}

function isFiled({ understanding }: Judged): boolean {
  return understanding.outcome === "filed";
}

/** What is filed of a mail that brings nothing is wrong, whatever it was filed as. */
function isRightlyFiled({ expected, right }: Judged): boolean {
  if (expected.outcome === "ignored" || expected.outcome === "automatic") return false;
  return right.get("type") !== false && right.get("unit") !== false;
}

/** A verdict without a value claims nothing. */
function claimsOf(persons: Judged[]): Measured["claims"] {
  const claims: Measured["claims"] = { type: [], unit: [], both: [] };
  for (const { right, understanding } of persons) {
    const { type, unit } = understanding;
    const typeRight = type.value === null ? undefined : right.get("type");
    const unitRight = unit.value === null ? undefined : right.get("unit");
    if (typeRight !== undefined) claims.type.push({ confidence: type.confidence, right: typeRight });
    if (unitRight !== undefined) claims.unit.push({ confidence: unit.confidence, right: unitRight });
    if (typeRight !== undefined && unitRight !== undefined)
      claims.both.push({ confidence: type.confidence * unit.confidence, right: typeRight && unitRight });
  }
  return claims;
}

function calibration(key: string, name: string, claims: Claim[]): Figure {
  const value = calibrationError(claims);
  const interval = bootstrap(claims, calibrationError);
  return figureOf({ key, name, value, n: claims.length, unit: "score", bar: { atMost: 0.03 }, ...interval });
}
