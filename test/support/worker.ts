// A worker process for the tests that kill one: takes jobs, says so, and never finishes them.
import { silentLogger } from "../../src/log.ts";
import { openDatabase } from "../../src/store/database.ts";
import { openJobs } from "../../src/store/jobs.ts";

const url = process.argv[2] as string;
const jobs = openJobs({ ...openDatabase(url, silentLogger), url }, silentLogger);
await jobs.start();
await jobs.work("handle", { batch: 1 }, async () => {
  process.stdout.write("taken\n");
  await new Promise(() => setInterval(() => undefined, 1_000));
});
