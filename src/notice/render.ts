// Facts + template → subject, text and HTML. Templates are files of the campaign's folder, so an office may reword them.
import { join } from "node:path";
import { Liquid, type LiquidOptions } from "liquidjs";
import type { Campaign } from "../campaign/campaign.ts";

export interface NoticeWords {
  subject: string;
  text: string;
  html: string | null;
}

interface Engines {
  plain: Liquid;
  html: Liquid;
}

const engines = new Map<string, Engines>();

/** Compiled once a folder and locale; a reworded template is seen at the next start. */
function enginesOf(campaign: Pick<Campaign, "templates" | "locale">): Engines {
  const folder = join(campaign.templates, campaign.locale);
  let found = engines.get(folder);
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
    };
    found = { plain: new Liquid(options), html: new Liquid({ ...options, outputEscape: "escape" }) };
    engines.set(folder, found);
  }
  return found;
}

/** Renders NAME.subject.liquid, NAME.text.liquid and NAME.html.liquid of the campaign's locale. */
export async function render(
  campaign: Pick<Campaign, "templates" | "locale">,
  name: string,
  facts: object,
): Promise<NoticeWords> {
  const { plain, html } = enginesOf(campaign);
  const [subject, text, page] = await Promise.all([
    plain.renderFile(`${name}.subject.liquid`, facts),
    plain.renderFile(`${name}.text.liquid`, facts),
    html.renderFile(`${name}.html.liquid`, facts),
  ]);
  return { subject: asLine(subject, 200), text: asParagraphs(text), html: asParagraphs(page) };
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
