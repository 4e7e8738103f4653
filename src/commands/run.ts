// `jinbox run`: the service, with the roles this process takes.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { createLogger } from "../log.ts";
import { type Role, roleNames } from "../service/roles.ts";
import { run } from "../service/run.ts";
import { configuredEvidence, configuredTransport } from "../service/source.ts";
import { type Command, configOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "run",
  usage: "[--roles intake,worker,sender,scheduler,console] [--config FILE]",
  words: {
    en: "the service: reads the mailbox, answers, reminds, reports",
    zh: "正式运行：收信、回执、催办、简报",
  },
  options: {
    roles: {
      type: "string",
      value: "LIST",
      words: {
        en: `what this process does, of ${roleNames.join(", ")} (default: all)`,
        zh: `本进程承担的角色：${roleNames.join("、")}（默认全部）`,
      },
    },
    config: configOption,
  },
  positionals: false,
  async run({ values }) {
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    const roles = rolesOf(values.roles as string | undefined);
    const log = createLogger({
      level: environment.logLevel,
      readable: process.stderr.isTTY === true,
      personal: environment.logPersonal,
    });
    for (const file of environment.openSecrets)
      log.warn({ file }, "everybody on this machine can read this secret: chmod 600");
    const transport = configuredTransport(campaign, environment, log);
    const sentEvidence = configuredEvidence(campaign, environment, log);
    await run({ campaign, environment, roles, clock: systemClock, log, transport, sentEvidence });
    return 0;
  },
};

function rolesOf(list: string | undefined): Set<Role> {
  if (list === undefined) return new Set(roleNames);
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !(roleNames as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `--roles: ${unknown.join(", ")} — ${roleNames.join(", ")} / 没有这个角色，请从左列名称中选`,
    );
  }
  return new Set(names as Role[]);
}
