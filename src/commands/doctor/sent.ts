// Does the provider keep what we send, so that a notice in doubt can be looked for (R35)? And is there room in the account?
import type { ImapFlow } from "imapflow";
import type { Campaign } from "../../campaign/campaign.ts";
import { lookThrough } from "../../intake/sent-folder.ts";
import { isNoticeId } from "../../message/notice-id.ts";
import { messageIdDomain } from "../../notice/identity.ts";
import type { Words } from "../command.ts";
import { type Finding, fault, ok, warning } from "./finding.ts";

const keepThem: Words = {
  zh: "在网页邮箱的设置里打开“SMTP 发信后保存到服务器”（各家叫法略有不同），或写 smtp.copyToSelf: true；不然结果不明的回执会多发一次",
  en: "switch on keeping mail sent by SMTP in the webmail's settings, or write smtp.copyToSelf: true; else an answer in doubt is sent twice",
};

export async function checkSent(client: ImapFlow, campaign: Campaign, now: Date): Promise<Finding> {
  const { sent = "auto" } = campaign.mailbox;
  if (sent === "off")
    return ok(
      "sent",
      "不看“已发送”（mailbox.sent: off）",
      "the Sent folder is not looked at (mailbox.sent: off)",
    );
  const question = { folder: sent === "auto" ? null : sent, since: now };
  const { folder, ids } = await lookThrough(client, question).catch(() => ({
    folder: null,
    ids: new Set(""),
  }));
  if (folder === null) {
    const wanted = question.folder === null ? { zh: "", en: "" } : { zh: `“${sent}”`, en: ` "${sent}"` };
    const saw = {
      zh: `邮箱里找不到“已发送”文件夹${wanted.zh}`,
      en: `the mailbox has no Sent folder${wanted.en}`,
    };
    return warning("sent", saw, keepThem);
  }
  const ours = [...ids].filter((id) => isNoticeId(id, messageIdDomain(campaign))).length;
  if (ours > 0) {
    const zh = `“${folder}”里存有本系统发出的信：结果不明时可以核对`;
    return ok("sent", zh, `"${folder}" keeps what we send: what is in doubt can be looked for`);
  }
  const saw = {
    zh: `“${folder}”里还没有本系统发出的信（最近 ${ids.size} 封）`,
    en: `"${folder}" holds nothing we sent (of the newest ${ids.size})`,
  };
  const advice = {
    zh: `还没发过就不用管；发过了仍没有：${keepThem.zh}`,
    en: `fine as long as nothing was sent; if something was: ${keepThem.en}`,
  };
  return warning("sent", saw, advice);
}

/** A full account returns every submission to its sender; nobody here sees one of them. Null: the server says nothing. */
export async function checkRoom(client: ImapFlow, folder: string): Promise<Finding | null> {
  const quota = await client.getQuota(folder);
  const { usage = 0, limit = 0 } = (quota || null)?.storage ?? {};
  if (limit === 0) return null;
  const percent = Math.floor((usage / limit) * 100);
  const megabytes = Math.round((limit - usage) / 1024 ** 2);
  const saw = {
    zh: `邮箱空间用了 ${percent}%，还剩 ${megabytes} MB`,
    en: `the account is ${percent} % full, ${megabytes} MB free`,
  };
  const advice = {
    zh: "清理旧信或扩容；满了以后，来信会被退给发件人，我们一封也看不到",
    en: "make room: once it is full, what people send is returned to them and never seen here",
  };
  if (percent >= 98) return fault("imap-room", saw, advice);
  return percent >= 85 ? warning("imap-room", saw, advice) : ok("imap-room", saw.zh, saw.en);
}
