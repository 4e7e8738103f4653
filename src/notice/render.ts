// Facts + template → subject, text and HTML. Templates are files of the campaign's folder, so an office may reword them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Liquid, type LiquidOptions, type Template, type Token } from "liquidjs";
import type { Campaign } from "../campaign/campaign.ts";
import { builtInTemplates } from "../campaign/defaults.ts";

export interface NoticeWords {
  subject: string;
  text: string;
  html: string | null;
  /** What is wrong with the office's own templates, a line each, where these are the built-in words instead. */
  wordingFault?: string;
}

interface Templates {
  engine: Liquid;
  parsed: Map<string, Template[]>;
}

const templates = new Map<string, Templates>();

/**
 * Compiled once a list of folders and escaping; a reworded template is seen at the next start. What the first folder has
 * not is taken from the next.
 */
function templatesOf(folders: string[], escaping: "html" | "none"): Templates {
  const key = `${escaping}:${folders.join("\n")}`;
  let found = templates.get(key);
  if (!found) {
    const options: LiquidOptions = {
      root: folders,
      strictVariables: true,
      strictFilters: true,
      ownPropertyOnly: true,
      cache: true,
      renderLimit: 5_000,
      // Characters and list entries: an endless loop in somebody's template ends here.
      memoryLimit: 50_000_000,
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

/**
 * Renders NAME.subject.liquid, NAME.text.liquid and NAME.html.liquid of the campaign's locale: the office's own files, the
 * built-in ones where it has none. A mistake in its own costs no notice: the built-in words go, and say what was wrong.
 */
export async function render(
  campaign: Pick<Campaign, "templates" | "locale">,
  name: string,
  facts: object,
): Promise<NoticeWords> {
  const builtIn = join(builtInTemplates, campaign.locale);
  const own = join(campaign.templates, campaign.locale);
  const key = JSON.stringify([own, name, facts]);
  const said = lately.get(key) ?? wordsOf(own, builtIn, name, facts);
  if (lately.size >= LATELY_MAX) lately.clear();
  lately.set(key, said);
  return said;
}

/** A notice is worded again when it leaves, to see whether its facts changed meanwhile: mostly they have not. */
const lately = new Map<string, NoticeWords>();
const LATELY_MAX = 500;

function wordsOf(own: string, builtIn: string, name: string, facts: object): NoticeWords {
  if (own === builtIn) return words([builtIn], name, facts);
  const mistakes: string[] = [];
  const parts = PARTS.map((part) => {
    const known = endless.get(join(own, `${name}.${part}`));
    if (known !== undefined) {
      mistakes.push(known);
      return "";
    }
    try {
      return fillPart([own, builtIn], name, part, facts);
    } catch (error) {
      const mistake = mistakeOf(error, [own, builtIn]);
      mistakes.push(mistake);
      if (isEndless(error)) endless.set(join(own, `${name}.${part}`), mistake);
      return "";
    }
  });
  if (mistakes.length > 0) {
    const wordingFault = [...new Set(mistakes)].join("\n");
    return { ...words([builtIn], name, facts), wordingFault };
  }
  const [subject = "", text = "", html = ""] = parts;
  return { subject, text, html };
}

/**
 * Templates that came to no end, and what was said of it. Each try stops the whole process for seconds: tried again for
 * every unit of a day, none of them would get its notice. A reworded one is seen at the next start, as any other.
 */
const endless = new Map<string, string>();
const isEndless = (error: unknown) => /limit exceeded|characters come of it/.test((error as Error).message);

const PARTS = ["subject", "text", "html"] as const;

function words(folders: string[], name: string, facts: object): NoticeWords {
  const [subject = "", text = "", html = ""] = PARTS.map((part) => fillPart(folders, name, part, facts));
  return { subject, text, html };
}

function fillPart(folders: string[], name: string, part: (typeof PARTS)[number], facts: object): string {
  const file = `${name}.${part}.liquid`;
  const filled = fill(templatesOf(folders, part === "html" ? "html" : "none"), file, facts);
  if (filled.length > FILLED_MAX)
    throw new Error(`${join(folders[0] ?? "", file)}:1: ${filled.length} characters come of it`);
  const found = part === "subject" ? asLine(filled, 200) : asParagraphs(filled);
  if (found.trim() === "") throw new Error(`${join(folders[0] ?? "", file)}:1: no words come of it`);
  return found;
}

/** A hundred times what any notice says: more is a loop that ended by itself. */
const FILLED_MAX = 1_000_000;

/** "FILE:LINE: what is wrong", as a mistake in the configuration is named. */
export function mistakeOf(error: unknown, folders: string[]): string {
  const { message, token } = error as Error & { token?: Token };
  if (!token) return message;
  const [line = 1] = token.getPosition();
  const said = (message.split("\n")[0] ?? "").replace(/(?:, file:.*)?, line:\d+, col:\d+$/, "");
  return `${token.file ?? fileWith(token.input, folders)}:${line}: ${said}`;
}

/** An undefined variable names no file, only the text it stands in. */
function fileWith(text: string, folders: string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(folder, entry.name)),
  );
  return files.find((file) => readFileSync(file, "utf8") === text) ?? (folders[0] as string);
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
