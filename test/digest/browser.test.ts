// A large office's digest as a person opens it: a real browser, wide and narrow; what it looked like is kept beside the test.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { type ComposedDigest, composeDigest } from "../../src/digest/compose.ts";
import type { Edition } from "../../src/digest/edition.ts";
import { draw } from "../../src/digest/picture/draw.ts";
import { WIDTH } from "../../src/digest/picture/layout.ts";
import { crowdedCampaign, fillCrowd } from "../support/crowd.ts";
import { testDatabase } from "../support/database.ts";
import { at } from "./office.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = browsers.find((path) => existsSync(path)) ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
/** Not in the repository: what the pages looked like when this was last run. */
const artefacts = join(import.meta.dirname, "../artefacts/digest");

interface Case {
  name: string;
  units: number;
  submissions: number;
  on: string;
  edition: Edition;
  locale: "zh-CN" | "en";
  widths: number[];
}

const desk = 1200;
const telephone = 390;
const large = { units: 200, submissions: 5_000 };
const middling = { units: 30, submissions: 240 };
const small = { units: 5, submissions: 40 };
const zh = "zh-CN";
const cases: Case[] = [
  { name: "daily-200", ...large, on: "2012-12-27", edition: "daily", locale: zh, widths: [desk, telephone] },
  { name: "weekly-30", ...middling, on: "2012-12-28", edition: "weekly", locale: zh, widths: [telephone] },
  { name: "final-5", ...small, on: "2013-01-21", edition: "final", locale: zh, widths: [telephone] },
  { name: "daily-30-en", ...middling, on: "2012-12-14", edition: "daily", locale: "en", widths: [desk] },
];

let browser: Browser;

beforeAll(async () => {
  await mkdir(artefacts, { recursive: true });
  browser = await chromium.launch({ executablePath, args });
});
afterAll(() => browser?.close());

async function composed({ units, submissions, on, edition, locale }: Case): Promise<ComposedDigest> {
  const store = await testDatabase();
  try {
    await fillCrowd(store.db, { units, submissions }, on);
    const campaign = crowdedCampaign({ units, locale });
    const now = at(`${on} 17:30`);
    const office = { db: store.db, campaign, calendar: calendarOf(campaign), now, draw };
    return await composeDigest(office, on, edition);
  } finally {
    await store.drop();
  }
}

/** As a mail program shows it: the picture comes from the mail itself, and nothing from anywhere else. */
async function opened({ words, attachments }: ComposedDigest, width: number) {
  const foreign: string[] = [];
  const html = (words.html ?? "").replaceAll("cid:", "/");
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  await page.route("**/*", (route) => {
    const { pathname, protocol } = new URL(route.request().url());
    const inside = attachments.find(({ contentId }) => contentId !== null && pathname === `/${contentId}`);
    if (inside) return route.fulfill({ body: inside.content, contentType: inside.mediaType });
    if (pathname === "/") return route.fulfill({ body: html, contentType: "text/html" });
    if (protocol !== "data:") foreign.push(route.request().url());
    return route.abort();
  });
  await page.goto("http://mail.example/");
  return { page, foreign };
}

async function expectWhole(page: Page, width: number): Promise<void> {
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  const cut =
    "[...document.querySelectorAll('td, span, code')].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.textContent)";
  expect(await page.evaluate(cut)).toEqual([]);
  const picture = page.locator("img");
  expect(await page.evaluate("document.querySelector('img').naturalWidth")).toBe(WIDTH * 2);
  const box = await picture.boundingBox();
  expect(box?.width).toBeGreaterThanOrEqual(Math.min(WIDTH, width - 60));
  expect(box?.width).toBeLessThanOrEqual(WIDTH);
}

for (const one of cases) {
  test(`${one.name} is whole, ${one.widths.join(" and ")} pixels wide`, async () => {
    const { digest, ...mail } = await composed(one);
    expect(digest.troubles).toEqual([]);
    for (const width of one.widths) {
      const { page, foreign } = await opened({ digest, ...mail }, width);
      await expectWhole(page, width);
      expect(await page.locator("code").allTextContents()).toEqual(
        expect.arrayContaining(digest.held.map(({ line }) => line)),
      );
      const text = (await page.locator("body").textContent()) ?? "";
      for (const { unit } of digest.overdue.slice(0, 40)) expect(text).toContain(unit);
      for (const { rows } of digest.filed) for (const { title } of rows) expect(text).toContain(title);
      expect(foreign).toEqual([]);
      await page.screenshot({ path: join(artefacts, `${one.name}-${width}.png`), fullPage: true });
      await page.close();
    }
  });
}
