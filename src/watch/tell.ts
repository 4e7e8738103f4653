// The stage: what is wrong becomes one mail a trouble and day; a sign of life leaves at its hours while all is well.
import type { Campaign, Contact } from "../campaign/campaign.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { intend } from "../notice/outbox.ts";
import { auditHead } from "../store/audit.ts";
import type { Trx } from "../store/database.ts";
import { dateOf } from "../text/dates.ts";
import { nameOf, type Trouble } from "./trouble.ts";
import { troubleWords } from "./words.ts";

/** Returns how many mails were written: the day's further processes and minutes write none. */
export async function tellTroubles(
  trx: Trx,
  campaign: Campaign,
  troubles: Trouble[],
  now: Date,
): Promise<number> {
  const { title, locale, timezone, office, watch } = campaign;
  const members = office.members.length > 0 ? office.members : watch.tell;
  if (members.length === 0 || troubles.length === 0) return 0;
  const zh = locale === "zh-CN";
  const intents = troubles.map((trouble) => {
    const { saw, advice } = troubleWords(trouble, campaign);
    const subject = zh ? `【系统告警】${saw}` : `[alert] ${saw}`;
    const text = zh
      ? `${title}：${saw}。\n\n${advice}\n\n没有解决之前，每天提醒一次。\n${office.name}（本邮件由系统自动生成）\n`
      : `${title}: ${saw}.\n\n${advice}\n\nYou will hear of it once a day until it is solved.\n${office.name} (written by a machine)\n`;
    const key = `alert/${nameOf(trouble)}/${dateOf(now, timezone)}`;
    return plainIntent({
      key,
      kind: "alert",
      to: members,
      cc: members === watch.tell ? [] : watch.tell,
      subject,
      text,
    });
  });
  return intend(trx, campaign, intents, now);
}

const HOUR_MS = 3_600_000;

/** Whoever reads the second mailbox misses it when it does not come. It carries the audit's head out of the house. */
export async function signOfLife(trx: Trx, campaign: Campaign, now: Date): Promise<number> {
  const { mail } = campaign.watch;
  if (mail === null) return 0;
  const slot = Math.floor(now.getTime() / (mail.every * HOUR_MS));
  const head = await auditHead(trx);
  const audit = head ? `${head.number}:${head.hash}` : "–";
  const zh = campaign.locale === "zh-CN";
  const subject = zh ? `【心跳】${campaign.title}：运行正常` : `[heartbeat] ${campaign.title}: all is well`;
  const text = zh
    ? `收信、处理、发信都在进行。每 ${mail.every} 小时一封；哪一次没有来，请去看系统。\n操作记录（审计）：${audit}\n`
    : `Mail comes in, is handled and goes out. One of these every ${mail.every} hours; when one is missing, look.\nAudit: ${audit}\n`;
  const to = [{ name: "", email: mail.to }];
  return intend(
    trx,
    campaign,
    [plainIntent({ key: `heartbeat/${mail.every}h/${slot}`, kind: "heartbeat", to, cc: [], subject, text })],
    now,
  );
}

type Plain = Pick<NoticeIntent, "key" | "kind" | "subject" | "text"> & { to: Contact[]; cc: Contact[] };

function plainIntent(plain: Plain): NoticeIntent {
  return {
    ...plain,
    ...{ html: null, attachments: [], inReplyTo: null, references: [], causeMessageId: null, unit: null },
    ...{ stillOwed: [], notBefore: null },
  };
}
