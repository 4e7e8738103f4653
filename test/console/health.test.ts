// The figures are Prometheus' text and say what is in the database; no person is in them.
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { consoleApp } from "../../src/console/server.ts";
import { silentLogger } from "../../src/log.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";

let office: TestOffice;
beforeAll(async () => {
  office = await openOffice({ transport: captureTransport(() => undefined) });
  const mailbox = memoryMailbox("ideas");
  const text = "我是市图书馆的阿远。建议每周五晚上延长开放到九点，方便上班族来借书。";
  mailbox.deliver(
    await mail({ from: "阿远 <ayuan@qq.example>", subject: "金点子：夜间开放", text }),
    systemClock.now(),
  );
  await office.pass(mailbox);
});
afterAll(() => office?.end());

const page = () => {
  const { db, campaign, clock } = office.app;
  return consoleApp({
    db,
    campaign,
    clock,
    host: "127.0.0.1",
    port: 0,
    log: silentLogger,
    pool: office.database.pool,
  });
};

test("every line is a comment or a sample, every sample has its type, buckets only grow", async () => {
  const answer = await page().request("/metrics");
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  const lines = text.trimEnd().split("\n");
  const types = new Map<string, string>();
  for (const line of lines) {
    const [, named, type] = /^# TYPE (\w+) (gauge|counter|histogram)$/.exec(line) ?? [];
    if (named && type) types.set(named, type);
    else if (!line.startsWith("# HELP ")) {
      const [, name = ""] =
        /^(\w+)(?:\{\w+="[^"\\\n]*"(?:,\w+="[^"\\\n]*")*\})? -?[\d.e+-]+$/.exec(line) ?? [];
      expect([line, types.has(name.replace(/_(?:bucket|sum|count)$/, "")) || types.has(name)]).toEqual([
        line,
        true,
      ]);
    }
  }
  const value = (sample: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${sample} `))
        ?.split(" ")
        .at(-1),
    );
  expect(value("jinbox_database_up")).toBe(1);
  expect(value('jinbox_messages{state="filed"}')).toBe(1);
  expect(value('jinbox_notices{state="accepted"}')).toBe(1);
  expect(value("jinbox_mailbox_read_age_seconds")).toBeLessThan(600);
  expect(value("jinbox_notice_delivery_seconds_count")).toBe(1);
  const buckets = lines.filter((line) => line.startsWith("jinbox_message_handling_seconds_bucket"));
  const counts = buckets.map((line) => Number(line.split(" ").at(-1)));
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(counts.at(-1)).toBe(1);
  expect(text).not.toMatch(/ayuan|阿远|夜间|culture\.example/);
});

test("asked by any name it answers, and the pages do not", async () => {
  const headers = { host: "metrics.elsewhere.example" };
  for (const path of ["/healthz", "/metrics"])
    expect((await page().request(path, { headers })).status).toBe(200);
  expect((await page().request("/", { headers })).status).toBe(421);
});

test("ready while all is well", async () => {
  const answer = await page().request("/readyz");
  const { reasons } = (await answer.json()) as { reasons: { kind: string }[] };
  // Whether today's digest is due depends on the day this test is run.
  expect(reasons.filter(({ kind }) => kind !== "digest")).toEqual([]);
});
