// Where secrets and places come from.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readEnvironment } from "../../src/campaign/environment.ts";
import { ConfigurationError } from "../../src/campaign/load.ts";

function secretFile(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "jinbox-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "secret");
  writeFileSync(file, content);
  return file;
}

test("nothing set means: the sample campaign, a database of our own, no secrets", () => {
  expect(readEnvironment({})).toEqual({
    configFile: "config/campaign.yaml",
    databaseUrl: null,
    imapPassword: null,
    smtpPassword: null,
    dataDirectory: resolve("data"),
    logLevel: "info",
    consolePort: 8025,
    isPortGiven: false,
    consoleHost: "127.0.0.1",
    consoleUrl: null,
    debug: false,
    openSecrets: [],
    logPersonal: false,
  });
});

test("each variable is read", () => {
  expect(
    readEnvironment({
      JINBOX_CONFIG: "/etc/jinbox.yaml",
      DATABASE_URL: "postgres://u:p@h/d",
      JINBOX_IMAP_PASSWORD: "one",
      JINBOX_SMTP_PASSWORD: "two",
      JINBOX_DATA: "/var/lib/jinbox",
      JINBOX_LOG: "debug",
      JINBOX_PORT: "80",
      JINBOX_HOST: "0.0.0.0",
      JINBOX_URL: "https://jinbox.culture.example/",
      JINBOX_DEBUG: "1",
    }),
  ).toEqual({
    configFile: "/etc/jinbox.yaml",
    databaseUrl: "postgres://u:p@h/d",
    imapPassword: "one",
    smtpPassword: "two",
    dataDirectory: "/var/lib/jinbox",
    logLevel: "debug",
    consolePort: 80,
    isPortGiven: true,
    consoleHost: "0.0.0.0",
    consoleUrl: "https://jinbox.culture.example",
    debug: true,
    openSecrets: [],
    logPersonal: false,
  });
});

test("a secret may stand in a file; its last line break is not part of it", () => {
  const read = readEnvironment({
    DATABASE_URL_FILE: secretFile("postgres://h/d\n"),
    JINBOX_IMAP_PASSWORD_FILE: secretFile(" with spaces \r\n"),
    JINBOX_SMTP_PASSWORD_FILE: secretFile("plain"),
  });
  expect(read).toMatchObject({
    databaseUrl: "postgres://h/d",
    imapPassword: " with spaces ",
    smtpPassword: "plain",
  });
});

test.each([
  ["a secret's file that is missing", { JINBOX_IMAP_PASSWORD_FILE: "/nowhere/secret" }, "/nowhere/secret"],
  [
    "a secret set twice",
    { JINBOX_SMTP_PASSWORD: "a", JINBOX_SMTP_PASSWORD_FILE: "/b" },
    "JINBOX_SMTP_PASSWORD_FILE",
  ],
  ["an address that is not PostgreSQL's", { DATABASE_URL: "mysql://user:hunter2@host/db" }, "postgres://"],
  ["an unknown log level", { JINBOX_LOG: "loud" }, "debug, info, warn, error, silent"],
  ["a port that is none", { JINBOX_PORT: "http" }, "JINBOX_PORT=8025"],
])("%s is refused with the line to write, and no secret in it", (_case, env, words) => {
  const read = () => readEnvironment(env);
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(words);
  expect(read).not.toThrow(/hunter2/);
});

test("an empty variable counts as not set", () => {
  expect(readEnvironment({ DATABASE_URL: "", JINBOX_PORT: "", JINBOX_IMAP_PASSWORD: "" })).toMatchObject({
    databaseUrl: null,
    consolePort: 8025,
    isPortGiven: false,
    imapPassword: null,
  });
});
