// Links in a mail: an address of a page says nothing about who writes or what; a large file may come as one (R31).
import type { Mail } from "../message/mail.ts";

/** Ends at the first character that is not ASCII: Chinese goes on behind an address without a space. */
const LINK = /(?:\b(?:https?|ftp):\/\/|\bwww\.)[!-~]*/gi;

export function hasLink(text: string): boolean {
  return text.search(LINK) >= 0;
}

export function withoutLinks(text: string): string {
  return text.replace(LINK, " ");
}

/** Files that a sender left on a server because they are too large for a mail. */
export interface LinkedFiles {
  /** Names as far as the mail says them. */
  filenames: string[];
  /** Written by the mail program (超大附件, 云附件); else a link to a network drive. */
  byMailProgram: boolean;
}

/** QQ, 163 and Coremail servers; kept by path, because companies run them under their own names. */
const PROGRAM_LINK =
  /(?:https?:\/\/|www\.)[!-~]{0,300}(?:ftnexs_download|\/ftn\/download|cloud-?attachment|large-?attach|big-?attach|attachment-download|\/fs\/display|wenxiang|filetransfer)/i;
const DRIVE_LINK =
  /(?:https?:\/\/|www\.)(?:[a-z0-9-]{1,63}\.){0,6}(?:pan|yunpan|wangpan|drive|disk|weiyun|wetransfer|we|1drv|onedrive|dropbox|alipan|aliyundrive|lanzou[a-z]?|cowtransfer)\.[!-~]+/i;
