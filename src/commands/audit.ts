// `jinbox audit`: who did what, when and which way; `audit verify` computes the whole chain anew.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { createLogger } from "../log.ts";
import { asLine } from "../notice/render.ts";
import {
  type AuditAction,
  type AuditFault,
  type AuditHead,
  type AuditRow,
  auditRows,
  verifyAudit,
} from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { isoInZone } from "../text/dates.ts";
import { type Command, configOption, type ExitCode, jsonOption, UsageError } from "./command.ts";
import { periodOf, periodOptions } from "./period.ts";

export const command: Command = {
  name: "audit",
  usage: "[--from DAY] [--to DAY] [--about TEXT] [--json] | verify [--head N:HASH] [--json] [--config FILE]",
  words: {
    zh: "操作记录：谁、何时、用什么方式、做了什么；verify 核对有没有被改动、删去或添加",
    en: "what people did, when and which way; verify checks that nothing was changed, removed or added",
  },
  options: {
    ...periodOptions,
    about: {
      type: "string",
      value: "TEXT",
      words: {
        zh: "只要关于它的：登记编号、mail/17、notice/12、单位代码",
        en: "only about this: a reference number, mail/17, notice/12, a unit's code",
      },
    },
    head: {
      type: "string",
      value: "N:HASH",
      words: {
        zh: "verify 时：简报里印的那一条还在、还是原样（记录被截短或整个重写，只有这样看得出来）",
        en: "with verify: the head a digest printed is still there as it was (the only way to see a chain cut or rewritten)",
      },
    },
    json: jsonOption,
    config: configOption,
  },
  positionals: true,
  async run({ values, positionals }) {
    const isVerifying = positionals[0] === "verify";
    if (positionals.length > (isVerifying ? 1 : 0) || (values.head !== undefined && !isVerifying))
      throw new UsageError("write: jinbox audit [verify] / 请写 jinbox audit 或 jinbox audit verify");
    const head = headOf(values.head);
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const period = periodOf(values, campaign.timezone);
    const store = await openStore(environment, createLogger({ level: "warn", readable: true }));
    try {
      await migrate(store.db);
      const json = values.json === true;
      if (isVerifying) return await verify(store.db, head, json);
      const asked = { ...period, about: values.about as string | undefined };
      let any = false;
      for await (const row of auditRows(store.db, asked)) {
        any = true;
        console.log(json ? machineLine(row, campaign.timezone) : line(row, campaign.timezone));
      }
      if (!any && !json) console.log("没有这样的操作记录 / no such entries");
      return 0;
    } finally {
      await store.stop();
    }
  },
};

function headOf(value: unknown): AuditHead | null {
  if (value === undefined) return null;
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{16,64})$/.exec(String(value)) ?? [];
  if (number && hash) return { number: Number(number), hash };
  throw new UsageError(
    `--head ${value}: 请照简报写 / write it as the digest prints it: --head 37:5f1d0c9e7b3a2846`,
  );
}

async function verify(db: Database, known: AuditHead | null, json: boolean): Promise<ExitCode> {
  const { head, fault } = await verifyAudit(db, known);
  if (json) console.log(JSON.stringify({ head, fault }));
  else if (fault) console.error(faultWords(fault));
  else if (head)
    console.log(
      `${head.number} 条，未见改动 / ${head.number} entries, none changed\n${head.number}:${head.hash}`,
    );
  else console.log("还没有操作记录 / no entries yet");
  return fault ? 1 : 0;
}

function faultWords(fault: AuditFault): string {
  switch (fault.fault) {
    case "changed":
      return `第 ${fault.number} 条（${fault.about}）或它之前的被改动过 / entry ${fault.number} (${fault.about}), or one before it, was changed`;
    case "missing":
      return `第 ${fault.number} 条不见了 / entry ${fault.number} is missing`;
    case "unchained":
      return `有一条（内部编号 ${fault.id}，${fault.about}）不在链上，是绕过程序加进去的 / an entry (id ${fault.id}, ${fault.about}) was put in behind the program's back`;
    case "emptied":
      return `第 ${fault.number} 条（${fault.about}）的内容没了，却没有删除记录 / the words of entry ${fault.number} (${fault.about}) are gone, and no one is on record for it`;
    case "head":
      return fault.found === null
        ? `第 ${fault.number} 条不见了：记录被截短了 / entry ${fault.number} is not there: the end was cut off`
        : `第 ${fault.number} 条是 ${fault.found}，当时是 ${fault.expected}…：整个记录被重写过 / entry ${fault.number} is ${fault.found}, it was ${fault.expected}…: the chain was written anew`;
    default:
      return fault satisfies never;
  }
}

const actionWords: Record<AuditAction, string> = {
  receipt: "登记收到",
  "receipt-revoked": "取消收到",
  extension: "同意延期",
  "extension-revoked": "取消延期",
  waiver: "同意免交",
  "waiver-revoked": "取消免交",
  file: "登记来信",
  dismiss: "无需处理",
  correct: "更正",
  confirm: "确认",
  withdraw: "撤回",
  supersede: "替换旧件",
  reinstate: "恢复旧件",
  reclassify: "重新归类",
  "sender-correct": "发件人更正",
  "sender-withdraw": "发件人撤回",
  "sender-supersede": "发件人替换",
  "sender-supplement": "发件人补充",
  "sender-complete": "发件人补全",
  "notice-resend": "重发通知",
  "resume-address": "恢复向某地址发信",
  "notice-settle": "通知不再发",
  "backlog-answer": "补发回执",
  "backlog-dismiss": "不补发回执",
  announce: "印发通知",
  "announce-stop": "停止印发",
  migrate: "升级数据表",
  grant: "授权",
  digest: "生成简报",
  export: "导出",
  backup: "备份",
  restore: "恢复",
  purge: "清除",
  forget: "删除个人信息",
};

function line({ number, at, way, who, action, about, before, after }: AuditRow, zone: string): string {
  const change = [before, after].map((value) => (value === null ? "" : `“${asLine(value, 120)}”`));
  const changed = before === null ? change[1] : change.join(" → ");
  const words = actionWords[action as AuditAction];
  return [
    `${number ?? "?"}  ${isoInZone(at, zone)}  ${words ? `${words} ` : ""}${action}  ${asLine(about, 200)}`,
    `    ${way}  ${who === null ? "（已删除 / forgotten）" : asLine(who, 200)}${changed ? `  ${changed}` : ""}`,
  ].join("\n");
}

function machineLine(row: AuditRow, zone: string): string {
  const { number, at, campaign, way, askedIn, who, action, about, before, after } = row;
  const when = isoInZone(at, zone);
  return JSON.stringify({ number, at: when, campaign, way, askedIn, who, action, about, before, after });
}
