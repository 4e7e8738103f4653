// What `receive`, `extend` and `waive` share: names to codes, one ruling in one transaction, and what now holds.
import { readEnvironment } from "../../campaign/environment.ts";
import { loadCampaign } from "../../campaign/load.ts";
import { systemClock } from "../../clock.ts";
import { calendarOf } from "../../deadline/calendar.ts";
import { type Ruled, rule } from "../../deadline/office/rule.ts";
import { createLogger } from "../../log.ts";
import { ruledWords } from "../../notice/wording/ruled.ts";
import { migrate } from "../../store/migrate.ts";
import { openStore } from "../../store/open.ts";
import { dateOf } from "../../text/dates.ts";
import type { RulingKind } from "../../understand/ruling-words.ts";
import {
  type Command,
  type CommandInput,
  type CommandOption,
  configOption,
  type ExitCode,
  jsonOption,
  UsageError,
} from "../command.ts";
import { orderOf } from "./order.ts";
import { keepScans, readScans } from "./scans.ts";

export const itemOption: CommandOption = {
  type: "string",
  value: "ITEM",
  words: {
    zh: "分项的材料是哪一项：代码、名称或别名（也可以直接写在材料的位置）",
    en: "which item of the deliverable (or write the item where the deliverable stands)",
  },
};
const whoOption: CommandOption = {
  type: "string",
  value: "NAME",
  words: {
    zh: "是谁决定的，留在记录里；不写为办公室",
    en: "who ruled, for the record (default: the office)",
  },
};

export interface RulingCommand {
  kind: RulingKind;
  name: string;
  usage: string;
  words: Command["words"];
  options: Command["options"];
  undo: CommandOption["words"];
  why: CommandOption["words"];
}

export function rulingCommand(parts: RulingCommand): Command {
  return {
    name: parts.name,
    usage: parts.usage,
    words: parts.words,
    options: {
      ...parts.options,
      why: { type: "string", value: "TEXT", words: parts.why },
      who: whoOption,
      undo: { type: "boolean", words: parts.undo },
      json: jsonOption,
      config: configOption,
    },
    positionals: true,
    run: (input) => run(parts, input),
  };
}

async function run(parts: RulingCommand, input: CommandInput): Promise<ExitCode> {
  const { kind } = parts;
  const { values } = input;
  check(parts, input);
  const environment = readEnvironment();
  const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
  const now = systemClock.now();
  const order = orderOf(kind, input, campaign, dateOf(now, campaign.timezone));
  const log = createLogger({ level: "warn", readable: true });
  const files = Array.isArray(values.scan) ? values.scan : [];
  const read = await readScans(files, campaign, log);
  const store = await openStore(environment, log);
  try {
    await migrate(store.db);
    const who =
      typeof values.who === "string" && values.who.trim() !== "" ? values.who.trim() : campaign.office.name;
    const decider = { by: who, way: "command" as const, askedIn: null, at: now, cameAt: now };
    const [ruled] = await store.db.transaction().execute(async (trx) => {
      await keepScans(trx, read, now);
      return rule(trx, campaign, calendarOf(campaign), [{ ...order, scans: read.scans }], decider);
    });
    if (!ruled) return 1;
    const { done, words } = ruledWords(ruled, campaign);
    if (!done) console.error(words);
    else console.log(values.json ? JSON.stringify(machineLine(ruled)) : words);
    return done ? 0 : 1;
  } finally {
    await store.stop();
  }
}

function check({ kind, name, usage }: RulingCommand, { values, positionals }: CommandInput): void {
  const wanted = kind === "extension" && values.undo !== true ? 3 : 2;
  const isUndated = kind === "extension" && positionals.length === 2;
  if (positionals.length !== wanted)
    throw new UsageError(
      `${isUndated ? "请写明延到哪一天 / write the new date" : "请写单位和材料 / write the unit and the deliverable"}：\n  jinbox ${name} ${usage}`,
    );
  if (kind !== "receipt" && !(typeof values.why === "string" && values.why.trim() !== ""))
    throw new UsageError(`请用 --why 写明原因 / say why: --why TEXT\n  jinbox ${name} ${usage}`);
  if (
    values.undo === true &&
    (values.on !== undefined || values.scan !== undefined || values.by !== undefined)
  )
    throw new UsageError("--undo 只取消记录 / --undo takes back, and nothing else");
}

function machineLine({ result }: Ruled): object {
  if ("why" in result) return result;
  const { kind, revoked, things } = result;
  return {
    ...{ kind, revoked },
    things: things.map(({ obligation, changed }) => {
      const { deliverable, unit, item, state, dueOn, dueTime } = obligation;
      return { deliverable, unit, item, state, dueOn, dueTime, changed };
    }),
  };
}
