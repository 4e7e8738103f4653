// `jinbox forget PERSON`: what is held about somebody, a copy of it for him, and removing it from every place.
import { readdir } from "node:fs/promises";
import type { Campaign } from "../campaign/campaign.ts";
import { type Environment, readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { forget, type Held, newPseudonym, personOf, whatIsHeld } from "../service/forget/forget.ts";
import { listOf, listPath } from "../service/forget/list.ts";
import type { HeldRow } from "../service/forget/places.ts";
import { reclaim } from "../service/retention/purge.ts";
import { put, writeAll } from "../sheet/destination.ts";
import { columnsOf } from "../sheet/sheet.ts";
import { writeWorkbook } from "../sheet/workbook.ts";
import { openLong } from "../store/backup/connection.ts";
import { migrate } from "../store/migrate.ts";
import { type OpenStore, openStore } from "../store/open.ts";
import { BACKUP_NAME } from "./backup.ts";
import { type Command, type CommandInput, configOption, UsageError } from "./command.ts";
import { writeWholeFile } from "./whole-file.ts";

export const command: Command = {
  name: "forget",
  usage: "NAME|ADDRESS… [--export F.json|F.xlsx] [--yes] [--backups DIR] [--who NAME] [--config FILE]",
  words: {
    zh: "一个人的个人信息：列出、导出一份给本人、删除（加 --yes）；姓名和各个地址写在一起",
    en: "what is held about one person: list it, export a copy, remove it (--yes); give all names and addresses at once",
  },
  options: {
    export: { type: "string", value: "FILE", words: { zh: "导出一份给本人", en: "a copy for the person" } },
    yes: { type: "boolean", words: { zh: "删除；不写只列出", en: "remove it; without, it is only listed" } },
    backups: {
      type: "string",
      value: "DIR",
      words: {
        zh: "备份所在文件夹：列出还含有此人信息的备份",
        en: "where backups lie, to name those that still hold it",
      },
    },
    who: {
      type: "string",
      value: "NAME",
      words: { zh: "是谁办理的，记录在案", en: "who did it, for the record" },
    },
    config: configOption,
  },
  positionals: true,
  async run({ values, positionals }) {
    const person = personOf(positionals);
    const short = [...person.names, ...person.addresses].find((word) => [...word].length < 2);
    if (positionals.length === 0 || short !== undefined)
      throw new UsageError(
        "请写姓名或邮箱地址（至少两个字）/ write a name or an address, two letters at least",
      );
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const now = systemClock.now();
      const held = await whatIsHeld(store.db, campaign, person, now);
      for (const line of listed(held)) console.log(line);
      for (const line of stillConfigured(campaign, positionals)) console.log(line);
      if (typeof values.export === "string") await exportCopy(held.rows, values.export, campaign);
      if (!values.yes) {
        if (held.rows.length > 0) console.log("加 --yes 才删除 / nothing was removed: add --yes");
        return 0;
      }
      const by = typeof values.who === "string" && values.who !== "" ? values.who : "operator";
      const pseudonym = newPseudonym();
      await forget(store.db, campaign, { person, pseudonym, by, until: now, now });
      await keepList(store, environment);
      const { client, end } = await openLong(store.url);
      await reclaim(store.db, client, now).finally(end);
      console.log(
        `已删除，需要保留的记录改用化名 ${pseudonym} / removed; what must stay stands under ${pseudonym}`,
      );
      for (const line of await outOfReach(values)) console.log(line);
      return 0;
    } finally {
      await store.stop();
    }
  },
};

function listed({ mails, rows, alsoKnownAs, papers }: Held): string[] {
  if (rows.length === 0 && alsoKnownAs.length === 0)
    return [
      "什么也没找到，请核对姓名和地址的写法 / nothing was found: check how the name and address are written",
    ];
  const places = Map.groupBy(rows, ({ place }) => place);
  return [
    `本人来信 ${mails} 封 / mails by the person: ${mails}`,
    ...[...places].map(([place, some]) => `  ${place}  ${some.length}`),
    ...(papers > 0
      ? [
          `其中 ${papers} 封是单位材料：材料保留（姓名换成化名）/ papers of units stay, without the name: ${papers}`,
        ]
      : []),
    ...(alsoKnownAs.length > 0
      ? [
          `也许是同一人，如是请一并写上 / perhaps the same person, if so name them too: ${alsoKnownAs.join("  ")}`,
        ]
      : []),
  ];
}

/** What a command must not change: the configuration is the office's. */
function stillConfigured({ units, roster }: Campaign, words: string[]): string[] {
  const contacts = units.flatMap(({ name, liaison, head, supervisor }) =>
    [liaison, head, supervisor].flatMap((one) => (one ? [{ where: name, ...one }] : [])),
  );
  const people = roster.map(({ name, email, unit }) => ({ where: unit, name, email: email ?? "" }));
  const found = [...contacts, ...people].filter(
    ({ name, email }) => words.includes(name) || words.some((word) => word.toLowerCase() === email),
  );
  return found.map(
    ({ where, name }) =>
      `配置或名册里还有 ${name}（${where}），请自行删除 / still in the configuration or roster: ${name} (${where})`,
  );
}

async function exportCopy(rows: HeldRow[], file: string, { timezone, locale }: Campaign): Promise<void> {
  if (file.endsWith(".xlsx")) {
    const columns = columnsOf(["place", "id", "at", "text"], [16, 20, 20, 100]);
    const cells = rows.map(({ place, id, at, text }) => [place, id, at, text]);
    await writeWholeFile(file, (destination) =>
      writeWorkbook(destination, {
        ...{ title: "jinbox forget", timezone, locale },
        sheets: [{ name: "data", columns, rows: cells }],
      }),
    );
  } else if (file.endsWith(".json")) {
    const text = `${JSON.stringify(rows, null, 1)}\n`;
    await writeWholeFile(file, (destination) => writeAll(destination, () => put(destination, text)));
  } else throw new UsageError(`--export ${file}: .json 或 .xlsx / .json or .xlsx`);
}

/** A restored backup is held against it. */
async function keepList({ db }: OpenStore, { dataDirectory }: Environment): Promise<void> {
  const text = await listOf(db);
  await writeWholeFile(listPath(dataDirectory), (destination) =>
    writeAll(destination, () => put(destination, text)),
  );
}

async function outOfReach({ backups }: CommandInput["values"]): Promise<string[]> {
  const files = typeof backups === "string" ? await readdir(backups) : [];
  const kept = files.filter((name) => BACKUP_NAME.test(name)).toSorted();
  return [
    "程序够不到的，请另行处理 / out of reach, to be done by hand:",
    "  邮件服务器上的原信和已发邮件夹 / the originals and sent mail on the mail server",
    "  已经发给别人的邮件（简报、通知）/ mail that was sent to others",
    kept.length > 0
      ? `  备份 ${kept.length} 份（恢复时会自动再删）/ backups, which forget again when restored: ${kept[0]} … ${kept.at(-1)}`
      : "  以前的备份（恢复时会自动再删）/ earlier backups, which forget again when restored",
  ];
}
