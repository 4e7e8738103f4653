// What doctor says about servers that refuse, misbehave or are fine: on real sockets, all on loopback.
import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ImapFlow } from "imapflow";
import pg from "pg";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { readEnvironment } from "../../src/campaign/environment.ts";
import { loadCampaign } from "../../src/campaign/load.ts";
import { virtualClock } from "../../src/clock.ts";
import { codeWhere, diagnose } from "../../src/commands/doctor/connection.ts";
import { checkDatabase } from "../../src/commands/doctor/database.ts";
import { type Finding, type Outcome, withinLimit } from "../../src/commands/doctor/finding.ts";
import { checkImap } from "../../src/commands/doctor/imap.ts";
import { checkClock, checkDisk } from "../../src/commands/doctor/machine.ts";
import { checkSettings, checkTemplates } from "../../src/commands/doctor/settings.ts";
import { checkSender, checkSmtp } from "../../src/commands/doctor/smtp.ts";
import { silentLogger } from "../../src/log.ts";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { startEmbedded } from "../../src/store/embedded.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Dovecot, freePort, startDovecot } from "../support/dovecot.ts";

const root = resolve(import.meta.dirname, "../..");
const sample = loadCampaign(join(root, "config/campaign.yaml"));

let dovecot: Dovecot;
let database: TestDatabase;
let folder: string;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  [dovecot, database, folder] = await Promise.all([
    startDovecot({ users: ["ideas", "sends", "full", "fuller"], quotaMegabytes: 10 }),
    testDatabase(),
    mkdtemp(join(tmpdir(), "jinbox-doctor-")),
  ]);
});

afterAll(async () => {
  for (const server of open) server.close();
  await dovecot?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

function withImap(imap: Partial<NonNullable<Campaign["mailbox"]["imap"]>>): Campaign {
  const server = {
    host: "127.0.0.1",
    port: dovecot.imapPort,
    secure: false,
    user: "ideas",
    folder: "INBOX",
    ...imap,
  };
  return { ...sample.campaign, mailbox: { ...sample.campaign.mailbox, imap: server } };
}

function withSmtp(smtp: Partial<NonNullable<Campaign["smtp"]>>): Campaign {
  const server = {
    host: "127.0.0.1",
    port: 0,
    secure: false,
    user: "ideas",
    perHour: 1,
    connections: 1,
    ...smtp,
  };
  return { ...sample.campaign, smtp: server };
}

/** A server of any kind that lives until the end of the tests. */
function listening(server: SMTPServer | ReturnType<typeof createServer>): Promise<number> {
  open.push(server);
  return new Promise((done) => {
    const listener = server.listen(0, "127.0.0.1", () => {
      const address = (listener as ReturnType<typeof createServer>).address();
      done(typeof address === "object" && address ? address.port : 0);
    });
  });
}

function smtpServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ logger: false, authOptional: true, allowInsecureAuth: true, ...options });
  server.on("error", () => {});
  return listening(server);
}

const only = ({ findings }: Outcome): Finding => {
  expect(findings).toHaveLength(1);
  return findings[0] as Finding;
};

test("a mailbox that can be read is told with its counts, and nothing in it changes", async () => {
  await dovecot.append(
    "ideas",
    Buffer.from("Subject: one\r\n\r\nbody\r\n"),
    new Date("2012-11-22T09:00:00+08:00"),
  );
  const before = await dovecot.flags("ideas");
  const { findings, times } = await checkImap(withImap({}), dovecot.password);
  expect(findings.map(({ check, health }) => [check, health])).toEqual([
    ["imap", "ok"],
    ["imap-features", "ok"],
    ["imap-room", "ok"],
    ["sent", "warning"],
  ]);
  expect(findings[0]?.saw.zh).toContain("INBOX 有 1 封，未读 1 封");
  expect(findings[1]?.saw.en).toContain("IDLE");
  expect(times.map(({ at }) => at.toISOString())).toEqual(["2012-11-22T01:00:00.000Z"]);
  expect(await dovecot.flags("ideas")).toEqual(before);
});

