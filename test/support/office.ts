// A whole office for a test: real database, real mailbox, the sample campaign, and whatever way out the test wants.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { loadCampaign } from "../../src/campaign/load.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { takeIn } from "../../src/intake/intake.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";
import { silentLogger } from "../../src/log.ts";
import type { SmtpTransport } from "../../src/notice/transport.ts";
import type { Reader } from "../../src/reading/reader.ts";
import { type App, buildApp } from "../../src/service/app.ts";
import { comparePass, handleAll, sendPass } from "../../src/service/passes.ts";
import { liveAtOf } from "../../src/service/source.ts";
import { writeCampaign } from "./campaign.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export interface TestOffice {
  app: App;
  database: TestDatabase;
  campaign: Campaign;
  /** The campaign file, for commands run as processes of their own. */
  configFile: string;
  folder: string;
  /** Takes in, handles, answers and sends: one pass over a mailbox. */
  pass(mailbox: Mailbox): Promise<void>;
  /** Removes every mail and all that came of it; numbers begin again. */
  empty(): Promise<void>;
  end(): Promise<void>;
}

export interface OfficeParts {
  transport: SmtpTransport;
  clock?: Clock;
  imapPort?: number;
  imapUser?: string;
  smtpPort?: number;
  answerFrom?: string | null;
  reader?: Reader;
}

const everythingOfMails =
  "further_message, message, mail_record, mailbox, submission, notice, attachment, document, recognition, reference_counter, " +
  "fingerprint, correction, ruling, ruling_scan";

export async function openOffice(parts: OfficeParts): Promise<TestOffice> {
  const {
    transport,
    clock = systemClock,
    imapPort = 1,
    imapUser = "ideas",
    smtpPort = 1,
    answerFrom,
    reader,
  } = parts;
  const folder = await mkdtemp(join(tmpdir(), "jinbox-office-"));
  const configFile = await writeCampaign(folder, {
    imapPort,
    imapUser,
    smtpPort,
    timeless: true,
    ...(answerFrom !== undefined && { answerFrom }),
  });
  const { campaign } = loadCampaign(configFile);
  const database = await testDatabase();
  const app = buildApp({
    ...{ campaign, db: database.db, clock, log: silentLogger, transport, children: 1 },
    ...(reader && { reader }),
  });
  return {
    app,
    database,
    campaign,
    configFile,
    folder,
    pass: async (mailbox) => {
      await takeIn(mailbox, { ...app, ...liveAtOf(campaign), enqueue: async () => undefined });
      await handleAll(app);
      await comparePass(app);
      await sendPass(app);
    },
    empty: async () => {
      await database.pool.query(`truncate ${everythingOfMails} restart identity cascade`);
    },
    end: async () => {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
