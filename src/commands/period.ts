// --from and --to: whole days of the campaign's zone, both counted, or instants.
import { endOfDay, instantOf } from "../text/dates.ts";
import { type CommandInput, type CommandOption, instantOption, UsageError } from "./command.ts";

export const periodOptions: Record<"from" | "to", CommandOption> = {
  from: {
    type: "string",
    value: "DAY",
    words: {
      en: "from this day on: 2012-12-01, or 2012-12-01T08:30",
      zh: "从哪一天起（含）：2012-12-01，或 2012-12-01T08:30",
    },
  },
  to: {
    type: "string",
    value: "DAY",
    words: { en: "up to and including this day", zh: "到哪一天止（含）" },
  },
};

export function periodOf(
  values: CommandInput["values"],
  zone: string,
): { from: Date | null; to: Date | null } {
  const from = instantOption(values.from, "from", zone, (on) => instantOf(on, "00:00", zone)) ?? null;
  const to = instantOption(values.to, "to", zone, (on) => endOfDay(on, zone)) ?? null;
  if (from && to && from > to)
    throw new UsageError(
      `--from ${values.from} --to ${values.to}: 起止颠倒了 / the end comes before the beginning`,
    );
  return { from, to };
}
