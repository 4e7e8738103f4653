// The database stores no step that no state machine has: every pair of states is tried, on real rows.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { NoticeState } from "../../src/notice/notice.ts";
import { noticeSteps, statesBefore } from "../../src/notice/states.ts";
import { at, campaign as build } from "../deadline/campaign.ts";
import { addNotice } from "../digest/office.ts";
import { clear, submission } from "../notice/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const messageSteps = {
  received: ["filed", "held", "automatic", "ignored", "oversize"],
  held: ["filed", "ignored"],
  oversize: ["filed", "ignored"],
  filed: [],
  automatic: [],
  ignored: [],
};
const submissionSteps = {
  current: ["superseded", "withdrawn"],
  superseded: ["current", "withdrawn"],
  withdrawn: ["current"],
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => clear(database.db));

/** Which states the one row of a table can be brought to from this one. */
async function reachable(table: string, from: string, states: string[]): Promise<string[]> {
  const reached: string[] = [];
  for (const to of states.filter((one) => one !== from)) {
    await database.db
      .transaction()
      .execute(async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx);
        await sql`update ${sql.table(table)} set state = ${from}`.execute(trx);
        await sql`set local session_replication_role = origin`.execute(trx);
        await sql`update ${sql.table(table)} set state = ${to}`.execute(trx);
        reached.push(to);
      })
      .catch((error: Error) => expect(error.message).toMatch(`no step leads from ${from} to ${to}`));
  }
  return reached;
}

test.each<[string, Readonly<Record<string, readonly string[]>>]>([
  ["notice", noticeSteps],
  ["message", messageSteps],
  ["submission", submissionSteps],
])("a %s takes exactly the steps it may", async (table, steps) => {
  await addNotice(database.db, { key: "answer/1", written: "2012-11-26 09:00" });
  await submission(database.db, build(), {
    type: "summary-report",
    unit: "library",
    arrivedAt: at("2012-11-26"),
  });
  const taken: Record<string, string[]> = {};
  for (const from of Object.keys(steps)) taken[from] = await reachable(table, from, Object.keys(steps));
  const sorted = (one: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(one).map(([from, to]) => [from, [...to].sort()]));
  expect(sorted(taken)).toEqual(sorted(steps));
});

test("what may come back is what may have left", () => {
  expect(statesBefore("bounced")).toEqual<NoticeState[]>(["data-sent", "ambiguous", "accepted"]);
});
