// A dead poller is noticed by the others within 20 minutes, once a day, and nobody outside is told that all is well (R52).
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/clock.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { sendPass } from "../../src/service/passes.ts";
import { beginWatch, type Watch, watchPass } from "../../src/service/watch.ts";
import { endBeating } from "../../src/watch/records.ts";
import { at } from "../deadline/campaign.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { until } from "../support/until.ts";

let instant = at("2026-12-14", "09:00");
const clock: Clock = { now: () => instant, sleep: async () => undefined };
let office: TestOffice;
let sent: OutgoingNotice[] = [];
const pings: string[] = [];
const outside = createServer((request, response) => {
  pings.push(request.url ?? "");
  response.end();
});

beforeAll(async () => {
  office = await openOffice({ transport: captureTransport((notice) => void sent.push(notice)), clock });
  await new Promise<void>((listening) => outside.listen(0, "127.0.0.1", listening));
  const { port } = outside.address() as AddressInfo;
  Object.assign(office.campaign.watch, {
    ...{
      url: `http://127.0.0.1:${port}/life`,
      inside: true,
      mail: { to: "second@elsewhere.example", every: 6 },
    },
    tell: [{ name: "", email: "keeper@elsewhere.example" }],
  });
});
afterAll(async () => {
  await endAllProcesses();
  outside.close();
  await office?.end();
});
beforeEach(async () => {
  await office.empty();
  await office.app.db.deleteFrom("heartbeat").execute();
  sent = [];
  pings.length = 0;
  instant = at("2026-12-14", "09:00");
});

/** A minute after another: the service looks, the poller reads while it lives, the sender sends. */
async function minutes(count: number, watches: Watch[], reads: boolean): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    instant = new Date(instant.getTime() + 60_000);
    if (reads) await office.pass(memoryMailbox("ideas"));
    for (const watch of watches) await watchPass(watch);
    await sendPass(office.app);
  }
}

const watch = (process: string, roles: Parameters<typeof beginWatch>[1]): Watch => {
  const begun = beginWatch(office.app, roles, office.folder);
  return { ...begun, self: { ...begun.self, process } };
};
const alerts = () => sent.filter(({ kind }) => kind === "alert");

test("the poller dies: an alert within 20 minutes, one a trouble and day, and silence towards the outside", async () => {
  const poller = watch("a/1", ["intake"]);
  const others = watch("b/2", ["scheduler", "sender", "worker"]);
  await minutes(10, [poller, others], true);
  expect(alerts()).toEqual([]);
  expect(pings.length).toBe(10);
  expect(sent.filter(({ kind }) => kind === "heartbeat").map(({ to }) => to[0]?.email)).toEqual([
    "second@elsewhere.example",
  ]);
  pings.length = 0;
  const diedAt = instant;
  await minutes(20, [others], false);
  const subjects = alerts().map(({ subject }) => subject);
  expect(subjects).toEqual([
    expect.stringMatching(/【系统告警】承担“intake”的进程自 .+ 起没有动静/),
    expect.stringMatching(/【系统告警】邮箱 ideas 自 .+ 起没有读到/),
  ]);
  expect(alerts()[0]).toMatchObject({
    to: office.campaign.office.members,
    cc: [{ email: "keeper@elsewhere.example" }],
  });
  const [last] = (
    await office.database.pool.query("select max(intended_at) as at from notice where kind = 'alert'")
  ).rows;
  expect(last.at.getTime() - diedAt.getTime()).toBeLessThanOrEqual(20 * 60_000);
  // As long as only the beat was late all was well; then nobody is told so any more.
  expect(pings.length).toBeLessThanOrEqual(6);
  const page = watch("c/3", ["console"]);
  await minutes(60, [others, page], false);
  expect(alerts().length).toBe(2);
  instant = at("2026-12-15", "09:00");
  // Who slept himself gives the others time to wake.
  await minutes(14, [others, page], false);
  expect(alerts().length).toBe(3);
  await minutes(6, [others, page], false);
  expect(alerts().length).toBe(4);
});

test("told to stop, a process is missed by nobody; begun again, all is well", async () => {
  const poller = watch("a/1", ["intake"]);
  const others = watch("b/2", ["scheduler"]);
  await minutes(2, [poller, others], true);
  await endBeating(office.app.db, poller.self);
  await minutes(14, [others], false);
  expect(alerts()).toEqual([]);
  await minutes(10, [watch("a/9", ["intake"]), others], true);
  expect(alerts()).toEqual([]);
});

test("a scheduler that is dead tells nobody that all is well, whoever else lives", async () => {
  await minutes(3, [watch("a/1", ["intake", "worker", "sender", "console"])], true);
  expect(pings).toEqual([]);
});

test("a process of its own beats, answers on its port without pages, and says why it is not ready", async () => {
  const env = {
    ...{
      DATABASE_URL: office.database.url,
      JINBOX_CONFIG: office.configFile,
      JINBOX_DATA: join(office.folder, "d"),
    },
    JINBOX_PORT: "18531",
  };
  const run = startJinbox(["run", "--roles", "worker"], env);
  const ask = (path: string) => fetch(`http://127.0.0.1:18531${path}`);
  await run.logs('"ready"');
  expect(await (await ask("/healthz")).text()).toBe("ok\n");
  expect((await ask("/")).status).toBe(404);
  const ready = await ask("/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ ready: false, reasons: [{ kind: "mailbox", words: "never yet" }] });
  await until("its first beat", async () => {
    const rows = await office.app.db.selectFrom("heartbeat").select("role").execute();
    return rows.length === 1;
  });
  run.signal("SIGTERM");
  expect(await run.ended).toBe(0);
  expect(await office.app.db.selectFrom("heartbeat").select("role").execute()).toEqual([]);
});
