// The wall: what is asked of a child comes back, or comes back named, whatever the child meets.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { reader } from "../support/reading.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const hostile = (name: string) => readFileSync(join(fixtures, "hostile", name));
const document = (name: string) => readFileSync(join(fixtures, "documents", name));
const shown = { inline: false };

function mail(number: number, attachment?: Uint8Array): Buffer {
  const head = `From: =?utf-8?B?5byg5LiJ?= <p${number}@lib.example>\r\nTo: ideas@culture.example\r\nSubject: idea ${number}\r\nMIME-Version: 1.0\r\n`;
  const text = "Content-Type: text/plain; charset=utf-8\r\n\r\n建议夜间开放。\r\n";
  if (!attachment) return Buffer.from(head + text);
  const lines = Buffer.from(attachment).toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from(
    `${head}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n${text}--x\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n--x--\r\n`,
  );
}

/** Process ids of this process's reading children, from the system's own list. */
function children(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, "latin1")
          .replace(/^.*\) \S /s, "")
          .split(" ")[0];
        return (
          Number(parent) === process.pid &&
          readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("reading/child")
        );
      } catch {
        return false;
      }
    });
}

test("mails come back parsed, in the order they were given", async () => {
  const mails = await reader({ children: 2 }).readMails(Array.from({ length: 500 }, (_, at) => mail(at)));
  expect(mails.map(({ subject }) => subject)).toEqual(Array.from({ length: 500 }, (_, at) => `idea ${at}`));
  expect(mails[7]?.text).toContain("建议夜间开放");
  expect(await reader().readMails([])).toEqual([]);
});

test("a document is read in the child as it is without one", async () => {
  const { readDocument } = await import("../../src/document/read.ts");
  for (const name of [
    "idea.docx",
    "summary.doc",
    "notice-without-fonts.pdf",
    "opinion-gbk.txt",
    "plan.html",
  ]) {
    expect(await reader().readDocument(document(name), shown)).toEqual(
      await readDocument(document(name), shown),
    );
  }
});

test("large contents arrive whole, and leave nothing behind", async () => {
  const large = Buffer.alloc(12 * 1024 * 1024);
  for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) % 0xffffffff, at);
  const one = reader();
  const [read, small] = await one.readMails([mail(1, large), mail(2)]);
  const content = read?.parts[0]?.content as Uint8Array;
  expect(createHash("sha256").update(content).digest("hex")).toBe(
    createHash("sha256").update(large).digest("hex"),
  );
  expect(read?.parts[0]).toMatchObject({ bytes: large.length });
  expect(small?.subject).toBe("idea 2");
  expect(folders().flatMap((folder) => readdirSync(folder))).toEqual([]);
  await one.close();
  expect(folders()).toEqual([]);
});

test("an archive's large members arrive whole, and leave nothing behind", async () => {
  const members = { "large.bin": randomBytes(5 * 1024 * 1024), "small.txt": Buffer.from("字") };
  const { children } = await reader().readDocument(zipSync(members, { level: 0 }), shown);
  expect(
    children.map(({ filename, content }) => [filename, Buffer.compare(content, members[filename as never])]),
  ).toEqual([
    ["large.bin", 0],
    ["small.txt", 0],
  ]);
  expect(folders().flatMap((folder) => readdirSync(folder))).toEqual([]);
});

/** The private folders of this process's readers. */
function folders(): string[] {
  const own = `jinbox-reading-${process.pid}-`;
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(own))
    .map((name) => join(tmpdir(), name));
}

describe.runIf(process.platform === "linux")("the wall", () => {
  test("a document that takes too long is given up, and the next one is read", async () => {
    const small = reader({ wallMs: 1_500 });
    const [slow, next] = await Promise.all([
      small.readDocument(hostile("slow.pdf"), shown),
      small.readDocument(document("idea.docx"), shown),
    ]);
    expect(slow).toMatchObject({ status: "held", reason: "too-slow", mediaType: "application/pdf" });
    expect(next.status).toBe("read");
  });

  test("a document that takes too much memory is given up, and the next one is read", async () => {
    const small = reader({ memoryBytes: 400 * 1024 * 1024 });
    const greedy = await small.readDocument(hostile("memory.pdf"), shown);
    expect(greedy).toMatchObject({ status: "held", reason: "too-much-memory" });
    expect((await small.readDocument(document("summary.doc"), shown)).status).toBe("read");
  });

  test("a child that dies in the middle of a batch costs no mail", async () => {
    const two = reader({ children: 2 });
    await two.readMails([mail(0)]);
    const reading = two.readMails(Array.from({ length: 2_000 }, (_, at) => mail(at)));
    for (let killed = 0; killed < 3; killed++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      for (const pid of children()) process.kill(pid, "SIGKILL");
    }
    const mails = await reading;
    expect(mails.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 2_000 }, (_, at) => `idea ${at}`),
    );
    expect(mails.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("a mail whose child dies every time comes back empty, with the reason as its problem", async () => {
    const one = reader({ wallMs: 1 });
    const [lost] = await one.readMails([mail(1, Buffer.alloc(8 * 1024 * 1024))]);
    expect(lost).toMatchObject({ from: [], parts: [], problems: [{ reason: "too-slow" }] });
  });

  test("the service's own work goes on while hostile documents are read", async () => {
    const small = reader({ wallMs: 1_000, memoryBytes: 400 * 1024 * 1024 });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const names = readdirSync(join(fixtures, "hostile")).filter((name) => /\.(docx?|pdf)$/.test(name));
    const read = await Promise.all(names.map((name) => small.readDocument(hostile(name), shown)));
    delay.disable();
    expect(read.map(({ status }) => status)).toEqual(names.map(() => "held"));
    expect(delay.percentile(99) / 1e6).toBeLessThan(200);
  });

  test("a child knows nothing of the service's environment and may start nothing", async () => {
    const one = reader();
    await one.readMails([mail(1)]);
    const [pid] = children();
    expect(readFileSync(`/proc/${pid}/environ`, "latin1")).not.toContain("PATH=");
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "latin1");
    expect(commandLine).toContain("--permission");
    expect(commandLine).not.toMatch(/--allow-(child-process|worker|addons|wasi)/);
  });

  test("after closing no child is left, and what is asked then says so", async () => {
    const one = reader();
    await one.readMails([mail(1)]);
    const interrupted = one.readDocument(hostile("slow.pdf"), shown);
    await one.close();
    expect(await interrupted).toMatchObject({ status: "held", reason: "reader-failed" });
    expect(await one.readDocument(document("idea.docx"), shown)).toMatchObject({ reason: "reader-failed" });
    expect(children()).toEqual([]);
  });
});
