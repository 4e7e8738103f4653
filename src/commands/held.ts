// `jinbox held`: what waits for a person, and the person's decision: file it for a unit, or put it aside.
import { type Campaign, type Deliverable, deliverableOf, unitOf } from "../campaign/campaign.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import type { Named } from "../campaign/naming.ts";
import { systemClock } from "../clock.ts";
import { type HeldMail, heldMails } from "../digest/books.ts";
import { guessWords, heldLabel, ledgerWords, likelyTypes, likelyUnits, subjectOr } from "../digest/words.ts";
import { doubtWords } from "../document/amount.ts";
import { createLogger } from "../log.ts";
import { asLine } from "../notice/render.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import type { Decider } from "../submission/office/records.ts";
import {
  dismissForOffice,
  fileForOffice,
  type OfficeChoice,
  type Refusal,
  type Settled,
} from "../submission/settle.ts";
import { dateOf, isoInZone, timeOfDay } from "../text/dates.ts";
import {
  type Command,
  type CommandInput,
  choices,
  configOption,
  type ExitCode,
  jsonOption,
  namedOption,
  UsageError,
} from "./command.ts";

export const command: Command = {
  name: "held",
  usage: "[N --file [--unit U] [--type T] [--item I] | N --dismiss [--why TEXT]] [--json] [--config FILE]",
  words: {
    en: "mails that wait for a person: list them, file one or put it aside; the sender is not written to",
    zh: "待人工的邮件：列出来，或登记其中一封，或作无需处理；本命令不给发件人发信",
  },
  options: {
    file: {
      type: "boolean",
      words: { en: "file mail N, with the arrival it had", zh: "登记第 N 号邮件，到达时间不变" },
    },
    unit: {
      type: "string",
      value: "UNIT",
      words: {
        en: 'for this unit: code, name or alias; "-": from nobody\'s unit (submissions of persons only)',
        zh: "登记给哪个单位：代码、名称或别名；写 - 表示不属于任何单位（只用于个人来件）",
      },
    },
    type: {
      type: "string",
      value: "TYPE",
      words: { en: "as this deliverable: code, name or alias", zh: "登记为哪种材料：代码、名称或别名" },
    },
    item: {
      type: "string",
      value: "ITEM",
      words: { en: "as this item of the deliverable", zh: "材料分项的，登记为哪一分项" },
    },
    dismiss: {
      type: "boolean",
      words: { en: "mail N needs nothing; it stays readable", zh: "第 N 号邮件无需处理（原文仍保留）" },
    },
    why: { type: "string", value: "TEXT", words: { en: "a note for the record", zh: "备注，留在台账里" } },
    json: jsonOption,
    config: configOption,
  },
  positionals: true,
  async run({ values, positionals }) {
    const request = requestOf({ values, positionals });
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const choice = request.does === "file" ? choiceOf(campaign, values) : {};
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const office = { db: store.db, campaign, json: values.json === true };
      if (request.does === "list") return await list(office);
      return await settle(office, request, choice);
    } finally {
      await store.stop();
    }
  },
};

interface Office {
  db: Database;
  campaign: Campaign;
  json: boolean;
}

type Request =
  | { does: "list" }
  | { does: "file"; id: number }
  | { does: "dismiss"; id: number; why: string | null };

function requestOf({ values, positionals }: CommandInput): Request {
  const [number, ...more] = positionals;
  if (values.file && values.dismiss) throw new UsageError("--file or --dismiss, not both / 二者只能选一");
  const isDecision = values.file === true || values.dismiss === true;
  const details = (["unit", "type", "item", "why"] as const).filter((name) => values[name] !== undefined);
  if (number === undefined && !isDecision && details.length === 0) return { does: "list" };
  const id = Number(number);
  if (more.length > 0 || !Number.isSafeInteger(id) || id < 1) {
    throw new UsageError(
      "write one mail's number, as `jinbox held` lists them / 请写一封邮件的编号（jinbox held 会列出）：jinbox held 42 --file",
    );
  }
  const unused = details.find((name) => (name === "why") !== (values.dismiss === true));
  if (!isDecision || unused !== undefined) {
    throw new UsageError(
      `write what to do with it / 请写明怎么处理：\n  jinbox held ${id} --file [--unit U] [--type T] [--item I]\n  jinbox held ${id} --dismiss [--why TEXT]`,
    );
  }
  return values.file ? { does: "file", id } : { does: "dismiss", id, why: (values.why as string) ?? null };
}

function choiceOf(campaign: Campaign, values: CommandInput["values"]): OfficeChoice {
  const choice: OfficeChoice = {};
  if (typeof values.unit === "string")
    choice.unit = values.unit === "-" ? null : namedOption(campaign.units, values.unit, "unit");
  if (typeof values.type === "string") choice.type = namedOption(campaign.deliverables, values.type, "type");
  if (typeof values.item === "string") {
    const named = choice.type === undefined ? null : deliverableOf(campaign, choice.type);
    const items = named ? named.items : campaign.deliverables.flatMap((deliverable) => deliverable.items);
    choice.item = namedOption(items, values.item, "item");
  }
  return choice;
}

const LISTED = 500;

