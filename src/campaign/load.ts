// campaign.yaml and the roster → Campaign, or every mistake at once: file, line, key and the line to write.
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { announcementFile, loadAnnouncement } from "./announcement.ts";
import type { Campaign, Contact, Deliverable, Person, Unit } from "./campaign.ts";
import { crossCheck } from "./check.ts";
import { builtInTemplates, defaults } from "./defaults.ts";
import type { Named } from "./naming.ts";
import { ConfigurationError, type Problem } from "./problem.ts";
import { type Report, reportIssue, reportOn } from "./report.ts";
import { readRoster } from "./roster.ts";
import {
  type CampaignFile,
  type ContactEntry,
  campaignSchema,
  type DeliverableEntry,
  type UnitEntry,
} from "./schema.ts";
import { readText, readYaml, type Source } from "./source.ts";

export { ConfigurationError, type Problem, problemText } from "./problem.ts";

export interface LoadedCampaign {
  campaign: Campaign;
  /** What works but is probably not meant: an alias of two units, a public provider as a unit's domain. */
  warnings: Problem[];
  /** The file whose text `campaign.announcement` is. */
  announcementFile: string | null;
}

/** Throws ConfigurationError with every problem of the campaign file and its roster. */
export function loadCampaign(file: string): LoadedCampaign {
  const source = readYaml(file);
  const report = reportOn(source);
  if (report.problems.length > 0) throw new ConfigurationError(report.problems);

  const parsed = campaignSchema.safeParse(source.value);
  for (const issue of parsed.error?.issues ?? []) reportIssue(report, issue, source.value);
  crossCheck(source.value, report);
  const roster = loadRoster(source, report);
  const announcement = loadAnnouncement(source, report);
  checkTemplates(source, report);
  if (!parsed.success || report.problems.length > 0) throw new ConfigurationError(report.problems);
  return {
    campaign: campaignOf(parsed.data, { roster, announcement }, file),
    warnings: report.warnings,
    announcementFile: announcementFile(source),
  };
}

/** The roster is checked against the units as written, so that its mistakes show together with the file's. */
function loadRoster(source: Source, report: Report): Person[] {
  const { roster, units } = (source.value ?? {}) as { roster?: unknown; units?: unknown };
  if (typeof roster !== "string") return [];
  const path = resolve(dirname(source.file), roster);
  try {
    const where = { file: source.file, line: source.lineOf(["roster"]), key: "roster" };
    const read = readRoster(path, readText(path, where), namedUnits(units));
    report.problems.push(...read.problems);
    report.warnings.push(...read.warnings);
    return read.people;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.problems.push(...error.problems);
    return [];
  }
}

function namedUnits(written: unknown): Named[] {
  const units = Array.isArray(written) ? written : [];
  return units.map((unit: Partial<Named> | null) => ({
    code: String(unit?.code ?? ""),
    name: String(unit?.name ?? ""),
    aliases: Array.isArray(unit?.aliases) ? unit.aliases.map(String) : [],
  }));
}

function checkTemplates(source: Source, report: Report): void {
  const { templates } = (source.value ?? {}) as { templates?: unknown };
  if (typeof templates !== "string") return;
  const folder = resolve(dirname(source.file), templates);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const expected = {
    zh: `存在的模板文件夹（相对于本文件）；不写则用 ${builtInTemplates}`,
    en: `an existing folder of templates, relative to this file; left out: ${builtInTemplates}`,
  };
  report.problem({ path: ["templates"], found: templates, expected });
}

function campaignOf(
  file: CampaignFile,
  { roster, announcement }: Pick<Campaign, "roster" | "announcement">,
  path: string,
): Campaign {
  const { locale } = file.campaign;
  const words = defaults[locale];
  const { imap } = file.mailbox;
  return {
    ...file.campaign,
    phases: file.phases,
    mailbox: {
      ...file.mailbox,
      answerFrom: file.mailbox.answerFrom ?? null,
      hops: file.mailbox.hops ?? null,
      imap: imap
        ? { ...imap, secure: imap.secure ?? imap.port === 993, user: imap.user ?? file.mailbox.address }
        : null,
    },
    smtp: file.smtp
      ? { ...file.smtp, secure: file.smtp.secure ?? file.smtp.port === 465, user: file.smtp.user ?? null }
      : null,
    office: {
      name: file.office.name ?? words.office,
      members: file.office.members.map((member) => contactOf(member, words.member) as Contact),
      digest: file.office.digest,
      weekly: file.office.weekly,
    },
    units: file.units.map((unit) => unitEntry(unit, words)),
    roster,
    announcement,
    deliverables: file.deliverables.map((deliverable) => deliverableEntry(deliverable, words)),
    themes: file.themes,
    reminders: {
      before: [...new Set(file.reminders.before)].sort((a, b) => b - a),
      overdue: file.reminders.overdue,
      workingDaysOnly: file.reminders.workingDaysOnly,
      quiet: file.reminders.quiet,
    },
    clarifyWithin: file.clarifyWithin ?? file.reminders.clarifyWithin ?? 2,
    review: { criteria: file.review.criteria ?? words.criteria, forum: file.review.forum },
    retention: file.retention,
    autoFileAt: file.autoFileAt,
    holidays: file.holidays,
    watch: {
      tell: file.watch.tell.map((one) => contactOf(one, words.member) as Contact),
      url: file.watch.url ?? null,
      inside: file.watch.inside,
      mail: file.watch.mail ?? null,
    },
    templates: file.templates ? resolve(dirname(path), file.templates) : builtInTemplates,
  };
}

type LocaleWords = (typeof defaults)["zh-CN"];

function contactOf(entry: ContactEntry | undefined, name: string): Contact | null {
  return entry ? { name: entry.name ?? name, email: entry.email } : null;
}

function unitEntry(unit: UnitEntry, words: LocaleWords): Unit {
  return {
    ...unit,
    aliases: [...new Set(unit.aliases)].filter((alias) => alias !== unit.name),
    staff: unit.staff ?? null,
    liaison: contactOf(unit.liaison, words.liaison),
    head: contactOf(unit.head, words.head),
    supervisor: contactOf(unit.supervisor, words.supervisor),
  };
}

function deliverableEntry(entry: DeliverableEntry, words: LocaleWords): Deliverable {
  const from = entry.from ?? (entry.owedBy || entry.items.length > 0 || entry.due ? "unit" : "person");
  const [dueOn, dueTime] = entry.due?.split("T") ?? [];
  const isOwedByKind = from === "unit" && entry.items.length === 0;
  return {
    code: entry.code,
    name: entry.name,
    aliases:
      entry.aliases ?? (words.deliverableAliases[entry.code] ?? []).filter((alias) => alias !== entry.name),
    from,
    owedBy: isOwedByKind ? (entry.owedBy ?? ["office", "grassroots"]) : [],
    opens: entry.opens ?? null,
    closes: entry.closes ?? null,
    due: dueOn ?? null,
    dueTime: dueTime ?? null,
    items: entry.items.map((item) => ({ ...item, lead: contactOf(item.lead, words.supervisor) })),
  };
}
