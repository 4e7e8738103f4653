// What is known now: the configuration and what the office has taught since, built anew when there is a new correction.
import type { Campaign } from "../campaign/campaign.ts";
import type { Trx } from "../store/database.ts";
import { learnedFrom } from "../understand/learned.ts";
import { type Knowledge, prepare } from "../understand/understand.ts";
import { correctionsMark, unitExamples } from "./office/records.ts";

export interface CurrentKnowledge {
  /** One cheap question to the database; every process asks, so that all learn from the next batch on. */
  at(trx: Trx): Promise<Knowledge>;
}

export function currentKnowledge(campaign: Campaign): CurrentKnowledge {
  let known: { mark: string; knowledge: Knowledge } | null = null;
  return {
    async at(trx) {
      const mark = await correctionsMark(trx, campaign.code);
      if (known?.mark !== mark) {
        const learned = learnedFrom(campaign, await unitExamples(trx, campaign.code));
        known = { mark, knowledge: prepare(campaign, learned) };
      }
      return known.knowledge;
    },
  };
}
