// What is delivered in a fuzz run: for each number of a run the same mail, and honest ones among them.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Random, seeded } from "../support/random.ts";
import { bent, grown, type Seeds } from "./grammar.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");
/** Recognition has fuzz runs of its own; a page costs as much as a thousand mails. */
const PICTURES =
  /scan|photo|picture|fax|table\.(?:bmp|gif)|columns\.png|webp|exif|landscape|radicals|mixed|sheet\.eml|085-|\.tif/;

export function readSeeds(): Seeds {
  const read = (name: string) => ({
    name: name.split("/").at(-1) as string,
    bytes: readFileSync(join(fixtures, name)),
  });
  const names = (place: string, wanted: RegExp) =>
    readdirSync(join(fixtures, place))
      .filter((name) => wanted.test(name) && !PICTURES.test(name))
      .map((name) => read(`${place}/${name}`));
  const documents = /\.(?:docx?|pdf|rtf|odt|ofd|xlsx?|xml|html|txt|csv|zip|7z|tgz|rar|dat|pptx?|wps)$/;
  // Those that cost their whole allowance by design are measured elsewhere.
  const dear = /bomb|slow|loop|memory|expect|nested-tables/;
  return {
    mails: names("mailbox", /\.eml$/).map(({ bytes }) => bytes),
    files: ["documents", "containers", "hostile"].flatMap((place) =>
      names(place, documents).filter(({ name, bytes }) => !dear.test(name) && bytes.length < 40_000),
    ),
  };
}

/** The mail with this number of a run, whatever else is in it. */
function fuzzedMail(seeds: Seeds, seed: number, number: number): Buffer {
  const random: Random = seeded(seed * 1_000_003 + number);
  return random.below(2) === 0 ? grown(random, seeds) : bent(random, seeds);
}

/** Writes a round of mails, every 25th an honest one; returns the honest ones' words. */
export async function deliver(
  folder: string,
  seeds: Seeds,
  { seed, from, count }: { seed: number; from: number; count: number },
): Promise<string[]> {
  await mkdir(folder);
  const controls: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const number = from + at;
    const isControl = at % 25 === 12;
    const words = `建议在第${number}号阅览室增设自助借还点，方便读者。`;
    if (isControl) controls.push(words);
    const raw = isControl ? honest(number, words) : fuzzedMail(seeds, seed, number);
    await writeFile(join(folder, `${String(number).padStart(7, "0")}.eml`), raw);
  }
  return controls;
}

function honest(number: number, words: string): Buffer {
  const subject = Buffer.from(`金点子：${number}号借还点`).toString("base64");
  return Buffer.from(
    `From: <honest${number}@lib.culture.example>\r\nMessage-ID: <honest-${number}@lib.culture.example>\r\n` +
      `Subject: =?utf-8?B?${subject}?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}\r\n市图书馆 王某某\r\n`,
  );
}
