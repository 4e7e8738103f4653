// What no single value shows: names that must exist, dates that must follow one another, words claimed twice.
import { isPublicProvider } from "./providers.ts";
import { nearest, type Report } from "./report.ts";
import {
  type DeliverableEntry,
  deliverableSchema,
  headingSchema,
  itemSchema,
  phaseSchema,
  soundKeys,
  unitSchema,
} from "./schema.ts";
import type { Path } from "./source.ts";

/** Words that `explain` prints as a type; a deliverable of that name could not be told from them. */
const reservedCodes = ["correction", "question", "other"];

/** One spelling for comparing names: width, case and spaces do not make a difference. */
export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

/** Every check that spans values. */
export function crossCheck(written: unknown, report: Report): void {
  const file = (written ?? {}) as Record<string, unknown>;
  const campaign = soundKeys(headingSchema, file.campaign);
  const units = entries(file.units).map((unit) => soundKeys(unitSchema, unit));
  const deliverables = entries(file.deliverables).map((entry) => soundKeys(deliverableSchema, entry));
  const phases = entries(file.phases).map((phase) => soundKeys(phaseSchema, phase));

  checkOrder(report, ["campaign"], ["opens", campaign.opens], ["closes", campaign.closes]);
  for (const [section, codes] of Object.entries({ units, deliverables, phases })) {
    checkCodes(report, [section], codes);
  }
  checkNames(report, units);
  units.forEach(({ domains = [] }, index) => {
    const at = domains.findIndex((domain) => isPublicProvider(domain));
    if (at >= 0) warnPublicDomain(report, ["units", index, "domains", at], domains[at] ?? "");
  });
  deliverables.forEach((deliverable, index) => {
    const items = (entries(file.deliverables)[index] as { items?: unknown } | null)?.items;
    checkDeliverable(report, ["deliverables", index], deliverable, campaign.opens);
    checkItems(report, ["deliverables", index, "items"], entries(items), units);
  });
  checkPhases(report, phases, campaign);
  checkHolidays(report, file.holidays);
}

