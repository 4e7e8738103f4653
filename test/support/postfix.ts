// A real Postfix on loopback whose every recipient is delivered over LMTP into our Dovecot; nothing leaves the machine.
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Postfix {
  port: number;
  stop(): Promise<void>;
}

/** Needs root, as Postfix does: its master switches between accounts. */
export async function startPostfix(lmtpPort: number): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-postfix-"));
  await chmod(folder, 0o755);
  for (const part of ["etc", "queue", "data"]) await mkdir(join(folder, part));
  await run("chown", ["postfix", join(folder, "data")]);
  const port = await freePort();
  const etc = join(folder, "etc");
  await writeFile(join(etc, "main.cf"), settings(folder, lmtpPort));
  await writeFile(join(etc, "master.cf"), services(port));
  await run("/usr/sbin/postfix", ["-c", etc, "start"]);
  await answering(port);
  return {
    port,
    stop: async () => {
      await run("/usr/sbin/postfix", ["-c", etc, "stop"]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function settings(folder: string, lmtpPort: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/data/mail.log
myhostname = relay.culture.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = lmtp:inet:127.0.0.1:${lmtpPort}
relay_transport = lmtp:inet:127.0.0.1:${lmtpPort}
lmtp_host_lookup = native
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
local_recipient_maps =
`;
}

function services(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const ok = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("data", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (ok) return;
    await delay(100);
  }
  throw new Error(`Postfix does not answer on port ${port}`);
}