test("whether the provider keeps what we send is told from what is there", async () => {
  const asked = async (sent?: string) => {
    const campaign = withImap({ user: "sends" });
    const mailbox = { ...campaign.mailbox, ...(sent && { sent }) };
    const { findings } = await checkImap({ ...campaign, mailbox }, dovecot.password);
    return findings.find(({ check }) => check === "sent");
  };
  expect(await asked()).toMatchObject({
    health: "warning",
    advice: { zh: expect.stringContaining("copyToSelf") },
  });
  const client = new ImapFlow({
    ...{ host: "127.0.0.1", port: dovecot.imapPort, secure: false, logger: false },
    auth: { user: "sends", pass: dovecot.password },
  });
  await client.connect();
  await client.mailboxCreate("已发送");
  await client.append("已发送", "Subject: a person's\r\nMessage-ID: <1@culture.example>\r\n\r\nbody\r\n");
  expect(await asked()).toMatchObject({
    health: "warning",
    saw: { zh: expect.stringMatching(/“已发送”里还没有.*1 封/) },
  });
  const ours = noticeMessageId(sample.campaign, "answer/1");
  await client.append("已发送", `Message-ID: ${ours}\r\n\r\nbody\r\n`);
  await client.logout();
  expect(await asked()).toMatchObject({ health: "ok" });
  expect(await asked("Elsewhere")).toMatchObject({
    health: "warning",
    saw: { zh: expect.stringContaining("Elsewhere") },
  });
  expect(await asked("off")).toMatchObject({ health: "ok", saw: { en: expect.stringContaining("off") } });
});

test.each([
  ["full", 9, "warning"],
  ["fuller", 9.9, "fault"],
])("an account that is %s (%d of 10 MB) is a %s", async (user, megabytes, health) => {
  await dovecot.append(user, Buffer.alloc(megabytes * 1024 ** 2, "x"), new Date("2012-11-22T09:00:00+08:00"));
  const { findings } = await checkImap(withImap({ user }), dovecot.password);
  expect(findings.find(({ check }) => check === "imap-room")).toMatchObject({
    health,
    advice: { zh: expect.stringContaining("退给发件人") },
  });
});

test("a refused login speaks of the authorisation code, not of passwords alone", async () => {
  const finding = only(await checkImap(withImap({}), "wrong"));
  expect(finding.health).toBe("fault");
  expect(finding.saw.zh).toContain("拒绝 ideas 登录");
  expect(finding.advice?.zh).toContain("授权码");
  expect(finding.advice?.en).toContain("JINBOX_IMAP_PASSWORD");
});

test("a missing folder lists those that exist", async () => {
  const [finding] = (await checkImap(withImap({ folder: "征集" }), dovecot.password)).findings;
  expect(finding).toMatchObject({ check: "imap", health: "fault" });
  expect(finding?.saw.zh).toContain("“征集”");
  expect(finding?.advice?.zh).toContain("INBOX");
});

test("without a password the variable to set is named", async () => {
  expect(only(await checkImap(withImap({}), null)).advice?.zh).toContain("JINBOX_IMAP_PASSWORD_FILE");
  expect(only(await checkSmtp(withSmtp({}), null)).advice?.zh).toContain("JINBOX_SMTP_PASSWORD_FILE");
});

test("a campaign without servers only gets a warning", async () => {
  const bare = { ...sample.campaign, mailbox: { ...sample.campaign.mailbox, imap: null }, smtp: null };
  expect(only(await checkImap(bare, null)).health).toBe("warning");
  expect(only(await checkSmtp(bare, null)).health).toBe("warning");
});

test("a closed port, a name that does not exist and a plain port taken for TLS are told apart", async () => {
  const port = await freePort();
  const host = "nowhere.invalid";
  const plainPort = await smtpServer({});
  const cases: [Outcome, saw: string, advice: string][] = [
    [await checkImap(withImap({ port }), "x"), "refuses connections", "mailbox.imap.port"],
    [await checkSmtp(withSmtp({ port }), "x"), "refuses connections", "smtp.port"],
    [await checkImap(withImap({ host }), "x"), "no server by the name nowhere.invalid", "mailbox.imap.host"],
    [
      await checkSmtp(withSmtp({ host, port: 465 }), "x"),
      "no server by the name nowhere.invalid",
      "smtp.host",
    ],
    [await checkImap(withImap({ secure: true }), "x"), "another encryption", "mailbox.imap.secure: false"],
    [
      await checkSmtp(withSmtp({ secure: true, port: plainPort }), "x"),
      "another encryption",
      "smtp.secure: false",
    ],
  ];
  for (const [outcome, saw, advice] of cases) {
    const finding = only(outcome);
    expect(finding.saw.en).toContain(saw);
    expect(finding.advice?.zh).toContain(advice);
  }
});

test("NetEase's “Unsafe Login” is recognised behind its own words", async () => {
  const port = await listening(createServer(unsafeLoginServer));
  const finding = only(await checkImap(withImap({ port }), "x"));
  expect(finding.saw.zh).toContain("网易");
  expect(finding.advice?.zh).toContain("授权码");
});

