// How much of the known words jinbox reads, and the second readers, of the same documents.
import { join } from "node:path";
import type { Reader } from "../../src/reading/reader.ts";
import { readFileWith, textOf } from "./reading.ts";
import { BARS, type Format, isGuessed, orderBar, type Sample } from "./sample.ts";
import { type Score, score } from "./score.ts";
import { secondTexts } from "./second.ts";

export interface FileFigures extends Score {
  file: string;
  format: Format;
  producer: string;
  status: string;
  reason: string | null;
  ms: number;
  second: Record<string, { recall: number; precision: number; order: number }>;
}

export async function measureAccuracy(
  folder: string,
  samples: Sample[],
  reader: Reader,
  say: (line: string) => void,
): Promise<FileFigures[]> {
  const figures: FileFigures[] = [];
  for (const { file, format, producer, known } of samples) {
    const startedAt = performance.now();
    const read = await readFileWith(reader, join(folder, file));
    const ms = performance.now() - startedAt;
    const { status, reason } = read.document;
    const one = score(known, textOf(read), isGuessed(format));
    figures.push({ file, format, producer, status, reason, ms, ...one, second: {} });
    say(
      `${file}: ${status}${reason ? ` (${reason})` : ""} ${percent(one.recall)} ${percent(one.precision)} ${percent(one.order)}`,
    );
  }
  say("the second readers …");
  const texts = await secondTexts(folder, samples);
  for (const [at, { file, known, format }] of samples.entries()) {
    for (const [tool, text] of Object.entries(texts.get(file) ?? {})) {
      const { recall, precision, order } = score(known, text, isGuessed(format));
      (figures[at] as FileFigures).second[tool] = { recall, precision, order };
    }
  }
  return figures;
}

export interface FormatFigures {
  format: Format;
  documents: number;
  bar: number;
  /** The worst document's figures: a mean hides the one that lost a page. */
  recall: number;
  precision: number;
  order: number;
  meanRecall: number;
  second: Record<string, { recall: number; meanRecall: number; order: number }>;
}

export function byFormat(figures: FileFigures[]): FormatFigures[] {
  const least = (values: number[]) => Math.min(...values);
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  return (Object.keys(BARS) as Format[]).flatMap((format) => {
    const here = figures.filter((one) => one.format === format);
    if (here.length === 0) return [];
    const tools = new Set(here.flatMap(({ second }) => Object.keys(second)));
    const second = Object.fromEntries(
      [...tools].map((tool) => {
        const by = here.flatMap((one) => one.second[tool] ?? []);
        const recalls = by.map(({ recall }) => recall);
        return [
          tool,
          { recall: least(recalls), meanRecall: mean(recalls), order: least(by.map(({ order }) => order)) },
        ];
      }),
    );
    return {
      format,
      documents: here.length,
      bar: BARS[format],
      recall: least(here.map(({ recall }) => recall)),
      precision: least(here.map(({ precision }) => precision)),
      order: least(here.map(({ order }) => order)),
      meanRecall: mean(here.map(({ recall }) => recall)),
      second,
    };
  });
}

/** One sentence for each document below its bar. */
export function accuracyMisses(figures: FileFigures[]): string[] {
  return figures.flatMap((one) => {
    const misses: string[] = [];
    const bar = BARS[one.format];
    if (one.status !== "read") misses.push(`${one.status} (${one.reason})`);
    else {
      if (one.recall < bar)
        misses.push(`recovered ${percent(one.recall)}, missing ${shortened(one.missing)}`);
      if (one.precision < bar)
        misses.push(`${percent(1 - one.precision)} invented: ${shortened(one.invented)}`);
      if (one.order < orderBar(one.format))
        misses.push(`order ${percent(one.order)}: ${one.outOfOrder.slice(0, 4).join(" ¦ ")}`);
    }
    return misses.length > 0 ? [`${one.file} (${one.producer}): ${misses.join("; ")}`] : [];
  });
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function shortened(signs: string): string {
  const all = [...signs];
  return all.length > 40 ? `${all.slice(0, 40).join("")}… (${all.length})` : all.join("");
}
