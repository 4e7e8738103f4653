// The sample campaign pointed at servers of a test: a real file, as an operator would write it.
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

const root = resolve(import.meta.dirname, "../..");

export interface CampaignServers {
  imapPort: number;
  imapUser: string;
  smtpPort: number;
  /** Mail before this day is backlog; default: everything is answered. */
  answerFrom?: string | null;
  perHour?: number;
  /** Opens the windows and moves the due dates far away, so that today's mails are neither early nor late. */
  timeless?: boolean;
}

/** Writes a campaign file into `folder` and returns its path. */
export async function writeCampaign(folder: string, servers: CampaignServers): Promise<string> {
  const config = parse(await readFile(join(root, "config/campaign.yaml"), "utf8"));
  const { imapPort, imapUser, smtpPort, answerFrom = "2000-01-01", perHour = 10_000_000 } = servers;
  config.mailbox = {
    address: config.mailbox.address,
    ...(answerFrom !== null && { answerFrom }),
    imap: { host: "127.0.0.1", port: imapPort, secure: false, user: imapUser, folder: "INBOX" },
  };
  config.smtp = { host: "127.0.0.1", port: smtpPort, secure: false, perHour };
  config.roster = join(root, "config/roster.csv");
  config.announcement = join(root, "config/announcement.txt");
  if (servers.timeless) makeTimeless(config);
  const file = join(folder, "campaign.yaml");
  await writeFile(file, stringify(config));
  return file;
}

function makeTimeless(config: {
  campaign: object;
  phases?: unknown;
  deliverables: Record<string, unknown>[];
}): void {
  Object.assign(config.campaign, { opens: "2020-01-01", closes: "2099-12-31" });
  delete config.phases;
  // No calendar knows these years yet; a day named in each says that the office looked.
  const off = Array.from({ length: 74 }, (_, index) => `${2027 + index}-01-01`);
  Object.assign(config, { holidays: { off } });
  for (const deliverable of config.deliverables) {
    delete deliverable.opens;
    delete deliverable.closes;
    if (deliverable.due) deliverable.due = "2099-12-01";
  }
}
