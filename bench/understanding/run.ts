// Labelled letters through the real way: raw bytes, the reading child, their documents, the rules; then beside their labels.
import { availableParallelism } from "node:os";
import { systemClock } from "../../src/clock.ts";
import { createExplainer, threadOf } from "../../src/commands/explain.ts";
import { createLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";
import { type Facts, type Knowledge, prepare } from "../../src/understand/understand.ts";
import type { Task } from "./cpu.ts";
import { type Judged, judge } from "./judge.ts";
import { grown } from "./large-campaign.ts";
import type { Labelled, Organisation } from "./letters.ts";
import { rawMail } from "./raw-mail.ts";

export interface Result {
  labelled: Labelled;
  judged: Judged;
  raw: Uint8Array;
  facts: Facts;
}

/** So many mails are in memory at a time. */
const SLICE = 32;

export async function runLetters(all: Labelled[], progress: (done: number) => void): Promise<Result[]> {
  const log = createLogger({ level: "error", readable: process.stderr.isTTY });
  const reader = createReader({ children: Math.min(2, availableParallelism()), log });
  const results = new Map<Labelled, Result>();
  try {
    for (const organisation of new Set(all.map((one) => one.organisation))) {
      const { campaign } = organisation;
      const explainer = createExplainer(campaign, reader, systemClock);
      const its = all.filter((one) => one.organisation === organisation);
      for (let at = 0; at < its.length; at += SLICE) {
        const slice = its.slice(at, at + SLICE);
        const files = await Promise.all(
          slice.map(async (one) => ({ file: one.id, raw: await rawMail(one) })),
        );
        const explained = await explainer.explain(files);
        for (const [i, { mail, parts, arrivedAt, understanding }] of explained.entries()) {
          const labelled = slice[i] as Labelled;
          results.set(labelled, {
            labelled,
            judged: judge(labelled.letter.expect, understanding, campaign),
            raw: files[i]?.raw as Buffer,
            facts: { mail, parts, arrivedAt, thread: threadOf(mail, campaign) },
          });
        }
        progress(results.size);
      }
    }
  } finally {
    await reader.close();
  }
  return all.map((one) => results.get(one) as Result);
}

/** The mails without attachments, each with its campaign grown large. */
export function plainTasks(results: Result[]): Task[] {
  const known = new Map<Organisation, Knowledge>();
  return results
    .filter(({ facts }) => facts.mail.parts.length === 0)
    .map(({ labelled: { organisation }, facts }) => {
      const knowledge = known.get(organisation) ?? prepare(grown(organisation.campaign));
      known.set(organisation, knowledge);
      return { facts, knowledge };
    });
}
