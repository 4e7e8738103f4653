// Figures in Prometheus' text format: this process's own, and those of the database that every process says alike.
import type { monitorEventLoopDelay } from "node:perf_hooks";
import { sql } from "kysely";
import type { Pool } from "pg";
import type { Campaign } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import { waitingJobs } from "../store/jobs.ts";
import { workFacts } from "../watch/records.ts";

type Labels = Record<string, string>;

/** `values` of a histogram: how many within each limit, the last one without limit, and the sum of all. */
export type Figure = { name: string; help: string } & (
  | { type: "gauge" | "counter"; values: [Labels, number][] }
  | { type: "histogram"; limits: number[]; within: number[]; sum: number }
);

/** Exposition format 0.0.4; no label here holds what a person wrote. */
export function metricsText(figures: Figure[]): string {
  return figures.map((figure) => `${[head(figure), ...lines(figure)].join("\n")}\n`).join("");
}

const head = ({ name, help, type }: Figure) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;

function lines(figure: Figure): string[] {
  const { name } = figure;
  if (figure.type !== "histogram")
    return figure.values.map(([labels, value]) => `${name}${labelText(labels)} ${value}`);
  const { limits, within, sum } = figure;
  const buckets = within.map((count, at) => `${name}_bucket{le="${limits[at] ?? "+Inf"}"} ${count}`);
  return [...buckets, `${name}_sum ${sum}`, `${name}_count ${within.at(-1) ?? 0}`];
}

function labelText(labels: Labels): string {
  const all = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`,
  );
  return all.length > 0 ? `{${all.join(",")}}` : "";
}

export const gauge = (name: string, help: string, ...values: [Labels, number][]): Figure => ({
  ...{ name, help, values },
  type: "gauge",
});
const counter = (name: string, help: string, value: number): Figure => ({
  ...{ name, help, values: [[{}, value]] },
  type: "counter",
});

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

export function processFigures(delay: ReturnType<typeof monitorEventLoopDelay>, pool: Pool | null): Figure[] {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const quantiles = [50, 90, 99].map((percent): [Labels, number] => [
    { quantile: `0.${percent}` },
    (delay.count > 0 ? delay.percentile(percent) : 0) / NANOSECONDS,
  ]);
  // Each scrape tells of the time since the one before.
  delay.reset();
  return [
    counter(
      "process_cpu_seconds_total",
      "CPU time of this process.",
      (userCPUTime + systemCPUTime) / MICROSECONDS,
    ),
    gauge("process_resident_memory_bytes", "Memory of this process.", [{}, rss]),
    gauge("nodejs_heap_size_used_bytes", "Of it, JavaScript objects.", [{}, heapUsed]),
    gauge("process_uptime_seconds", "Since this process began.", [{}, process.uptime()]),
    gauge("nodejs_eventloop_delay_seconds", "Delay of the event loop since the last scrape.", ...quantiles),
    ...(pool
      ? [
          gauge(
            "jinbox_database_connections",
            "Of this process's pool.",
            [{ state: "idle" }, pool.idleCount],
            [{ state: "used" }, pool.totalCount - pool.idleCount],
            [{ state: "awaited" }, pool.waitingCount],
          ),
        ]
      : []),
  ];
}

const messageStates = ["received", "filed", "held", "automatic", "ignored", "oversize"];
const noticeStates = [
  ...["intended", "claimed", "data-sent", "accepted", "rejected", "ambiguous", "dropped", "bounced"],
];

/** What is unknown (never read, never written) is left out: an age of zero would be a lie. */
export async function databaseFigures(trx: Trx, campaign: Campaign, now: Date): Promise<Figure[]> {
  const { code } = campaign;
  const { mailboxes, outbox, queue, roles, lastDigestAt } = await workFacts(trx, campaign, now);
  const age = (at: Date | null) => (at === null ? null : Math.max(0, now.getTime() - at.getTime()) / 1000);
  const reads = mailboxes.flatMap(({ lastReadAt }) => age(lastReadAt) ?? []);
  const aged = (name: string, help: string, at: Date | null) => {
    const seconds = age(at);
    return seconds === null ? [] : [gauge(name, help, [{}, seconds])];
  };
  const messages = await countByState(trx, "message", code);
  const notices = await countByState(trx, "notice", code);
  const jobs = await waitingJobs(trx);
  return [
    gauge("jinbox_messages", "Mails by state.", ...perState(messageStates, messages)),
    gauge("jinbox_notices", "Our mails by state.", ...perState(noticeStates, notices)),
    gauge(
      "jinbox_queue_jobs",
      "Jobs that wait, by queue.",
      ...jobs.map((row): [Labels, number] => [{ queue: row.name }, row.waiting]),
    ),
    gauge("jinbox_unhandled_messages", "Mails recorded and not yet handled.", [{}, queue.open]),
    ...aged("jinbox_unhandled_oldest_seconds", "Age of the oldest of them.", queue.oldestAt),
    gauge("jinbox_outbox_due", "Our mails that may leave and have not.", [{}, outbox.due]),
    ...aged("jinbox_outbox_oldest_seconds", "How long the first of them has been due.", outbox.oldestAt),
    ...(reads.length > 0
      ? [
          gauge("jinbox_mailbox_read_age_seconds", "Since the mailbox was last read.", [
            {},
            Math.max(...reads),
          ]),
        ]
      : []),
    ...aged("jinbox_digest_age_seconds", "Since the last digest was written.", lastDigestAt),
    gauge(
      "jinbox_role_heartbeat_age_seconds",
      "Since a role last said that it lives.",
      ...roles.map(({ role, beatAt }): [Labels, number] => [{ role }, age(beatAt) ?? 0]),
    ),
    await timings(trx, code, {
      name: "jinbox_message_handling_seconds",
      help: "From a mail's record to its end.",
      ...{ table: "message", from: "recorded_at", to: "handled_at" },
    }),
    await timings(trx, code, {
      name: "jinbox_notice_delivery_seconds",
      help: "From the intent of a mail of ours to the server's answer.",
      ...{ table: "notice", from: "intended_at", to: "settled_at" },
    }),
  ];
}

const perState = (states: string[], counts: Map<string, number>) =>
  states.map((state): [Labels, number] => [{ state }, counts.get(state) ?? 0]);

async function countByState(
  trx: Trx,
  table: "message" | "notice",
  code: string,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ state: string; n: number }>`
    select state, count(*)::int as n from ${sql.table(table)} where campaign = ${code} group by state`.execute(
    trx,
  );
  return new Map(rows.map(({ state, n }) => [state, n]));
}

const LIMITS = [1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400];

/** From the rows themselves: the same whichever process is asked, and nothing is lost by a restart. */
async function timings(
  trx: Trx,
  code: string,
  { name, help, table, from, to }: { name: string; help: string; table: string; from: string; to: string },
): Promise<Figure> {
  const took = sql<number>`extract(epoch from ${sql.ref(to)} - ${sql.ref(from)})`;
  const { rows } = await sql<{ within: number[]; sum: number }>`
    select array[${sql.join([...LIMITS.map((limit) => sql`count(*) filter (where ${took} <= ${limit})`), sql`count(*)`])}]::int[] as within,
      coalesce(sum(${took}), 0)::float8 as sum
    from ${sql.table(table)} where campaign = ${code} and ${sql.ref(to)} is not null`.execute(trx);
  const { within = [], sum = 0 } = rows[0] ?? {};
  return { name, help, type: "histogram", limits: LIMITS, within, sum };
}
