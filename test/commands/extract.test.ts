// jinbox extract: one entry a file, folders entered, exit 1 when any file could not be read.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, expect, test, vi } from "vitest";
import { parseCommand, UsageError } from "../../src/commands/command.ts";
import { command } from "../../src/commands/extract.ts";
import { scanOf } from "../support/scan.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

async function extract(...args: string[]) {
  const lines: string[] = [];
  const print = vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(line));
  const input = parseCommand(command, args);
  if (input === "help") throw new Error("help was not asked for");
  const code = await command.run(input);
  print.mockRestore();
  return { code, lines };
}
afterEach(() => {
  vi.restoreAllMocks();
});

test("prints one JSON line a file, with what was read", async () => {
  const { code, lines } = await extract(
    "--json",
    join(fixtures, "documents/summary.pdf"),
    join(fixtures, "documents/opinion-gbk.txt"),
  );
  expect(code).toBe(0);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      filename: "summary.pdf",
      mediaType: "application/pdf",
      status: "read",
      reason: null,
      pages: 1,
      children: [],
    },
    {
      filename: "opinion-gbk.txt",
      mediaType: "text/plain",
      bytes: 74,
      text: expect.stringContaining("多到基层走一走"),
    },
  ]);
});

test("says why a file could not be read, and exits 1", async () => {
  const { code, lines } = await extract(
    "--json",
    join(fixtures, "hostile/encrypted.docx"),
    join(fixtures, "documents/ideas.csv"),
  );
  expect(code).toBe(1);
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(["password-protected", null]);
});

test("a mail is entered: its attachments are its children", async () => {
  const { lines } = await extract("--json", join(fixtures, "mailbox/008-idea-docx-see-attachment.eml"));
  const [entry] = lines.map((line) => JSON.parse(line));
  expect(entry).toMatchObject({ mediaType: "message/rfc822", status: "read" });
  expect(entry.children[0]).toMatchObject({ status: "read", filename: expect.stringMatching(/\.docx$/) });
});

test("a folder means every file in it", async () => {
  const { lines } = await extract(join(fixtures, "documents"));
  const named = lines.map((line) => /^── (\S+)/.exec(line)?.[1]);
  expect(named).toEqual(readdirSync(join(fixtures, "documents")).sort());
});

test("a scan is recognised in the same call, and says how sure that is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-extract-"));
  try {
    await writeFile(join(folder, "scan.png"), await scanOf("Golden idea: open the library at night"));
    const { code, lines } = await extract("--json", join(folder, "scan.png"));
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        status: "read",
        text: expect.stringContaining("open the library at night"),
        unrecognised: 0,
        confidence: expect.any(Number),
        pagesRead: null,
        warnings: [],
      },
    ]);
    const readable = await extract(join(folder, "scan.png"));
    expect(readable.lines[0]).toMatch(
      /^── scan\.png {2}已读出 \/ read {2}识别出 .*characters recognised from a picture/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a file in an archive that cannot be read is a failure too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-extract-"));
  try {
    const locked = readFileSync(join(fixtures, "hostile/encrypted.docx"));
    await writeFile(join(folder, "a.zip"), zipSync({ "a.docx": locked, "b.txt": Buffer.from("words") }));
    const { code, lines } = await extract("--json", join(folder, "a.zip"));
    expect(JSON.parse(lines[0] ?? "").children).toMatchObject([
      { reason: "password-protected" },
      { status: "read" },
    ]);
    expect(code).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a clerk reads where a file lies, why it could not be read and what to do, in Chinese and in English", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-extract-"));
  try {
    const locked = readFileSync(join(fixtures, "hostile/encrypted.docx"));
    await mkdir(join(folder, "市图书馆"));
    await writeFile(
      join(folder, "市图书馆/材料.zip"),
      zipSync({ "总结.docx": locked, "说明.txt": Buffer.from("请查收") }),
    );
    const { code, lines } = await extract(folder);
    expect(code).toBe(1);
    const text = lines.join("\n");
    expect(text).toMatch(
      /^── 市图书馆\/材料\.zip {2}已读出 \/ read {2}\(压缩包 \/ archive, [\d,]+ bytes\)$/m,
    );
    expect(text).toMatch(
      /^── 市图书馆\/材料\.zip › 总结\.docx {2}未能读取 \/ held：文件有密码 \/ Password-protected /m,
    );
    expect(text).toMatch(
      /^ {3}→ 文件设有密码，无法打开，用邮件告知密码也无法打开。请取消密码后重新发送。 \/ The file is protected/m,
    );
    expect(text).toMatch(/^── 市图书馆\/材料\.zip › 说明\.txt .*3 字 \/ 3 characters.*\n请查收$/m);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a folder without any file is a failure", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jinbox-extract-"));
  try {
    expect((await extract(folder)).code).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a file that is not there is a wrong use of the command, named", async () => {
  await expect(extract("/nowhere/a.docx")).rejects.toThrow(UsageError);
  await expect(extract()).rejects.toThrow(UsageError);
});
