// `node bench/recognition.ts`: pages of known words, scanned and photographed, read by jinbox and by tesseract.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { loadRecogniser } from "../src/reading/recogniser.ts";
import { seeded } from "../test/support/random.ts";
import { type Page, pages } from "./recognition/pages.ts";
import { decoded, treatments } from "./recognition/paper.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    page: { type: "string" },
    tesseract: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
    memory: { type: "string" },
    keep: { type: "string", default: join(tmpdir(), "jinbox-recognition") },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "node bench/recognition.ts [--only TREATMENT] [--page NAME] [--tesseract] [--show] [--memory N] [--keep DIR]\n" +
      "  已知文字的页面，经扫描、拍照后的识别率与用时；--tesseract 在同一次运行中比较；--memory 连读 N 页看内存\n" +
      "  what is recovered of pages of known words, scanned and photographed; --tesseract compares in the same run;\n" +
      "  --memory reads N pictures and prints the memory taken. Pictures are kept in DIR and used again.",
  );
  process.exit(0);
}
mkdirSync(values.keep, { recursive: true });

interface Outcome {
  recovered: number;
  order: number;
  seconds: number;
  confidence: number | null;
  text: string;
}

const chosen = treatments.filter(({ name }) => !values.only || name.includes(values.only));
const wanted = pages.filter(({ name }) => !values.page || name.includes(values.page));
await makePictures();
const recognise = await loadRecogniser();
if (values.memory) await watchMemory(Number(values.memory));
else for (const treatment of chosen) await measure(treatment.name);

async function measure(treatment: string): Promise<void> {
  console.log(`\n${treatment}`);
  const all: Record<string, Outcome[]> = {};
  for (const page of wanted) {
    const readers: [string, () => Promise<Outcome>][] = [["jinbox", () => byJinbox(page, treatment)]];
    if (values.tesseract) readers.push(["tesseract", async () => byTesseract(page, treatment)]);
    for (const [reader, read] of readers) {
      const outcome = await read();
      all[reader] = [...(all[reader] ?? []), outcome];
      report(`  ${page.name.padEnd(14)} ${reader.padEnd(10)}`, outcome);
      if (values.show) console.log(outcome.text);
    }
  }
  for (const [reader, outcomes] of Object.entries(all)) {
    const mean = (of: (outcome: Outcome) => number) =>
      outcomes.reduce((sum, one) => sum + of(one), 0) / outcomes.length;
    report(`  ${"all".padEnd(14)} ${reader.padEnd(10)}`, {
      recovered: mean((one) => one.recovered),
      order: mean((one) => one.order),
      seconds: mean((one) => one.seconds),
      confidence: mean((one) => one.confidence ?? 0),
      text: "",
    });
  }
}

function report(label: string, { recovered, order, seconds, confidence }: Outcome): void {
  const percent = (part: number) => `${(part * 100).toFixed(2)} %`.padStart(9);
  console.log(
    `${label} Han ${percent(recovered)}  order ${percent(order)}  ${seconds.toFixed(2)} s  confidence ${confidence?.toFixed(3) ?? "-"}`,
  );
}

async function byJinbox(page: Page, treatment: string): Promise<Outcome> {
  const encoded = readFileSync(pathOf(page, treatment));
  const before = process.cpuUsage();
  const { text, confidence } = await recognise({ encoded });
  const { user, system } = process.cpuUsage(before);
  return { ...judged(page.text, text), seconds: (user + system) / 1e6, confidence, text };
}

function byTesseract(page: Page, treatment: string): Outcome {
  const command = [
    "-f",
    "%U %S",
    "-o",
    join(values.keep, "time"),
    "tesseract",
    pathOf(page, treatment),
    "-",
    "-l",
    "chi_sim+eng",
  ];
  const text = execFileSync("/usr/bin/time", command, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, OMP_THREAD_LIMIT: "1" },
  });
  const [user = 0, system = 0] = readFileSync(join(values.keep, "time"), "utf8").split(" ").map(Number);
  return { ...judged(page.text, text), seconds: user + system, confidence: null, text };
}

/** How many of the Han signs are there at all, and how many signs of any kind are there in their order. */
function judged(expected: string, found: string): { recovered: number; order: number } {
  const han = (text: string) => text.match(/\p{Script=Han}/gu) ?? [];
  const left = new Map<string, number>();
  for (const sign of han(found)) left.set(sign, (left.get(sign) ?? 0) + 1);
  const signs = han(expected);
  let recovered = 0;
  for (const sign of signs) {
    const count = left.get(sign) ?? 0;
    if (count > 0) {
      recovered++;
      left.set(sign, count - 1);
    }
  }
  return {
    recovered: recovered / signs.length,
    order: 1 - distance(plain(expected), plain(found)) / plain(expected).length,
  };
}

/** Spaces aside, and signs of full width as those of half width. */
function plain(text: string): string[] {
  return [...text.normalize("NFKC").replace(/\s+/gu, "").replace(/[“”"]/g, '"')];
}

/** Levenshtein. */
function distance(a: string[], b: string[]): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, sign] of a.entries()) {
    const next = new Uint32Array(b.length + 1);
    next[0] = at + 1;
    for (let to = 1; to <= b.length; to++) {
      const kept = (row[to - 1] as number) + (sign === b[to - 1] ? 0 : 1);
      next[to] = Math.min(kept, (row[to] as number) + 1, (next[to - 1] as number) + 1);
    }
    row = next;
  }
  return row[b.length] as number;
}

function pathOf(page: Page, treatment: string): string {
  const at = treatments.findIndex(({ name }) => name === treatment);
  return join(values.keep, `${page.name}-${at}.${treatments[at]?.encode.name === "asPng" ? "png" : "jpg"}`);
}

async function makePictures(): Promise<void> {
  const exists = (path: string) => {
    try {
      return readFileSync(path).length > 0;
    } catch {
      return false;
    }
  };
  const missing = wanted.flatMap((page) =>
    chosen.filter(({ name }) => !exists(pathOf(page, name))).map((treatment) => ({ page, treatment })),
  );
  if (missing.length === 0) return;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  for (const { page, treatment } of missing) {
    const context = await browser.newContext({
      viewport: { width: 794, height: 1123 },
      deviceScaleFactor: treatment.dpi / 96,
    });
    const sheet = await context.newPage();
    await sheet.setContent(`<body style="margin:0;background:#fff">${page.html}</body>`);
    const raster = await decoded(await sheet.screenshot());
    await context.close();
    writeFileSync(
      pathOf(page, treatment.name),
      await treatment.encode(treatment.treat(raster, seeded(7).next)),
    );
  }
  await browser.close();
}

async function watchMemory(pictures: number): Promise<void> {
  for (let at = 0; at < pictures; at++) {
    const page = wanted[at % wanted.length] as Page;
    const treatment = chosen[Math.floor(at / wanted.length) % chosen.length]?.name ?? "";
    await recognise({ encoded: readFileSync(pathOf(page, treatment)) });
    if (at % 10 === 9) console.log(`${at + 1} pictures: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  }
}
