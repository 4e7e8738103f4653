// --from and --to: whole days of the campaign's zone, both counted, or instants.
import { endOfDay, instantOf } from "../text/dates.ts";
import { type CommandInput, type CommandOption, UsageError } from "./command.ts";

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
  const from = edgeOf(values.from, "from", zone);
  const to = edgeOf(values.to, "to", zone);
  if (from && to && from > to)
    throw new UsageError(
      `--from ${values.from} --to ${values.to}: 起止颠倒了 / the end comes before the beginning`,
    );
  return { from, to };
}

function edgeOf(value: CommandInput["values"][string], name: "from" | "to", zone: string): Date | null {
  if (value === undefined) return null;
  const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    String(value),
  );
  const [, on, time, offset] = written ?? [];
  try {
    if (on && time && offset) return checked(new Date(`${on}T${time}${offset}`));
    if (on && time) return checked(instantOf(on, time, zone));
    if (on) return checked(name === "from" ? instantOf(on, "00:00", zone) : endOfDay(on, zone));
  } catch {
    // A day that does not exist, such as 31 November.
  }
  throw new UsageError(
    `--${name} ${value}: write a day like 2012-12-15 or 2012-12-15T17:30 / 请写成 2012-12-15 或 2012-12-15T17:30`,
  );
}

function checked(at: Date): Date {
  if (Number.isNaN(at.getTime())) throw new RangeError("no such instant");
  return at;
}
