// The remarks readers make (in English, for whoever mends things), as the office reads them.
import type { Locale } from "../campaign/campaign.ts";

/** `$1` and `$2` are what the pattern caught. */
const CHINESE: [RegExp, string][] = [
  [
    /^only the first (\d+) of (\d+) pages(?: that are pictures)? were recognised$/,
    "只识别了前 $1 页，共 $2 页",
  ],
  [/^only the first (\d+) of (\d+) pages were read$/, "只读了前 $1 页，共 $2 页"],
  [/^only the first (\d+) of (\d+) slides were read$/, "只读了前 $1 张幻灯片，共 $2 张"],
  [/^only the first (\d+) of (\d+) pictures were recognised$/, "只识别了前 $1 张图片，共 $2 张"],
  [/^only the first (\d+) characters were kept$/, "文字过长，只保留前 $1 字"],
  [/^the sheet (.*) is hidden and was not read$/s, "工作表“$1”是隐藏的，没有读取"],
  [/^the sheet (.*) was not read to its end$/s, "工作表“$1”太长，没有读完"],
  [/^not all comments and text boxes were read$/, "批注和文本框没有全部读出"],
  [/^holds macros, which were not run$/, "文件带有宏，没有运行"],
  [/^the picture is cut short$/, "图片不完整，只读出一部分"],
  [/^the (?:file|archive) is cut short(?:: what is left was read)?$/, "文件不完整，只读出一部分"],
  [/^the archive is damaged: .*$/s, "压缩包有损坏，只取出一部分文件"],
  [/^page (\d+) could not be (?:read|recognised): .*$/s, "第 $1 页没有读出"],
  [/^pages that could not be read: (.*)$/, "没有读出的页：$1"],
  [/^only the body could be read: .*$/s, "只读出了正文，页眉、脚注等没有读出"],
  [/^the body could not be read: .*$/s, "正文没有读出"],
  [/^a picture could not be read: .*$/s, "有一张图片没有读出"],
  [/^messages nested more deeply are left out$/, "嵌套太深的邮件没有读取"],
  [/^(\d+) signs are given by their shapes only$/, "有 $1 个字只有字形、没有编码，没有读出"],
  [
    /^attached files (?:could not be read: .*|of more than \d+ bytes were left out)$/s,
    "文件内附带的文件没有全部读出",
  ],
  [/^properties could not be read: .*$/s, "文件的属性没有读出"],
  [/^notes on page (\d+) could not be read: .*$/s, "第 $1 页的批注没有读出"],
  [/^files nested more than (\d+) deep$/, "压缩包套压缩包超过 $1 层，里面的没有打开"],
];

/** What is to be shown of them beside `doubtWords`, which says how sure recognition was. */
export function remarksOf(warnings: string[], locale: Locale): string[] {
  return warnings
    .filter((remark) => !remark.startsWith("recognised with low confidence"))
    .map((remark) => remarkWords(remark, locale));
}

/** One remark in the reader's language; what is only for whoever mends things is said to be that. */
export function remarkWords(remark: string, locale: Locale): string {
  if (locale !== "zh-CN") return remark;
  for (const [pattern, words] of CHINESE) {
    const caught = pattern.exec(remark);
    if (caught) return words.replace(/\$(\d)/g, (_, at) => caught[Number(at)] ?? "");
  }
  return `技术说明：${remark}`;
}
