// What is wrong with an office's own templates, by file and line: found before a notice has to be sent with them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Liquid } from "liquidjs";
import type { Campaign } from "../../campaign/campaign.ts";
import { builtInTemplates } from "../../campaign/defaults.ts";
import { mistakeOf } from "../render.ts";

/** What a sample comes to; only whether its words could be made of the office's own templates matters here. */
export interface Worded {
  subject: string;
  text: string;
  wordingFault?: string;
}

export interface WordedSample {
  name: string;
  compose(): Promise<Worded | null>;
}

/** Every mistake, "FILE:LINE: what is wrong"; those that do not even parse first. Empty: none. */
export async function templateMistakes(campaign: Campaign, samples: WordedSample[]): Promise<string[]> {
  const mistakes = new Set(fileMistakes(campaign));
  for (const { name, compose } of samples) {
    try {
      const words = await compose();
      if (!words?.subject || words.text.trim() === "") mistakes.add(`${name}: no words come of it`);
      for (const mistake of words?.wordingFault?.split("\n") ?? []) mistakes.add(mistake);
    } catch (error) {
      mistakes.add(`${name}: ${(error as Error).message}`);
    }
  }
  return [...mistakes];
}

/** The office's own template files of the campaign's language; none where it uses those that come with the program. */
export function ownTemplates({ templates, locale }: Pick<Campaign, "templates" | "locale">): string[] {
  return templates === builtInTemplates ? [] : filesIn(join(templates, locale));
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A file that does not parse, or whose name no notice asks for: its words would never be seen. */
function fileMistakes(campaign: Pick<Campaign, "templates" | "locale">): string[] {
  const folder = join(campaign.templates, campaign.locale);
  const builtIn = join(builtInTemplates, campaign.locale);
  const known = new Set(filesIn(builtIn));
  const own = ownTemplates(campaign);
  const used = own.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  return own.flatMap((name) => {
    const file = join(folder, name);
    if (!name.endsWith(".liquid") || name.startsWith(".")) return [];
    // One template of the office's own may be a part of another.
    if (!known.has(name) && !used.includes(`"${name}"`) && !used.includes(`'${name}'`))
      return [`${file}:1: no notice has a template of this name; there are ${[...known].join(", ")}`];
    try {
      new Liquid({ root: [folder, builtIn], strictFilters: true }).parse(readFileSync(file, "utf8"), file);
      return [];
    } catch (error) {
      return [mistakeOf(error, [folder, builtIn])];
    }
  });
}
