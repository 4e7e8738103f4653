// The console in a real browser: nothing people wrote runs, new mail appears by itself, and no page overflows a phone.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { type RunningConsole, startConsole } from "../../src/console/server.ts";
import { silentLogger } from "../../src/log.ts";
import { addMail, addNotice, addSubmission, at, openMailbox, sampleCampaign } from "../digest/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

/** Debian's, brought by test/support/system-packages.sh; without a browser these tests fail, they are not skipped. */
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = browsers.find((path) => existsSync(path)) ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
const payloads = [
  `<script>window.owned=1</script>`,
  `"><img src=x onerror="window.owned=1">`,
  `</title><svg onload=window.owned=1>`,
  `javascript:window.owned=1`,
  `'-window.owned=1-'`,
  `<iframe srcdoc="<script>top.owned=1</script>">`,
  `\u202e<math><mi//xlink:href="data:x,<script>window.owned=1</script>">`,
];

let store: TestDatabase;
let running: RunningConsole;
let browser: Browser;
let canary: Canary;
const ids = { mail: 0, notice: 0, explained: 0 };
const hostileUnit = `<b onmouseover="window.owned=1">`;

/** A mail with what was understood of it; its sender's name would run if it could. */
async function addExplained(): Promise<number> {
  const seen = (where: string, words: string, speaksFor: string, weight: number) => ({
    ...{ where, words, speaksFor, weight },
  });
  const text = "建议博物馆的说明牌加上拼音。\n图 书 馆 李静";
  const understanding = {
    submissions: [{}],
    originEvidence: [],
    unitAsRead: null,
    type: {
      ...{ value: "golden-idea", confidence: 0.9951, runnerUp: null },
      evidence: [seen("subject", "建议", "golden-idea", 3), seen("body", "建议", "golden-idea", 2.6)],
    },
    unit: {
      ...{ value: "library", confidence: 0.9971, runnerUp: { value: "museum", confidence: 0.002 } },
      evidence: [
        seen("closing", "图书馆", "library", 5.2),
        seen("sender-name", hostileUnit, "library", 4.6),
        seen("body", "博物馆", "museum", 0.4),
      ],
    },
  };
  const messageId = await addMail(store.db, {
    ...{ arrived: "2012-12-17 11:00", state: "filed", subject: "一点建议", from_name: hostileUnit },
    ...{ new_text: text, understanding },
  });
  await addSubmission(store.db, {
    ...{ messageId, reference: "WHXDH-0099", arrived: "2012-12-17 11:00", title: "说明牌", text },
  });
  return messageId;
}

beforeAll(async () => {
  canary = await startCanary();
  store = await testDatabase();
  await openMailbox(store.db, { lastReadAt: at("2012-12-17 17:29") });
  for (const [n, words] of payloads.entries()) {
    ids.mail = await addMail(store.db, {
      ...{ arrived: "2012-12-17 10:00", state: n % 2 ? "held" : "filed", reason: n % 2 ? "question" : null },
      ...{
        subject: words,
        from_name: words,
        from_address: words,
        new_text: words,
        raw: `Subject: ${words}\r\n\r\n${n}`,
      },
    });
    const row = { messageId: ids.mail, reference: `WHXDH-${n}`, arrived: "2012-12-17 10:00" };
    await addSubmission(store.db, { ...row, title: words, text: words, people: [words] });
    ids.notice = await addNotice(store.db, {
      ...{ key: `n${n}`, written: "2012-12-17 10:01", subject: words, text: words },
      html: `<p id="said" style="color: rgb(1, 2, 3)">您好</p><script>window.owned=1;top.owned=1</script>${payloads.join("")}<img src="${canary.url}/canary.png">`,
    });
  }
  ids.explained = await addExplained();
  const clock = virtualClock(at("2012-12-17 17:30"));
  const options = {
    db: store.db,
    campaign: sampleCampaign(),
    clock,
    host: "127.0.0.1",
    port: 0,
    log: silentLogger,
  };
  running = await startConsole(options);
  browser = await chromium.launch({ executablePath, args });
});
afterAll(async () => {
  await browser?.close();
  await running?.close();
  await store?.drop();
  await canary?.stop();
});

interface Canary {
  url: string;
  /** Requests that really came: what a page's policy blocks never gets here, whatever the browser announces (R63). */
  hits: string[];
  stop(): Promise<void>;
}

