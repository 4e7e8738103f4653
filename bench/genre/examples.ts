// Labelled texts: one a line below "# genre", a file a domain; ¶ stands for a line break.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TEXT_GENRES, type TextGenre } from "../../src/understand/genre.ts";

export interface Example {
  text: string;
  genre: TextGenre;
  /** The file: what was written by one hand about one place never stands on both sides. */
  domain: string;
}

export function readExamples(folder: string): Example[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort();
  return names.flatMap((name) =>
    examplesIn(readFileSync(join(folder, name), "utf8"), name.replace(/\.txt$/, "")),
  );
}

export function examplesIn(content: string, domain: string): Example[] {
  const examples: Example[] = [];
  let genre: TextGenre | null = null;
  content.split("\n").forEach((line, at) => {
    if (line.trim() === "") return;
    if (line.startsWith("# ")) genre = genreNamed(line.slice(2).trim(), `${domain}:${at + 1}`);
    else if (genre === null) throw new Error(`${domain}:${at + 1}: a text before any "# genre"`);
    else examples.push({ text: line.replaceAll("¶", "\n"), genre, domain });
  });
  return examples;
}

function genreNamed(name: string, where: string): TextGenre {
  const genre = TEXT_GENRES.find((one) => one === name);
  if (genre === undefined) throw new Error(`${where}: no genre ${name}; there are ${TEXT_GENRES.join(", ")}`);
  return genre;
}
