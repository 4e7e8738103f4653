// `jinbox doctor`: looks at everything a campaign needs and says, for each fault, what to do. Changes and sends nothing.
import { type Environment, readEnvironment } from "../campaign/environment.ts";
import { ConfigurationError, type LoadedCampaign, loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { type Command, type CommandInput, configOption, type ExitCode, jsonOption } from "./command.ts";
import { checkDatabase } from "./doctor/database.ts";
import { type Finding, fault, type Health, type Outcome, withinLimit } from "./doctor/finding.ts";
import { checkImap } from "./doctor/imap.ts";
import { checkClock, checkDisk } from "./doctor/machine.ts";
import { checkRecogniser } from "./doctor/recogniser.ts";
import { checkNames } from "./doctor/senders.ts";
import { checkSettings, checkTemplates } from "./doctor/settings.ts";
import { checkSmtp } from "./doctor/smtp.ts";

export const command: Command = {
  name: "doctor",
  usage: "[--config FILE] [--json]",
  words: {
    zh: "检查配置、模板、数据库、文字识别、收信、发信、时钟和磁盘，并说明每个问题怎么办；不改动、不发出任何东西",
    en: "check configuration, templates, database, recognition, IMAP, SMTP, clock and disk, and say what to do; changes and sends nothing",
  },
  options: { config: configOption, json: jsonOption },
  positionals: false,
  run,
};

async function run({ values }: CommandInput): Promise<ExitCode> {
  const environment = readEnvironment();
  const file = typeof values.config === "string" ? values.config : environment.configFile;
  const show = values.json ? showJson : showReadable;
  const loaded = load(file);
  const campaign = loaded instanceof ConfigurationError ? null : loaded;

  let isFaulty = false;
  const report = (findings: Finding[]): void => {
    for (const finding of findings) {
      show(finding);
      if (finding.health === "fault") isFaulty = true;
    }
  };
  if (campaign) report(checkSettings(campaign, file, systemClock.now()));
  else report([unusable(file)]);

  const times: Outcome["times"] = [];
  for (const outcome of startChecks(campaign, environment)) {
    const { findings, times: seen } = await outcome;
    report(findings);
    times.push(...seen);
  }
  report(checkClock(systemClock.now(), times, campaign?.campaign.timezone ?? "Asia/Shanghai"));
  if (loaded instanceof ConfigurationError) {
    console.error(loaded.message);
    return 2;
  }
  return isFaulty ? 1 : 0;
}

function load(file: string): LoadedCampaign | ConfigurationError {
  try {
    return loadCampaign(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

/** Started together, so that several silent servers cost one limit and not the sum. */
function startChecks(loaded: LoadedCampaign | null, environment: Environment): Promise<Outcome>[] {
  const untimed = (findings: Finding[]): Outcome => ({ findings, times: [] });
  const limited = (check: string, work: () => Promise<Outcome>) => withinLimit(check, systemClock, work);
  const everywhere = [
    limited("database", () => checkDatabase(environment)),
    limited("recognition", async () => untimed(await checkRecogniser())),
    limited("disk", async () => untimed(await checkDisk(environment.dataDirectory))),
  ];
  if (!loaded) return everywhere;
  const { campaign } = loaded;
  return [
    limited("templates", async () => untimed(await checkTemplates(campaign))),
    ...everywhere,
    limited("names", () => checkNames(campaign)),
    limited("imap", () => checkImap(campaign, environment.imapPassword)),
    limited("smtp", () => checkSmtp(campaign, environment.smtpPassword)),
  ];
}

function unusable(file: string): Finding {
  const saw = {
    zh: `${file} 不能用，收信、发信没有检查`,
    en: `${file} cannot be used; IMAP and SMTP were not checked`,
  };
  return fault("configuration", saw, { zh: "照下面列出的逐条改正", en: "correct what is listed below" });
}

const signs: Record<Health, string> = { ok: "✓", warning: "!", fault: "✗" };

function showReadable({ check, health, saw, advice }: Finding): void {
  console.log(`${signs[health]} ${check}: ${saw.zh} / ${saw.en}`);
  if (advice) console.log(`    → ${advice.zh}\n    → ${advice.en}`);
}

function showJson({ check, health, saw, advice }: Finding): void {
  console.log(JSON.stringify({ check, health, saw, advice }));
}
