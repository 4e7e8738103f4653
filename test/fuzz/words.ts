// The words of a fuzzed mail: what units really write, in the places where it means something, among what nobody writes.

import { payloads } from "../hostile/payloads.ts";
import type { Random } from "../support/random.ts";

export const UNITS = [
  "市图书馆",
  "市博物馆",
  "市文化馆",
  "市美术馆",
  "图 书 馆",
  "文化館",
  "综合科",
  "博物管",
];
const RARE = ["䶮", "㛃", "𠅤", "𬭎", "𰻝", "㐱", "朱镕基", "赵祎", "孫堃"];
const LINES = [
  "建议在一楼大厅增设自助借还点，晚间不闭，方便下班的读者。",
  "现将我馆大讨论活动书面总结报上。",
  "一、活动开展情况。全馆职工分三批参加学习讨论，共召开座谈会六次。",
  "二、下一步打算。明年起延长开放时间，建设二十四小时自助阅览室。",
  "请撤回 WHXDH-0001，发错了。",
  "更正：单位写错了，应为市文化馆。",
  "WHXDH-0001 不是金点子，是书面总结。",
  "标题改为：关于延长开放时间的建议",
  "收到，谢谢！",
  "见附件。",
  "请问金点子写多少字合适？",
  "市图书馆已交纸质材料。",
  "市博物馆延期到12月31日",
  "-----原始邮件-----",
  "> 您好，来信已收到，编号 WHXDH-0002。",
  "在 2012年12月11日，“办公室”<ideas@culture.example> 写道：",
  "附件已转存，下载链接：http://mail.qq.example/cgi-bin/ftnExs_download?k=1&code=2 有效期30天",
  "第1条 建议 第2条 建议 第3条 建议",
  "1. 延长开放时间\n2. 增设借还设备\n3. 办好讲座",
  "单位：市图书馆　姓名：梅听雪　电话：000",
  "-- \n梅听雪\n市图书馆",
];
const ODD = [
  "\0",
  "\u202e",
  "\ufeff",
  "\ud800",
  "\udc00\ud800",
  "\u0300".repeat(300),
  "👨‍👩‍👧‍👦",
  "🏳️‍🌈",
  "ﷺ",
  "مرحبا",
  "\u001b[31m",
  "\r",
  "\u2028",
  "\u0085",
  "ａｂｃ１２３",
  "ｶﾅ",
  "㈱㍿",
  "\ufffe",
  "\u{10ffff}",
  "ℵ₀",
  "İıſß",
  "((((((((((",
  "<<<<<<<<<<",
  "》》》》》》",
  "　".repeat(50),
  "=".repeat(80),
  "1".repeat(400),
  "甲".repeat(3_000),
  "a ".repeat(2_000),
];
const LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\n\n\n", ""];

/** A few words for one line: a subject, a name, a file. */
export function phrase(random: Random): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => {
    const which = random.below(12);
    if (which < 3) return random.pick(UNITS);
    if (which < 5)
      return random.pick(["金点子", "书面总结", "实施方案", "更正", "撤回", "Re: ", "转发：", "自动回复"]);
    if (which < 7) return random.pick(RARE);
    if (which < 9) return random.pick(payloads).text;
    if (which < 11) return random.pick(LINES);
    return random.pick(ODD);
  });
  return parts.join(random.pick(["", " ", "：", "-", "、"]));
}

export function body(random: Random): string {
  let text = "";
  for (let line = random.below(14); line >= 0; line--) {
    const which = random.below(10);
    text +=
      which < 6
        ? random.pick(LINES)
        : which < 8
          ? phrase(random)
          : which < 9
            ? random.pick(payloads).text
            : random.pick(ODD);
    text += random.pick(LINE_ENDS);
  }
  return text;
}

export function html(random: Random): string {
  const tags = [
    "p",
    "div",
    "td",
    "b",
    "blockquote",
    "style",
    "script",
    "svg",
    "title",
    "table",
    "o:p",
    "select",
    "a",
  ];
  let text = "";
  for (let count = random.below(12); count >= 0; count--) {
    const tag = random.pick(tags);
    const attributes = random.pick([
      "",
      ' class="gmail_quote"',
      " style='display:none'",
      ' x="',
      " a=b>c",
      "\0",
    ]);
    const inner = random.pick([body, phrase])(random).slice(0, 4_000);
    text += `<${tag}${attributes}>${inner}${random.pick(["", `</${tag}>`, `</${tag}>`, "</", "<!--", "&#x110000;&#0;&nbsp"])}`;
  }
  return random.below(3) === 0
    ? `<html><meta charset=${random.pick(["gbk", "utf-16", "x"])}><body>${text}`
    : text;
}
