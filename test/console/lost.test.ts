// The one sentence on the second guess, in both languages.
import { expect, test } from "vitest";
import { lostSentence, surenessSentence, wasToBeFiled } from "../../src/console/lost.ts";
import type { Evidence, Place, Understanding } from "../../src/understand/evidence.ts";
import { weigh } from "../../src/understand/weigh.ts";

const NAMES: Record<string, string> = { library: "市图书馆", museum: "市博物馆" };
const said = (locale: "zh-CN" | "en", ...of: [value: string, where: Place, weight: number][]) => {
  const evidence = of.map(
    ([speaksFor, where, weight]): Evidence => ({ where, words: "…", speaksFor, weight }),
  );
  return lostSentence(weigh(evidence, { doubt: 1, atLeast: 0.9 }), (code) => NAMES[code] ?? code, locale);
};

test("only mentioned", () => {
  const of: [string, Place, number][] = [
    ["library", "closing", 5.2],
    ["library", "signature", 5],
    ["library", "sender-address", 6],
    ["museum", "body", 0.4],
  ];
  expect(said("zh-CN", ...of)).toBe("落选：市博物馆 只在正文中被提到（0.4），没有发件地址、落款或签名支持");
  expect(said("en", ...of)).toBe(
    "Lost: 市博物馆 is only mentioned in the body (0.4); no sender's address, closing lines or signature supports it",
  );
});

test("outweighed, close, and too little", () => {
  expect(said("zh-CN", ["library", "roster", 6], ["museum", "roster", 3.2], ["museum", "subject", 0.4])).toBe(
    "落选：市博物馆 合计 3.6（名册 3.2、主题 0.4），不及 市图书馆 的 6.0（名册 6.0）",
  );
  expect(said("en", ["library", "sender-domain", 3.8], ["museum", "sender-domain", 3.5])).toBe(
    "Lost: 市博物馆 comes to 3.5 (sender's domain 3.5), only 0.3 less than 市图书馆",
  );
  expect(said("zh-CN", ["museum", "subject", 0.7])).toBe("未认定：市博物馆 只有 主题 0.7，不足以认定");
  expect(said("en", ["library", "closing", 5])).toBeNull();
});

test("how sure, and whether that was enough; never rounded up to it", () => {
  expect(surenessSentence(0.998, 0.97, "zh-CN")).toBe("把握 99.8%，自动登记须 97%：达到");
  expect(surenessSentence(0.96999, 0.97, "zh-CN")).toBe("把握 96.9%，自动登记须 97%：未达到");
  expect(surenessSentence(0.97, 0.97, "en")).toBe("97% sure, 97% needed to file it unasked: reached");
  expect(surenessSentence(0.5, null, "en")).toBe("50% sure");
});

test("only what brings something had to be so sure", () => {
  const understood = (submissions: number, reason: Understanding["reason"]) =>
    wasToBeFiled({ submissions: Array(submissions), reason } as unknown as Understanding);
  expect([
    understood(1, null),
    understood(0, "unit-unknown"),
    understood(0, "thanks"),
    understood(0, null),
  ]).toEqual([...[true, true, false, false]]);
});
