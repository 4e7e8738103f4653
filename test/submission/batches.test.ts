// Few enough for memory, none depending on another of its group, and never out of order.
import { expect, test } from "vitest";
import { independentGroups, slices } from "../../src/submission/batches.ts";

const sizes = (...bytes: number[]) => bytes.map((size) => ({ bytes: size, attempts: 0 }));

test("a slice holds at most 25 mails and 16 MB, in their order", () => {
  expect(slices(sizes(...Array(60).fill(2_000))).map((slice) => slice.length)).toEqual([25, 25, 10]);
  expect(slices(sizes(9e6, 9e6, 1e6))).toEqual([sizes(9e6), sizes(9e6, 1e6)]);
});

test("a mail larger than a slice is read alone, and nothing is left out", () => {
  expect(slices(sizes(10, 40e6, 10))).toEqual([sizes(10), sizes(40e6), sizes(10)]);
  expect(slices([])).toEqual([]);
});

test("a mail tried three times in company is tried alone, and the others go on together", () => {
  const tried = (...attempts: number[]) => attempts.map((each) => ({ bytes: 10, attempts: each }));
  expect(slices(tried(0, 2, 3, 0, 1, 4, 5))).toEqual([
    tried(0, 2),
    tried(3),
    tried(0, 1),
    tried(4),
    tried(5),
  ]);
});

const mail = (address: string, messageId: string | null, inReplyTo: string[] = []) => ({
  mail: { from: [{ name: "", address }], messageId, inReplyTo, references: [] as string[] },
});

test("strangers' mails go together", () => {
  const read = [mail("a@x.example", "<1>"), mail("b@x.example", "<2>"), mail("c@x.example", null)];
  expect(independentGroups(read)).toEqual([read]);
});

test("an answer is filed after the mail it answers, and one sender's mails one after another", () => {
  const first = mail("a@x.example", "<1>");
  const answer = mail("b@x.example", "<2>", ["<1>"]);
  const again = mail("b@x.example", "<3>");
  expect(independentGroups([first, answer, again])).toEqual([[first], [answer], [again]]);
});
