// Servers that lie, lack or leave out: answered by a fake, because no honest one can be made to.
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { stopwatch, systemClock } from "../../src/clock.ts";
import { openImap } from "../../src/intake/imap.ts";
import type { LiveMailbox, Mailbox } from "../../src/intake/mailbox.ts";
import type { MailboxUnavailable } from "../../src/intake/unavailable.ts";
import { silentLogger } from "../../src/log.ts";

const open: Mailbox[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const mailbox of open.splice(0)) await mailbox.close();
  for (const server of servers.splice(0)) server.close();
});

type Answer = (
  command: { tag: string; words: string },
  say: (line: string) => void,
  socket: Socket,
) => boolean;

/** A poor but honest IMAP server holding two mails, except for what `answer` does itself. */
async function connect(answer: Answer): Promise<LiveMailbox> {
  const server = createServer((socket) => {
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    socket.on("error", () => undefined);
    say("* OK ready");
    let rest = "";
    socket.on("data", (data) => {
      const lines = (rest + data.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, tag = "", words = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
        if (!answer({ tag, words }, say, socket)) honest(tag, words, say);
      }
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const settings = {
    host: "127.0.0.1",
    port,
    secure: false,
    user: "ideas@culture.example",
    password: "x",
    folder: "INBOX",
  };
  const mailbox = await openImap({ ...settings, maxBytes: 60_000_000 }, systemClock, silentLogger);
  open.push(mailbox);
  return mailbox;
}

function honest(tag: string, words: string, say: (line: string) => void): void {
  if (words.startsWith("CAPABILITY")) say("* CAPABILITY IMAP4rev1");
  if (words.startsWith("LIST")) say('* LIST () "/" INBOX');
  if (/^(SELECT|EXAMINE)/.test(words))
    for (const line of ["* 2 EXISTS", "* OK [UIDVALIDITY 7] ok"]) say(line);
  if (/^UID FETCH .*RFC822.SIZE/.test(words) && !words.includes("BODY")) {
    for (const uid of [11, 12]) {
      say(`* ${uid - 10} FETCH (UID ${uid} RFC822.SIZE 9 INTERNALDATE "21-Nov-2012 09:00:00 +0800")`);
    }
  }
  say(`${tag} OK done`);
}

async function fetched(mailbox: Mailbox, uids: number[]): Promise<number[]> {
  const found: number[] = [];
  for await (const mail of mailbox.fetch(uids)) found.push(mail.uid);
  return found;
}

test("an answer without the mail's bytes leaves that mail out, and only that one", async () => {
  const mailbox = await connect(({ tag, words }, say) => {
    if (!words.includes("BODY.PEEK[]")) return false;
    say("* 1 FETCH (UID 11 RFC822.SIZE 9)");
    say("* 2 FETCH (UID 12 RFC822.SIZE 9 BODY[] {9}\r\nA: b\r\n\r\nc)");
    say(`${tag} OK done`);
    return true;
  });
  const uids = (await mailbox.listAll()).map((mail) => mail.uid);
  expect(uids).toEqual([11, 12]);
  expect(await fetched(mailbox, uids)).toEqual([12]);
});

test("no command ever asks for anything that would mark a mail as read", async () => {
  const commands: string[] = [];
  const mailbox = await connect(({ words }) => {
    commands.push(words);
    return false;
  });
  await mailbox.listAll();
  await fetched(mailbox, [11, 12]);
  await mailbox.fetchHead(11);
  expect(commands.some((words) => words.includes("BODY.PEEK["))).toBe(true);
  expect(commands.filter((words) => /BODY\[|RFC822[ )]|RFC822$|STORE|^SELECT/.test(words))).toEqual([]);
});

test("a literal announced with two gigabytes is refused before it is received", async () => {
  const mailbox = await connect(({ words }, say, socket) => {
    if (!words.includes("BODY.PEEK[]")) return false;
    say("* 1 FETCH (UID 11 BODY[] {2000000000}");
    const flood = setInterval(() => socket.write(Buffer.alloc(1_000_000, "x")), 1);
    socket.once("close", () => clearInterval(flood));
    return true;
  });
  await mailbox.listAll();
  const before = process.memoryUsage().rss;
  await expect(fetched(mailbox, [11])).rejects.toThrow();
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
});

test("a server without IDLE is asked again after the limit", async () => {
  const mailbox = await connect(() => false);
  const elapsed = stopwatch();
  await mailbox.waitForNews(300);
  expect(elapsed()).toBeGreaterThanOrEqual(290);
  expect(elapsed()).toBeLessThan(5_000);
});

test("waiting for news ends with an error when the server hangs up", async () => {
  const sockets: Socket[] = [];
  const mailbox = await connect((_command, _say, socket) => {
    sockets.push(socket);
    return false;
  });
  const waiting = mailbox.waitForNews(30_000).catch((error: MailboxUnavailable) => error.kind);
  await systemClock.sleep(100);
  for (const socket of sockets) socket.destroy();
  expect(await waiting).toBe("network");
});

/** What servers of these kinds say they can, as far as it was ever written down; none of it may be needed. */
test.each([
  ["nothing but IMAP4rev1", ""],
  ["QQ", "IMAP4 ID NAMESPACE XLIST"],
  ["Tencent exmail", "IMAP4 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS"],
  ["163", "XLIST SPECIAL-USE ID LITERAL+ APPENDLIMIT=71680000 XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1"],
  ["Coremail", "XLIST SPECIAL-USE ID LITERAL+ UIDPLUS X-CM-EXT-1"],
  ["Exchange", "IMAP4 UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"],
  [
    "Gmail",
    "UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN UIDPLUS ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT",
  ],
])("a server with the abilities of %s is listed, fetched and asked for news", async (_name, abilities) => {
  let idling = "";
  const mailbox = await connect(({ tag, words }, say) => {
    if (words.startsWith("CAPABILITY")) say(`* CAPABILITY IMAP4rev1 ${abilities}`.trim());
    else if (words.includes("BODY.PEEK[]")) {
      for (const uid of [11, 12])
        say(`* ${uid - 10} FETCH (UID ${uid} RFC822.SIZE 9 BODY[]<0> {9}\r\nA: b\r\n\r\nc)`);
    } else if (words === "IDLE") {
      idling = tag;
      say("+ idling");
      return true;
    } else if (tag === "" && idling !== "") {
      // DONE, the one line without a tag.
      say(`${idling} OK idled`);
      return true;
    } else return false;
    say(`${tag} OK done`);
    return true;
  });
  const uids = (await mailbox.listAll()).map((mail) => mail.uid);
  expect(await fetched(mailbox, uids)).toEqual([11, 12]);
  await mailbox.waitForNews(50);
});

test("an INTERNALDATE nobody can read counts as now", async () => {
  const mailbox = await connect(({ tag, words }, say) => {
    if (!words.includes("RFC822.SIZE")) return false;
    say('* 1 FETCH (UID 11 RFC822.SIZE 9 INTERNALDATE "yesterday")');
    say(`${tag} OK done`);
    return true;
  });
  const [mail] = await mailbox.listAll();
  expect(Math.abs((mail?.arrivedAt.getTime() ?? 0) - systemClock.now().getTime())).toBeLessThan(10_000);
});
