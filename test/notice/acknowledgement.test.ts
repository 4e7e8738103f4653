// Who is answered, who never is, and how the answer finds its thread.
import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { heldDocument, type ReadPart } from "../../src/document/document.ts";
import type { Mail } from "../../src/message/mail.ts";
import { replyReferences } from "../../src/notice/identity.ts";
import { type AnswerFacts, answer, type FiledFact } from "../../src/notice/wording/acknowledgement.ts";
import type { Understanding } from "../../src/understand/evidence.ts";
import { at, campaign as build } from "../deadline/campaign.ts";

const campaign = build();

const mail: Mail = {
  messageId: "<a@sender.example>",
  inReplyTo: [],
  references: [],
  from: [{ name: "张某", address: "zhang@qq.example" }],
  replyTo: [{ name: "", address: "elsewhere@other.example" }],
  to: [{ name: "", address: "ideas@bureau.example" }],
  cc: [],
  returnPath: "zhang@qq.example",
  subject: "Re: 回复：金点子",
  claimedAt: null,
  headers: {},
  text: "",
  html: null,
  parts: [],
  bounce: null,
  trace: [],
  checked: null,
  problems: [],
};

const verdict = (value: string | null) => ({ value, confidence: 1, evidence: [], runnerUp: null });

const understanding: Understanding = {
  ruleVersion: 1,
  origin: "person",
  originEvidence: [],
  unitAsRead: null,
  outcome: "filed",
  reason: null,
  type: verdict("golden-idea"),
  unit: verdict("library"),
  submissions: [],
  corrections: [],
  intent: null,
  senderRegistered: false,
  newText: "",
};

const idea: FiledFact = {
  reference: "DTL-0001",
  type: "golden-idea",
  unit: "library",
  item: null,
  people: ["张某"],
  title: "夜间开放",
  timeliness: "in-time",
  provisional: false,
  verified: true,
  supersedes: null,
};

function facts(change: Partial<AnswerFacts> = {}): AnswerFacts {
  return {
    mail,
    understanding,
    parts: [],
    arrivedAt: at("2012-11-26", "09:42"),
    messageId: 7,
    submissions: [idea],
    corrected: [],
    duplicateOf: null,
    ...change,
  };
}

const held = (reason: Understanding["reason"]) => ({
  understanding: { ...understanding, outcome: "held" as const, reason },
  submissions: [],
});
const ignored = (reason: Understanding["reason"]) => ({
  understanding: { ...understanding, outcome: "ignored" as const, reason },
  submissions: [],
});
const headers = (change: Record<string, string[]>) => ({ mail: { ...mail, headers: change } });

test("a person's mail gets one answer, to its From, in its thread, under a key of its own", async () => {
  const intent = await answer(facts(), campaign);
  expect(intent).toMatchObject({
    key: "answer/7",
    kind: "acknowledgement",
    to: [{ name: "张某", email: "zhang@qq.example" }],
    subject: "Re: 金点子（DTL-0001）",
    inReplyTo: "<a@sender.example>",
    references: ["<a@sender.example>"],
    causeMessageId: 7,
    unit: "library",
  });
});

describe("never answered", () => {
  test.each<[string, Partial<AnswerFacts>]>([
    ["thanks", ignored("thanks")],
    ["spam", ignored("spam")],
    ["a loop", held("mail-loop")],
    [
      "an automatic mail",
      { understanding: { ...understanding, origin: "auto-reply", outcome: "automatic" } },
    ],
    ["a submission from an unattended system", headers({ "auto-submitted": ["auto-generated"] })],
    ["two senders", { mail: { ...mail, from: [...mail.from, { name: "", address: "b@qq.example" }] } }],
    ["no sender", { mail: { ...mail, from: [] } }],
    ["an empty Return-Path", { mail: { ...mail, returnPath: "" } }],
    ["our own address", { mail: { ...mail, from: [{ name: "", address: "ideas@bureau.example" }] } }],
    ["a list", headers({ "list-id": ["<all.bureau.example>"] })],
  ])("%s", async (_what, change) => {
    expect(await answer(facts(change), campaign)).toBeNull();
  });

  const trusting: Campaign = {
    ...campaign,
    mailbox: { ...campaign.mailbox, authserv: ["mx.bureau.example"] },
  };
  const said = (verdict: string, address: string) => {
    const value = `mx.bureau.example; dmarc=${verdict} header.from=${address.split("@")[1]}`;
    const trace = [{ name: "authentication-results" as const, value }];
    return facts({ mail: { ...mail, from: [{ name: "", address }], trace } });
  };
  const stranger = "stranger@qq.example";
  const contact = "liaison@library.example";
  test.each([
    [stranger, "fail", false],
    [stranger, "none", false],
    [stranger, "pass", true],
    [contact, "fail", false],
    [contact, "none", true],
  ])("%s of whom a trusted server says %s: answered is %s (R43)", async (address, verdict, isAnswered) => {
    expect((await answer(said(verdict, address), trusting)) !== null).toBe(isAnswered);
    // Where nobody vouches for anybody, everybody is answered.
    expect(await answer(said(verdict, address), campaign)).not.toBeNull();
  });
});

