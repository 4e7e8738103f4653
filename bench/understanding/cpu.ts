// CPU of understanding alone, mail by mail, with a large campaign configured.
import { type Facts, type Knowledge, understand } from "../../src/understand/understand.ts";
import { type Figure, figureOf } from "./figures.ts";
import { mean, median, quantile } from "./statistics.ts";

export interface Task {
  facts: Facts;
  knowledge: Knowledge;
}

const ROUNDS = 5;

/** Each mail once a round, so that nothing is still warm from the same mail; the median round, between the best and the worst. */
export function cpuFigures(tasks: Task[]): Figure[] {
  // The first pass compiles; a service has done that long ago.
  round(tasks);
  const rounds = Array.from({ length: ROUNDS }, () => round(tasks));
  const figure = (key: string, name: string, of: (times: number[]) => number, atMost: number) => {
    const values = rounds.map(of).sort((a, b) => a - b);
    const [low = 0, high = 0] = [values[0], values.at(-1)];
    const value = median(values);
    return figureOf({ key, name, value, n: tasks.length, unit: "ms", bar: { atMost }, low, high });
  };
  const p95 = (times: number[]) =>
    quantile(
      times.toSorted((a, b) => a - b),
      0.95,
    );
  return [
    figure("cpuMean", "CPU a mail without attachments, mean", mean, 2),
    figure("cpuP95", "CPU a mail without attachments, 95th percentile", p95, 10),
  ];
}

function round(tasks: Task[]): number[] {
  return tasks.map(({ facts, knowledge }) => {
    const before = process.cpuUsage();
    understand(facts, knowledge);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
}
