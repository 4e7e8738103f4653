// `jinbox reclassify`: today's rules and what the office taught since, over mails no person has decided.
import { type Campaign, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { consoleWords } from "../console/words.ts";
import { ledgerWords, reasonLabel, subjectOr } from "../digest/words.ts";
import { createLogger } from "../log.ts";
import { asLine } from "../notice/render.ts";
import { captureTransport } from "../notice/transport.ts";
import { buildApp } from "../service/app.ts";
import {
  differentlyFiled,
  differs,
  type LookedAgain,
  reclassifyHeld,
  type Taken,
} from "../service/reclassify.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { countToLookAt } from "../submission/again/records.ts";
import { type Command, configOption, jsonOption } from "./command.ts";
import { type ProgressLine, progressLine } from "./progress.ts";

export const command: Command = {
  name: "reclassify",
  usage: "[--dry-run] [--all-held] [--json] [--config FILE]",
  words: {
    en: "look again at held mails nobody has decided; those that are sure now are filed and answered once",
    zh: "用现在的规则和办公室的更正再看一遍待人工的来信；现在有把握的即登记，并告知发件人一次",
  },
  options: {
    "dry-run": {
      type: "boolean",
      words: { en: "only show what would change", zh: "只显示会有什么变化，不登记、不发信" },
    },
    "all-held": {
      type: "boolean",
      words: {
        en: "whatever they are held for, not only unit, type or content in doubt",
        zh: "不论因何待人工，都再看一遍（默认只看单位、类型、内容拿不准的）",
      },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const log = createLogger({ level: "warn", readable: true });
    const store = await openStore(environment, log);
    const transport = captureTransport(() => undefined);
    const app = buildApp({ campaign, db: store.db, clock: systemClock, log, transport });
    try {
      await migrate(store.db);
      const dryRun = values["dry-run"] === true;
      const count = await countToLookAt(store.db, campaign.code);
      const progress = progressLine(count.held + count.filed);
      const show = shower(campaign, values.json === true, progress);
      let [looked, filed, changed] = [0, 0, 0];
      for await (const one of reclassifyHeld(app, { dryRun, allHeld: values["all-held"] === true })) {
        looked += 1;
        progress.file(looked, one.subject);
        if (one.files) filed += 1;
        if (one.files || differs(one)) show(one, one.files ? (dryRun ? "would-file" : "filed") : "stays");
      }
      let done = looked;
      for await (const one of differentlyFiled(app)) {
        done += 1;
        progress.file(done, one?.subject ?? "");
        if (!one) continue;
        changed += 1;
        show(one, "shown-only");
      }
      progress.clear();
      if (!values.json) console.log(summary({ looked, filed, changed, dryRun }));
      return 0;
    } finally {
      await app.close();
      await store.stop();
    }
  },
};

type What = "filed" | "would-file" | "stays" | "shown-only";

function shower(
  campaign: Campaign,
  json: boolean,
  progress: ProgressLine,
): (one: LookedAgain, what: What) => void {
  let section = "";
  return (one, what) => {
    progress.clear();
    if (json) {
      const { message: number, fromAddress: from, files: _, ...rest } = one;
      console.log(JSON.stringify({ section: sectionOf(what), number, from, what, ...rest }));
      return;
    }
    if (section !== sectionOf(what)) {
      section = sectionOf(what);
      console.log(titles[sectionOf(what)]);
    }
    console.log(readable(one, what, campaign));
  };
}

const sectionOf = (what: What): "held" | "filed" => (what === "shown-only" ? "filed" : "held");

const titles = {
  held: "\n■ 待人工的来信 / held mails",
  filed:
    "\n■ 已登记，按现在的规则会另作判断（只显示，不改动）/ filed, decided otherwise by today's rules (shown, not changed)",
};

const said: Record<What, [zh: string, en: string]> = {
  filed: ["已登记", "filed"],
  "would-file": ["会登记", "would be filed"],
  stays: ["仍待人工", "still waits"],
  "shown-only": ["未改动", "not changed"],
};

function readable(one: LookedAgain, what: What, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const { places } = consoleWords(campaign.locale);
  const number = one.references.length > 0 ? one.references.join(zh ? "、" : ", ") : `${one.message}`;
  const why = one.why.map(({ where, words }) => `${places[where] ?? where}“${asLine(words, 60)}”`);
  return [
    `${number}  ${asLine(subjectOr(one.subject, campaign.locale), 80)}  <${asLine(one.fromAddress, 80)}>`,
    `    ${said[what][zh ? 0 : 1]}${zh ? "：" : ": "}${takenWords(one.before, campaign)} → ${takenWords(one.after, campaign)}`,
    ...(why.length > 0 ? [`    ${zh ? "依据：" : "because of "}${why.join(zh ? "、" : ", ")}`] : []),
  ].join("\n");
}

function takenWords({ outcome, reason, type, unit, submissions }: Taken, campaign: Campaign): string {
  const { locale } = campaign;
  const words = ledgerWords(locale);
  const typeName = (code: string | null) =>
    deliverableOf(campaign, code)?.name ?? words.otherTypes[code ?? ""] ?? code ?? "";
  const unitName = (code: string | null) => unitOf(campaign, code)?.name ?? code ?? words.unitUnknown;
  const parts = submissions.map((one) => {
    const item = deliverableOf(campaign, one.type)?.items.find(({ code }) => code === one.item);
    return `${item?.name ?? typeName(one.type)} ${unitName(one.unit)}`;
  });
  const distinct = [...new Set(parts)];
  const several = submissions.length > 1 ? ` ×${submissions.length}` : "";
  const taken =
    distinct.length > 0 ? `${distinct.join("＋")}${several}` : `${typeName(type)} ${unitName(unit)}`;
  const state = outcome === "filed" ? "" : reasonLabel(reason, locale) || words.verdict[outcome];
  return [taken.trim(), state && `［${state}］`].filter(Boolean).join("");
}

function summary(count: { looked: number; filed: number; changed: number; dryRun: boolean }): string {
  const { looked, filed, changed, dryRun } = count;
  const did = dryRun ? ["会登记", "would be filed"] : ["已登记", "filed"];
  return `\n看过待人工 ${looked} 封，${did[0]} ${filed} 封；已登记而判断不同的 ${changed} 封 / held mails looked at: ${looked}, ${did[1]}: ${filed}; filed and decided otherwise now: ${changed}`;
}
