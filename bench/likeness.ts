// `npm run bench:likeness`: is an idea like one of a hundred thousand? jinbox beside pg_trgm and a full scan, in one run.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Converter } from "opencc-js/cn2t";
import type { Campaign } from "../src/campaign/campaign.ts";
import { loadCampaign } from "../src/campaign/load.ts";
import { silentLogger } from "../src/log.ts";
import { openDatabase } from "../src/store/database.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";
import { compareRest, pointOutLikenesses } from "../src/submission/likeness/likeness.ts";
import { comparable, likenessOf } from "../src/text/likeness.ts";
import { ideaMaker } from "./likeness/ideas.ts";

const { values } = parseArgs({
  options: {
    ideas: { type: "string", default: "100000" },
    queries: { type: "string", default: "200" },
    peers: { type: "string", default: "40" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run bench:likeness -- [--ideas N] [--queries N] [--peers N] [--json]\n" +
      "  在 N 条建议里找相近的：毫秒数、查全率；同一次运行中与 pg_trgm 和逐条比对相比\n" +
      "  finding what is alike among N ideas: milliseconds and recall, beside pg_trgm and a full scan in one run",
  );
  process.exit(0);
}
const [count, queries, peers] = [Number(values.ideas), Number(values.queries), Number(values.peers)];
const limitMs = 50;
const now = new Date("2012-12-05T09:00:00Z");
const say = (line: string) => (values.json ? console.error(line) : console.log(line));
const campaign: Campaign = loadCampaign(resolve(import.meta.dirname, "../config/campaign.yaml")).campaign;
const { idea, next, pick } = ideaMaker(2012);
const traditional = Converter({ from: "cn", to: "tw" });

/** Other words of about the same length, at a few places of the text. */
function reworded(text: string): string {
  const words = ["安排", "提供", "方便", "改成", "专门", "统一", "继续", "同时", "负责", "商量"];
  const changes = Math.max(1, Math.round(text.length / 28));
  let changed = text;
  for (let n = 0; n < changes; n++) {
    const at = Math.floor(next() * (changed.length - 2));
    changed = changed.slice(0, at) + pick(words) + changed.slice(at + 2);
  }
  return changed;
}

const plantings: Record<string, (text: string) => string> = {
  reworded,
  "title added": (text) => `关于改进工作的一点建议\n建议人：某某\n${text}`,
  "inside a longer one": (text) => `${longOne()}${text}${longOne()}`,
  "reworded, inside a longer one": (text) => `${longOne()}${reworded(text)}${longOne()}`,
  "traditional, no punctuation": (text) => traditional(text).replace(/[，。；、]/g, " "),
};

function longOne(): string {
  for (;;) {
    const text = idea();
    if (text.length > 80) return text;
  }
}

interface Times {
  median: number;
  p95: number;
  max: number;
}

function timesOf(all: number[]): Times {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
const written = ({ median, p95, max }: Times) => `median ${median} ms, 95 % ${p95} ms, longest ${max} ms`;

const folder = await mkdtemp(join(tmpdir(), "jinbox-bench-"));
const server = await startEmbedded(folder, silentLogger);
const { db, pool, close } = openDatabase(server.url, silentLogger, 2);
try {
  await migrate(db);
  await pool.query("insert into blob (sha256, bytes, created_at) values (sha256('x'), 1, $1)", [now]);
  await pool.query(
    `insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, state)
     values ($1, sha256('x'), 1, $2, $2, false, 'filed')`,
    [campaign.code, now],
  );
  const insert = async (texts: string[], from: number): Promise<number[]> => {
    const { rows } = await pool.query(
      `insert into submission (reference, campaign, message_id, ordinal, type, people, title, text, arrived_at, filed_at,
         verified, timeliness, provisional, decided_by)
       select $2 || '-' || n, $2, 1, n, 'golden-idea', '{}', left(text, 20), text, $4, $4, true, 'in-time', false, 'rules'
       from unnest($1::text[]) with ordinality as t (text, at), lateral (select $3::integer + at::integer as n) numbered
       order by at returning id`,
      [texts, campaign.code, from, now],
    );
    return rows.map((row) => Number(row.id));
  };
  const texts: string[] = [];
  for (let n = 0; n < count; n++) texts.push(idea());
  say(`${count} ideas, ${Math.round(texts.join("").length / count)} characters each`);
  for (let n = 0; n < count; n += 5000) await insert(texts.slice(n, n + 5000), n);
  let started = performance.now();
  await compareRest(db, campaign, now);
  const filingMs = (performance.now() - started) / count;
  await pool.query("vacuum analyze");
  const size = async (name: string) =>
    Number((await pool.query("select pg_total_relation_size($1::regclass) as n", [name])).rows[0].n) / 1e6;
  const [prints, table] = [await size("fingerprint"), await size("submission")];
  const alike = Number(
    (await pool.query("select count(distinct submission_id) as n from likeness")).rows[0].n,
  );
  say(
    `compared one after another in batches of 100: ${filingMs.toFixed(2)} ms an idea; fingerprints ${prints.toFixed(0)} MB beside ` +
      `${table.toFixed(0)} MB of submissions; ${alike} found like an earlier one by themselves`,
  );

  const kinds = Object.keys(plantings);
  const planted = Array.from({ length: queries }, (_, n) => {
    const of = Math.floor(next() * count);
    const kind = kinds[n % kinds.length] as string;
    return { kind, of, text: (plantings[kind] as (text: string) => string)(texts[of] as string) };
  });
  const fresh = Array.from({ length: queries }, () => ({ kind: "new", of: -1, text: idea() }));
  const ms: Record<"planted" | "new", number[]> = { planted: [], new: [] };
  const found: Record<string, number> = {};
  let wrong = 0;
  for (const [n, one] of [...planted, ...fresh].entries()) {
    const [id] = (await insert([one.text], count + n)) as [number];
    const submission = { id, messageId: 1, supersedes: null, title: "", text: one.text };
    started = performance.now();
    await db.transaction().execute((trx) => pointOutLikenesses(trx, campaign, [submission], now));
    ms[one.of < 0 ? "new" : "planted"].push(performance.now() - started);
    const { rows } = await pool.query("select other_id from likeness where submission_id = $1", [id]);
    if (one.of < 0) wrong += rows.length > 0 ? 1 : 0;
    else if (rows.some((row) => Number(row.other_id) === one.of + 1))
      found[one.kind] = (found[one.kind] ?? 0) + 1;
  }
  const all = timesOf([...ms.planted, ...ms.new]);
  const recall = Object.values(found).reduce((sum, n) => sum + n, 0) / queries;
  say(`jinbox, one idea with insertion and full comparison: ${written(all)}`);
  say(`  planted near-duplicates found: ${(recall * 100).toFixed(1)} % of ${queries}`);
  for (const kind of kinds)
    say(`    ${kind}: ${found[kind] ?? 0} of ${planted.filter((one) => one.kind === kind).length}`);
  say(`  of ${queries} new ones called like an earlier one: ${wrong}`);

  started = performance.now();
  await pool.query("create index peer on submission using gin (text gin_trgm_ops)");
  const buildMs = (performance.now() - started) / count;
  const trigrams: number[] = [];
  let trigramsFound = 0;
  const client = await pool.connect();
  await client.query("set statement_timeout = 0");
  await client.query("set pg_trgm.similarity_threshold = 0.4");
  for (const one of planted.slice(0, peers)) {
    started = performance.now();
    const { rows } = await client.query(
      "select id from submission where text % $1 and id <= $2 order by similarity(text, $1) desc limit 5",
      [one.text, count],
    );
    trigrams.push(performance.now() - started);
    if (rows.some((row) => Number(row.id) === one.of + 1)) trigramsFound += 1;
  }
  client.release();
  const trigram = timesOf(trigrams);
  say(
    `pg_trgm (gin, similarity above 0.4): ${written(trigram)}; found ${trigramsFound} of ${trigrams.length}; ` +
      `index ${(await size("peer")).toFixed(0)} MB, ${buildMs.toFixed(2)} ms an idea to build at once`,
  );

  const ready = texts.map(comparable);
  const scans: number[] = [];
  for (const one of planted.slice(0, Math.min(3, peers))) {
    started = performance.now();
    const mine = comparable(one.text);
    for (const other of ready) likenessOf(mine, other, new Set());
    scans.push(performance.now() - started);
  }
  const scan = timesOf(scans);
  say(`every one compared in full, from memory: ${written(scan)}`);
  if (values.json)
    console.log(
      JSON.stringify({ ideas: count, filingMs, prints, jinbox: all, recall, found, wrong, trigram, scan }),
    );
  if (all.max >= limitMs) {
    say(`longer than ${limitMs} ms`);
    process.exitCode = 1;
  }
} finally {
  await close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
