// Whose the files of a reply are that says what came on paper: the one receipt's, or the one whose unit a file is named after.
import type { ReadPart } from "../../document/document.ts";
import type { Knowledge } from "../../understand/knowledge.ts";
import { plainOf } from "../../understand/letter.ts";
import { mentionsIn } from "../../understand/names.ts";
import type { RulingOrder } from "../../understand/ruling.ts";
import type { Scan, ScannedOrder } from "./ruled.ts";

/** The orders with their scans, and the files that are nobody's. */
export function withScans(
  rulings: RulingOrder[],
  parts: ReadPart[],
  knowledge: Knowledge,
): { orders: ScannedOrder[]; left: ReadPart[] } {
  const files = parts.filter(isFile);
  const receipts = rulings.filter(
    ({ kind, revokes, problems }) => kind === "receipt" && !revokes && problems.length === 0,
  );
  const ownerOf = (file: ReadPart): RulingOrder | null => {
    const named = unitsIn(file.part.filename, knowledge);
    const theirs = receipts.filter(({ units }) => units.some((unit) => named.has(unit)));
    const [only] = theirs.length > 0 ? theirs : receipts;
    return only && (theirs.length === 1 || receipts.length === 1) ? only : null;
  };
  const owners = new Map(files.map((file) => [file, ownerOf(file)]));
  return {
    orders: rulings.map((order) => ({
      ...order,
      scans: files.filter((file) => owners.get(file) === order).map(scanOf),
    })),
    left: files.filter((file) => owners.get(file) === null),
  };
}

/** Pasted into the text by a telephone it is a scan as well; the mark of a signature is none. */
function isFile({ part, document }: ReadPart): boolean {
  return !part.inline || (document.mediaType.startsWith("image/") && document.status !== "ignored");
}

function scanOf({ part, document }: ReadPart): Scan {
  return { sha256: part.sha256, filename: part.filename, mediaType: document.mediaType };
}

function unitsIn(filename: string, knowledge: Knowledge): Set<string> {
  const mentions = mentionsIn(knowledge.units, plainOf(filename), { typos: false });
  return new Set(mentions.flatMap(({ value }) => value ?? []));
}
