// A trouble of the service in words: what is wrong, since when, and what to do about it; pure.
import type { Campaign } from "../campaign/campaign.ts";
import { asLine } from "../notice/render.ts";
import { dateOf, timeOfDay } from "../text/dates.ts";
import type { Trouble } from "./trouble.ts";

export interface TroubleWords {
  saw: string;
  advice: string;
}

export function troubleWords(trouble: Trouble, { locale, timezone }: Campaign): TroubleWords {
  const zh = locale === "zh-CN";
  const say = (chinese: [saw: string, advice: string], english: [saw: string, advice: string]) => {
    const [saw, advice] = zh ? chinese : english;
    return { saw, advice };
  };
  const at = (moment: Date) => `${dateOf(moment, timezone)} ${timeOfDay(moment, timezone)}`;
  switch (trouble.kind) {
    case "mailbox": {
      const error = trouble.error === null ? "" : asLine(trouble.error, 200);
      return say(
        [
          `邮箱 ${trouble.name} 自 ${at(trouble.since)} 起没有读到${error ? `：${error}` : ""}`,
          "看收信进程（jinbox run）是否在运行、网络通不通、授权码是否过期；npx jinbox doctor 逐项检查。",
        ],
        [
          `the mailbox ${trouble.name} has not been read since ${at(trouble.since)}${error ? `: ${error}` : ""}`,
          "See that the intake process (jinbox run) runs, the network works and the password is valid; npx jinbox doctor checks each.",
        ],
      );
    }
    case "role":
      return say(
        [
          `承担“${trouble.name}”的进程自 ${at(trouble.since)} 起没有动静`,
          "它多半是被杀掉或卡住了：重新启动它，看日志最后几行。",
        ],
        [
          `no process has acted as ${trouble.name} since ${at(trouble.since)}`,
          "It was probably killed or hangs: start it again and read the last lines of its log.",
        ],
      );
    case "outbox":
      return say(
        [
          `${trouble.notices} 封信自 ${at(trouble.since)} 起该发而没有发出`,
          "看发信进程是否在运行、发信服务器是否拒绝登录；npx jinbox doctor。",
        ],
        [
          `${trouble.notices} mails have been due since ${at(trouble.since)} and none leaves`,
          "See that the sender process runs and the mail server accepts the login; npx jinbox doctor.",
        ],
      );
    case "queue":
      return say(
        [
          `${trouble.mails} 封来信自 ${at(trouble.since)} 起没有处理`,
          "看处理进程（worker）是否在运行，内存和磁盘够不够。",
        ],
        [
          `${trouble.mails} mails have not been handled since ${at(trouble.since)}`,
          "See that a worker runs and has memory and disk.",
        ],
      );
    case "digest":
      return say(
        [
          `${at(trouble.since)} 的简报没有生成`,
          "看定时进程（scheduler）是否在运行；npx jinbox digest 可以补发。",
        ],
        [
          `the digest of ${at(trouble.since)} was not written`,
          "See that a scheduler runs; npx jinbox digest makes it up.",
        ],
      );
    case "disk": {
      const free = (trouble.freeBytes / 1024 ** 3).toFixed(1);
      return say(
        [`磁盘快满了：${trouble.name} 只剩 ${free} GB`, "腾出空间或换大的磁盘；满了就不再收信，但不会丢信。"],
        [
          `the disk is nearly full: ${free} GB left at ${trouble.name}`,
          "Make room: when it is full no mail is taken in (and none is lost).",
        ],
      );
    }
    case "certificate":
      return say(
        [
          `${trouble.name} 的证书 ${at(trouble.until)} 到期`,
          "请邮件服务器的管理员换证书；到期后收发信会停。",
        ],
        [
          `the certificate of ${trouble.name} ends ${at(trouble.until)}`,
          "Have the mail server's certificate renewed, or mail will stop.",
        ],
      );
    default:
      return trouble satisfies never;
  }
}
