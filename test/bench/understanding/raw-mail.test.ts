// A labelled letter becomes a mail that the real reader reads back: words, files, thread, hour of arrival.
import { afterAll, expect, test } from "vitest";
import { authorFile } from "../../../bench/understanding/label.ts";
import type { Labelled } from "../../../bench/understanding/letters.ts";
import { rawMail } from "../../../bench/understanding/raw-mail.ts";
import { arrivalOf } from "../../../src/intake/arrival.ts";
import { silentLogger } from "../../../src/log.ts";
import { readParts } from "../../../src/reading/read.ts";
import { createReader } from "../../../src/reading/reader.ts";
import { schools } from "../../understand/builders.ts";

const reader = createReader({ children: 1, log: silentLogger });
afterAll(() => reader.close());

const organisation = { name: "schools", folder: "", campaign: schools };

async function readBack(changed: object) {
  const { letters } = authorFile.parse({
    organisation: "schools",
    style: "短",
    letters: [
      {
        shows: "a letter",
        arrived: "2025-04-02T10:20:00+08:00",
        from: { name: "王建国", address: "wjg@qq.example" },
        subject: "一点想法",
        body: "建议延长开放。\n\n王建国",
        expect: { origin: "person" },
        ...changed,
      },
    ],
  });
  const labelled = { id: "schools/x#1", organisation, author: "x", letter: letters[0] } as Labelled;
  const raw = await rawMail(labelled);
  if (!letters[0]?.attachments) expect(await rawMail(labelled)).toEqual(raw);
  const [mail] = await reader.readMails([raw]);
  if (!mail) throw new Error("no mail");
  const { parts } = await readParts(
    mail,
    reader,
    async () => new Map(),
    () => undefined,
  );
  return { raw, mail, parts };
}

test("words, sender, program and hour", async () => {
  const { raw, mail } = await readBack({ mailer: "QQ Mail", headers: { "Auto-Submitted": "auto-replied" } });
  expect(mail).toMatchObject({
    subject: "一点想法",
    from: [{ name: "王建国", address: "wjg@qq.example" }],
    returnPath: "wjg@qq.example",
    problems: [],
    inReplyTo: [],
  });
  expect(mail.text.trimEnd()).toBe("建议延长开放。\n\n王建国");
  expect(mail.headers["x-mailer"]).toEqual(["QQ Mail"]);
  expect(mail.headers["auto-submitted"]).toEqual(["auto-replied"]);
  expect(arrivalOf(raw)?.toISOString()).toBe("2025-04-02T02:20:00.000Z");
});

test("a letter's own header stands instead of ours", async () => {
  const { mail } = await readBack({ headers: { "Return-Path": "<>", "Message-ID": "<own@qq.example>" } });
  expect(mail).toMatchObject({ returnPath: "", messageId: "<own@qq.example>" });
});

test("an answer names our notice, or the writer's own mail", async () => {
  const ours = (await readBack({ inReplyTo: "ours" })).mail;
  expect(ours.inReplyTo[0]).toMatch(/^<jinbox\.[0-9a-f]{32}@bureau\.example>$/);
  expect(ours.references).toEqual(ours.inReplyTo);
  expect((await readBack({ inReplyTo: "own" })).mail.inReplyTo[0]).toMatch(/@qq\.example>$/);
});

const text =
  "# 关于延长开放的建议\n白天上班的人来不了。\n序号 | 姓名 | 内容\n1 | 王建国 | 晚上开到九点\n市图书馆";

test.each(["docx", "doc", "rtf", "xlsx", "html", "txt", "pdf"])("a .%s holds its words", async (ending) => {
  const { parts } = await readBack({ attachments: [{ filename: `建议.${ending}`, text }] });
  expect(parts[0]?.part.filename).toBe(`建议.${ending}`);
  const [read] = parts;
  expect(read?.document.status).toBe("read");
  for (const said of ["关于延长开放的建议", "白天上班的人来不了", "王建国", "晚上开到九点", "市图书馆"])
    expect(read?.document.text.replace(/\s/g, "")).toContain(said);
});

test("a row of a table stays a row", async () => {
  for (const ending of ["docx", "doc", "rtf", "xlsx"]) {
    const { parts } = await readBack({ attachments: [{ filename: `表.${ending}`, text }] });
    expect(parts[0]?.document.text).toMatch(/^1\t王建国\t晚上开到九点$/m);
  }
});

test("charsets and archives", async () => {
  const { parts } = await readBack({
    attachments: [
      { filename: "一.txt", text: "夜间开放", encoding: "gb18030" },
      { filename: "二.zip", members: [{ filename: "里面.docx", text: "流动书车" }] },
    ],
  });
  expect(parts[0]?.document.text).toBe("夜间开放");
  expect(parts[1]?.children.map(({ part, document }) => [part.filename, document.text])).toEqual([
    ["里面.docx", "流动书车"],
  ]);
});

test.each([
  ["总结.docx", "password-protected", "password-protected"],
  ["总结.doc", "password-protected", "password-protected"],
  ["总结.xlsx", "password-protected", "password-protected"],
  ["总结.pdf", "password-protected", "password-protected"],
  ["总结.zip", "password-protected", "password-protected"],
  ["总结.docx", "corrupt", "corrupt"],
  ["总结.doc", "corrupt", "corrupt"],
  ["总结.pdf", "corrupt", "corrupt"],
  ["总结.zip", "corrupt", "corrupt"],
  ["总结.docx", "empty", "empty-file"],
  ["照片.jpg", "no-text", "no-text"],
  ["扫描.pdf", "no-text", "no-text"],
])("%s, %s: nothing can be read", async (filename, unreadable, reason) => {
  const { parts } = await readBack({ attachments: [{ filename, unreadable }] });
  const held = parts[0]?.document.reason ?? parts[0]?.children[0]?.document.reason;
  expect(held).toBe(reason);
});
