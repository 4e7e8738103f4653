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
  /(?:https?:\/\/|www\.)[!-~]*(?:ftnexs_download|\/ftn\/download|cloud-?attachment|large-?attach|big-?attach|attachment-download|\/fs\/display|wenxiang|filetransfer)/i;
const DRIVE_LINK =
  /(?:https?:\/\/|www\.)(?:[a-z0-9-]+\.)*(?:pan|yunpan|wangpan|drive|disk|weiyun|wetransfer|we|1drv|onedrive|dropbox|alipan|aliyundrive|lanzou[a-z]?|cowtransfer)\.[!-~]+/i;
/** "从QQ邮箱发来的超大附件", as a line of its own. */
const PROGRAM_LINE =
  /^.{0,6}(?:从.{0,16}邮箱?发来的|邮箱?|.{0,8}邮)?(?:的)?(?:超大附件|云附件|文件中转站|中转站文件)(?:下载)?.{0,12}$/;
/** "总结.doc (72.4M, 2013年1月26日 17:40 到期)". */
const FILE_LINE =
  /^[\s•·*|-]{0,3}(?<name>[^\\/:*?"<>|\n]{1,120}\.[a-z0-9]{2,5})\s*[(（[]\s*(?:大小[:：]?\s*)?\d[\d.,]*\s*[kmg]b?(?:\b|(?=\p{Script=Han}))/iu;
const EXPIRES = /到期|过期|有效期|失效|expire|valid until|无限期/i;
/** What stands round such a link. */
const ROUND_LINK =
  /^(?:点击|进入|打开|请?前往)?(?:此处|这里|文件)?(?:下载|download)(?:页面|文件|地址|链接)?\s*[:：]?\s*$|^(?:链接|下载地址|下载链接|link|url)\s*[:：]?\s*$|提取码|访问码|^(?:文件)?(?:将)?在?.{0,24}(?:到期|过期)[。.]?$/i;

/** The large files a text points to; null when it points to none. */
export function linkedFilesIn(text: string, html: string): LinkedFiles | null {
  const looked = ends(text);
  const lines = looked.split("\n").map((line) => line.trim());
  const files = lines.flatMap((line) => {
    const name = FILE_LINE.exec(line)?.groups?.name;
    return name ? [{ name: name.trim(), expires: EXPIRES.test(line) }] : [];
  });
  const announced = lines.some((line) => PROGRAM_LINE.test(line));
  const byMailProgram =
    PROGRAM_LINK.test(looked) ||
    PROGRAM_LINK.test(ends(html)) ||
    (announced && (files.length > 0 || hasLink(looked)));
  const expiring = files.some((file) => file.expires);
  if (!byMailProgram && !expiring && !DRIVE_LINK.test(looked)) return null;
  return { filenames: [...new Set(files.map((file) => file.name))].slice(0, 20), byMailProgram };
}

/** A text without the lines a mail program writes round its large files. */
export function withoutLinkedFiles(text: string): string {
  return text
    .split("\n")
    .filter((line) => {
      const bare = withoutLinks(line).trim();
      if (bare === "") return line.trim() === "";
      return !PROGRAM_LINE.test(bare) && !FILE_LINE.test(bare) && !ROUND_LINK.test(bare);
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
