// The optional notice that called for the campaign, as text: what is copied from it is nobody's own.
import { dirname, extname, resolve } from "node:path";
import { ConfigurationError } from "./problem.ts";
import type { Report } from "./report.ts";
import { readText, type Source } from "./source.ts";

const expected = {
  zh: "活动通知的文本文件（.txt 或 .md，相对于本文件，内容不能为空）；没有就不写这一行",
  en: "a text file with the campaign's notice (.txt or .md, relative to this file, not empty), or leave the line out",
};

/** The configured file, absolute. */
export function announcementFile(source: Source): string | null {
  const { announcement } = (source.value ?? {}) as { announcement?: unknown };
  if (typeof announcement !== "string" || announcement.trim() === "") return null;
  return resolve(dirname(source.file), announcement.trim());
}

/** Null where none is configured, or where the report now says what is wrong with it. */
export function loadAnnouncement(source: Source, report: Report): string | null {
  const path = announcementFile(source);
  if (path === null) return null;
  const { announcement } = source.value as { announcement: string };
  const refuse = (found: string) => {
    const write = "announcement: announcement.txt";
    report.problem({ path: ["announcement"], found, expected, write });
    return null;
  };
  // A .docx is read behind the wall of child processes, which a configuration has not.
  if (![".txt", ".md"].includes(extname(path).toLowerCase())) return refuse(announcement);
  try {
    const text = readText(path, {
      file: source.file,
      line: source.lineOf(["announcement"]),
      key: "announcement",
      expected,
    });
    return text.trim() === "" ? refuse(announcement) : text;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.problems.push(...error.problems);
    return null;
  }
}