async function startCanary(): Promise<Canary> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const pages = () => [
  ...["/", "/held", "/owed", "/mails", "/submissions", "/mail-out", "/nope"],
  ...[
    `/mails/${ids.mail}`,
    `/mails/${ids.explained}`,
    `/mail-out/${ids.notice}`,
    "/submissions/WHXDH-0",
    "/submissions?q=%3Cscript%3E",
  ],
];

async function open(path: string, width = 1280): Promise<{ page: Page; foreign: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  const foreign: string[] = [];
  // Blocked requests are announced too, now and then, and fail: only what was fetched counts.
  page.on("requestfinished", (request) => {
    if (!request.url().startsWith(running.url) && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  page.on("dialog", (dialog) => {
    foreign.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${running.url}${path}`);
  return { page, foreign };
}

test("nothing that people wrote runs or fetches anything, on any page", async () => {
  for (const path of pages()) {
    const { page, foreign } = await open(path);
    expect([path, await page.evaluate("'owned' in window")]).toEqual([path, false]);
    expect([path, foreign]).toEqual([path, []]);
    await page.close();
  }
  expect(canary.hits).toEqual([]);
  // And the canary is alive: a hit would have been seen.
  await fetch(`${canary.url}/alive`);
  expect(canary.hits).toEqual(["/alive"]);
});

test("no page is wider than a phone", async () => {
  for (const path of pages()) {
    const { page } = await open(path, 390);
    const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect([path, over]).toEqual([path, 0]);
    await page.close();
  }
});

test("a notice's HTML shows with its looks, inside a frame without rights", async () => {
  const { page } = await open(`/mail-out/${ids.notice}`);
  expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
  const said = page.frameLocator("iframe").locator("#said");
  expect(await said.textContent()).toBe("您好");
  const [frame] = page.frames().slice(1);
  expect(await frame?.evaluate("getComputedStyle(document.querySelector('#said')).color")).toBe(
    "rgb(1, 2, 3)",
  );
  await page.close();
});

test("the words that decided are marked where they stand, and the second guess says why it lost", async () => {
  const [page, other] = [await open(`/mails/${ids.explained}`), await open("/submissions/WHXDH-0099")];
  const marks = async (shown: Page, kind: string) => shown.locator(`mark.${kind}`).allTextContents();
  expect(await marks(page.page, "type")).toEqual(["建议", "建议"]);
  expect(await marks(page.page, "unit")).toEqual([hostileUnit, "博物馆", "图 书 馆"]);
  expect(await marks(other.page, "unit")).toEqual(["博物馆", "图 书 馆"]);
  for (const { page: shown, foreign } of [page, other]) {
    expect(await shown.locator(".lost").allTextContents()).toEqual([
      "落选：市博物馆 只在正文中被提到（0.4），没有落款或发件人名支持",
    ]);
    expect(await shown.getByText("把握 99.7%，自动登记须").count()).toBe(1);
    const style = "getComputedStyle(document.querySelector('mark.unit')).borderBottomStyle";
    expect(await shown.evaluate(style)).toBe("solid");
    expect(await shown.evaluate("'owned' in window")).toBe(false);
    expect(foreign).toEqual([]);
    await shown.close();
  }
});

test("a new mail appears by itself within seconds, and what is open stays open", async () => {
  const { page } = await open(`/`);
  await addMail(store.db, { arrived: "2012-12-17 17:20", state: "filed", subject: "刚刚到达的来信" });
  await page.getByText("刚刚到达的来信").waitFor({ timeout: 8_000 });
  await page.close();
});

test("somebody typing keeps the page and the cursor", async () => {
  const { page } = await open("/submissions");
  await page.locator("input[type=search]").fill("夜间");
  await addMail(store.db, { arrived: "2012-12-17 17:25", state: "filed", subject: "又一封" });
  await page.waitForTimeout(4_500);
  expect(await page.locator("input[type=search]").inputValue()).toBe("夜间");
  await page.close();
});

test("without JavaScript every page reads the same and renews itself", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(running.url);
  expect(await page.locator("h1").textContent()).toContain("2012年12月17日");
  expect(await page.locator("noscript").innerHTML()).toContain("refresh");
  await context.close();
});
