// Can senders be told from forgers? What the newest mails show of the border server, and whether DNS answers.
import type { ImapFlow } from "imapflow";
import type { Campaign } from "../../campaign/campaign.ts";
import { borderResults } from "../../message/border.ts";
import { parseMail } from "../../message/parse.ts";
import { systemDns } from "../../reading/dns.ts";
import { type Finding, fault, type Outcome, ok, warning } from "./finding.ts";

const LOOKED_AT = 50;

/** Whether the border writes what `mailbox.authserv` waits for, and removes what strangers write in its name. */
export async function checkBorder(client: ImapFlow, campaign: Campaign, exists: number): Promise<Finding[]> {
  const { authserv, hops } = campaign.mailbox;
  if (authserv.length === 0 || exists === 0) return [];
  const found = { above: 0, below: 0, strays: 0, mails: 0 };
  const newest = { seq: `${Math.max(1, exists - LOOKED_AT + 1)}:*` };
  for (const { headers } of await client.fetchAll(newest, { headers: true })) {
    const { trace } = await parseMail(headers ?? Buffer.alloc(0));
    const seen = (authservBelow: boolean) => borderResults(trace, { authserv, authservBelow, hops });
    const [above, either] = [seen(false), seen(true)];
    found.mails += 1;
    if (above.results.length > 0) found.above += 1;
    else if (either.results.length > 0) found.below += 1;
    if (either.strays > 0) found.strays += 1;
  }
  return [borderFinding(found, campaign)];
}

function borderFinding(
  { above, below, strays, mails }: { above: number; below: number; strays: number; mails: number },
  { mailbox: { authserv, authservBelow } }: Campaign,
): Finding {
  const believed = above + (authservBelow ? below : 0);
  const names = authserv.join(", ");
  const saw = {
    zh: `最近 ${mails} 封信中，${believed} 封有 ${names} 写的验证结果${strays > 0 ? `，${strays} 封另有冒用其名的` : ""}`,
    en: `${believed} of the newest ${mails} mails bear a result of ${names}${strays > 0 ? `, ${strays} one in its name that is not its own` : ""}`,
  };
  if (believed === 0 && below > 0)
    return warning("senders", saw, {
      zh: "它写在自己的 Received 之下：加上 mailbox.authservBelow: true",
      en: "it writes below its own Received: add mailbox.authservBelow: true",
    });
  if (believed === 0)
    return warning("senders", saw, {
      zh: "看一封来信的 Authentication-Results，把分号前的名字照抄进 mailbox.authserv；没有这一行的，改用 mailbox.verify: true",
      en: "copy the name before the semicolon in a mail's Authentication-Results into mailbox.authserv; without such a field use mailbox.verify: true",
    });
  if (strays > 0)
    return warning("senders", saw, {
      zh: "请管理员让收信服务器删去外来信里冒用其名的 Authentication-Results（RFC 8601 第 5 节）",
      en: "have the border server remove fields in its name from mail that comes in (RFC 8601 §5)",
    });
  return ok("senders", saw.zh, saw.en);
}

/** Own verification without DNS would leave every sender unverified. */
export async function checkNames({ mailbox }: Campaign): Promise<Outcome> {
  if (!mailbox.verify) return { findings: [], times: [] };
  const domain = mailbox.address.slice(mailbox.address.lastIndexOf("@") + 1);
  const code = await systemDns()(domain, "TXT").then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  const answers = code === null || code === "ENOTFOUND" || code === "ENODATA";
  const finding = answers
    ? ok("names", "DNS 能查到，可以验明发信人", "DNS answers: senders can be verified")
    : fault(
        "names",
        { zh: `查不到 DNS（${code}）`, en: `DNS does not answer (${code})` },
        {
          zh: "mailbox.verify 要查 DNS：检查本机的 DNS 设置；查不到时所有来信都算未核实",
          en: "mailbox.verify asks DNS: check this machine's resolver; without it no sender is verified",
        },
      );
  return { findings: [finding], times: [] };
}
