// The labelled set on disk: organisations, their authors, their letters. What cannot be read is said, never passed over.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { loadCampaign } from "../../src/campaign/load.ts";
import { type AuthorFile, authorFile, type Letter, labelProblems } from "./label.ts";

export interface Organisation {
  name: string;
  folder: string;
  campaign: Campaign;
}

export interface Labelled {
  /** organisation/author#number, as --only takes it. */
  id: string;
  organisation: Organisation;
  author: string;
  letter: Letter;
}

export interface Author {
  organisation: Organisation;
  name: string;
  file: string;
  content: AuthorFile;
}

export interface LetterSet {
  authors: Author[];
  /** Files that could not be taken, and why. */
  problems: string[];
}

/** Every author's file below these folders, each `<organisation>/<author>.yaml` beside a `campaign.yaml`. */
export function readLetters(roots: string[]): LetterSet {
  const set: LetterSet = { authors: [], problems: [] };
  for (const root of roots) {
    const folders = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
    if (folders.length === 0) set.problems.push(`${root}: no letters here`);
    for (const folder of folders.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      if (folder.isDirectory()) readOrganisation(join(root, folder.name), set);
  }
  const seen = new Map<string, string>();
  for (const { organisation, name, file } of set.authors) {
    const id = `${organisation.name}/${name}`;
    const earlier = seen.get(id);
    if (earlier) set.problems.push(`${file}: ${id} is also ${earlier}`);
    seen.set(id, file);
  }
  return set;
}

function readOrganisation(folder: string, set: LetterSet): void {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml") && name !== "campaign.yaml")
    .sort();
  if (names.length === 0) return;
  let organisation: Organisation;
  try {
    const { campaign } = loadCampaign(join(folder, "campaign.yaml"));
    organisation = { name: basename(folder), folder, campaign };
  } catch (error) {
    set.problems.push((error as Error).message);
    return;
  }
  for (const name of names) {
    const file = join(folder, name);
    const { content, problems } = readAuthor(file, organisation);
    if (content) set.authors.push({ organisation, name: basename(name, ".yaml"), file, content });
    set.problems.push(...problems.map((problem) => `${file}: ${problem}`));
  }
}

function readAuthor(
  file: string,
  { name, campaign }: Organisation,
): { content: AuthorFile | null; problems: string[] } {
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"));
  } catch (error) {
    return { content: null, problems: [(error as Error).message] };
  }
  const parsed = authorFile.safeParse(value);
  if (!parsed.success) return { content: null, problems: z.prettifyError(parsed.error).split("\n") };
  const problems = labelProblems(parsed.data, campaign);
  if (parsed.data.organisation !== name) problems.push(`organisation ${parsed.data.organisation} in ${name}`);
  return { content: parsed.data, problems };
}

export interface Choice {
  split: "develop" | "heldout" | "all";
  /** organisation, organisation/author or organisation/author#number; none means all. */
  only: string[];
}

export function chosen(set: LetterSet, { split, only }: Choice): Labelled[] {
  return set.authors
    .filter(({ content }) => split === "all" || content.split === undefined || content.split === split)
    .flatMap(({ organisation, name, content }) =>
      content.letters.map((letter, index) => ({
        id: `${organisation.name}/${name}#${index + 1}`,
        organisation,
        author: name,
        letter,
      })),
    )
    .filter(({ id, organisation, author }) => {
      const names = [organisation.name, `${organisation.name}/${author}`, id];
      return only.length === 0 || only.some((wanted) => names.includes(wanted));
    });
}