/** As much of imap.163.com as the complaint needs. */
function unsafeLoginServer(socket: Socket): void {
  socket.on("error", () => {});
  socket.write("* OK [CAPABILITY IMAP4rev1 ID] ready\r\n");
  socket.on("data", (chunk) => {
    for (const line of chunk.toString().split("\r\n").filter(Boolean)) {
      const [tag, verb] = line.split(" ");
      if (verb === "CAPABILITY") socket.write("* CAPABILITY IMAP4rev1 ID\r\n");
      if (verb === "LIST") socket.write('* LIST () "/" "INBOX"\r\n');
      const refused = verb === "SELECT" || verb === "EXAMINE";
      socket.write(
        refused ? `${tag} NO ${verb} Unsafe Login. Please contact support\r\n` : `${tag} OK done\r\n`,
      );
    }
  });
}

test.each<[string, string | undefined, string[], "ok" | "warning", string]>([
  ["an own relay takes the null sender", undefined, ["", "ideas@culture.example"], "ok", "收空发件人"],
  ["a provider refuses it", undefined, ["ideas@culture.example"], "ok", "不收空发件人"],
  ["what is configured is taken", "null", [""], "ok", "空发件人"],
  ["what is configured is refused", "null", ["ideas@culture.example"], "warning", "553"],
  ["an address of our own is refused", "bounces@culture.example", [""], "warning", "bounces@culture.example"],
])("SMTP that lets us in is fine, %s, and no mail is sent", async (_what, mailFrom, taken, health, words) => {
  let mails = 0;
  const port = await smtpServer({
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    onMailFrom: ({ address }, _session, done) => {
      if (taken.includes(address)) done();
      else done(Object.assign(new Error("Mail from must equal authorized user"), { responseCode: 553 }));
    },
    onData: (stream, _session, done) => {
      stream.resume().on("end", () => {
        mails += 1;
        done();
      });
    },
  });
  const campaign = withSmtp({ port, ...(mailFrom && { mailFrom }) });
  const [login, sender] = (await checkSmtp(campaign, "right")).findings;
  expect(login).toMatchObject({ check: "smtp", health: "ok", advice: null });
  expect(login?.saw.zh).toContain("未发信");
  expect(sender).toMatchObject({
    check: "smtp-mail-from",
    health,
    saw: { zh: expect.stringContaining(words) },
  });
  expect(mails).toBe(0);
});

test("SMTP that refuses the login repeats the server's words and asks for the authorisation code", async () => {
  const port = await smtpServer({
    disabledCommands: ["STARTTLS"],
    onAuth: (_auth, _session, done) => done(new Error("Login Fail. Please enter your authorization code")),
  });
  const finding = only(await checkSmtp(withSmtp({ port }), "wrong"));
  expect(finding.saw.zh).toContain("Login Fail");
  expect(finding.advice?.zh).toContain("授权码");
});

test("a certificate nobody vouches for and one out of date each say what to do", async () => {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...request, "-keyout", key, "-out", cert, "-subj", "/CN=127.0.0.1"], {
    stdio: "ignore",
  });
  const own = await smtpServer({ secure: true, key: await readFile(key), cert: await readFile(cert) });
  const unknown = only(await checkSmtp(withSmtp({ port: own, secure: true }), "x"));
  expect(unknown.saw.zh).toContain("证书不可信");
  expect(unknown.advice?.zh).toContain("NODE_EXTRA_CA_CERTS");
  // smtp-server brings a certificate along that has long expired.
  const expired = only(
    await checkSmtp(withSmtp({ port: await smtpServer({ secure: true }), secure: true }), "x"),
  );
  expect(expired.saw.zh).toContain("证书不可信");
  expect(expired.advice?.zh).toContain("本机日期时间");
});

test.each(["CONNECT_TIMEOUT", "GREETING_TIMEOUT", "ETIMEDOUT"])(
  "%s is a server that does not answer",
  (code) => {
    const server = { host: "h", port: 25, secure: false, user: null };
    const about = { ...server, key: "smtp", secret: "JINBOX_SMTP_PASSWORD", protocol: "SMTP" } as const;
    const { saw, advice } = diagnose(Object.assign(new Error("too late"), { code }), about);
    expect(saw.en).toBe("h:25 does not answer");
    expect(advice.zh).toContain("smtp.secure: true");
  },
);

test.each([
  ["smtp.exmail.qq.com", "客户端专用密码"],
  ["imap.qq.com", "而不是 QQ 密码"],
  ["smtp.163.com", "网易邮箱网页"],
  ["mail.culture.example", "网页邮箱的设置"],
])("where %s keeps what programs log in with", (host, words) => {
  expect(codeWhere(host).zh).toContain(words);
});

