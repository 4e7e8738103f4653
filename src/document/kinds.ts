// What a format is called by people: a clerk is not told "application/vnd.openxmlformats-officedocument…".
import type { Locale } from "../campaign/campaign.ts";
import type { Document } from "./document.ts";

/** The first that fits; the Chinese and the English name. */
const KINDS: [RegExp, string, string][] = [
  [/empty/u, "空文件", "empty file"],
  [/ooxml-encrypted/u, "加密的 Office 文件", "encrypted Office file"],
  [/rights-managed|company-encrypted/u, "受保护的文件", "protected file"],
  [/pkcs7/u, "签名或加密的邮件", "signed or encrypted mail"],
  [/damaged/u, "损坏的 Office 文件", "damaged Office file"],
  [/spreadsheet|ms-excel/u, "表格", "spreadsheet"],
  [/presentation|powerpoint/u, "演示文稿", "slides"],
  [/wordprocessing|msword|opendocument\.text|rtf/u, "文字文档", "text document"],
  [/pdf/u, "PDF", "PDF"],
  [/\/ofd/u, "OFD", "OFD"],
  [/oxps/u, "XPS", "XPS"],
  [/iwork/u, "苹果 iWork 文件", "Apple iWork file"],
  [/rfc822|ms-outlook|mbox|emlx/u, "邮件", "mail"],
  [/tnef/u, "Outlook 附件包", "Outlook's packed attachments"],
  [/html|mimearchive/u, "网页", "web page"],
  [/svg|^image\/(?:vnd\.dwg|vnd\.dxf|wmf|emf)/u, "图形", "drawing"],
  [/^image\//u, "图片", "picture"],
  [/^(?:audio|video)\//u, "音视频", "audio or video"],
  [/^text\//u, "纯文本", "plain text"],
  [/zip|rar|7z|tar|bzip|compress|\bxz\b|lzh|lzma|zstd|cab/u, "压缩包", "archive"],
  [/executable|x-elf|mach-binary|java|android|shortcut|x-msi|wasm|script/u, "程序", "program"],
];

export function kindWords(mediaType: string, locale: Locale): string {
  const found = KINDS.find(([pattern]) => pattern.test(mediaType));
  if (!found) return locale === "zh-CN" ? "未知格式" : "unknown format";
  return locale === "zh-CN" ? found[1] : found[2];
}

/** Looked at or listened to: a picture without words, a recording. Beside a paper that was read nobody misses its words. */
export function isIllustration({ status, reason, mediaType }: Document): boolean {
  return (
    status === "held" && (reason === "media" || (reason === "no-text" && mediaType.startsWith("image/")))
  );
}
