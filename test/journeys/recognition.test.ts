// A mail with a scan waits for its words while all other mail goes on; what is recognised serves everybody who sent it.
import { zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { takeIn } from "../../src/intake/intake.ts";
import { fileMessages, readMessages, takeUpMessages } from "../../src/journey.ts";
import { silentLogger } from "../../src/log.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { createReader, type Reader } from "../../src/reading/reader.ts";
import { buildApp } from "../../src/service/app.ts";
import { memoryMailbox } from "../../src/service/memory.ts";
import { handleAll, handleOpen, sendPass } from "../../src/service/passes.ts";
import { enqueueHandling, laterByJobs, schedulerTick, workerRole } from "../../src/service/roles.ts";
import { liveAtOf } from "../../src/service/source.ts";
import { type Jobs, openJobs } from "../../src/store/jobs.ts";
import { recogniseNext } from "../../src/submission/recognition.ts";
import { stillReceived } from "../../src/submission/records.ts";
import { endAllProcesses, type Jinbox, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { scanOf } from "../support/scan.ts";
import { until } from "../support/until.ts";

const arrivedAt = new Date("2026-11-23T02:00:00Z");
const counted = countingReader();
let office: TestOffice;
let sent: OutgoingNotice[] = [];
let boxes = 0;

/** The service's own reader, remembering how often it was asked to recognise. */
function countingReader(): Reader & { recognised: number } {
  const real = createReader({ log: silentLogger });
  const reader = {
    ...real,
    recognised: 0,
    recognise: (...asked: Parameters<Reader["recognise"]>) => {
      reader.recognised += 1;
      return real.recognise(...asked);
    },
  };
  return reader;
}

beforeAll(async () => {
  const transport = captureTransport((notice) => void sent.push(notice));
  office = await openOffice({ transport, reader: counted });
});
beforeEach(async () => {
  await office.empty();
  sent = [];
  counted.recognised = 0;
});
afterEach(endAllProcesses);
afterAll(() => office?.end());

async function deliver(...raws: Buffer[]): Promise<void> {
  await deliverTo(raws, async () => undefined);
}

async function deliverTo(raws: Buffer[], enqueue: Parameters<typeof takeIn>[1]["enqueue"]): Promise<void> {
  boxes += 1;
  const mailbox = memoryMailbox(`recognition-${boxes}`);
  for (const [at, raw] of raws.entries()) mailbox.deliver(raw, new Date(arrivedAt.getTime() + at * 1000));
  await takeIn(mailbox, { ...office.app, ...liveAtOf(office.campaign), enqueue });
}

interface Row {
  id: number;
  state: string;
  reason: string | null;
  attempts: number;
  from_address: string | null;
  handled_at: Date | null;
}

const messages = async (): Promise<Row[]> =>
  (await office.database.pool.query("select * from message order by arrived_at, id")).rows;
const states = async () => (await messages()).map(({ state }) => state);
const rows = async (table: string) => (await office.database.pool.query(`select * from ${table}`)).rows;

const words = ["Golden idea: open the library at night", "Readers who work in the day could come then."];
const withScan = (scan: Buffer, at = 1, name = "scan.png") =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：夜间开放（${at}）`,
    text: "我是市图书馆职工，建议见附件。",
    attachments: [{ filename: name, content: scan }],
  });
const plain = (at: number) =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。`,
  });

test("a mail with a scan waits, others go on, and then it is filed with what was recognised", async () => {
  await deliver(await withScan(await scanOf(...words)), await plain(2), await plain(3));
  expect(await handleOpen(office.app)).toBe(2);
  expect(await states()).toEqual(["received", "filed", "filed"]);
  expect((await messages())[0]).toMatchObject({ attempts: 0, from_address: "staff1@lib.culture.example" });
  expect(await rows("recognition")).toMatchObject([{ filename: "scan.png", pages_total: 1, pages_done: 0 }]);
  expect(await handleAll(office.app)).toBe(1);
  expect(await states()).toEqual(["filed", "filed", "filed"]);
  expect(await rows("recognition")).toEqual([]);
  expect(await rows("awaited_recognition")).toEqual([]);
  const [document] = await rows("document");
  expect(document).toMatchObject({ status: "read", unrecognised: 0, confidence: expect.any(Number) });
  expect(document.text).toContain("open the library at night");
  await sendPass(office.app);
  expect(sent).toHaveLength(3);
});

