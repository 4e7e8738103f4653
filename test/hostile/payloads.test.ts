// Every payload in every place a stranger can write, through the real way: shown, answered over SMTP, digested, exported. Not
// one may have an effect: no script runs, nothing is asked for, no field, recipient, formula, path or line is made by it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, type Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { strToU8, unzipSync, zipSync } from "fflate";
import type { Hono } from "hono";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { consoleApp } from "../../src/console/server.ts";
import { dailyDigest } from "../../src/digest/daily.ts";
import { writeLedger } from "../../src/digest/ledger/ledger.ts";
import { silentLogger } from "../../src/log.ts";
import { createTransport } from "../../src/notice/smtp.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { sendPass } from "../../src/service/passes.ts";
import { writeCsv } from "../../src/sheet/csv.ts";
import { writeWorkbook } from "../../src/sheet/workbook.ts";
import { inSnapshot } from "../../src/store/database.ts";
import { dateOf, instantOf } from "../../src/text/dates.ts";
import { zipOf } from "../document/zip-builder.ts";
import { AS_CSV, EVALUATED_CSV, inLibreOffice } from "../support/libreoffice.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { payloads, payloadsOf } from "./payloads.ts";

const idea = "我是市图书馆职工。建议在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。";
let office: TestOffice;
let sink: SmtpSink;
let app: Hono;

