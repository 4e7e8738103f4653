// Units and deliverables as people call them on a command line: code, name or alias, in any width and case.
import type { Campaign } from "../campaign/campaign.ts";
import { normalize } from "../text/normalize.ts";
import { UsageError } from "./command.ts";

/** The unit's code; a name that is not configured ends the command and lists those that are. */
export function unitNamed(campaign: Campaign, text: string): string {
  return named(campaign.units, text, "unit", "单位");
}

export function deliverableNamed(campaign: Campaign, text: string): string {
  return named(campaign.deliverables, text, "type", "类型");
}

interface Named {
  code: string;
  name: string;
  aliases: readonly string[];
}

export function named(all: readonly Named[], text: string, en: string, zh: string): string {
  const wanted = formOf(text);
  const found = all.filter(({ code, name, aliases }) =>
    [code, name, ...aliases].some((one) => formOf(one) === wanted),
  );
  const exact = all.find(({ code, name }) => code === text || name === text) ?? found[0];
  if (exact && (found.length === 1 || exact.code === text || exact.name === text)) return exact.code;
  const list = (found.length > 1 ? found : all).map(({ code, name }) => `${name}（${code}）`).join("、");
  throw new UsageError(`${text}: 不是配置中的${zh} / no such ${en} is configured\n可用 / one of: ${list}`);
}

/** Values of an option that may be repeated or hold several, "a,b" or "甲、乙". */
export function valuesOf(value: string | boolean | string[] | undefined): string[] {
  const all = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  return all
    .flatMap((one) => one.split(/[,，、]/))
    .map((one) => one.trim())
    .filter(Boolean);
}

function formOf(text: string): string {
  return normalize(text).trim().toLowerCase();
}
