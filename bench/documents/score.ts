// How much of a known text came back, how much was invented, and whether its order was kept.
import type { Known, Unit } from "./material.ts";

export interface Score {
  /** Share of the known Han characters, as a multiset, that came back. */
  recall: number;
  /** Share of the Han characters that came back which were known. */
  precision: number;
  /** Share of paragraphs and rows found, each after the one before it. */
  order: number;
  missing: string;
  invented: string;
  /** Paragraphs and rows out of their place or not found, shortened. */
  outOfOrder: string[];
}

export function score(known: Known, text: string, isGuessed = false): Score {
  const wanted = counts(known.units.flatMap(({ cells }) => cells).join(""));
  const got = counts(text);
  const optional = new Set(known.optional.join(""));
  const missing = difference(wanted, got);
  const invented = difference(got, wanted).filter((sign) => !optional.has(sign));
  const total = sum(wanted);
  const { order, outOfOrder } = orderOf(known.units, text, isGuessed);
  return {
    recall: total === 0 ? 1 : 1 - missing.length / total,
    precision: sum(got) === 0 ? 0 : 1 - invented.length / sum(got),
    order,
    missing: missing.join(""),
    invented: invented.join(""),
    outOfOrder,
  };
}

function counts(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [sign] of text.matchAll(/\p{Script=Han}/gu)) found.set(sign, (found.get(sign) ?? 0) + 1);
  return found;
}

function difference(from: Map<string, number>, what: Map<string, number>): string[] {
  return [...from].flatMap(([sign, count]) => Array(Math.max(0, count - (what.get(sign) ?? 0))).fill(sign));
}

function sum(found: Map<string, number>): number {
  return [...found.values()].reduce((all, one) => all + one, 0);
}

/** Words without their spaces, signs and widths: where they stand is what is asked. */
function bare(text: string): string {
  return text.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "");
}

/** The longest run of units, in their order, that stand one after the other in the text. */
function orderOf(units: Unit[], text: string, isGuessed: boolean): { order: number; outOfOrder: string[] } {
  const hay = bare(text);
  const placed = units.filter(({ anywhere, cells }) => !anywhere && bare(cells.join("")) !== "");
  const ends: number[] = [];
  const chains: ({ unit: number; before: unknown } | null)[] = [];
  placed.forEach((unit, index) => {
    // From the last place to the first, so that a unit takes one place only.
    for (const place of placesOf(unit, hay, isGuessed).toSorted((a, b) => b - a)) {
      let at = ends.findIndex((end) => end >= place);
      if (at < 0) at = ends.length;
      ends[at] = place;
      chains[at] = { unit: index, before: at === 0 ? null : chains[at - 1] };
    }
  });
  const kept = new Set<number>();
  for (let link = chains.at(-1) ?? null; link; link = link.before as typeof link) kept.add(link.unit);
  return {
    order: placed.length === 0 ? 1 : kept.size / placed.length,
    outOfOrder: placed.filter((_, at) => !kept.has(at)).map(({ cells }) => cells.join(" | ").slice(0, 40)),
  };
}

const PIECE = 4;

/** Where a unit may stand: whole, or (a page's end within it, a cell of several lines) by its pieces. */
function placesOf({ cells }: Unit, hay: string, isGuessed: boolean): number[] {
  const whole = allPlaces(bare(cells.join("")), hay);
  const pieces = cells.flatMap((cell) => {
    const words = bare(cell);
    if (words.length <= PIECE) return words === "" ? [] : [words];
    return Array.from({ length: Math.floor(words.length / PIECE) }, (_, at) =>
      words.slice(at * PIECE, (at + 1) * PIECE),
    );
  });
  // A page break or a line break cuts a few pieces; recognition may spoil one character in every other piece.
  const enough = pieces.length * (isGuessed ? 0.4 : 0.7);
  const found = pieces.map((piece) => allPlaces(piece, hay)).filter((places) => places.length > 0);
  if (found.length < enough) return whole;
  // "1" and "市图书馆" stand in every row: the unit is where most of its pieces are together.
  const reach = 2 * pieces.join("").length + MARGIN;
  const rarest = found.toSorted((a, b) => a.length - b.length).slice(0, 3);
  const together = [...new Set(rarest.flat())].filter(
    (at) => found.filter((places) => places.some((place) => Math.abs(place - at) <= reach)).length >= enough,
  );
  return [...new Set([...whole, ...together])];
}

/** A page's header and notes may stand between the halves of a row. */
const MARGIN = 150;

function allPlaces(words: string, hay: string): number[] {
  const places: number[] = [];
  for (let at = hay.indexOf(words); at >= 0; at = hay.indexOf(words, at + 1)) places.push(at);
  return places;
}