const encoded = (words: string) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** One payload in its sender's name, subject, both bodies, a file's name and words, and a name inside an archive. */
function mailWith(text: string, at: number): Buffer {
  const link = text.replace(/[<>&"\0-\x1f\ud800-\udfff\ufffe\uffff]/g, "");
  const docx = zipSync({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": strToU8(
      `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="r"><w:body><w:p><w:hyperlink r:id="l"><w:r><w:t>${idea}${link}</w:t></w:r></w:hyperlink></w:p></w:body></w:document>`,
    ),
    "word/_rels/document.xml.rels": strToU8(
      `<Relationships><Relationship Id="l" Type="hyperlink" Target="javascript:top.owned=1" TargetMode="External"/></Relationships>`,
    ),
  });
  const zip = zipOf([{ name: text || "empty", flags: 0x800, content: `${idea}${text}` }]);
  const part = (type: string, disposition: string, content: Uint8Array) =>
    `--b\r\nContent-Type: ${type}\r\nContent-Disposition: ${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(content)}\r\n`;
  return Buffer.from(
    [
      `From: ${encoded(text)} <u${at}@lib.culture.example>`,
      `Message-ID: <payload-${at}@lib.culture.example>`,
      `Subject: ${encoded(`金点子${at} ${text}`)}`,
      "MIME-Version: 1.0",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      `--b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n`,
      `${idea}第${at}号。\r\n${text}\r\n市图书馆 ${text}`,
      `--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>${idea}</p>${text}`,
      "--a--",
      part(
        "application/octet-stream",
        `attachment; filename*=utf-8''${encodeURIComponent(text.toWellFormed())}`,
        docx,
      ) +
        part("application/zip", `attachment; filename="${encoded(`${text}.zip`)}"`, zip) +
        "--b--\r\n",
    ].join("\r\n"),
  );
}

beforeAll(async () => {
  sink = await startSmtp();
  const settings = {
    host: sink.host,
    port: sink.port,
    secure: false,
    user: null,
    perHour: 10_000_000,
    connections: 2,
  };
  office = await openOffice({
    transport: createTransport(settings, null, silentLogger),
  });
  const mailbox = memoryMailbox("payloads");
  for (const [at, { text }] of payloads.entries())
    mailbox.deliver(mailWith(text, at), new Date("2026-11-23T02:00:00Z"));
  await office.pass(mailbox);
  const { timezone } = office.campaign;
  const on = office.app.calendar.addWorkingDays(dateOf(systemClock.now(), timezone), 1);
  await dailyDigest({ ...office.app, now: instantOf(on, "18:00", timezone) });
  await office.database.pool.query("update notice set not_before = now() where kind = 'digest'");
  await sendPass(office.app);
  app = consoleApp({ ...office.app, host: "127.0.0.1", port: 0, log: silentLogger });
}, 300_000);
afterAll(async () => {
  await office?.end();
  await sink?.stop();
});

const rows = async (query: string) => (await office.database.pool.query(query)).rows;
const page = async (path: string) => (await app.request(path, { headers: { host: "127.0.0.1" } })).text();

test("there are five hundred payloads, each came, and each mail ended in a named state", async () => {
  expect(payloads.length).toBeGreaterThanOrEqual(500);
  const [found] = await rows(
    "select count(*)::int as mails, count(*) filter (where state = 'filed')::int as filed from message",
  );
  expect(found.mails).toBe(payloads.length);
  expect(found.filed).toBeGreaterThan(payloads.length / 2);
  expect(await rows("select 1 from message where state = 'received'")).toEqual([]);
});

describe("in the console, the answers and the digest", () => {
  let browser: Browser;
  beforeAll(async () => {
    const executablePath =
      ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path)) ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(() => browser?.close());

  /** All pages there are: lists to their ends, and each mail, submission and notice. */
  async function everyPage(): Promise<string[]> {
    const pages = [await page("/"), await page("/owed")];
    for (const list of ["/held", "/mails", "/submissions", "/mail-out"]) {
      for (let path: string | undefined = list; path; ) {
        const text = await page(path);
        pages.push(text);
        path = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
      }
    }
    const ids = await rows(
      "select '/mails/' || id as path from message union all select '/mail-out/' || id from notice where id % 2 = 0 union all select '/submissions/' || reference from submission where id % 2 = 1",
    );
    for (const { path } of ids) pages.push(await page(path));
    return pages;
  }

  test("nothing runs and nothing is asked for, even without the policy that would forbid it", {
    timeout: 300_000,
  }, async () => {
    const pages = await everyPage();
    const mails = (await rows("select html from notice where html is not null")).map(({ html }) =>
      String(html),
    );
    expect(pages.length).toBeGreaterThan(900);
    expect(mails.length).toBeGreaterThan(100);
    const opened = await browser.newPage();
    const asked: string[] = [];
    await opened.route("**/*", (route) => {
      const { pathname, hostname } = new URL(route.request().url());
      if (hostname === "harness.example" && pathname === "/")
        return route.fulfill({ contentType: "text/html", body: "<body>" });
      if (!["/console.css", "/live.js"].includes(pathname)) asked.push(route.request().url());
      return route.fulfill({ body: "" });
    });
    await opened.goto("http://harness.example/");
    const inBrowser = (name: string, texts: string[]) => opened.evaluate(`${name}(${JSON.stringify(texts)})`);
    await opened.addScriptTag({ content: readFileSync(join(import.meta.dirname, "in-browser.js"), "utf8") });
    // Every page, as a parser of HTML sees it: only elements and attributes that the templates themselves write.
    const strange = await inBrowser("auditAll", [...pages, ...mails]);
    expect(strange).toEqual([]);
    // And alive, where scripts may run: a sample of each kind, for a frame takes its time.
    const alive = [...pages, ...mails].filter((_, at) => at % 8 === 0);
    expect(await inBrowser("openAll", alive)).toBe(false);
    expect(asked).toEqual([]);
    // The harness would have seen it.
    expect(
      await inBrowser("auditAll", ['<p onclick="x">', '<a href="javascript:x">', "<script>x</script>"]),
    ).toHaveLength(3);
    expect(
      await inBrowser("openAll", [
        `<img src="http://canary.example/control" onerror="top.owned=1"><script>top.owned=1</script>`,
      ]),
    ).toBe(true);
    expect(asked).toEqual(["http://canary.example/control"]);
  });
});

describe("on the wire", () => {
  const FIELDS =
    /^(?:Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Loop|From|To|Cc|In-Reply-To|References|Subject|Message-ID|Date|MIME-Version|Content-Type|Content-Transfer-Encoding|Received|List-[A-Za-z-]+|X-Jinbox-[A-Za-z-]+): ?/;

  test("an answer has the fields we write, once each, and goes to its sender alone (R47)", () => {
    expect(sink.mails.length).toBeGreaterThan(150);
    for (const { raw, to } of sink.mails) {
      const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
      for (const line of head.split("\r\n")) {
        expect(line).toMatch(/^[\t\x20-\x7e]{1,998}$/);
        if (!/^[ \t]/.test(line)) expect(line).toMatch(FIELDS);
      }
      for (const field of ["From", "To", "Subject", "Message-ID", "Date", "MIME-Version"])
        expect([field, head.match(new RegExp(`^${field}:`, "gm"))?.length]).toEqual([field, 1]);
      const members = office.campaign.office.members.map(({ email }) => email);
      for (const address of to)
        expect([address, members.includes(address) || /^u\d+@lib\.culture\.example$/.test(address)]).toEqual([
          address,
          true,
        ]);
    }
  });

  test("no mail's words become a second mail: each final dot is one of ours", async () => {
    const [{ count }] = await rows("select count(*)::int from notice where state = 'accepted'");
    expect(sink.mails.length).toBe(count);
    expect(new Set(sink.mails.map(({ messageId }) => messageId)).size).toBe(sink.mails.length);
  });

  test("what looks like a template is said as it stands", async () => {
    const subjects = await rows("select subject from notice");
    const said = subjects.map(({ subject }) => String(subject)).join("\n");
    const kept = payloadsOf("template").filter((text) => said.includes(text));
    expect(kept).toEqual(payloadsOf("template"));
  });
});

describe("in files the office opens", () => {
  const texts = payloads.map(({ text }) => text);
  const sheetOf = () => ({
    ...{ name: "payloads", columns: [{ title: "payload", width: 40 }] },
    rows: (async function* () {
      for (const text of texts) yield [text];
    })(),
  });
  const collected = async (write: (out: Writable) => Promise<void>) => {
    const out = new PassThrough();
    const [bytes] = await Promise.all([buffer(out), write(out)]);
    return bytes;
  };

  test("a workbook is the same after LibreOffice computed it (R65)", { timeout: 180_000 }, async () => {
    const { timezone, locale } = office.campaign;
    const sheets = [sheetOf()] as unknown as Parameters<typeof writeWorkbook>[1]["sheets"];
    const bytes = await collected((out) => writeWorkbook(out, { title: "t", timezone, locale, sheets }));
    const computed = await inLibreOffice("a.xlsx", bytes, AS_CSV);
    expect(cellsOf([...computed.values()][0]?.toString() ?? "")).toEqual([
      "payload",
      ...texts.map(asSheetShows),
    ]);
  });

  test("a .csv, too, but for the apostrophe that makes it text", { timeout: 180_000 }, async () => {
    const sheet = sheetOf() as unknown as Parameters<typeof writeCsv>[1];
    const bytes = await collected((out) => writeCsv(out, sheet, "Asia/Shanghai"));
    const computed = cellsOf(
      [...(await inLibreOffice("a.csv", bytes, AS_CSV, EVALUATED_CSV)).values()][0]?.toString() ?? "",
    );
    expect(computed).toHaveLength(texts.length + 1);
    const odd = texts.filter(
      (text, at) => ![text, `'${text}`].map(asSheetShows).includes(computed[at + 1] ?? ""),
    );
    // A .csv has no types: what a number looks like is one.
    expect(odd.filter((text) => !/^[$\d]/.test(text))).toEqual([]);
  });

  test("the ledger has no formula, no link, no picture from elsewhere", async () => {
    const bytes = await collected((out) =>
      inSnapshot(office.app.db, (trx) =>
        writeLedger(trx, { campaign: office.campaign, obligations: [] }, out),
      ),
    );
    for (const [name, content] of Object.entries(unzipSync(bytes))) {
      const xml = Buffer.from(content).toString();
      expect([name, /<f[ >]|<hyperlink|TargetMode="External"|<oleObject/.exec(xml)]).toEqual([name, null]);
    }
  });
});

/** What a workbook can hold of a text, and what a program writes of it as .csv. */
function asSheetShows(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .toWellFormed();
}

function cellsOf(csv: string): string[] {
  return [...csv.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^\n]*))\n/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