describe("answered, and how", () => {
  const unreadable = (filename: string): ReadPart => ({
    part: { filename, declaredType: "application/pdf", bytes: 1, sha256: "", inline: false },
    document: heldDocument("application/pdf", "password-protected"),
    children: [],
  });

  test.each<[string, Partial<AnswerFacts>, string, RegExp]>([
    ["a question is received, the office answers", held("question"), "acknowledgement", /您咨询的问题/],
    ["a held mail is received", held("type-unsure"), "acknowledgement", /2012年11月26日09:42收到/],
    [
      "an exact duplicate is told its number",
      { ...ignored("duplicate"), duplicateOf: "DTL-0001" },
      "acknowledgement",
      /DTL-0001/,
    ],
    [
      "one thing missing: the unit",
      { submissions: [{ ...idea, unit: null }] },
      "clarification",
      /单位（处室）名称/,
    ],
    [
      "one thing missing: an attachment",
      { parts: [unreadable("总结.pdf")] },
      "clarification",
      /“总结.pdf”未能读取/,
    ],
    [
      "one thing missing: the file that came only as a link",
      held("large-file-link"),
      "clarification",
      /链接会过期.*普通附件.*40 MB/,
    ],
    [
      "a file by link from nobody knows which unit",
      {
        understanding: {
          ...held("large-file-link").understanding,
          unit: { ...understanding.unit, value: null },
        },
        submissions: [],
      },
      "acknowledgement",
      /尚缺以下2项.*单位（处室）名称.*重新以普通附件发送的文件/s,
    ],
    [
      "two things missing",
      { parts: [unreadable("a.pdf"), unreadable("b.pdf")] },
      "acknowledgement",
      /尚缺以下2项/,
    ],
    [
      "a provisional document is told until when",
      { submissions: [{ ...idea, type: "summary", provisional: true }], parts: [unreadable("总结.pdf")] },
      "clarification",
      /请于2012年11月28日前（含当日）补发/,
    ],
  ])("%s", async (_rule, change, kind, says) => {
    const intent = await answer(facts(change), campaign);
    expect(intent?.kind).toBe(kind);
    expect(intent?.text).toMatch(says);
  });

  const filedWith = (text: string) => ({
    understanding: {
      ...understanding,
      submissions: [{ type: "summary", unit: "library", people: [], title: "总结", text, item: null }],
    },
  });
  const heldPart = (filename: string, mediaType: string, reason: "no-text" | "media"): ReadPart => ({
    ...unreadable(filename),
    document: heldDocument(mediaType, reason),
  });
  const photo = heldPart("现场.jpg", "image/jpeg", "no-text");
  const recording = heldPart("录音.mp3", "audio/mpeg", "media");

  test("photographs and recordings beside a text that was read are kept, and nobody is asked for them", async () => {
    const intent = await answer(
      facts({ ...filedWith("我馆召开座谈会。"), parts: [photo, recording] }),
      campaign,
    );
    expect(intent?.kind).toBe("acknowledgement");
    expect(intent?.text).toMatch(/- 现场.jpg：图片，已保存.*\n- 录音.mp3：音视频，已保存/);
    expect(intent?.text).not.toMatch(/未能读取|尚缺/);
  });

  test("a photograph that should have been the text is asked for", async () => {
    const intent = await answer(facts({ ...filedWith(""), parts: [photo] }), campaign);
    expect(intent?.kind).toBe("clarification");
    expect(intent?.text).toMatch(/“现场.jpg”未能读取/);
  });

  test("of a locked file and a recording only the file is asked for", async () => {
    const intent = await answer(
      facts({ ...filedWith(""), parts: [unreadable("总结.pdf"), recording] }),
      campaign,
    );
    expect(intent?.kind).toBe("clarification");
    expect(intent?.text).toMatch(/还需请您补充一项：\s+附件“总结.pdf”/);
  });

  test("where the unit is asked for, the locked file in an archive is asked for, too", async () => {
    const zip = { ...unreadable("材料.zip"), children: [unreadable("总结.pdf")] };
    const read = { ...zip, document: { ...zip.document, status: "read" as const, reason: null } };
    const intent = await answer(facts({ parts: [read], submissions: [{ ...idea, unit: null }] }), campaign);
    expect(intent?.text).toMatch(/- 材料.zip：已打开，内有 1 个文件/);
    expect(intent?.text).toMatch(/尚缺以下2项.*附件“总结.pdf”的可读版本/s);
    const known = await answer(facts({ parts: [read] }), campaign);
    expect(known?.kind).toBe("acknowledgement");
  });

  test("what a sender wrote stays words: no markup, no second line", async () => {
    const title = '<img src="http://canary.example/x">\n编号：DTL-9999';
    const intent = await answer(facts({ submissions: [{ ...idea, title }] }), campaign);
    expect(intent?.html).not.toContain("<img");
    expect(intent?.html).toContain("&lt;img");
    expect(intent?.text).not.toMatch(/^编号：DTL-9999/m);
  });
});

test("References keep the thread's first id and its newest, at most twenty and 998 characters", () => {
  const ids = Array.from({ length: 40 }, (_, n) => `<${"x".repeat(30)}${n}@sender.example>`);
  const references = replyReferences({ messageId: "<last@sender.example>", references: ids, inReplyTo: [] });
  expect(references[0]).toBe(ids[0]);
  expect(references.at(-1)).toBe("<last@sender.example>");
  expect(references.at(-2)).toBe(ids.at(-1));
  expect(references.length).toBeLessThanOrEqual(20);
  expect(references.join(" ").length).toBeLessThanOrEqual(998);
});

test("what is no Message-ID does not enter References", () => {
  const references = [
    "<good@x.example>",
    "no-brackets",
    "<with space@x.example>",
    "<line\r\nBcc: y@z.example>",
  ];
  expect(replyReferences({ messageId: null, references, inReplyTo: [] })).toEqual(["<good@x.example>"]);
});
