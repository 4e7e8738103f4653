// Can mail be sent? Connects, encrypts and logs in; no mail is sent.
import { createTransport } from "nodemailer";
import type { Campaign, SmtpSettings } from "../../campaign/campaign.ts";
import { ownSender } from "../../notice/identity.ts";
import { senderRefusal } from "../../notice/smtp.ts";
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
    const findings = [seen, ...checkSender(campaign), await checkMailFrom(campaign, smtp, password)];
    return { findings, times: [] };
  } catch (error) {
    const { saw, advice } = diagnose(error, server);
    return { findings: [fault("smtp", saw, advice)], times: [] };
  } finally {
    transport.close();
  }
}

/** Whether the server takes the envelope sender that is configured, and the null sender if another is (R46). */
async function checkMailFrom(
  campaign: Campaign,
  smtp: SmtpSettings,
  password: string | null,
): Promise<Finding> {
  const { mailFrom = "account" } = smtp;
  const isNull = mailFrom === "account" || mailFrom === "null";
  const part = limitMs / 4;
  const timeouts = { connectionMs: part, greetingMs: part, socketMs: part };
  const own = ownSender(campaign);
  const refusal = await senderRefusal(smtp, password, own, isNull ? "" : mailFrom, timeouts);
  const asked = isNull ? { zh: "空发件人", en: "the null sender" } : { zh: mailFrom, en: mailFrom };
  if (mailFrom === "account") {
    const taken = refusal === null ? { zh: "收", en: "takes" } : { zh: "不收", en: "refuses" };
    const hint =
      refusal === null
        ? {
            zh: "，可写 smtp.mailFrom: null，退信就不再回到邮箱",
            en: "; smtp.mailFrom: null would keep bounces out of the mailbox",
          }
        : { zh: "，退信会回到邮箱", en: "; bounces come back to the mailbox" };
    return ok(
      "smtp-mail-from",
      `信封发件人用账号；这台服务器${taken.zh}${asked.zh}${hint.zh}`,
      `the envelope sender is the account; this server ${taken.en} ${asked.en}${hint.en}`,
    );
  }
  if (refusal === null)
    return ok(
      "smtp-mail-from",
      `服务器收信封发件人：${asked.zh}`,
      `the server takes ${asked.en} as envelope sender`,
    );
  const saw = {
    zh: `服务器不收信封发件人（${asked.zh}）：${refusal}`,
    en: `the server refuses ${asked.en} as envelope sender: ${refusal}`,
  };
  const advice = {
    zh: "去掉 smtp.mailFrom（或写 account）；不改也会自动改用账号发",
    en: "leave smtp.mailFrom out (or write account); until then the account is used by itself",
  };
  return warning("smtp-mail-from", saw, advice);
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
