// Can mail be sent? Connects, encrypts and logs in; no mail is sent.
import { createTransport } from "nodemailer";
import type { Campaign } from "../../campaign/campaign.ts";
import { diagnose, type Server } from "./connection.ts";
import { type Finding, fault, limitMs, type Outcome, ok, warning } from "./finding.ts";
import { secretMissing } from "./imap.ts";

export async function checkSmtp(campaign: Campaign, password: string | null): Promise<Outcome> {
  const { smtp } = campaign;
  if (!smtp) {
    const saw = {
      zh: "没有配置发信服务器，不会发出任何邮件",
      en: "no server to send by is configured: nothing will be sent",
    };
    const advice = {
      zh: "正式运行前写上 smtp（explain、simulate 不需要）",
      en: "write smtp before running the service (explain and simulate need none)",
    };
    return { findings: [warning("smtp", saw, advice)], times: [] };
  }
  const server: Server = { ...smtp, key: "smtp", secret: "JINBOX_SMTP_PASSWORD", protocol: "SMTP" };
  if (smtp.user !== null && password === null)
    return { findings: [secretMissing("smtp", server)], times: [] };
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    ...(smtp.user === null ? {} : { auth: { user: smtp.user, pass: password ?? "" } }),
    connectionTimeout: limitMs - 2_000,
    greetingTimeout: limitMs - 2_000,
    socketTimeout: limitMs - 1_000,
    dnsTimeout: limitMs - 2_000,
  });
  try {
    await transport.verify();
    const place = `${smtp.host}:${smtp.port}`;
    const seen =
      smtp.user === null
        ? ok("smtp", `${place} 可以连接（不需登录）`, `${place} answers (no login configured)`)
        : ok(
            "smtp",
            `${place} 已以 ${smtp.user} 登录（未发信）`,
            `logged in at ${place} as ${smtp.user} (no mail was sent)`,
          );
    return { findings: [seen, ...checkSender(campaign)], times: [] };
  } catch (error) {
    const { saw, advice } = diagnose(error, server);
    return { findings: [fault("smtp", saw, advice)], times: [] };
  } finally {
    transport.close();
  }
}

/** QQ answers 501 and NetEase 553 when the sender is not the account that logged in. */
export function checkSender({ mailbox, smtp }: Campaign): Finding[] {
  const user = smtp?.user?.toLowerCase();
  if (!smtp || !user || user === mailbox.address || !/(^|\.)(qq|163|126|yeah)\.(com|net)$/.test(smtp.host))
    return [];
  const saw = {
    zh: `登录的是 ${user}，发信人却是 ${mailbox.address}`,
    en: `the login is ${user}, the sender would be ${mailbox.address}`,
  };
  const advice = {
    zh: "这家邮箱只许以登录的地址发信：smtp.user 与 mailbox.address 要一致",
    en: "this provider only sends as the account logged in: make smtp.user and mailbox.address the same",
  };
  return [fault("smtp-sender", saw, advice)];
}
