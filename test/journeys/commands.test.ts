// The commands as people type them: help in both languages, exit codes, the demo and the simulation from end to end.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { endAllProcesses, type Jinbox, startJinbox, startProcess } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { scanOf } from "../support/scan.ts";
import { until } from "../support/until.ts";

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-commands-"));
  database = await testDatabase();
});

afterAll(async () => {
  await endAllProcesses();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Started with what a fresh checkout has: no variables but these. */
const jinbox = (args: string[], env: Record<string, string> = {}): Jinbox =>
  startJinbox(args, { JINBOX_DATA: join(folder, "data"), ...env });

const lines = (text: string): string[] => text.trimEnd().split("\n");

describe("help", () => {
  test("lists every command, and each says in Chinese and English what it does", async () => {
    const overview = jinbox(["--help"]);
    expect(await overview.ended).toBe(0);
    const names = [...overview.stdout().matchAll(/^ {2}([a-z]+) {2,}\p{Script=Han}/gmu)].map(
      (found) => found[1] ?? "",
    );
    expect(names).toEqual(
      expect.arrayContaining(["demo", "run", "poll", "explain", "simulate", "doctor", "migrate"]),
    );
    const helps = names.map((name) => ({ name, help: jinbox([name, "--help"]) }));
    for (const { name, help } of helps) {
      expect(await help.ended, name).toBe(0);
      const [usage, chinese, english] = lines(help.stdout());
      expect(usage).toMatch(new RegExp(`^jinbox ${name}\\b`));
      expect(chinese).toMatch(/\p{Script=Han}/u);
      expect(english).toMatch(/^ +[a-zA-Z]/);
      expect(help.stderr()).toBe("");
    }
  });

  test("is what somebody who types nothing sees, with 2: nothing was done", async () => {
    const nothing = jinbox([]);
    expect(await nothing.ended).toBe(2);
    expect(nothing.stdout()).toContain("jinbox COMMAND --help");
  });

  test.concurrent.each([
    { args: ["pol"], says: '"pol" is not a command / 没有这个命令' },
    { args: ["poll"], says: "请写 jinbox poll --once" },
    { args: ["poll", "--twice"], says: "--twice" },
    { args: ["run", "--roles", "intake,boss"], says: "boss" },
    { args: ["simulate"], says: "必须给出 --mail" },
    { args: ["simulate", "--mail", ".", "--from", "12.11.2012"], says: "请写成 2012-12-15 这样的日期" },
    { args: ["demo", "--port", "many"], says: "请写 0 到 65535 之间的端口号" },
    { args: ["backlog", "--answer", "--dismiss"], says: "二者只能选一" },
  ])("a wrong command line ends with 2 and says what to write: $args", async ({ args, says }) => {
    const wrong = jinbox(args);
    expect(await wrong.ended).toBe(2);
    expect(wrong.stderr()).toContain(says);
    expect(wrong.stdout()).toBe("");
  });
});

describe("from a checkout", () => {
  /** What the machine itself has, without the one npm installed here. */
  const PATH = (process.env.PATH ?? "")
    .split(":")
    .filter((one) => !one.includes("node_modules"))
    .join(":");

  test("`npx jinbox --help` works", async () => {
    const npx = startProcess("npx", ["jinbox", "--help"], { PATH });
    expect(await npx.ended).toBe(0);
    expect(npx.stdout()).toContain("jinbox COMMAND --help");
  });

  test("an older Node on the PATH is enough to start it, and hands on exit codes and signals", async () => {
    const help = startProcess("node", ["src/jinbox.js", "--help"], { PATH });
    expect(await help.ended).toBe(0);
    expect(help.stdout()).toContain("jinbox COMMAND --help");
    const wrong = startProcess("node", ["src/jinbox.js", "pol"], { PATH });
    expect(await wrong.ended).toBe(2);
    const run = startProcess("node", ["src/jinbox.js", "run", "--roles", "scheduler"], {
      PATH,
      DATABASE_URL: database.url,
    });
    await run.logs('"msg":"ready"');
    run.signal("SIGTERM");
    expect(await run.ended).toBe(0);
    expect(run.stderr()).toContain('"msg":"stopping"');
  });
});

describe.concurrent("the demo", () => {
  test("`--once --json` ends with a summary that balances", async () => {
    const demo = jinbox(["demo", "--once", "--json", "--out", join(folder, "once")], {
      JINBOX_DATA: join(folder, "once-data"),
    });
    expect(await demo.ended).toBe(0);
    const total = JSON.parse(lines(demo.stdout()).at(-1) ?? "");
    const fixtures = (await readdir("fixtures/mailbox")).filter((name) => name.endsWith(".eml"));
    expect(total.messages).toBe(fixtures.length);
    expect(total.filed + total.held + total.automatic + total.ignored).toBe(total.messages);
    expect(total.submissions).toBeGreaterThan(total.filed / 2);
    const written = await readdir(join(folder, "once"));
    const notices = Object.values(total.notices as Record<string, number>).reduce((sum, one) => sum + one, 0);
    expect(written.filter((name) => name.endsWith(".eml"))).toHaveLength(notices);
    expect(await postgresProcesses("once-data")).toEqual([]);
  });

  test("takes one more mail over its own port and shows it on its page, also while a scan that came before is recognised; Ctrl+C ends it", {
    timeout: 180_000,
  }, async () => {
    const args = ["demo", "--port", "0", "--smtp-port", "0", "--out", join(folder, "open")];
    const demo = jinbox(args, { JINBOX_DATA: join(folder, "open-data") });
    await until("the demo to open", () => /127\.0\.0\.1:\d+ →/.test(demo.stdout()), 60_000);
    const page = /page:\s+(\S+)/.exec(demo.stdout())?.[1] ?? "";
    const port = Number(/127\.0\.0\.1:(\d+) →/.exec(demo.stdout())?.[1]);
    const raw = await mail({
      from: "好奇 <curious@lib.culture.example>",
      subject: "金点子：给演示写一封信",
      text: "我是市图书馆职工。建议在一楼大厅增设自助借还点，方便下班的读者。",
    });
    const pages = Object.fromEntries(
      await Promise.all(
        Array.from({ length: 12 }, async (_, at) => [
          `${at}.png`,
          await scanOf(`Sheet ${at}`, "of a report"),
        ]),
      ),
    );
    const scans = await mail({
      from: "总结 <report@lib.culture.example>",
      subject: "扫描的总结",
      attachments: [{ filename: "pages.zip", content: Buffer.from(zipSync(pages)) }],
    });
    const client = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
    await client.sendMail({
      envelope: { from: "report@lib.culture.example", to: "ideas@culture.example" },
      raw: scans,
    });
    await until("the scan to wait", async () =>
      (await (await fetch(page)).text()).includes("正在识别扫描件"),
    );
    await client.sendMail({
      envelope: { from: "curious@lib.culture.example", to: "ideas@culture.example" },
      raw,
    });
    client.close();
    await until("the mail on the page", async () =>
      (await (await fetch(new URL("/mails", page))).text()).includes("给演示写一封信"),
    );
    await until("its answer", async () => {
      const names = await readdir(join(folder, "open"));
      return names.some((name) => name.includes("acknowledgement-curious@lib.culture.example"));
    });
    expect(await (await fetch(page)).text()).toContain("正在识别扫描件");
    demo.signal("SIGINT");
    expect(await demo.ended).toBe(0);
    expect(await postgresProcesses("open-data")).toEqual([]);
  });

  test("broken off while it plays, it leaves no database running and complains of nothing", async () => {
    const demo = jinbox(["demo", "--once", "--out", join(folder, "broken")], {
      JINBOX_DATA: join(folder, "broken-data"),
    });
    await until("the first days", () => demo.stdout().includes("2012-11-16"), 60_000);
    demo.signal("SIGINT");
    expect(await demo.ended).not.toBe(0);
    expect(demo.stderr()).not.toContain("jinbox demo:");
    expect(await postgresProcesses("broken-data")).toEqual([]);
  });
});

test("`simulate` says the same twice: every notice at its time, nothing sent", async () => {
  const args = [
    "simulate",
    "--mail",
    "fixtures/mailbox",
    "--from",
    "2012-11-26",
    "--to",
    "2012-12-10",
    "--json",
  ];
  const env = { DATABASE_URL: database.url };
  const [one, other] = [jinbox(args, env), jinbox(args, env)];
  expect(await one.ended).toBe(0);
  expect(await other.ended).toBe(0);
  expect(lines(other.stdout())).toEqual(lines(one.stdout()));
  const notices = lines(one.stdout()).map((line) => JSON.parse(line));
  expect(notices.length).toBeGreaterThan(50);
  for (const notice of notices) {
    expect(notice).toEqual({
      at: expect.stringMatching(/^2012-1[12]-\d\dT\d\d:\d\d:\d\d.*\+08:00$/),
      kind: expect.any(String),
      unit: notice.unit === null ? null : expect.any(String),
      to: expect.stringContaining("@"),
      cc: expect.any(Array),
      subject: expect.any(String),
      text: expect.any(String),
      state: expect.stringMatching(/^(accepted|bounced)$/),
    });
  }
  expect(notices.map(({ at }) => at)).toEqual(notices.map(({ at }) => at).toSorted());
  // Nothing of it stays: a database for one run is named after its process.
  const { rows } = await database.pool.query("select datname from pg_database");
  const names = rows.map(({ datname }) => datname as string);
  expect(names.filter((name) => [one, other].some(({ pid }) => name.startsWith(`scratch_${pid}_`)))).toEqual(
    [],
  );
});

/** Process ids of database servers whose files are below this folder, from the system's own list. */
async function postgresProcesses(below: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir("/proc")).filter((one) => /^\d+$/.test(one))) {
    const command = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
    if (command.includes("postgres") && command.includes(join(folder, below))) found.push(Number(name));
  }
  return found;
}
