// What the operator got wrong and what is away: said on stderr with what to do, and nothing is lost or sent twice.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Dovecot, freePort, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

let dovecot: Dovecot;
let smtpPort: number;
let sink: SmtpSink | null = null;
let office: TestOffice;
/** The environment of an installation in order. */
let whole: Record<string, string>;

beforeAll(async () => {
  dovecot = await startDovecot({ users: ["ideas"] });
  smtpPort = await freePort();
  office = await openOffice({
    transport: captureTransport(() => undefined),
    imapPort: dovecot.imapPort,
    smtpPort,
  });
  whole = {
    DATABASE_URL: office.database.url,
    JINBOX_IMAP_PASSWORD: dovecot.password,
    JINBOX_DATA: office.folder,
    JINBOX_CONFIG: office.configFile,
    JINBOX_PORT: "0",
  };
});

afterAll(async () => {
  await endAllProcesses();
  await sink?.stop();
  await office?.end();
  await dovecot?.stop();
});

async function rows(query: string): Promise<Record<string, unknown>[]> {
  return (await office.database.pool.query(query)).rows;
}

const staff = (at: number) =>
  mail({
    from: `职工${at} <staff${at}@lib.culture.example>`,
    subject: `金点子：第${at}号建议`,
    text: `我是市图书馆职工${at}。建议在第${at}号阅览室增设一处自助借还点。`,
  });

test.each([
  { args: ["run"] },
  { args: ["poll", "--once"] },
  { args: ["backlog"] },
  { args: ["simulate", "--mail", "fixtures/mailbox"] },
])("a wrong value in the campaign file ends `$args` with 2, naming file, line and key", async ({ args }) => {
  const file = join(office.folder, "wrong.yaml");
  const lines = (await readFile(office.configFile, "utf8")).split("\n");
  const line = lines.findIndex((one) => /^\s+port: \d+$/.test(one));
  await writeFile(file, lines.with(line, "    port: soon").join("\n"));
  const jinbox = startJinbox(args, { ...whole, JINBOX_CONFIG: file });
  expect(await jinbox.ended).toBe(2);
  expect(jinbox.stderr()).toContain(`${file}:${line + 1}  mailbox.imap.port`);
  expect(jinbox.stdout()).toBe("");
});

describe("a database that", () => {
  const nowhere = (database: string) => {
    const url = new URL(office.database.url);
    url.pathname = `/${database}`;
    return url;
  };

  test.each([
    {
      what: "does not answer",
      url: () => Object.assign(nowhere("jinbox"), { port: "1", password: "a-secret" }),
      says: /连不上数据库 .*:1：请检查 DATABASE_URL 的主机和端口/,
    },
    {
      what: "does not exist",
      url: () => nowhere("no_such_database"),
      says: /没有名为 no_such_database 的数据库：请先建立（createdb no_such_database）/,
    },
  ])("$what ends every command that needs it with 1 and says what to do", async ({ url, says }) => {
    const env = { ...whole, DATABASE_URL: url().href };
    const commands = [["run"], ["poll", "--once"], ["backlog"], ["simulate", "--mail", "test/store"]];
    for (const jinbox of commands.map((args) => startJinbox(args, env))) {
      expect(await jinbox.ended).toBe(1);
      expect(jinbox.stderr()).toMatch(says);
      expect(jinbox.stderr()).not.toMatch(/a-secret|\n\s+at /);
    }
  });
});

describe("a mailbox that refuses the password", () => {
  const refused = () => ({ ...whole, JINBOX_IMAP_PASSWORD: "of last year" });

  test("ends `poll --once` with 1 and the hint about the authorisation code", async () => {
    const poll = startJinbox(["poll", "--once"], refused());
    expect(await poll.ended).toBe(1);
    expect(poll.stderr()).toContain("授权码");
    expect(poll.stderr()).toContain("authorisation code");
    expect(poll.stderr()).not.toContain("of last year");
  });

  test("leaves `run` running, paused, with the hint in its log; the office's page says so too", async () => {
    const run = startJinbox(["run"], refused());
    await run.logs("授权码");
    const line = run
      .stderr()
      .split("\n")
      .find((one) => one.includes("授权码"));
    expect(JSON.parse(line ?? "")).toMatchObject({ kind: "authentication", failures: 1 });
    expect(JSON.parse(line ?? "").pauseMs).toBeGreaterThanOrEqual(30_000);
    const url = /"url":"([^"]+)"/.exec(run.stderr())?.[1] ?? "";
    expect((await fetch(url)).status).toBe(200);
    run.signal("SIGTERM");
    expect(await run.ended).toBe(0);
  });
});

test("while the mail server for sending is away mails are filed and answers wait; each leaves once when it is back", async () => {
  await dovecot.deliver("ideas", await staff(1), await staff(2), await staff(3));
  const away = startJinbox(["poll", "--once", "--json"], whole);
  expect(await away.ended).toBe(0);
  expect(JSON.parse(away.stdout())).toMatchObject({ recorded: 3, handled: 3, sent: 0 });
  const answers = "select state from notice where kind = 'acknowledgement' order by id";
  expect(await rows("select distinct state from message")).toEqual([{ state: "filed" }]);
  expect(await rows(answers)).toEqual([{ state: "intended" }, { state: "intended" }, { state: "intended" }]);
  expect(
    await rows("select distinct response ~ 'ECONNREFUSED' as said from notice where response is not null"),
  ).toEqual([{ said: true }]);

  sink = await startSmtp({ port: smtpPort });
  // As if the minute after the first attempt had passed.
  await rows("update notice set not_before = now() where state = 'intended'");
  const run = startJinbox(["run"], whole);
  await until("all answers out", async () =>
    (await rows(`${answers}`)).every(({ state }) => state === "accepted"),
  );
  run.signal("SIGTERM");
  expect(await run.ended).toBe(0);
  const again = startJinbox(["poll", "--once", "--json"], whole);
  expect(await again.ended).toBe(0);
  expect(JSON.parse(again.stdout())).toMatchObject({ recorded: 0, sent: 0 });
  const answered = sink.mails.filter(({ to }) => to[0]?.startsWith("staff")).flatMap(({ to }) => to);
  expect(answered.sort()).toEqual([1, 2, 3].map((at) => `staff${at}@lib.culture.example`));
});

test("a mail of 40 MB is filed and answered within bounded memory", async () => {
  sink ??= await startSmtp({ port: smtpPort });
  const folder = join(office.folder, "large");
  await mkdir(folder);
  const film = Buffer.alloc(29_500_000, randomBytes(65_521));
  film.write("\0\0\0\x18ftypmp42", "latin1");
  const large = await mail({
    from: "大件 <large@lib.culture.example>",
    subject: "金点子：夜间阅览",
    text: "我是市图书馆职工。建议夜间开放一楼阅览室，照片见附件。",
    attachments: [{ filename: "现场照片.mp4", content: film }],
  });
  expect(large.length).toBeGreaterThan(40_000_000);
  await writeFile(join(folder, "large.eml"), large);
  const poll = startJinbox(["poll", "--once", "--mail", folder], whole);
  expect(await poll.ended).toBe(0);
  expect(
    await rows("select state, reason, bytes from message where from_address = 'large@lib.culture.example'"),
  ).toEqual([{ state: "filed", reason: null, bytes: large.length }]);
  expect(sink.mails.filter(({ to }) => to.includes("large@lib.culture.example"))).toHaveLength(1);
  expect(poll.peakBytes()).toBeGreaterThan(50 * 1024 ** 2);
  expect(poll.peakBytes()).toBeLessThan(450 * 1024 ** 2);
});
