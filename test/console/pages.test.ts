// Every page over HTTP, without a browser: what it shows, what it refuses, and the headers it carries.
import type { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { contentDisposition } from "../../src/console/download.ts";
import { consoleApp, isExpectedHost, startConsole } from "../../src/console/server.ts";
import { noText } from "../../src/document/document.ts";
import { silentLogger } from "../../src/log.ts";
import { insertDocuments } from "../../src/reading/records.ts";
import { putBlobs, sha256Of } from "../../src/store/blobs.ts";
import {
  addMail,
  addNotice,
  addSubmission,
  at,
  openMailbox,
  sampleCampaign,
  verdict,
} from "../digest/office.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const campaign = sampleCampaign();
const clock = virtualClock(at("2012-12-17 17:30"));
const hostile = '"><script>document.title="owned"</script><img src=x onerror=alert(1)>';
let store: TestDatabase;
let app: Hono;
let heldId: number;
let attachmentId: number;
let noticeId: number;

beforeAll(async () => {
  store = await testDatabase();
  app = consoleApp({ db: store.db, campaign, clock, host: "127.0.0.1", port: 0, log: silentLogger });
  await openMailbox(store.db, { lastReadAt: at("2012-12-17 17:29") });
  const understanding = {
    type: {
      ...verdict("golden-idea", 0.93, ["summary-report", 0.04]),
      evidence: [evidence("subject", hostile)],
    },
    unit: { ...verdict("library", 0.61, ["museum", 0.32]), evidence: [evidence("closing", "市图书馆")] },
    originEvidence: [],
    unitAsRead: null,
  };
  heldId = await addMail(store.db, {
    ...{
      arrived: "2012-12-17 10:00",
      state: "held",
      reason: "unit-unsure",
      subject: hostile,
      from_name: hostile,
    },
    ...{ understanding, raw: `Subject: ${hostile}\r\nX-Long: a\r\n\r\nbody` },
  });
  const bytes = Buffer.from("附件内容 attachment");
  const sha256 = sha256Of(bytes);
  await putBlobs(store.db, [{ sha256, bytes }], at("2012-12-17 10:00"));
  const row = await store.db
    .insertInto("attachment")
    .values({
      ...{ message_id: heldId, parent_id: null, position: 0, filename: `总结"${hostile}.doc`, inline: false },
      ...{ declared_type: "text/html", media_type: "application/msword", bytes: bytes.length, sha256 },
      ...{ status: "read", reason: null },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  attachmentId = row.id;
  for (let n = 1; n <= 60; n++) {
    const arrived = `2012-12-${String(1 + (n % 16)).padStart(2, "0")} 09:00`;
    const messageId = await addMail(store.db, { arrived, state: "filed" });
    const unit = n % 2 ? "library" : "museum";
    const row = { messageId, reference: `WHXDH-${String(n).padStart(4, "0")}`, arrived, unit };
    await addSubmission(store.db, {
      ...row,
      title: n === 7 ? hostile : `建议之${n}`,
      people: n === 9 ? ["欧阳修远"] : [],
    });
  }
  const html = `<p style="color:red">您好</p><script>parent.document.title="owned"</script>`;
  noticeId = await addNotice(store.db, { key: "n1", written: "2012-12-17 10:01", subject: hostile, html });
});
afterAll(() => store.drop());

function evidence(where: string, words: string) {
  return { where, words, speaksFor: "golden-idea", weight: 2.3 };
}

const get = (path: string, host = "127.0.0.1:8025") => app.request(path, { headers: { host } });
const page = async (path: string) => (await get(path)).text();

const paths = ["/", "/held", "/owed", "/mails", "/submissions", "/mail-out", "/submissions/WHXDH-0007"];

test("every page answers, escapes what people wrote, and allows no foreign script", async () => {
  for (const path of [...paths, `/mails/${heldId}`, `/mail-out/${noticeId}`]) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    const text = await response.text();
    expect(text).not.toContain("<script>document");
    expect(text).not.toContain("<script>parent");
    expect(text).not.toContain("<img src=x");
    expect(text).toContain('lang="zh-CN"');
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("Today shows that the books balance", async () => {
  const text = await page("/");
  expect(text).toContain("账目相符");
  expect(text.replaceAll(/\s+/g, " ")).toContain("累计 61 封 = 已登记 60 + 待人工 1");
});

test("Needs you shows the reason, both guesses and what to do", async () => {
  const text = await page("/held");
  for (const words of ["单位最可能是市图书馆，其次市博物馆", "写明单位全称"]) expect(text).toContain(words);
});

test("what people decided about a mail is said with who, when and what it was before", async () => {
  const messageId = await addMail(store.db, {
    arrived: "2012-12-16 09:00",
    state: "filed",
    subject: "更正过的",
  });
  const { id } = await store.db
    .selectFrom("submission")
    .select("id")
    .orderBy("id")
    .limit(1)
    .executeTakeFirstOrThrow();
  const made = {
    campaign: campaign.code,
    message_id: messageId,
    submission_id: id,
    made_at: at("2012-12-16 10:00"),
  };
  await store.db
    .insertInto("correction")
    .values([
      {
        ...made,
        field: "unit",
        before: "library",
        after: "museum",
        made_by: hostile,
        way: "mail",
        asked_in: heldId,
      },
      {
        ...made,
        field: "title",
        before: "旧题",
        after: "新题",
        made_by: "office",
        way: "command",
        asked_in: null,
      },
    ])
    .execute();
  const shown = await page(`/mails/${messageId}`);
  expect(shown).toContain("更正记录");
  expect(shown).toContain("单位：市图书馆 → 市博物馆");
  expect(shown).toContain("标题：旧题 → 新题");
  expect(shown).not.toContain("<script>document");
});

test("lists go on page by page without losing or repeating a row", async () => {
  const seen: string[] = [];
  let path: string | undefined = "/submissions";
  while (path) {
    const text: string = await page(path);
    seen.push(...[...text.matchAll(/data-key="(submission-\d+)"/g)].map((match) => match[1] as string));
    path = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
});

test("submissions are found by type, unit, words, name and reference", async () => {
  const count = async (query: string) =>
    [...(await page(`/submissions?${query}`)).matchAll(/data-key="sub/g)].length;
  expect(await count("unit=library")).toBe(30);
  expect(await count("type=summary-report")).toBe(0);
  expect(await count(`q=${encodeURIComponent("建议之12")}`)).toBe(1);
  expect(await count(`q=${encodeURIComponent("欧阳")}`)).toBe(1);
  expect(await count("q=whxdh-0042")).toBe(1);
  expect(await count(`q=${encodeURIComponent("%")}`)).toBe(0);
});

test("what is like another submission is said on both pages and on the mail's", async () => {
  const idOf = async (reference: string) =>
    store.db
      .selectFrom("submission")
      .select(["id", "message_id"])
      .where("reference", "=", reference)
      .executeTakeFirstOrThrow();
  const [first, second] = [await idOf("WHXDH-0011"), await idOf("WHXDH-0012")];
  await store.db
    .insertInto("likeness")
    .values({
      ...{ submission_id: second.id, other_id: first.id, kind: "contains", score: 0.91 },
      found_at: at("2012-12-13 09:00"),
    })
    .execute();
  const text = await page("/submissions/WHXDH-0012");
  expect(text).toContain('<a href="/submissions/WHXDH-0011">含有 WHXDH-0011（市图书馆）的约 91 %</a>');
  expect(await page("/submissions/WHXDH-0011")).toContain("约 91 % 见于 WHXDH-0012（市博物馆）");
  expect(await page(`/mails/${second.message_id}`)).toContain("含有 WHXDH-0011");
});

test("who owes what: met, missing and overdue", async () => {
  const text = await page("/owed");
  expect(text).toContain("逾期未交");
  expect(text).toContain("公共文化服务体系示范工程");
  expect(text).toContain("12月15日 截止");
});

test("an attachment is only ever a download, under its own name", async () => {
  const response = await get(`/attachments/${attachmentId}`);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-disposition")).toMatch(
    /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''/,
  );
  expect(await response.text()).toBe("附件内容 attachment");
});

test("the original mail is a download too", async () => {
  const response = await get(`/mails/${heldId}/original`);
  expect(await response.text()).toContain("X-Long: a");
});

test("names are written as RFC 6266 asks, and nothing in them can end the header", () => {
  expect(contentDisposition("总结 (1)'s.doc")).toBe(
    `attachment; filename="__ (1)'s.doc"; filename*=UTF-8''%E6%80%BB%E7%BB%93%20%281%29%27s.doc`,
  );
  for (const name of [
    'a"; x="',
    "a\r\nSet-Cookie: x",
    "../../etc/passwd",
    "\u202ecod.exe",
    "\ud800.doc",
    "",
  ]) {
    const header = contentDisposition(name);
    expect(header).toMatch(
      /^attachment; filename="[^"\r\n%\\/]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+\-.^_`|~%]+$/,
    );
    expect(() => new Headers({ "content-disposition": header })).not.toThrow();
  }
});

test("what does not exist is a helpful 404, whatever the address", async () => {
  for (const path of [
    "/nope",
    "/mails/999999",
    "/mails/x",
    "/submissions/%00",
    "/attachments/1e9",
    "/mail-out/0",
  ]) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.text()).toContain("没有这一页");
  }
});

test("another campaign's records are not shown", async () => {
  const id = await addMail(store.db, {
    arrived: "2012-12-17 10:00",
    state: "filed",
    campaign: "OTHER",
    listed: false,
  });
  expect((await get(`/mails/${id}`)).status).toBe(404);
  expect((await get(`/mails/${id}/original`)).status).toBe(404);
});

test("a foreign name for this machine is refused (DNS rebinding), a forwarded port is not", async () => {
  expect((await get("/", "rebind.example")).status).toBe(421);
  expect((await get("/", "127.0.0.1.rebind.example:8025")).status).toBe(421);
  expect((await get("/", "localhost:9999")).status).toBe(200);
  expect(isExpectedHost(undefined, "127.0.0.1")).toBe(false);
  expect(isExpectedHost("[::1]:8025", "::1")).toBe(true);
  expect(isExpectedHost("console.example", "console.example")).toBe(true);
});

test("it is read-only: nothing but GET and HEAD", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    const response = await app.request("/", { method, headers: { host: "localhost" } });
    expect(response.status).toBe(405);
  }
});

test("the pulse changes when a mail arrives and stands still otherwise", async () => {
  const before = await page("/pulse");
  expect(await page("/pulse")).toBe(before);
  await addMail(store.db, { arrived: "2012-12-17 17:00", state: "ignored", reason: "thanks" });
  expect(await page("/pulse")).not.toBe(before);
});

test("it listens, answers healthz, and gives its port back", async () => {
  const running = await startConsole({
    db: store.db,
    campaign,
    clock,
    host: "127.0.0.1",
    port: 0,
    log: silentLogger,
  });
  expect(await (await fetch(`${running.url}/healthz`)).text()).toBe("ok\n");
  await running.close();
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow();
});

test("without a database it says so, in its own words, and readyz fails: the process itself lives", async () => {
  const broken = await testDatabase();
  const alone = consoleApp({ db: broken.db, campaign, clock, host: "localhost", port: 0, log: silentLogger });
  await broken.drop();
  const response = await alone.request("/", { headers: { host: "localhost" } });
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("数据库没有应答");
  expect((await alone.request("/healthz")).status).toBe(200);
  expect((await alone.request("/readyz")).status).toBe(503);
});

test("an empty campaign shows what to expect, in English where the campaign is English", async () => {
  const empty = await testDatabase();
  const english = { ...sampleCampaign("en"), code: "NEW" };
  const alone = consoleApp({
    db: empty.db,
    campaign: english,
    clock,
    host: "localhost",
    port: 0,
    log: silentLogger,
  });
  const read = async (path: string) => (await alone.request(path, { headers: { host: "localhost" } })).text();
  expect(await read("/")).toContain("No mail yet");
  expect(await read("/held")).toContain("Nothing needs you");
  expect(await read("/mail-out")).toContain("No mail has been written yet");
  await empty.drop();
});

test("while scans are recognised, Today and the mail say how far that is; the page wakes with every page done", async () => {
  const waiting = await addMail(store.db, { arrived: "2012-12-17 11:00", state: "received" });
  const bytes = Buffer.from("a scan");
  const sha256 = sha256Of(bytes);
  await putBlobs(store.db, [{ sha256, bytes }], at("2012-12-17 11:00"));
  const scan = { sha256, filename: `扫描件${hostile}.pdf`, inline: false, pages_total: 20, pages_done: 2 };
  const pulse = await page("/pulse");
  await store.db
    .insertInto("recognition")
    .values({ ...scan, requested_at: at("2012-12-17 11:00") })
    .execute();
  await store.db.insertInto("awaited_recognition").values({ message_id: waiting, sha256 }).execute();
  expect(await page("/pulse")).not.toBe(pulse);
  for (const path of ["/", `/mails/${waiting}`]) {
    const text = await page(path);
    expect(text).toContain("正在识别扫描件");
    expect(text).toContain("1 个文件，已识别 2/20 页");
    expect(text).not.toContain("<img src=x");
  }
  expect(await page(`/mails/${waiting}`)).toContain("正文和附件处理完后显示在这里");
  expect(await page(`/mails/${waiting}`)).not.toContain("没有附件");
  await store.db.deleteFrom("recognition").execute();
  await store.db.deleteFrom("mail_record").where("message_id", "=", waiting).execute();
  await store.db.deleteFrom("message").where("id", "=", waiting).execute();
  expect(await page("/")).not.toContain("正在识别扫描件");
});

test("a mail's page says how much was read of each attachment, and what to check against the original", async () => {
  const { sha256 } = await store.db
    .selectFrom("attachment")
    .select("sha256")
    .where("id", "=", attachmentId)
    .executeTakeFirstOrThrow();
  await insertDocuments(
    store.db,
    new Map([
      [
        sha256.toString("hex"),
        {
          ...{
            ...noText,
            status: "read",
            reason: null,
            mediaType: "application/pdf",
            text: "字 ".repeat(1_300),
          },
          ...{ pages: 80, pagesRead: 30, confidence: 0.628, warnings: [`only a part ${hostile}`] },
        },
      ],
    ]),
    at("2012-12-17 10:00"),
  );
  const text = await page(`/mails/${heldId}`);
  expect(text).toContain("只读了前 30 页，共 80 页，识别出 1,300 字");
  expect(text).toContain("识别把握较低（62 %），请核对原件");
  expect(text).toContain("only a part");
  expect(text).not.toContain("<img src=x");
  expect(await page("/held")).toContain("识别把握较低（62 %），请核对原件");
});
