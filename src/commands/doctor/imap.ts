// Can the mailbox be read? Connects, identifies, logs in, opens the folder read-only. Nothing there changes.
import { ImapFlow } from "imapflow";
import type { Campaign } from "../../campaign/campaign.ts";
import { systemClock } from "../../clock.ts";
import { diagnose, type Server } from "./connection.ts";
import { type Comparison, type Finding, fault, limitMs, type Outcome, ok, warning } from "./finding.ts";
import { checkBorder } from "./senders.ts";
import { checkRoom, checkSent } from "./sent.ts";

export async function checkImap(campaign: Campaign, password: string | null): Promise<Outcome> {
  const { imap } = campaign.mailbox;
  if (!imap) {
    const saw = { zh: "没有配置收信服务器", en: "no server to read from is configured" };
    const advice = {
      zh: "正式运行前写上 mailbox.imap（explain、simulate 不需要）",
      en: "write mailbox.imap before running the service (explain and simulate need none)",
    };
    return { findings: [warning("imap", saw, advice)], times: [] };
  }
  const server: Server = { ...imap, key: "mailbox.imap", secret: "JINBOX_IMAP_PASSWORD", protocol: "IMAP" };
  if (password === null) return { findings: [secretMissing("imap", server)], times: [] };
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: imap.secure,
    auth: { user: imap.user, pass: password },
    // NetEase answers SELECT with "Unsafe Login" to clients that do not identify themselves (RFC 2971).
    clientInfo: { name: "jinbox", version: "0.1.0", vendor: "jinbox" },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: limitMs - 2_000,
    greetingTimeout: limitMs - 2_000,
    socketTimeout: limitMs - 1_000,
  });
  // An 'error' nobody listens to would end the process; the command in hand rejects by itself.
  client.on("error", () => {});
  try {
    await client.connect();
    const { findings, times } = await checkFolder(client, server, imap.folder, campaign);
    const features = checkCapabilities(client, campaign);
    const room = await checkRoom(client, imap.folder);
    const sent = await checkSent(client, campaign, systemClock.now());
    return { findings: [...findings, ...features, ...(room ? [room] : []), sent], times };
  } catch (error) {
    const { saw, advice } = diagnose(error, server);
    return { findings: [fault("imap", saw, advice)], times: [] };
  } finally {
    client.close();
  }
}

export function secretMissing(check: string, { key, secret, host, user }: Server): Finding {
  return fault(
    check,
    { zh: `没有 ${user} 在 ${host} 的密码`, en: `no password for ${user} at ${host}` },
    {
      zh: `设环境变量 ${secret}（或 ${secret}_FILE 指向存放它的文件）；QQ、163 填授权码。不要写进 ${key}`,
      en: `set ${secret} in the environment (or ${secret}_FILE naming a file); never under ${key}`,
    },
  );
}

async function checkFolder(
  client: ImapFlow,
  server: Server,
  folder: string,
  campaign: Campaign,
): Promise<Outcome> {
  try {
    const opened = await client.mailboxOpen(folder, { readOnly: true });
    const status = await client.status(folder, { unseen: true });
    const unseen = status ? (status.unseen ?? 0) : 0;
    const times = opened.exists > 0 ? await newestArrival(client) : [];
    const encryption = client.secureConnection
      ? { zh: "已加密", en: "encrypted" }
      : { zh: "未加密", en: "not encrypted" };
    const finding = ok(
      "imap",
      `${server.host}:${server.port} 已登录（${encryption.zh}），${folder} 有 ${opened.exists} 封，未读 ${unseen} 封`,
      `logged in at ${server.host}:${server.port} (${encryption.en}); ${folder} holds ${opened.exists} mails, ${unseen} unread`,
    );
    return { findings: [finding, ...(await checkBorder(client, campaign, opened.exists))], times };
  } catch (error) {
    const failure = error as Error & { mailboxMissing?: boolean; serverResponseCode?: string };
    if (!failure.mailboxMissing && failure.serverResponseCode !== "NONEXISTENT") throw error;
    const names = (await client.list()).map(({ path }) => path);
    const saw = { zh: `邮箱里没有文件夹“${folder}”`, en: `the mailbox has no folder "${folder}"` };
    const advice = {
      zh: `mailbox.imap.folder 写成其中之一：${names.join("、")}（收件箱是 INBOX）`,
      en: `write one of these as mailbox.imap.folder: ${names.join(", ")} (the inbox is INBOX)`,
    };
    return { findings: [fault("imap", saw, advice)], times: [] };
  }
}

async function newestArrival(client: ImapFlow): Promise<Comparison[]> {
  const newest = await client.fetchOne("*", { internalDate: true });
  const arrived = newest ? newest.internalDate : undefined;
  if (!arrived) return [];
  const by = { zh: "收信服务器最新一封的到达时间", en: "the mail server's newest arrival" };
  return [{ with: by, at: new Date(arrived), isPast: true }];
}

function checkCapabilities(client: ImapFlow, campaign: Campaign): Finding[] {
  const wanted = ["ID", "IDLE", "UIDPLUS", "MOVE", "CONDSTORE", "ESEARCH"];
  const [has, lacks] = [true, false].map((present) =>
    wanted.filter((name) => client.capabilities.has(name) === present),
  );
  const software = [client.serverInfo?.name, client.serverInfo?.version].filter(Boolean).join(" ");
  const about = software ? `${software}; ` : "";
  const saw = {
    zh: `${about}支持 ${has?.join(" ") || "（无）"}${lacks?.length ? `；没有 ${lacks.join(" ")}` : ""}`,
    en: `${about}has ${has?.join(" ") || "none"}${lacks?.length ? `; lacks ${lacks.join(" ")}` : ""}`,
  };
  if (campaign.mailbox.idle && !client.capabilities.has("IDLE")) {
    const advice = {
      zh: `不支持即时通知，按 mailbox.poll（${campaign.mailbox.poll}）定时收信，不影响使用`,
      en: `no push: mail is read by the clock, mailbox.poll (${campaign.mailbox.poll}); nothing is lost`,
    };
    return [warning("imap-features", saw, advice)];
  }
  return [ok("imap-features", saw.zh, saw.en)];
}