test("a public provider that only sends as its own account is told before the first mail fails", async () => {
  const { campaign } = sample;
  const smtp = {
    host: "smtp.qq.com",
    port: 465,
    secure: true,
    user: "someone@qq.example",
    perHour: 1,
    connections: 1,
  };
  expect(checkSender({ ...campaign, smtp })[0]?.check).toBe("smtp-sender");
  expect(checkSender({ ...campaign, smtp: { ...smtp, user: campaign.mailbox.address } })).toEqual([]);
});

const environmentWith = (databaseUrl: string) =>
  readEnvironment({ DATABASE_URL: databaseUrl, JINBOX_DATA: folder });

test("a database that is ready: version, Chinese, tables, time", async () => {
  const { findings, times } = await checkDatabase(environmentWith(database.url));
  expect(findings.map(({ check, health }) => [check, health])).toEqual([
    ["database", "ok"],
    ["database-schema", "ok"],
  ]);
  expect(times).toHaveLength(1);
});

test("a database that does not exist, and a server that does not run, each say what to do; the password never shows", async () => {
  const missing = new URL(database.url);
  missing.pathname = "/no_such_database";
  missing.password = "hunter2";
  const first = only(await checkDatabase(environmentWith(missing.href)));
  expect(first.advice?.en).toContain("CREATE DATABASE no_such_database");
  const port = await freePort();
  const second = only(
    await checkDatabase(environmentWith(`postgres://jinbox:hunter2@127.0.0.1:${port}/jinbox`)),
  );
  expect(second.saw.en).toContain("refuses connections");
  expect(JSON.stringify([first, second])).not.toContain("hunter2");
});

test("a database that cannot hold Chinese, or cannot see it, is a fault", async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  const name = `ascii_${process.pid}`;
  await client.query(
    `create database ${name} encoding 'SQL_ASCII' locale 'C' locale_provider libc template template0`,
  );
  try {
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const { findings } = await checkDatabase(environmentWith(url.href));
    expect(findings.map(({ check, health }) => [check, health])).toEqual([
      ["database", "ok"],
      ["database-encoding", "fault"],
      ["database-schema", "warning"],
    ]);
  } finally {
    await client.query(`drop database ${name} with (force)`);
    await client.end();
  }
});