test("the same scan sent by forty is recognised once, and all forty are answered", async () => {
  const scan = await scanOf(...words);
  await deliver(...(await Promise.all(Array.from({ length: 40 }, (_, at) => withScan(scan, at + 1)))));
  expect(await handleAll(office.app)).toBe(40);
  expect(counted.recognised).toBe(1);
  expect(new Set(await states())).toEqual(new Set(["filed"]));
  // Sent once more later: it is known.
  await deliver(await withScan(scan, 41));
  expect(await handleOpen(office.app)).toBe(1);
  expect(counted.recognised).toBe(1);
});

test("scans in an archive and in an attached mail are waited for too", async () => {
  const inner = await withScan(await scanOf("A page in an attached mail", "with a second line"), 7);
  const archive = zipSync({
    "a.png": await scanOf("First page of the report"),
    "b.txt": Buffer.from("文字"),
  });
  await deliver(
    await mail({
      attachments: [
        { filename: "pages.zip", content: Buffer.from(archive) },
        { filename: "inner.eml", content: inner, contentType: "message/rfc822" },
      ],
    }),
  );
  expect(await handleOpen(office.app)).toBe(0);
  expect((await rows("recognition")).map(({ filename }) => filename).sort()).toEqual(["a.png", "scan.png"]);
  expect(await handleAll(office.app)).toBe(1);
  const attachments = await rows("attachment");
  expect(attachments.filter(({ filename }) => filename.endsWith(".png"))).toMatchObject([
    { status: "read" },
    { status: "read" },
  ]);
});

test("an answer to a mail that waits, waits with it", async () => {
  const first = await mail({
    messageId: "<first@lib.culture.example>",
    attachments: [{ filename: "scan.png", content: await scanOf(...words) }],
  });
  const reply = await mail({
    subject: "Re: 金点子",
    text: "撤回",
    messageId: "<second@lib.culture.example>",
    inReplyTo: "<first@lib.culture.example>",
  });
  await deliver(first);
  await handleOpen(office.app);
  await deliver(reply);
  expect(await handleOpen(office.app)).toBe(0);
  expect(await handleAll(office.app)).toBe(2);
  expect(await states()).toEqual(["filed", "filed"]);
  expect(await rows("submission")).toMatchObject([{ state: "withdrawn" }]);
});

test("what was recognised while a mail was read is not asked for again", async () => {
  const scan = await scanOf(...words);
  await deliver(await withScan(scan, 1), await withScan(scan, 2));
  const [slice = []] = await takeUpMessages(
    office.app,
    await stillReceived(office.app.db, office.campaign.code, 10),
  );
  const [one, other] = await readMessages(office.app, slice);
  await fileMessages(office.app, one ? [one] : []);
  expect(await recogniseNext(office.app)).toBe(true);
  await fileMessages(office.app, other ? [other] : []);
  expect(await rows("recognition")).toEqual([]);
  expect((await rows("document"))[0]).toMatchObject({ status: "read", unrecognised: 0 });
  expect(await handleAll(office.app)).toBe(2);
  expect(counted.recognised).toBe(1);
});

test("a scan that takes too long is told as such, and its mail does not wait for ever", async () => {
  const impatient = createReader({ log: silentLogger, recognition: { wallMs: 1 } });
  const app = { ...office.app, reader: impatient };
  try {
    await deliver(await withScan(await scanOf("A page that nobody has the time for", ...words)));
    expect(await handleAll(app)).toBe(1);
  } finally {
    await impatient.close();
  }
  expect(await rows("document")).toMatchObject([{ status: "held", reason: "too-slow" }]);
  expect(await states()).toEqual(["filed"]);
  expect(await rows("recognition")).toEqual([]);
});

test("a failure that was the machine's stands for those who waited, and is tried again on another day", async () => {
  const scan = await scanOf("A page for a better day", ...words);
  const impatient = createReader({ log: silentLogger, recognition: { wallMs: 1 } });
  try {
    await deliver(await withScan(scan, 1), await withScan(scan, 2));
    expect(await handleAll({ ...office.app, reader: impatient })).toBe(2);
  } finally {
    await impatient.close();
  }
  await deliver(await withScan(scan, 3));
  expect(await handleOpen(office.app)).toBe(1);
  expect(counted.recognised).toBe(0);
  await office.database.pool.query("update document set recognised_at = recognised_at - interval '1 day'");
  await deliver(await withScan(scan, 4));
  expect(await handleOpen(office.app)).toBe(0);
  expect(await handleAll(office.app)).toBe(1);
  expect(counted.recognised).toBe(1);
  expect(await rows("document")).toMatchObject([{ status: "read", reason: null }]);
});

