// Folders of files as mailboxes: which mails, in which order, and when they arrived.
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { arrivalOf } from "../../src/intake/arrival.ts";
import { openFolder } from "../../src/intake/folder.ts";
import type { Mailbox } from "../../src/intake/mailbox.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function contents(mailbox: Mailbox): Promise<string[]> {
  const texts: string[] = [];
  for await (const { raw } of mailbox.fetch((await mailbox.listAll()).map((mail) => mail.uid))) {
    texts.push((Buffer.isBuffer(raw) ? raw : await buffer(raw)).toString());
  }
  return texts;
}

test("every .eml below the folder is a mail, in the order of its path; other files are not", async () => {
  await mkdir(join(folder, "week-2"));
  for (const name of ["010.eml", "002.EML", "notes.txt", "002.expect.json", "week-2/001.eml"]) {
    await writeFile(join(folder, name), name);
  }
  const mailbox = await openFolder(folder);
  expect(await contents(mailbox)).toEqual(["002.EML", "010.eml", "week-2/001.eml"]);
  expect(new Set((await mailbox.listAll()).map((mail) => mail.uid)).size).toBe(3);
});

test("a mail keeps its number when others come and go, and when the folder is opened again", async () => {
  await writeFile(join(folder, "b.eml"), "b");
  const [before] = await (await openFolder(folder)).listAll();
  await writeFile(join(folder, "a.eml"), "a");
  const after = await (await openFolder(folder)).listAll();
  expect(after[1]?.uid).toBe(before?.uid);
  expect(after[1]?.uid).toBeLessThan(2 ** 48);
});

test("a Maildir is read without moving anything, and a mail that is read elsewhere stays the same mail", async () => {
  for (const part of ["cur", "new", "tmp"]) await mkdir(join(folder, part));
  await writeFile(join(folder, "new", "1353459600.1.host"), "one");
  await writeFile(join(folder, "cur", "1353459500.2.host:2,S"), "two");
  await writeFile(join(folder, "tmp", "1353459700.3.host"), "half written");
  const mailbox = await openFolder(folder);
  const before = await mailbox.listAll();
  expect(await contents(mailbox)).toEqual(["two", "one"]);
  expect(await readdir(join(folder, "new"))).toEqual(["1353459600.1.host"]);
  await rename(join(folder, "new", "1353459600.1.host"), join(folder, "cur", "1353459600.1.host:2,FS"));
  expect((await mailbox.listAll()).map((mail) => mail.uid)).toEqual(before.map((mail) => mail.uid));
});

test("a file that vanished between listing and reading is left out, and a folder that is not there is an error", async () => {
  await writeFile(join(folder, "a.eml"), "a");
  await writeFile(join(folder, "b.eml"), "b");
  const mailbox = await openFolder(folder);
  const uids = (await mailbox.listAll()).map((mail) => mail.uid);
  await rm(join(folder, "a.eml"));
  const read: number[] = [];
  for await (const { uid } of mailbox.fetch(uids)) read.push(uid);
  expect(read).toEqual([uids[1]]);
  await expect(openFolder(join(folder, "absent"))).rejects.toThrow("ENOENT");
});

test("a large file is streamed", async () => {
  await writeFile(join(folder, "large.eml"), "x".repeat(3_000_000));
  expect((await contents(await openFolder(folder)))[0]).toHaveLength(3_000_000);
});

test("without any date in its header a mail arrived when its file was written", async () => {
  const written = new Date("2012-12-01T00:00:00Z");
  await writeFile(join(folder, "a.eml"), "Subject: hi\r\n\r\nDate: Wed, 21 Nov 2012 09:00:00 +0800");
  await utimes(join(folder, "a.eml"), written, written);
  expect((await (await openFolder(folder)).listAll())[0]?.arrivedAt).toEqual(written);
});

const received =
  "Received: from a (a [10.0.0.1]) by mx.culture.example;\r\n\tWed, 21 Nov 2012 10:00:00 +0800 (CST)";
const date = "Date: Wed, 21 Nov 2012 09:00:00 +0800";

test.each([
  ["our own header wins", `${received}\r\n${date}\r\nX-Jinbox-Arrived: 2012-11-21T11:00:00+08:00`, "03:00"],
  [
    "then the topmost Received, though folded",
    `${received}\r\nReceived: x; Tue, 20 Nov 2012 1:00:00 +0800\r\n${date}`,
    "02:00",
  ],
  ["then Date", `Subject: x\r\n${date}`, "01:00"],
  ["lines may end in LF alone", `Subject: x\n${date}\n`, "01:00"],
  ["an unreadable one is passed over", `Received: by mx; yesterday\r\n${date}`, "01:00"],
  ["names are matched in any case", `DATE: 21 Nov 2012 09:00 +0800`, "01:00"],
  ["a date without zone is UTC wherever the program runs", `Date: Wed, 21 Nov 2012 09:00:00`, "09:00"],
  ["an ISO date without zone is UTC too", `X-Jinbox-Arrived: 2012-11-21T09:00:00`, "09:00"],
  ["a zone may be a name", `Date: Wed, 21 Nov 2012 01:00:00 GMT`, "01:00"],
  ["UTC may be written Z", `X-Jinbox-Arrived: 2012-11-21T09:00:00Z`, "09:00"],
])("arrival: %s", (_rule, header, time) => {
  const expected = new Date(`2012-11-21T${time}:00Z`);
  expect(arrivalOf(Buffer.from(`${header}\r\n\r\nDate: Thu, 1 Jan 2099 00:00:00 +0000`))).toEqual(expected);
});

test.each([
  "",
  "Subject: nothing\r\n\r\nDate: Wed, 21 Nov 2012 09:00:00 +0800",
  "Date: \r\n\r\n",
  "Date: tomorrow at 9",
  "Date: 99 Foo 2012 09:00 +0800",
  "\0\0\0",
])("arrival: none in %j", (text) => {
  expect(arrivalOf(Buffer.from(text))).toBeNull();
});