async function list({ db, campaign, json }: Office): Promise<ExitCode> {
  const mails = await heldMails(db, campaign.code, { limit: LISTED + 1 });
  for (const mail of mails.slice(0, LISTED)) {
    console.log(json ? JSON.stringify(machineLine(mail, campaign)) : readableLines(mail, campaign));
  }
  if (json) return 0;
  if (mails.length > LISTED)
    console.log(`…… 仅列出最早的 ${LISTED} 封 / only the oldest ${LISTED} are listed`);
  if (mails.length === 0) console.log("没有待人工的邮件 / nothing waits for you");
  else {
    console.log("\n  登记 / file    jinbox held N --file --unit 单位 [--type 类型]");
    console.log("  无需处理 / put aside  jinbox held N --dismiss [--why 备注]");
  }
  return 0;
}

function machineLine(mail: HeldMail, campaign: Campaign): object {
  return {
    number: mail.id,
    arrivedAt: isoInZone(mail.arrivedAt, campaign.timezone),
    from: { name: mail.fromName, address: mail.fromAddress },
    subject: mail.subject,
    state: mail.state,
    reason: mail.reason,
    words: heldLabel(mail, campaign.locale),
    types: mail.typeGuesses,
    units: mail.unitGuesses,
    confidence: mail.confidence,
  };
}

function readableLines(mail: HeldMail, campaign: Campaign): string {
  const { locale, timezone } = campaign;
  const zh = locale === "zh-CN";
  const types = likelyTypes(campaign, mail.typeGuesses);
  const units = likelyUnits(campaign, mail.unitGuesses);
  const address = mail.fromAddress && `<${asLine(mail.fromAddress, 120)}>`;
  const sender = [asLine(mail.fromName, 60), address].filter(Boolean).join(" ");
  const guesses = [
    types.length > 0 ? `${zh ? "类型" : "type: "}${guessWords(types, locale)}` : "",
    units.length > 0 ? `${zh ? "单位" : "unit: "}${guessWords(units, locale)}` : "",
    doubtWords(mail, locale),
    doubtWords(mail, locale),
  ].filter(Boolean);
  return [
    `${mail.id}  ${subjectOr(asLine(mail.subject, 80), locale)}`,
    `    ${dateOf(mail.arrivedAt, timezone)} ${timeOfDay(mail.arrivedAt, timezone)}  ${sender}`,
    `    ${[heldLabel(mail, locale), ...guesses].join(zh ? "；" : "; ")}`,
  ].join("\n");
}

async function settle(
  { db, campaign, json }: Office,
  request: Exclude<Request, { does: "list" }>,
  choice: OfficeChoice,
): Promise<ExitCode> {
  const { id } = request;
  const decider: Decider = { by: "office", way: "command", askedIn: null, at: systemClock.now() };
  const outcome = await db
    .transaction()
    .execute(
      async (trx): Promise<Settled | Refusal | null> =>
        request.does === "file"
          ? fileForOffice(trx, campaign, id, choice, decider)
          : dismissForOffice(trx, campaign, id, request.why, decider),
    );
  if (outcome && "why" in outcome) return refuse(outcome, id, campaign);
  if (json) {
    const submissions = outcome?.submissions.map(({ reference, type, item, unit, title }) => ({
      ...{ reference, type, item, unit, title },
      supersedes: outcome.superseded.get(reference) ?? null,
    }));
    console.log(
      JSON.stringify({ number: id, state: outcome ? "filed" : "ignored", submissions: submissions ?? [] }),
    );
    return 0;
  }
  if (!outcome) console.log(`${id}：无需处理，不再列出 / put aside, listed no more`);
  for (const { reference, type, unit, title } of outcome?.submissions ?? []) {
    const words = [deliverableOf(campaign, type)?.name, unitOf(campaign, unit)?.name, asLine(title, 80)];
    const older = outcome?.superseded.get(reference);
    console.log(
      `${id} → ${reference}  ${words.filter(Boolean).join("  ")}${older ? `  （替换 / replaces ${older}）` : ""}`,
    );
  }
  return 0;
}

/** 1: the mail cannot be decided any more; 2: the command must say more. */
function refuse(refusal: Refusal, id: number, campaign: Campaign): ExitCode {
  switch (refusal.why) {
    case "no-such-mail":
      console.error(`${id}: no such mail; see \`jinbox held\` / 没有编号为 ${id} 的邮件，请看 jinbox held`);
      return 1;
    case "not-held": {
      const { state } = refusal;
      const zh = ledgerWords("zh-CN").verdict[state];
      console.error(
        `${id}: not held any more (${ledgerWords("en").verdict[state]}) / 已不在待人工之列（${zh}）`,
      );
      return 1;
    }
    case "unit-needed":
      throw new UsageError(`${id}: add --unit / 请用 --unit 写明单位：\n${choices(campaign.units)}`);
    case "type-needed":
      throw new UsageError(`${id}: add --type / 请用 --type 写明类型：\n${choices(campaign.deliverables)}`);
    case "item-needed":
      throw new UsageError(
        `${id}: add --item / 请用 --item 写明分项：\n${choices(itemsOf(deliverableOf(campaign, refusal.type)))}`,
      );
    case "item-unfit": {
      const name = deliverableOf(campaign, refusal.type)?.name ?? refusal.type;
      throw new UsageError(`${id}: --item is not one of “${name}” / “${name}”没有这个分项`);
    }
    case "several-inside":
      throw new UsageError(
        `${id}: ${refusal.count} submissions, one title / 里面有 ${refusal.count} 件，标题只有一个`,
      );
    default:
      return refusal satisfies never;
  }
}

const itemsOf = (deliverable: Deliverable | null): readonly Named[] => deliverable?.items ?? [];
