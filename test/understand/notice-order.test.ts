// What the office may write about a notice that may not have arrived; and what speaks of something else.
import { expect, test } from "vitest";
import { noticeOrdersIn } from "../../src/understand/notice-order.ts";

const read = (line: string) => noticeOrdersIn(line).map(({ notice, act }) => `${notice} ${act}`);

test.each([
  ["通知 12 重发", ["12 resend"]],
  ["通知12重发，谢谢", ["12 resend"]],
  ["→ 通知 12 重发", ["12 resend"]],
  ["请把通知１２重发一次", ["12 resend"]],
  ["重发 通知 12", ["12 resend"]],
  ["12号通知 再发", ["12 resend"]],
  ["通知 12、13 不再发", ["12 settle", "13 settle"]],
  ["通知 12：不用再发了", ["12 settle"]],
  ["催报 #12 对方已收到", ["12 settle"]],
  ["notice 12 resend", ["12 resend"]],
  ["Please resend notice 12, thanks", ["12 resend"]],
  ["notices 12 and 13: settle", ["12 settle", "13 settle"]],
])("%s", (line, expected) => {
  expect(read(line)).toEqual(expected);
});

test.each([
  "通知已重发",
  "通知 12 重发了吗？",
  "12 月的通知请重发",
  "通知 12",
  "重发",
  "12 重发",
  "请重发通知",
  "通知 12 日前重发",
  "Could you resend notice 12 to the library instead?",
  "",
])("nothing of the kind: %s", (line) => {
  expect(read(line)).toEqual([]);
});
