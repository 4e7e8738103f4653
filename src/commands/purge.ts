// `jinbox purge`: removes what the campaign no longer keeps, and records what it was. Nothing goes unless somebody says so.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { type PlannedRemoval, plannedRemovals, purge, reclaim } from "../service/retention/purge.ts";
import { type Kind, kinds } from "../service/retention/records.ts";
import { byCommand, recordAudit } from "../store/audit.ts";
import { openLong } from "../store/backup/connection.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { dateOf } from "../text/dates.ts";
import {
  type Command,
  type CommandInput,
  configOption,
  jsonOption,
  UsageError,
  valuesOf,
} from "./command.ts";
import { progressLine } from "./progress.ts";

const words: Record<Kind, string> = {
  automatic: "自动邮件、不处理的来信 / automatic and ignored mail",
  held: "没有处理的来信 / mail nobody settled",
  mail: "来信原件和正文 / originals and texts of filed mail",
  attachments: "附件 / attachments",
  notices: "发出的邮件 / notices",
  people: "姓名和地址 / names and addresses",
  submissions: "台账标题和正文 / titles and texts of the ledger",
};

export const command: Command = {
  name: "purge",
  usage: "[--dry-run] [--kind KIND…] [--who NAME] [--config FILE] [--json]",
  words: {
    zh: "清除活动结束后过了保留期的内容（retention），并留下清除记录；先用 --dry-run 看",
    en: "removes what is past its time (retention in the configuration) and records it; look with --dry-run first",
  },
  options: {
    "dry-run": { type: "boolean", words: { zh: "只列出，不清除", en: "only say what would go" } },
    kind: {
      type: "string",
      multiple: true,
      value: "KIND",
      words: { zh: `只清除这些：${kinds.join("、")}`, en: `only these: ${kinds.join(", ")}` },
    },
    who: {
      type: "string",
      value: "NAME",
      words: { zh: "是谁清除的，记录在案", en: "who did it, for the record" },
    },
    config: configOption,
    json: jsonOption,
  },
  positionals: false,
  async run({ values }) {
    const only = kindsOf(values.kind);
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const now = systemClock.now();
      const planned = await plannedRemovals(store.db, campaign, only, now);
      const by = typeof values.who === "string" && values.who !== "" ? values.who : "operator";
      const isDry = values["dry-run"] === true;
      for (const one of planned) {
        if (!isDry) {
          const line = progressLine(1);
          one.count = await purge(store.db, campaign, { kind: one.kind, by, now }, (removed) =>
            line.count(one.kind, removed),
          );
          line.clear();
          const entry = { action: "purge" as const, about: `${one.kind}/${one.count}` };
          await recordAudit(store.db, campaign.code, { ...byCommand(now), by }, [entry]);
        }
        console.log(
          values.json ? JSON.stringify({ ...one, removed: !isDry }) : told(one, campaign.timezone, isDry),
        );
      }
      if (planned.length === 0) {
        if (!values.json)
          console.log(
            "没有到期的内容（保留多久见配置的 retention） / nothing is due (retention in the configuration says when)",
          );
      } else if (!isDry) {
        const { client, end } = await openLong(store.url);
        await reclaim(store.db, client, now).finally(end);
        if (!values.json)
          console.log("备份里仍有这些内容，直到它们也被清理 / backups still hold it until they go too");
      }
      return 0;
    } finally {
      await store.stop();
    }
  },
};

function kindsOf(value: CommandInput["values"][string]): Kind[] {
  const named = valuesOf(value);
  const wrong = named.find((name) => !(kinds as string[]).includes(name));
  if (wrong !== undefined)
    throw new UsageError(`--kind ${wrong}: 请写其中之一 / write one of ${kinds.join(", ")}`);
  return named as Kind[];
}

function told({ kind, count, bytes, from, to }: PlannedRemoval, timezone: string, isDry: boolean): string {
  const span = [from, to].map((at) => (at ? dateOf(at, timezone) : "")).join(" – ");
  const verb = isDry ? "到期 / due" : "已清除 / removed";
  return `${words[kind]}: ${verb} ${count}（${(bytes / 1e6).toFixed(1)} MB，${span}）`;
}
