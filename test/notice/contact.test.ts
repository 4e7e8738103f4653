// What others did in a unit's name: its contact is told, and his answer, nobody else's, confirms it or puts it back (R61).
import { beforeEach, expect, test } from "vitest";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { contactWord } from "../../src/understand/contact-word.ts";
import { mailedOffice } from "../support/mailed-office.ts";
import type { MailToBuild } from "../support/mails.ts";
import { intendedDigest } from "./office.ts";

const liaison = "联络员 <liaison@lib.culture.example>";
const colleague = "同事 <colleague@lib.culture.example>";
const stranger = "路人 <someone@qq.example>";
const { office, sent, deliver, rows } = await mailedOffice();

const standing = async () =>
  (await rows("select reference, state, verified from submission order by id")).map(
    ({ reference, state, verified }) => `${reference} ${state}${verified ? "" : " unverified"}`,
  );
const toContact = () => sent.filter(({ kind }) => kind === "contact");

const report: MailToBuild = {
  from: liaison,
  subject: "市图书馆大讨论活动书面总结",
  messageId: "<report@lib.culture.example>",
  text: [
    "现将我馆大讨论活动书面总结报上。",
    "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
    "二、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
    "市图书馆",
  ].join("\n"),
};
const newer: MailToBuild = {
  ...report,
  from: colleague,
  subject: "市图书馆书面总结修改稿，以此为准",
  messageId: "<newer@lib.culture.example>",
  text: `${report.text}\n三、补充。增设流动书车。`,
};
const withdrawal: MailToBuild = { from: colleague, subject: "撤回 WHXDH-0001", text: "发错了，请撤回。" };

const reply = ({ messageId, subject }: OutgoingNotice, text: string, from = liaison): MailToBuild => ({
  ...{ from, subject: `Re: ${subject}`, text, inReplyTo: messageId, references: [messageId] },
});

beforeEach(() => {
  office.campaign.mailbox.authserv = [];
});

test("the liaison is told of a version that replaced his, and puts his own back", async () => {
  await deliver(report, newer);
  expect(await standing()).toEqual(["WHXDH-0001 superseded", "WHXDH-0002 current"]);
  const [notice] = toContact();
  expect(notice?.to.map(({ email }) => email)).toEqual(["liaison@lib.culture.example"]);
  for (const version of ["WHXDH-0001", "WHXDH-0002"]) expect(notice?.text).toContain(version);
  await deliver(reply(notice as OutgoingNotice, "不是我们报的，请恢复。"));
  expect(await standing()).toEqual(["WHXDH-0001 current", "WHXDH-0002 withdrawn"]);
  expect(sent.at(-1)?.text).toContain("已恢复有效，WHXDH-0002 已撤回");
  expect(await rows("select field, before, way from correction order by id")).toEqual([
    { field: "restore", before: "superseded", way: "sender" },
    { field: "withdraw", before: "current", way: "sender" },
  ]);
});

test("he is told of a withdrawal, and takes it back", async () => {
  await deliver(report, withdrawal);
  expect(await standing()).toEqual(["WHXDH-0001 withdrawn"]);
  await deliver(reply(toContact()[0] as OutgoingNotice, "恢复"));
  expect(await standing()).toEqual(["WHXDH-0001 current"]);
});

test("what he does himself he is told in the answer alone", async () => {
  await deliver(report, { ...newer, from: liaison });
  expect(toContact()).toEqual([]);
  expect(sent.at(-1)?.text).toContain("WHXDH-0001");
});

test("a paper in the unit's name is confirmed or denied by its contact", async () => {
  for (const [answer, after] of [
    ["确认，是我们报的", "current"],
    ["不是我们报的", "withdrawn unverified"],
  ] as const) {
    await office.empty();
    sent.length = 0;
    await deliver({ ...report, from: stranger, messageId: `<${after.length}@qq.example>` });
    expect(await standing()).toEqual(["WHXDH-0001 current unverified"]);
    await deliver(reply(toContact()[0] as OutgoingNotice, answer));
    expect(await standing()).toEqual([`WHXDH-0001 ${after}`]);
  }
});

test("nobody else's answer does anything, nor one that does not know the notice", async () => {
  await deliver(report, newer);
  const notice = toContact()[0] as OutgoingNotice;
  const before = await standing();
  const guessed = { ...notice, messageId: "<0123456789abcdef0123456789abcdef@culture.example>" };
  await deliver(
    reply(notice, "恢复", stranger),
    reply(notice, "恢复！", colleague),
    reply(guessed, "恢复。"),
    reply(notice, "请问是哪个版本？需要恢复吗？"),
  );
  expect(await standing()).toEqual(before);
  office.campaign.mailbox.authserv = ["mx.culture.example"];
  await deliver(reply(notice, "恢复，谢谢"));
  expect(await standing()).toEqual(before);
});

test("the office puts back by a line of its reply, and learns what it was", async () => {
  await deliver(report, withdrawal);
  const id = await intendedDigest(office, "2026-11-23");
  const from = "邵文澜 <shaowl@culture.example>";
  await deliver({ from, subject: "Re: 每日简报", text: "#0001 恢复", inReplyTo: id, references: [id] });
  expect(await standing()).toEqual(["WHXDH-0001 current"]);
});

test.each([
  ["恢复", "denies"],
  ["不是我们发的，请查实", "denies"],
  ["我单位没有撤回过", "denies"],
  ["Not ours, please restore.", "denies"],
  ["确认", "confirms"],
  ["您好，情况属实。", "confirms"],
  ["是我馆报的", "confirms"],
  ["Confirmed, thanks", "confirms"],
  ["收到，谢谢", null],
  ["请问要恢复吗", null],
  ["", null],
  [`${"现将我馆总结再次报上，请予确认。".repeat(8)}恢复`, null],
])("“%s” %s", (text, word) => {
  expect(contactWord(text)).toBe(word);
});
