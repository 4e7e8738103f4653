// `npm run bench:compendium`: seconds and memory of a book of two thousand proposals and sixty reports.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadCampaign } from "../src/campaign/load.ts";
import { bookOf } from "../src/digest/compendium/contents.ts";
import { wordDocument } from "../src/digest/compendium/document.ts";
import type { Manuscript } from "../src/digest/compendium/records.ts";
import { ideaMaker } from "./likeness/ideas.ts";

const { values } = parseArgs({
  options: {
    ideas: { type: "string", default: "2000" },
    reports: { type: "string", default: "60" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:compendium -- [--ideas N] [--reports N]\n" +
      "  编一本书要多少秒、多少内存 / seconds and memory of making a book",
  );
  process.exit(0);
}
const { campaign } = loadCampaign(resolve(import.meta.dirname, "../config/campaign.yaml"));
const { idea } = ideaMaker(2012);
const units = campaign.units.map(({ code }) => code);
const several = (n: number, separator: string) => Array.from({ length: n }, idea).join(separator);

function piece(n: number, type: string, text: string): Manuscript {
  return {
    ...{ reference: `${campaign.code}-${n}`, type, item: null, unit: units[n % units.length] ?? null, text },
    ...{ people: type === "golden-idea" ? ["某人"] : [], title: idea().slice(0, 18), attachments: [] },
    ...{ verified: true, provisional: false, arrivedAt: new Date("2012-12-05T09:00:00Z") },
  };
}

const pieces = [
  ...Array.from({ length: Number(values.ideas) }, (_, n) => piece(n, "golden-idea", several(4, "\n"))),
  ...Array.from({ length: Number(values.reports) }, (_, n) => piece(n, "summary-report", several(40, "\n"))),
];
const request = { by: "unit" as const, only: [], selected: null, references: true };
const started = performance.now();
const book = bookOf(campaign, pieces, [], request, new Date("2012-12-26T09:00:00Z"));
const bytes = await wordDocument(book, campaign.locale);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${values.ideas} proposals, ${values.reports} reports: ${seconds} s, peak ${peak} MB of the process, file ${(bytes.length / 1e6).toFixed(1)} MB`,
);