test("a scan that ended its process three times is given up", async () => {
  await deliver(await withScan(await scanOf("A page that ends whoever reads it")));
  await handleOpen(office.app);
  await office.database.pool.query("update recognition set attempts = 3");
  expect(await handleAll(office.app)).toBe(1);
  expect(counted.recognised).toBe(0);
  expect(await rows("document")).toMatchObject([
    { status: "held", reason: "reader-failed", unrecognised: 0 },
  ]);
});

/** `jinbox run`, as far as it works on mail. */
function startService(): Jinbox {
  return startJinbox(["run", "--roles", "worker,scheduler", "--config", office.configFile], {
    DATABASE_URL: office.database.url,
    JINBOX_DATA: office.folder,
  });
}

/** The office at work on the queue, as `jinbox run` is. */
async function working(work: (jobs: Jobs) => Promise<void>): Promise<void> {
  const { database, app } = office;
  const jobs = openJobs(database, silentLogger);
  const ending = new AbortController();
  await jobs.start();
  try {
    const busy = buildApp({ ...app, later: laterByJobs(jobs) });
    await workerRole(busy, jobs, ending.signal);
    await work(jobs);
  } finally {
    ending.abort();
    await jobs.stop();
  }
}

test("twenty plain mails are answered before the long scan that came before them", {
  timeout: 180_000,
}, async () => {
  const pages = Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: 6 },
        async (_, at) => [`${at}.png`, await scanOf(`Page ${at}`, ...words)] as const,
      ),
    ),
  );
  const slow = await mail({ attachments: [{ filename: "pages.zip", content: Buffer.from(zipSync(pages)) }] });
  const others = await Promise.all(Array.from({ length: 20 }, (_, at) => plain(at + 1)));
  await working(async (jobs) => {
    await deliverTo([slow], enqueueHandling(jobs));
    await until("the scan waits", async () => (await rows("recognition")).length > 0);
    await deliverTo(others, enqueueHandling(jobs));
    await until("all handled", async () => (await states()).every((state) => state !== "received"), 150_000);
  });
  const handled = (await messages()).toSorted((a, b) => Number(a.handled_at) - Number(b.handled_at));
  expect(handled.at(-1)?.from_address).toBe("zhang@lib.culture.example");
  expect(handled).toHaveLength(21);
});

test("a scan whose job was lost is taken up at the next tick", async () => {
  await deliver(await withScan(await scanOf("A page that nobody was told of")));
  await handleOpen(office.app);
  await working(async (jobs) => {
    await schedulerTick(office.app, jobs);
    await schedulerTick(office.app, jobs);
    await until("handled", async () => (await states())[0] === "filed", 60_000);
  });
  expect(counted.recognised).toBe(1);
});

test("a service that is stopped during recognition ends at once, and takes no attempt from the document", async () => {
  await deliver(await withScan(await scanOf("A page nobody will see today", ...words)));
  await office.database.pool.query("update message set recorded_at = now() - interval '1 hour'");
  const run = startService();
  await run.logs('"msg":"recognising"', 60_000);
  run.signal("SIGTERM");
  const stoppedAt = performance.now();
  expect(await run.ended).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
  expect(await rows("recognition")).toMatchObject([{ attempts: 0 }]);
  expect(await handleAll(office.app)).toBe(1);
});

test("kill -9 during recognition: another process takes it up, and the mail is filed once", {
  timeout: 180_000,
}, async () => {
  const pages = Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: 5 },
        async (_, at) => [`${at}.png`, await scanOf(`Leaf ${at}`, ...words)] as const,
      ),
    ),
  );
  await deliver(
    await mail({ attachments: [{ filename: "pages.zip", content: Buffer.from(zipSync(pages)) }] }),
  );
  // A minute may pass until the scheduler sees what nobody was told of: told here.
  await office.database.pool.query("update message set recorded_at = now() - interval '1 hour'");
  const first = startService();
  await first.logs('"msg":"recognised"', 60_000);
  await until("the next is begun", async () =>
    (await rows("recognition")).some(({ attempts }) => attempts > 0),
  );
  first.signal("SIGKILL");
  await first.ended;
  expect(await states()).toEqual(["received"]);
  const left = (await rows("recognition")).length;
  expect(left).toBeGreaterThan(0);
  const second = startService();
  await until("filed", async () => (await states())[0] === "filed", 120_000);
  expect(second.stderr().split('"msg":"recognised"').length - 1).toBe(left);
  expect(await rows("submission")).toHaveLength(1);
  second.signal("SIGTERM");
  expect(await second.ended).toBe(0);
});
