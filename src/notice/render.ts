// Facts + template → subject, text and HTML. Templates are files of the campaign's folder, so an office may reword them.
import { join } from "node:path";
import { Liquid, type LiquidOptions, type Template } from "liquidjs";
import type { Campaign } from "../campaign/campaign.ts";

export interface NoticeWords {
  subject: string;
  text: string;
  html: string | null;
}

interface Templates {
  engine: Liquid;
  parsed: Map<string, Template[]>;
}

const templates = new Map<string, Templates>();

/** Compiled once a folder, locale and escaping; a reworded template is seen at the next start. */
function templatesOf(folder: string, escaping: "html" | "none"): Templates {
  const key = `${escaping}:${folder}`;
  let found = templates.get(key);
  if (!found) {
    const options: LiquidOptions = {
      root: folder,
      strictVariables: true,
      strictFilters: true,
      ownPropertyOnly: true,
      cache: true,
      renderLimit: 5_000,
      // A template error names its place; an undefined variable is a mistake in the template, never an empty word.
      lenientIf: false,
      ...(escaping === "html" && { outputEscape: "escape" as const }),
    };
    found = { engine: new Liquid(options), parsed: new Map() };
    templates.set(key, found);
  }
  return found;
}

/** Synchronous on purpose: rendering one answer waits for nothing, and a promise a token costs more than the words. */
function fill({ engine, parsed }: Templates, file: string, facts: object): string {
  let template = parsed.get(file);
  if (!template) {
    template = engine.parseFileSync(file);
    parsed.set(file, template);
  }
  return engine.renderSync(template, facts) as string;
}

/** Renders NAME.subject.liquid, NAME.text.liquid and NAME.html.liquid of the campaign's locale. */
export async function render(
  campaign: Pick<Campaign, "templates" | "locale">,
  name: string,
  facts: object,
): Promise<NoticeWords> {
  const folder = join(campaign.templates, campaign.locale);
  const plain = templatesOf(folder, "none");
  return {
    subject: asLine(fill(plain, `${name}.subject.liquid`, facts), 200),
    text: asParagraphs(fill(plain, `${name}.text.liquid`, facts)),
    html: asParagraphs(fill(templatesOf(folder, "html"), `${name}.html.liquid`, facts)),
  };
}

/** A value fit for one line: no control or bidi characters, single spaces, at most `max` characters (R47, R64). */
export function asLine(text: string, max: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  const characters = [...line];
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : line;
}

/** Conditions in a template leave blank lines behind: at most one stays. */
function asParagraphs(text: string): string {
  return `${text
    .replace(/[ \t]+$/gmu, "")
    .replace(/\n{3,}/gu, "\n\n")
    .trim()}\n`;
}