test("a database of our own that exists is started, looked at and stopped", async () => {
  const data = await mkdtemp(join(tmpdir(), "jinbox-doctor-own-"));
  try {
    await (await startEmbedded(data, silentLogger)).stop();
    const { findings, times } = await checkDatabase(readEnvironment({ JINBOX_DATA: data }));
    expect(findings.map(({ check, health }) => [check, health])).toEqual([
      ["database", "ok"],
      ["database", "ok"],
      ["database-schema", "warning"],
    ]);
    expect(times).toEqual([]);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

test("without DATABASE_URL the database of our own is announced, and none is made", async () => {
  const finding = only(await checkDatabase(readEnvironment({ JINBOX_DATA: folder })));
  expect(finding.health).toBe("ok");
  expect(finding.saw.en).toContain("will be made");
});

test("a data directory that cannot be is a fault", async () => {
  const file = join(folder, "a-file");
  await writeFile(file, "");
  expect((await checkDisk(join(file, "data")))[0]?.health).toBe("fault");
  expect((await checkDisk(join(folder, "not", "yet")))[0]?.health).not.toBe("fault");
});

test("a clock that disagrees is a fault; an old mail does not make it one", () => {
  const now = new Date("2012-12-01T00:00:00Z");
  const at = (iso: string, isPast: boolean) => [{ with: { zh: "它", en: "it" }, at: new Date(iso), isPast }];
  const health = (iso: string, isPast: boolean) =>
    checkClock(now, at(iso, isPast), "Asia/Shanghai")[0]?.health;
  expect(health("2012-12-01T00:01:00Z", false)).toBe("ok");
  expect(health("2012-12-01T00:05:00Z", false)).toBe("fault");
  expect(health("2012-11-30T23:55:00Z", false)).toBe("fault");
  expect(health("2012-11-01T00:00:00Z", true)).toBe("ok");
  expect(health("2012-12-01T00:05:00Z", true)).toBe("fault");
  expect(checkClock(now, [], "Asia/Shanghai")[0]?.health).toBe("warning");
});

test("templates that cannot be used are named with file and line, an empty folder is pointed out", async () => {
  const templates = join(folder, "templates");
  await mkdir(join(templates, "zh-CN"), { recursive: true });
  const own = { ...sample.campaign, templates };
  expect((await checkTemplates(own)).map(({ health }) => health)).toEqual(["ok", "warning"]);
  await writeFile(join(templates, "zh-CN", "reminder.subject.liquid"), "{{ unit }}\n");
  expect((await checkTemplates(own)).map(({ health }) => health)).toEqual(["ok"]);
  await writeFile(join(templates, "zh-CN", "overdue.text.liquid"), "\n{% if name %}\n");
  const [finding, ...others] = await checkTemplates(own);
  expect(others).toEqual([]);
  expect(finding?.health).toBe("fault");
  expect(finding?.saw.en).toContain("overdue.text.liquid:2: ");
});

test("the digest's templates are tried as well as the notices'", async () => {
  const templates = join(folder, "own-digest");
  await mkdir(join(templates, "zh-CN"), { recursive: true });
  await writeFile(join(templates, "zh-CN", "digest.text.liquid"), "{{ on }}\n\n{{ nothing_known }}\n");
  const found = await checkTemplates({ ...sample.campaign, templates });
  expect(found.map(({ health }) => health)).toEqual(["fault"]);
  expect(found[0]?.saw.en).toContain("digest.text.liquid:3: undefined variable: nothing_known");
});

test("a campaign that is over, an office without members and a unit without contacts are warnings", () => {
  const during = checkSettings(sample, "campaign.yaml", new Date("2012-12-01T00:00:00Z"));
  expect(during.map(({ check, health }) => [check, health])).toEqual([
    ["configuration", "ok"],
    ["calendar", "ok"],
  ]);
  const units = sample.campaign.units.map((unit) =>
    unit.code === "library" ? { ...unit, liaison: null, head: null, supervisor: null } : unit,
  );
  const campaign = { ...sample.campaign, units, office: { ...sample.campaign.office, members: [] } };
  const after = checkSettings(
    { campaign, warnings: [], announcementFile: null },
    "campaign.yaml",
    new Date("2013-02-01T00:00:00Z"),
  );
  expect(after.map(({ check }) => check)).toEqual([
    ...["configuration", "dates", "calendar", "recipients", "recipients"],
  ]);
  expect(after[4]?.saw.zh).toContain("市图书馆");
});

test("a check that never ends is ended and told", async () => {
  const clock = virtualClock(new Date(0));
  const finding = only(await withinLimit("imap", clock, () => new Promise(() => {})));
  expect(finding).toMatchObject({ check: "imap", health: "fault" });
  expect(finding.saw.en).toContain("10 seconds");
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, with nothing in the environment but what is given. */
function doctor(args: string[], env: Record<string, string>): Promise<Ran> {
  const options = { cwd: root, env: { PATH: process.env.PATH ?? "", ...env }, timeout: 30_000 };
  const argv = ["src/main.ts", "doctor", ...args];
  return new Promise((done) => {
    execFile(process.execPath, argv, options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test("the command ends with 1 for a fault and prints one object per check", async () => {
  const file = join(folder, "refused.yaml");
  const port = await freePort();
  await writeFile(file, smallCampaign(`imap: { host: 127.0.0.1, port: ${port}, secure: false }`));
  const env = { DATABASE_URL: database.url, JINBOX_DATA: folder, JINBOX_IMAP_PASSWORD: "hunter2" };
  const { code, stdout } = await doctor(["--config", file, "--json"], env);
  const findings = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Finding);
  expect(code).toBe(1);
  expect(findings.find(({ check }) => check === "imap")?.health).toBe("fault");
  expect(new Set(findings.map(({ check }) => check))).toEqual(
    new Set([
      "configuration",
      "calendar",
      "dates",
      "recipients",
      "recognition",
      "templates",
      "database",
      "database-schema",
      "disk",
      "imap",
      "smtp",
      "clock",
    ]),
  );
  expect(stdout).not.toContain("hunter2");
});

test("the command ends with 2 for a configuration that cannot be used, and still looks at the rest", async () => {
  const file = join(folder, "broken.yaml");
  await writeFile(file, smallCampaign("").replace("kind: office", "kind: 处室"));
  const { code, stdout, stderr } = await doctor(["--config", file], {
    DATABASE_URL: database.url,
    JINBOX_DATA: folder,
  });
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}:4  units[0].kind`);
  expect(stdout).toContain("✗ configuration");
  expect(stdout).toContain("✓ database");
});

function smallCampaign(imap: string): string {
  return `campaign: { code: X1, title: 讨论, opens: 2012-11-12, closes: 2012-12-20 }
mailbox: { address: ideas@culture.example, ${imap} }
units:
  - { code: general-office, name: 办公室, kind: office }
deliverables:
  - { code: summary-report, name: 总结, from: unit, due: 2012-12-25 }
`;
}