function entries(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

interface Coded {
  code?: string | undefined;
}

function checkCodes(report: Report, path: Path, entries: Coded[]): void {
  const seen = new Map<string, number>();
  entries.forEach(({ code = "" }, index) => {
    const first = seen.get(code);
    if (code && first !== undefined) {
      const expected = {
        zh: `不重复的代码（第 ${first + 1} 项已用）`,
        en: `a code of its own (entry ${first + 1} has this one)`,
      };
      report.problem({ path: [...path, index, "code"], found: code, expected, write: `code: ${code}-2` });
    } else {
      seen.set(code, index);
    }
  });
}

interface Named {
  name?: string | undefined;
  aliases?: string[] | undefined;
}

/** Two full names alike cannot be told apart: a problem. Two aliases alike only decide nothing: a warning. */
function checkNames(report: Report, units: Named[]): void {
  const fullNames = new Map<string, number>();
  units.forEach(({ name }, index) => {
    if (!name) return;
    const first = fullNames.get(folded(name));
    if (first === undefined) fullNames.set(folded(name), index);
    else {
      const expected = {
        zh: `不重复的名称（第 ${first + 1} 项已用）`,
        en: `a name of its own (entry ${first + 1} has it)`,
      };
      report.problem({ path: ["units", index, "name"], found: name, expected });
    }
  });
  const aliases = new Map<string, number>();
  units.forEach((unit, index) => {
    unit.aliases?.forEach((alias, position) => {
      const key = folded(alias);
      const other = fullNames.get(key) ?? aliases.get(key) ?? index;
      if (other !== index) {
        const owner = units[other]?.name ?? "";
        const expected = {
          zh: `只属于一个单位的别名；“${owner}”也用它，因此单凭它认不出单位`,
          en: `an alias of one unit only; ${owner} has it too, so it alone decides nothing`,
        };
        report.warning({ path: ["units", index, "aliases", position], found: alias, expected });
      } else {
        aliases.set(key, index);
      }
    });
  });
}

function warnPublicDomain(report: Report, path: Path, domain: string): void {
  const expected = {
    zh: "本单位自己的域名；公共邮箱的域名会把所有人的来信都算作这个单位",
    en: "a domain of the unit's own; a public provider's would claim everybody's mail for it",
  };
  report.warning({ path, found: domain, expected });
}

function checkDeliverable(
  report: Report,
  path: Path,
  deliverable: Partial<DeliverableEntry>,
  campaignOpens: string | undefined,
): void {
  const { code, items = [] } = deliverable;
  if (code && reservedCodes.includes(code)) {
    const expected = {
      zh: `别的代码；${reservedCodes.join("、")} 是系统自用的`,
      en: `another code; ${reservedCodes.join(", ")} are the system's own`,
    };
    const write = `code: ${code}-paper`;
    report.problem({ path: [...path, "code"], found: code, expected, write });
  }
  checkOrder(report, path, ["opens", deliverable.opens], ["closes", deliverable.closes]);
  checkOrder(report, path, ["campaign.opens", campaignOpens], ["closes", deliverable.closes]);
  checkOrder(report, path, ["campaign.opens", campaignOpens], ["due", deliverable.due]);
  if (deliverable.owedBy && items.length > 0) {
    const expected = {
      zh: "只写 items：有分项时由各分项的 unit 报送，owedBy 不起作用",
      en: "items alone: they are owed by their own units, owedBy has no effect",
    };
    report.warning({ path: [...path, "owedBy"], found: deliverable.owedBy, expected });
  }
  if (deliverable.from === "person" && (deliverable.owedBy || items.length > 0)) {
    const expected = {
      zh: "from: unit（个人提交的没有欠交单位）",
      en: "from: unit (what persons send is owed by no unit)",
    };
    report.problem({ path: [...path, "from"], found: deliverable.from, expected, write: "from: unit" });
  }
}

function checkItems(report: Report, path: Path, written: unknown[], units: Coded[]): void {
  const items = written.map((item) => soundKeys(itemSchema, item));
  const unitCodes = units.flatMap(({ code }) => code ?? []);
  checkCodes(report, path, items);
  items.forEach(({ unit }, index) => {
    if (!unit || unitCodes.includes(unit)) return;
    const likely = nearest(unit, unitCodes);
    const expected = {
      zh: `units 中已有的单位代码${likely ? `；您是不是要写 ${likely}？` : ""}`,
      en: `the code of a unit under units${likely ? `; did you mean ${likely}?` : ""}`,
    };
    const write = `unit: ${likely ?? unitCodes[0] ?? "library"}`;
    report.problem({ path: [...path, index, "unit"], found: unit, expected, write });
  });
}

type NamedDate = [key: string, date: string | undefined];

/** `path` holds the later date. */
function checkOrder(report: Report, path: Path, earlier: NamedDate, later: NamedDate): void {
  if (!earlier[1] || !later[1] || earlier[1] <= later[1]) return;
  const expected = {
    zh: `不早于 ${earlier[0]}（${earlier[1]}）的日期`,
    en: `a date not before ${earlier[0]} (${earlier[1]})`,
  };
  report.problem({
    path: [...path, later[0]],
    found: later[1],
    expected,
    write: `${later[0]}: ${earlier[1]}`,
  });
}

interface Span {
  from?: string | undefined;
  to?: string | undefined;
}

function checkPhases(
  report: Report,
  phases: Span[],
  { opens, closes }: { opens?: string | undefined; closes?: string | undefined },
): void {
  phases.forEach(({ from, to }, index) => {
    const path = ["phases", index];
    checkOrder(report, path, ["from", from], ["to", to]);
    const ended = phases[index - 1]?.to;
    if (from && ended && from <= ended) {
      const expected = {
        zh: `上一阶段结束（${ended}）之后的日期`,
        en: `a date after the phase before ends (${ended})`,
      };
      report.problem({ path: [...path, "from"], found: from, expected });
    }
    if (opens && closes && ((from && from < opens) || (to && to > closes))) {
      const expected = {
        zh: `活动期间（${opens} 至 ${closes}）之内`,
        en: `within the campaign (${opens} to ${closes})`,
      };
      report.warning({ path, found: `${from} – ${to}`, expected });
    }
  });
}

function checkHolidays(report: Report, written: unknown): void {
  const { off, working } = (written ?? {}) as { off?: unknown; working?: unknown };
  entries(working).forEach((date, index) => {
    if (!entries(off).includes(date)) return;
    const expected = {
      zh: "休息日（off）和上班日（working）只能占一样",
      en: "a day either off or working, not both",
    };
    report.problem({ path: ["holidays", "working", index], found: date, expected });
  });
}
