// `jinbox notice`: notices of which nobody knows whether they arrived, addresses at which nobody is, and the office's word.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { ledgerWords } from "../digest/words.ts";
import { createLogger } from "../log.ts";
import { decideNotices } from "../notice/office/decide.ts";
import { undecidedNotices } from "../notice/office/records.ts";
import type { NoticeRow } from "../notice/outbox.ts";
import { pausedAddresses, resumeAddress } from "../notice/paused/records.ts";
import { asLine } from "../notice/render.ts";
import { decidedWords } from "../notice/wording/decided.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { isoInZone } from "../text/dates.ts";
import type { NoticeOrder } from "../understand/notice-order.ts";
import { type Command, type CommandInput, configOption, jsonOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "notice",
  usage: "[N… --resend | N… --settle | ADDRESS… --resume] [--who NAME] [--json] [--config FILE]",
  words: {
    zh: "结果不明的通知（服务器没有答复收没收下）和无人收信的地址：列出来；重发、不再发，或恢复发信",
    en: "notices that may not have arrived and addresses at which nobody is: list them, send again, leave it, or resume",
  },
  options: {
    resend: {
      type: "boolean",
      words: {
        zh: "重发一次；发出前再核对，已交来的不再催",
        en: "send it once more, if it is still true then",
      },
    },
    settle: {
      type: "boolean",
      words: { zh: "不再发，不再列出", en: "do not send it again, list it no more" },
    },
    resume: {
      type: "boolean",
      words: {
        zh: "这些地址的群发通知恢复发送（对方来信也会自动恢复）",
        en: "write to these addresses again (mail from one does the same)",
      },
    },
    who: {
      type: "string",
      value: "NAME",
      words: { zh: "是谁决定的；不写为办公室", en: "who decided, for the record (default: the office)" },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: true,
  async run(input) {
    const { values, positionals } = input;
    const orders = values.resume ? [] : ordersOf(input);
    const isAddressed = positionals.length > 0 && positionals.every((one) => one.includes("@"));
    if (values.resume && (values.resend || values.settle || !isAddressed))
      throw new UsageError("write the addresses / 请写邮箱地址：\n  jinbox notice wang@lib.example --resume");
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const by = typeof values.who === "string" && values.who !== "" ? values.who : campaign.office.name;
      const decider = { by, way: "command" as const, askedIn: null, at: systemClock.now() };
      if (values.resume) {
        const resumed = await store.db.transaction().execute(async (trx) => {
          const done: boolean[] = [];
          for (const one of positionals)
            done.push(await resumeAddress(trx, campaign, one.toLowerCase(), decider));
          return done;
        });
        for (const [at, address] of positionals.entries()) {
          if (resumed[at]) console.log(`${address}: 已恢复 / resumed`);
          else console.error(`${address}: 没有暂停 / not paused`);
        }
        return resumed.every(Boolean) ? 0 : 1;
      }
      if (orders.length === 0) {
        const rows = await undecidedNotices(store.db, campaign);
        for (const row of rows) console.log(values.json ? machineLine(row, campaign.timezone) : line(row));
        if (rows.length === 0 && !values.json) console.log("没有结果不明的通知 / no notice is uncertain");
        for (const { address, since, diagnostic } of await pausedAddresses(store.db, campaign)) {
          const at = isoInZone(since, campaign.timezone);
          if (values.json) console.log(JSON.stringify({ paused: address, since: at, response: diagnostic }));
          else console.log(`${address}  暂停群发 / paused  ${at}\n    ${asLine(diagnostic, 160)}`);
        }
        return 0;
      }
      const decided = await store.db
        .transaction()
        .execute((trx) => decideNotices(trx, campaign, orders, decider));
      for (const one of decided) {
        const { done, words } = decidedWords(one, campaign);
        if (!done) console.error(words);
        else console.log(values.json ? JSON.stringify(one.result) : words);
      }
      return decided.every(({ result }) => "did" in result) ? 0 : 1;
    } finally {
      await store.stop();
    }
  },
};

function ordersOf({ values, positionals }: CommandInput): NoticeOrder[] {
  if (values.resend && values.settle) throw new UsageError("--resend or --settle, not both / 二者只能选一");
  const isDecision = values.resend === true || values.settle === true;
  const ids = positionals.map(Number);
  const isNumbered = ids.length > 0 && ids.every((id) => Number.isSafeInteger(id) && id > 0);
  if (isDecision !== isNumbered || (positionals.length > 0 && !isNumbered))
    throw new UsageError(
      "write the number and what to do / 请写编号和怎么办：\n  jinbox notice 12 --resend\n  jinbox notice 12 --settle\n  jinbox notice ADDRESS --resume",
    );
  const act = values.resend ? ("resend" as const) : ("settle" as const);
  return ids.map((notice, at) => ({ line: "", at, notice, act }));
}

function line(row: NoticeRow): string {
  const kind = ledgerWords("zh-CN").noticeKind[row.kind] ?? row.kind;
  const to = row.to_contacts.map(({ email }) => email).join(", ");
  return `${row.id}  ${kind}  ${asLine(to, 80)}  ${asLine(row.subject, 80)}\n    ${asLine(row.response ?? "", 160)}`;
}

function machineLine(row: NoticeRow, timezone: string): string {
  const { id, kind, unit, subject, response, settled_at: at } = row;
  const to = row.to_contacts.map(({ email }) => email);
  const since = at === null ? null : isoInZone(at, timezone);
  return JSON.stringify({ id, kind, unit, to, subject, since, response });
}
