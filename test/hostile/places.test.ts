// Payloads where no mail brings them but their words arrive all the same: names of downloads and files, headers of every
// route, lines of the log, searches, and expressions that must stay linear however long a stranger writes.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { contentDisposition } from "../../src/console/download.ts";
import { consoleApp } from "../../src/console/server.ts";
import { type Logger, silentLogger } from "../../src/log.ts";
import { safeName } from "../../src/message/filename.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { folderTransport } from "../../src/notice/transport.ts";
import { addMail, addNotice, addSubmission, openMailbox, sampleCampaign } from "../digest/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { root, startProcess } from "../support/jinbox.ts";
import { payloads } from "./payloads.ts";

let store: TestDatabase;
let app: Hono;
const ids = { mail: 0, notice: 0 };

beforeAll(async () => {
  store = await testDatabase();
  await openMailbox(store.db);
  ids.mail = await addMail(store.db, {
    arrived: "2012-12-05 10:00",
    state: "filed",
    raw: "Subject: x\r\n\r\nx",
  });
  await addSubmission(store.db, {
    messageId: ids.mail,
    reference: "WHXDH-0001",
    arrived: "2012-12-05 10:00",
  });
  ids.notice = await addNotice(store.db, { key: "n", written: "2012-12-05 10:01" });
  const campaign = sampleCampaign();
  app = consoleApp({
    db: store.db,
    campaign,
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    log: silentLogger,
  });
});
afterAll(() => store.drop());

describe("names", () => {
  const texts = payloads.map(({ text }) => text);

  test("a stored name stays in its folder, on every system, and says what it is", () => {
    for (const text of texts) {
      const name = safeName(text, "application/msword", 1);
      expect(name).not.toMatch(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff/\\:*?"<>|]|^\.|[. ]$/u);
      expect(name).not.toMatch(/^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/i);
      expect(name.isWellFormed() && name !== "" && Buffer.byteLength(name) <= 255).toBe(true);
      expect(safeName(name, "application/msword", 1)).toBe(name);
    }
  });

  test("a download's header cannot be ended or split by a name (R64)", () => {
    for (const text of texts) {
      const header = contentDisposition(text);
      expect(header).toMatch(
        /^attachment; filename="[^"\r\n%\\/;]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+\-.^_`|~%]+$/,
      );
      expect(() => new Headers({ "content-disposition": header })).not.toThrow();
    }
  });

  test("notices written to a folder stay in it, whoever they go to", async () => {
    const folder = await mkdtemp(join(tmpdir(), "jinbox-out-"));
    const outside = await readdir(tmpdir());
    try {
      const transport = folderTransport(join(folder, "out"), "Asia/Shanghai");
      for (const [number, text] of texts.entries()) {
        const notice: OutgoingNotice = {
          ...{ key: `${number}`, kind: "acknowledgement", subject: text, text, html: null, attachments: [] },
          ...{
            from: { name: text, email: "ideas@culture.example" },
            to: [{ name: text, email: text }],
            cc: [],
          },
          ...{ messageId: `<${number}@culture.example>`, inReplyTo: null, references: [], attempts: 1 },
          at: new Date("2026-11-23T02:00:00Z"),
        };
        await transport.deliver(notice, { dataSent: async () => undefined });
      }
      expect(await readdir(folder)).toEqual(["out"]);
      const names = await readdir(join(folder, "out"));
      expect(names).toHaveLength(texts.length);
      expect(names.filter((name) => !/^[A-Za-z0-9@._-]+\.eml$/.test(name))).toEqual([]);
      expect(
        (await readdir(tmpdir())).filter((name) => /owned/.test(name) && !outside.includes(name)),
      ).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("every route of the console", () => {
  const paths = () =>
    [...new Set(app.routes.filter(({ method }) => method === "GET").map(({ path }) => path))].map((path) =>
      path
        .replace(/^\/mails\/:id/, `/mails/${ids.mail}`)
        .replace(/^\/mail-out\/:id/, `/mail-out/${ids.notice}`)
        .replace(/:at\{[^}]*\}\}?/, "0")
        .replace(":reference", "WHXDH-0001")
        .replace(":id", "1"),
    );
  const ask = (path: string, method = "GET") => app.request(path, { method, headers: { host: "127.0.0.1" } });

  test("says what a browser may do with it: nothing foreign, no frame, no guessing, no referrer", async () => {
    expect(paths().length).toBeGreaterThan(12);
    for (const path of [...paths(), "/nope", "/%2e%2e/%2e%2e/etc/passwd", "/mails/%00"]) {
      const { headers } = await ask(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'")]);
      if (!policy.includes("sandbox"))
        expect([path, policy]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")]);
      expect([path, policy]).toEqual([
        path,
        expect.not.stringMatching(/unsafe-eval|script-src[^;]*unsafe|\*/),
      ]);
      expect([path, headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
      expect([path, headers.get("x-frame-options")]).toEqual([path, "DENY"]);
      expect([path, headers.get("referrer-policy")]).toEqual([path, "no-referrer"]);
      expect([path, headers.get("set-cookie")]).toEqual([path, null]);
    }
  });

  test("changes nothing: every other method is refused", async () => {
    for (const path of paths())
      for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
        expect([path, method, (await ask(path, method)).status]).toEqual([path, method, 405]);
  });

  test("takes any words in its address: an answer, never a failure, and the tables stand", async () => {
    const failed: string[] = [];
    const log = {
      ...silentLogger,
      error: ((facts: { path: string }) => failed.push(facts.path)) as Logger["error"],
    };
    const { db } = store;
    const heard = consoleApp({
      db,
      campaign: sampleCampaign(),
      clock: systemClock,
      host: "127.0.0.1",
      port: 0,
      log,
    });
    for (const { text } of payloads.filter(({ kind }) => kind === "query" || kind === "log")) {
      const words = encodeURIComponent(text.toWellFormed());
      for (const path of [
        `/submissions?q=${words}&unit=${words}&type=${words}&after=${words}`,
        `/mails?state=${words}&after=${words}`,
        `/submissions/${words}`,
        `/mail-out?kind=${words}`,
      ]) {
        const { status } = await heard.request(path, { headers: { host: "127.0.0.1" } });
        expect([text, path.slice(0, 20), [200, 404].includes(status)]).toEqual([
          text,
          path.slice(0, 20),
          true,
        ]);
      }
    }
    expect(failed).toEqual([]);
    expect((await store.pool.query("select count(*)::int as n from submission")).rows).toEqual([{ n: 1 }]);
  });
});

test.each([true, false])(
  "one event is one line of the log, whatever is in it (readable: %s)",
  async (readable) => {
    const script = `
    const { createLogger } = await import("${root}/src/log.ts");
    const { payloads } = await import("${root}/test/hostile/payloads.ts");
    const log = createLogger({ level: "info", readable: ${readable} });
    for (const { text } of payloads) log.info({ subject: text, err: new Error(text) }, text);`;
    const run = startProcess(process.execPath, ["--input-type=module", "-e", script]);
    expect(await run.ended).toBe(0);
    const lines = run.stderr().split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toHaveLength(payloads.length);
    for (const line of lines) {
      expect(line).toMatch(readable ? /^\d\d:\d\d:\d\d INFO {2}/ : /^\{.*\}$/);
      expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
    }
  },
);
