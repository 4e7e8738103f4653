// The second readers: programs of Debian, each document by those that know its format.
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { run, soffice } from "./office.ts";
import type { Format, Sample } from "./sample.ts";

type Tool = "soffice" | "antiword" | "catdoc" | "pdftotext" | "xls2csv" | "catppt" | "unrtf";

/** Which programs are asked; LibreOffice's figure comes first where there is one. */
export const TOOLS: Partial<Record<Format, Tool[]>> = {
  docx: ["soffice"],
  doc: ["soffice", "antiword", "catdoc"],
  wps: ["antiword", "catdoc"],
  xml: ["soffice"],
  rtf: ["soffice", "unrtf"],
  odt: ["soffice"],
  txt: ["soffice"],
  html: ["soffice"],
  xlsx: ["soffice"],
  xls: ["soffice", "xls2csv"],
  ods: ["soffice"],
  csv: ["soffice"],
  pptx: ["soffice"],
  ppt: ["soffice", "catppt"],
  odp: ["soffice"],
  pdf: ["pdftotext"],
};

const TEXT = "txt:Text (encoded):UTF8";
/** All sheets, each in a file of its own, UTF-8. */
const CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/** The command and arguments that print a file's text, as a program is started for one file. */
export function command(tool: Exclude<Tool, "soffice">, path: string): [string, string[]] {
  if (tool === "antiword") return ["antiword", ["-m", "UTF-8.txt", "-w", "0", path]];
  if (tool === "catdoc") return ["catdoc", ["-d", "utf-8", "-w", path]];
  if (tool === "pdftotext") return ["pdftotext", ["-enc", "UTF-8", path, "-"]];
  if (tool === "unrtf") return ["unrtf", ["--html", path]];
  return [tool, ["-d", "utf-8", path]];
}

export async function textBy(tool: Exclude<Tool, "soffice">, path: string): Promise<string> {
  const [program, args] = command(tool, path);
  const out = (await run(program, args)).toString();
  return tool === "unrtf" ? withoutMarkup(out) : out;
}

function withoutMarkup(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function filterOf(format: Format): string {
  if (format === "xlsx" || format === "xls" || format === "ods" || format === "csv") return CSV;
  // Impress writes no text: its drawing goes to PDF first.
  return format === "pptx" || format === "ppt" || format === "odp" ? "pdf" : TEXT;
}

/** One file by one start of LibreOffice. */
export async function textBySoffice(scratch: string, path: string, format: Format): Promise<string> {
  return (await textsBySoffice(scratch, [path], format)).get(path) ?? "";
}

/** Many files of one format by one start: a start each would take longer than everything else. */
export async function textsBySoffice(
  scratch: string,
  paths: string[],
  format: Format,
): Promise<Map<string, string>> {
  const out = await mkdtemp(join(scratch, "second-"));
  const filter = filterOf(format);
  // A web page is opened for editing as a page otherwise, which knows no export to text.
  const as = format === "html" ? ["--infilter=HTML (StarWriter)"] : [];
  await soffice(scratch, [...as, "--convert-to", filter, "--outdir", out, ...paths]).catch(() => undefined);
  const texts = new Map<string, string>();
  for (const path of paths) {
    const name = basename(path, extname(path));
    texts.set(path, await resultOf(out, name, filter));
  }
  await rm(out, { recursive: true, force: true });
  return texts;
}

async function resultOf(out: string, name: string, filter: string): Promise<string> {
  if (filter === "pdf") return textBy("pdftotext", join(out, `${name}.pdf`)).catch(() => "");
  if (filter === TEXT) return readFile(join(out, `${name}.txt`), "utf8").catch(() => "");
  // Several sheets: NAME-SHEET.csv each; they come in the order of the directory, which no figure hangs on but order.
  const names = (await readdir(out)).filter((one) => one === `${name}.csv` || one.startsWith(`${name}-`));
  return (await Promise.all(names.sort().map((one) => readFile(join(out, one), "utf8")))).join("\n");
}

/** What each program reads of each sample: by file, by program. */
export async function secondTexts(
  folder: string,
  samples: Sample[],
): Promise<Map<string, Partial<Record<Tool, string>>>> {
  const scratch = await mkdtemp(join(tmpdir(), "jinbox-second-"));
  await mkdir(scratch, { recursive: true });
  const texts = new Map<string, Partial<Record<Tool, string>>>(samples.map(({ file }) => [file, {}]));
  try {
    for (const format of new Set(samples.map((sample) => sample.format))) {
      const here = samples.filter((sample) => sample.format === format);
      for (const tool of TOOLS[format] ?? []) {
        const found =
          tool === "soffice"
            ? await textsInBatches(scratch, folder, here, format)
            : await eachBy(tool, folder, here);
        for (const [file, text] of found) (texts.get(file) as Record<string, string>)[tool] = text;
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return texts;
}

/** Files whose names differ in nothing but the extension must not share a start: their results share a name. */
async function textsInBatches(
  scratch: string,
  folder: string,
  samples: Sample[],
  format: Format,
): Promise<[string, string][]> {
  const batches: Sample[][] = [];
  for (const sample of samples) {
    const name = basename(sample.file, extname(sample.file));
    const batch = batches.find((one) =>
      one.every(({ file }) => !file.startsWith(`${name}.`) && !file.startsWith(`${name}-`)),
    );
    if (batch) batch.push(sample);
    else batches.push([sample]);
  }
  const found: [string, string][] = [];
  for (const batch of batches) {
    const paths = new Map(batch.map(({ file }) => [join(folder, file), file]));
    const texts = await textsBySoffice(scratch, [...paths.keys()], format);
    for (const [path, text] of texts) found.push([paths.get(path) as string, text]);
  }
  return found;
}

async function eachBy(
  tool: Exclude<Tool, "soffice">,
  folder: string,
  samples: Sample[],
): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const { file } of samples) found.push([file, await textBy(tool, join(folder, file)).catch(() => "")]);
  return found;
}
