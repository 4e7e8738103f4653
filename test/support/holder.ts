// A process that opens the embedded store and keeps it, for the tests that end one.
import { silentLogger } from "../../src/log.ts";
import { openStore } from "../../src/store/open.ts";

const store = await openStore({ databaseUrl: null, dataDirectory: process.argv[2] as string }, silentLogger);
process.stdout.write(`${store.url}\n`);
