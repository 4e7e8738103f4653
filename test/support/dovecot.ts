// A real Dovecot on loopback: IMAP and LMTP on free ports, its own folders, gone when stopped. Also used by bench/.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

export interface Dovecot {
  host: string;
  imapPort: number;
  lmtpPort: number;
  /** The same for every user. */
  password: string;
  /** Delivers over one LMTP connection kept open, in order. */
  deliver(user: string, ...mails: Buffer[]): Promise<void>;
  /** Puts a mail straight into the Maildir with this arrival time (INTERNALDATE); `folder` as it is called there: ".Gone-out". */
  append(user: string, raw: Buffer, arrivedAt: Date, folder?: string): Promise<void>;
  /** New UIDVALIDITY and uids counted from 1 again, as after a restored or migrated server. */
  rotateUidValidity(user: string): Promise<void>;
  /** Flags by file name, as the server has them: one string ("", "S", "FS") a mail. */
  flags(user: string): Promise<string[]>;
  stop(): Promise<void>;
}

const PASSWORD = "loopback-only";

/** `quotaMegabytes`: what each account may hold; absent: no limit, and none is told. */
export async function startDovecot(options: { users: string[]; quotaMegabytes?: number }): Promise<Dovecot> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-dovecot-"));
  const [imapPort, lmtpPort] = [await freePort(), await freePort()];
  const root = process.getuid?.() === 0;
  // As root the server insists on unprivileged accounts for mail; otherwise everything runs as ourselves.
  const owner = root ? { uid: 65534, gid: 65534 } : { uid: userInfo().uid, gid: userInfo().gid };
  await chmod(folder, 0o755);
  for (const user of options.users) await mkdir(join(folder, "mail", user), { recursive: true });
  if (root) {
    for (const path of ["mail", ...options.users.map((user) => `mail/${user}`)]) {
      await chown(join(folder, path), owner.uid, owner.gid);
    }
  }
  const users = options.users.map(
    (user) => `${user}:{PLAIN}${PASSWORD}:${owner.uid}:${owner.gid}::${folder}/mail/${user}`,
  );
  await writeFile(join(folder, "users"), `${users.join("\n")}\n`);
  await writeFile(
    join(folder, "dovecot.conf"),
    `${configuration(folder, imapPort, lmtpPort, root)}${quota(options.quotaMegabytes)}`,
  );
  const server = spawn("/usr/sbin/dovecot", ["-F", "-c", join(folder, "dovecot.conf")], { stdio: "ignore" });
  const last = (): void => {
    server.kill("SIGTERM");
  };
  process.once("exit", last);
  await answering(imapPort, server, folder);
  await answering(lmtpPort, server, folder);

  const inbox = (user: string): string => join(folder, "mail", user, "Maildir");
  let lmtp: Lmtp | null = null;
  let appended = 0;
  return {
    host: "127.0.0.1",
    imapPort,
    lmtpPort,
    password: PASSWORD,
    deliver: async (user, ...mails) => {
      lmtp ??= await openLmtp(lmtpPort);
      for (const raw of mails) await lmtp.deliver(user, raw);
    },
    append: async (user, raw, arrivedAt, folder = "") => {
      const home = join(inbox(user), folder);
      for (const part of ["cur", "new", "tmp"]) await mkdir(join(home, part), { recursive: true });
      appended += 1;
      const file = join(home, "new", `${arrivedAt.getTime()}.${process.pid}_${appended}.loopback`);
      await writeFile(file, raw);
      await utimes(file, arrivedAt, arrivedAt);
      if (root) {
        for (const path of ["", "cur", "new", "tmp"]) await chown(join(home, path), owner.uid, owner.gid);
        await chown(file, owner.uid, owner.gid);
      }
    },
    rotateUidValidity: async (user) => {
      const list = await readFile(join(inbox(user), "dovecot-uidlist"), "utf8");
      const validity = Number(/ V(\d+)/.exec(list)?.[1]) + 1;
      for (const name of await readdir(inbox(user))) {
        if (name.startsWith("dovecot")) await rm(join(inbox(user), name), { force: true });
      }
      await writeFile(
        join(inbox(user), "dovecot-uidlist"),
        `3 V${validity} N1 G${String(validity).padStart(32, "0")}\n`,
      );
      if (root) await chown(join(inbox(user), "dovecot-uidlist"), owner.uid, owner.gid);
    },
    flags: async (user) => {
      const files = (
        await Promise.all(["cur", "new"].map((part) => readdir(join(inbox(user), part))))
      ).flat();
      return files.map((file) => file.split(":2,")[1] ?? "");
    },
    stop: async () => {
      process.off("exit", last);
      lmtp?.close();
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function configuration(folder: string, imapPort: number, lmtpPort: number, root: boolean): string {
  const account = root ? "" : userInfo().username;
  const group = root ? "" : execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();
  const own = root
    ? ""
    : `default_internal_user = ${account}
default_internal_group = ${group}
default_login_user = ${account}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
`;
  return `protocols = imap lmtp
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_fsync = never
first_valid_uid = 1
namespace inbox {
  inbox = yes
  mailbox Gone-out {
    special_use = \\Sent
  }
}
mail_max_userip_connections = 100
lmtp_save_to_detail_mailbox = no
${own}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
# No growing delay after wrong passwords: tests give them on purpose.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;
}

function quota(megabytes: number | undefined): string {
  if (megabytes === undefined) return "";
  return `mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:account
  quota_rule = *:storage=${megabytes}M
}
`;
}

interface Lmtp {
  deliver(user: string, raw: Buffer): Promise<void>;
  close(): void;
}

/** Just enough of RFC 2033: one recipient a mail, every command of a mail sent at once (PIPELINING). */
async function openLmtp(port: number): Promise<Lmtp> {
  const socket: Socket = createConnection({ host: "127.0.0.1", port });
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (expected: string): Promise<void> => {
    for (;;) {
      const line = (await lines.next()).value as string | undefined;
      if (line === undefined || !line.startsWith(expected))
        throw new Error(`LMTP: ${line ?? "connection ended"}`);
      if (line[3] !== "-") return;
    }
  };
  await reply("220");
  socket.write("LHLO loopback.example\r\n");
  await reply("250");
  return {
    deliver: async (user, raw) => {
      socket.write(`MAIL FROM:<sender@loopback.example>\r\nRCPT TO:<${user}>\r\nDATA\r\n`);
      for (const expected of ["250", "250", "354"]) await reply(expected);
      const text = raw.toString("latin1").replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..");
      socket.write(Buffer.from(`${text}${text.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1"));
      await reply("250");
    },
    close: () => socket.destroy(),
  };
}

async function answering(port: number, server: ChildProcess, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((done) => {
      const socket = createConnection({ host: "127.0.0.1", port }, () => socket.destroy(undefined));
      socket.once("close", (failed) => done(!failed));
      socket.once("error", () => undefined);
    });
    if (open) return;
    if (server.exitCode !== null) break;
    await delay(50);
  }
  const log = await readFile(join(folder, "dovecot.log"), "utf8").catch(() => "");
  throw new Error(`Dovecot did not start\n${log}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