/** Drives and shared documents whose names say less than their paths: 百度, 天翼, 和彩云, 微盘, WPS 云文档, 金山文档, 腾讯文档 … */
const SHARE_LINK = new RegExp(
  `(?:https?://|www\\.)(?:[a-z0-9-]{1,63}\\.){0,6}(?:${[
    "e?yun\\.baidu\\.[a-z.]+/s",
    "cloud\\.189\\.[a-z.]+/(?:t|web|share|s)",
    "(?:caiyun|yun)\\.(?:139|10086)\\.[a-z.]+",
    "caiyun\\.feixin\\.[a-z0-9.]+",
    "vdisk\\.(?:weibo|sina)\\.[a-z.]+",
    "kdocs\\.[a-z]+/(?:l|p|d|view|office)",
    "(?:share|yun|drive)\\.wps\\.[a-z.]+",
    "docs\\.qq\\.[a-z]+/(?:doc|sheet|slide|pdf|desktop|aio)",
    "shimo\\.[a-z]+/(?:docs|docx|sheets|files?|presentation)",
    "(?:feishu|larksuite|larkoffice)\\.[a-z]+/(?:file|docx?|docs|drive|sheets|wiki)",
    "alidocs\\.dingtalk\\.[a-z]+/i",
    "123(?:pan|684|865|912)\\.[a-z]+/s",
    "115(?:cdn)?\\.[a-z]+/s",
    "(?:wenshushu|wss|musetransfer|airportal|ctfile|400gb|dbank)\\.[a-z]+",
    "sharepoint\\.[a-z]+/:[a-z]:",
    "mega\\.[a-z]+/(?:file|folder)",
  ].join("|")})/[!-~]*`,
  "i",
);
/** The block 163 puts into the HTML; a style sheet that only hides such blocks is in many a template. */
const PROGRAM_BLOCK = /\bid=["']?divNetease(?:Big|Yun|Siloa)Attach(?!_bak)/i;
/** "从QQ邮箱发来的超大附件", as a line of its own. */
const PROGRAM_LINE =
  /^.{0,6}(?:从.{0,16}邮箱?发来的|邮箱?|.{0,8}邮)?(?:的)?(?:超大附件|云附件|文件中转站|中转站文件)(?:下载)?.{0,12}$/;
/** "总结.doc (72.4M, 2013年1月26日 17:40 到期)". */
const FILE_LINE =
  /^[\s•·*|-]{0,3}(?<name>[^\\/:*?"<>|\n]{1,120}\.[a-z0-9]{2,5})\s*[(（[]\s*(?:大小[:：]?\s*)?\d[\d.,]*\s*[kmg]b?(?:\b|(?=\p{Script=Han}))/iu;
const NAME = String.raw`[^\\/:：*?"<>|\n（(\[【]{1,120}\.[a-z0-9]{2,5}`;
/** "超大附件：总结.doc", "[云附件] 总结.zip". */
const ANNOUNCED_FILE = new RegExp(
  `^.{0,16}(?:超大附件|云附件|中转站文件)\\s*[:：\\]】)）]\\s*(?<name>${NAME})`,
  "iu",
);
/** "总结.doc 60M 2013-01-26 到期", "总结.doc（已失效）". */
const FADING_FILE = new RegExp(
  `^[\\s•·*|-]{0,3}(?<name>${NAME})\\s*(?:\\d[\\d.,]*\\s*[kmg]b?[\\s,，、]*20\\d\\d.{0,20}(?:到期|过期|失效)|[（(\\[【]?\\s*(?:文件)?(?:已|被)(?:过期|失效|删除))`,
  "iu",
);
const BARE_NAME = new RegExp(`^[\\s•·*|-]{0,3}(?<name>${NAME})$`, "iu");
/** "大小：72.4MB 有效期至 2013年1月26日", the line below its name. */
const SIZE_LINE =
  /^(?:(?:文件)?大小[:：]?\s*)?\d[\d.,]*\s*[kmg]b?\b.{0,20}(?:到期|过期|失效|有效期|无限期)/iu;
const GONE = /(?:已|被)(?:过期|失效|删除)/;
const EXPIRES = /到期|过期|有效期|失效|expire|valid until|无限期/i;
/** What stands round such a link. */
const ROUND_LINK =
  /^(?:点击|进入|打开|请?前往)?(?:此处|这里|文件)?(?:下载|download)(?:页面|文件|地址|链接)?\s*[:：]?\s*$|^(?:链接|下载地址|下载链接|link|url)\s*[:：]?\s*$|提取码|访问码|^(?:文件)?(?:将)?在?.{0,24}(?:到期|过期)[。.]?$/i;

const OF_THE_PROGRAM = [PROGRAM_LINE, FILE_LINE, ROUND_LINK, ANNOUNCED_FILE, FADING_FILE, SIZE_LINE];

/** The large files a text points to; null when it points to none. */
export function linkedFilesIn(text: string, html: string): LinkedFiles | null {
  const looked = ends(text);
  const lines = looked.split("\n").map((line) => line.trim());
  const files = lines.flatMap((line, at) => fileIn(line, lines[at + 1] ?? ""));
  const announced = lines.some((line) => PROGRAM_LINE.test(line));
  const isGone = lines.some((line) => PROGRAM_LINE.test(line) && GONE.test(line));
  const byMailProgram =
    PROGRAM_LINK.test(looked) ||
    PROGRAM_LINK.test(ends(html)) ||
    PROGRAM_BLOCK.test(ends(html)) ||
    isGone ||
    (announced && (files.length > 0 || hasLink(looked)));
  const expiring = files.some((file) => file.expires);
  if (!byMailProgram && !expiring && !isOnDrive(looked) && !isOnDrive(ends(html))) return null;
  return { filenames: [...new Set(files.map((file) => file.name))].slice(0, 20), byMailProgram };
}

function isOnDrive(text: string): boolean {
  return DRIVE_LINK.test(text) || SHARE_LINK.test(text);
}

function fileIn(line: string, next: string): { name: string; expires: boolean }[] {
  const fading =
    ANNOUNCED_FILE.exec(line) ?? FADING_FILE.exec(line) ?? (SIZE_LINE.test(next) && BARE_NAME.exec(line));
  if (fading) return [{ name: fading.groups?.name?.trim() ?? "", expires: true }];
  const name = FILE_LINE.exec(line)?.groups?.name;
  return name ? [{ name: name.trim(), expires: EXPIRES.test(line) }] : [];
}

/** A text without the lines a mail program writes round its large files. */
export function withoutLinkedFiles(text: string): string {
  return text
    .split("\n")
    .filter((line) => {
      const bare = withoutLinks(line).trim();
      if (bare === "") return line.trim() === "";
      return !OF_THE_PROGRAM.some((pattern) => pattern.test(bare));
    })
    .join("\n");
}

/** Links are looked for at both ends only: a mail that brings a file as a link is short. */
function ends(text: string): string {
  return text.length <= 20_000 ? text : `${text.slice(0, 16_000)}\n${text.slice(-4_000)}`;
}

/** The HTML where it holds nothing but the sender's own words: quoted history has links of its own. */
export function ownHtml(mail: Mail, quoted: string): string {
  return quoted === "" ? (mail.html ?? "") : "";
}
