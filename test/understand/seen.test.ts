// Every reason can be looked up: its words stand in the mail, in the place it names, letter for letter but for writing.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chosen, readLetters } from "../../bench/understanding/letters.ts";
import { rawMail } from "../../bench/understanding/raw-mail.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { loadCampaign } from "../../src/campaign/load.ts";
import { virtualClock } from "../../src/clock.ts";
import { createExplainer } from "../../src/commands/explain.ts";
import { silentLogger } from "../../src/log.ts";
import { createReader } from "../../src/reading/reader.ts";
import type { Evidence } from "../../src/understand/evidence.ts";
import { isSeen } from "../../src/understand/seen.ts";

const root = resolve(import.meta.dirname, "../..");
const reader = createReader({ children: 2, log: silentLogger });
const clock = virtualClock(new Date("2012-11-30T02:00:00Z"));
afterAll(() => reader.close());

/** Each reason that cannot be looked up, with its mail; and how many there were in all. */
async function unseenIn(files: { file: string; raw: Uint8Array }[], campaign: Campaign) {
  const explainer = createExplainer(campaign, reader, clock);
  const unseen: string[] = [];
  let reasons = 0;
  for (let at = 0; at < files.length; at += 32) {
    for (const { file, mail, parts, understanding } of await explainer.explain(files.slice(at, at + 32))) {
      const { type, unit, originEvidence } = understanding;
      const all: Evidence[] = [...type.evidence, ...unit.evidence, ...originEvidence];
      reasons += all.length;
      for (const one of all)
        if (!isSeen(one, { mail, parts }))
          unseen.push(
            `${file} ${one.where} “${[one.words, ...(one.also ?? [])].join("” “")}” → ${one.speaksFor}`,
          );
    }
  }
  return { unseen, reasons };
}

test("in the mailbox of the sample campaign", { timeout: 120_000 }, async () => {
  const folder = resolve(root, "fixtures/mailbox");
  const { campaign } = loadCampaign(resolve(root, "config/campaign.yaml"));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".eml"))
    .map((file) => ({ file, raw: readFileSync(resolve(folder, file)) }));
  const { unseen, reasons } = await unseenIn(files, campaign);
  expect(unseen).toEqual([]);
  expect(reasons).toBeGreaterThan(files.length);
});

const letters = chosen(readLetters([resolve(root, "fixtures/letters")]), { split: "all", only: [] });
const organisations = [...new Set(letters.map((one) => one.organisation))];

test("there are labelled letters", () => {
  expect(organisations.length).toBeGreaterThan(0);
});

test.each(organisations)("in the letters to $name", { timeout: 120_000 }, async (organisation) => {
  const its = letters.filter((one) => one.organisation === organisation);
  const files = await Promise.all(its.map(async (one) => ({ file: one.id, raw: await rawMail(one) })));
  const { unseen, reasons } = await unseenIn(files, organisation.campaign);
  expect(unseen).toEqual([]);
  expect(reasons).toBeGreaterThan(files.length);
});
