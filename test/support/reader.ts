// A process that takes mail in over and over, for the tests that kill it: argv is database, IMAP port, user, password.
import type { Campaign } from "../../src/campaign/campaign.ts";
import { systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import { takeIn } from "../../src/intake/intake.ts";
import { silentLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { openJobs } from "../../src/store/jobs.ts";

const [url = "", port = "", user = "", password = ""] = process.argv.slice(2);
const database = { ...openDatabase(url, silentLogger), url };
const jobs = openJobs(database, silentLogger);
await jobs.start();
const settings = { host: "127.0.0.1", port: Number(port), secure: false, user, password, folder: "INBOX" };
const mailbox = await openImap({ ...settings, maxBytes: 60_000_000 }, systemClock, silentLogger);
const campaign = { code: "WHXDH", mailbox: { maxBytes: 60_000_000 } } as Campaign;
for (;;) {
  await takeIn(mailbox, {
    db: database.db,
    campaign,
    clock: systemClock,
    log: silentLogger,
    enqueue: (trx, messages) => jobs.enqueue(trx, "handle", [{ messages }]),
  });
  process.stdout.write(".");
}
