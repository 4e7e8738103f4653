// `jinbox announce` at work: writes who is to be told, sends what the quota lets go now, and says what is left to whom.
import type { Campaign } from "../campaign/campaign.ts";
import { systemClock } from "../clock.ts";
import type { Logger } from "../log.ts";
import { announce } from "../notice/announce/announce.ts";
import type { Announcement } from "../notice/announce/announcement.ts";
import type { Circle, Household } from "../notice/announce/audience.ts";
import { waitingOf } from "../notice/announce/records.ts";
import { sendDue } from "../notice/send.ts";
import { announcementsPerHour } from "../notice/sending/pacing.ts";
import type { SmtpTransport } from "../notice/transport.ts";
import type { Database } from "../store/database.ts";
import type { CommandInput, ExitCode } from "./command.ts";
import { progressLine } from "./progress.ts";

export interface Sending {
  db: Database;
  campaign: Campaign;
  announcement: Announcement;
  audience: Household[];
  circle: Circle;
  transport: SmtpTransport;
  log: Logger;
}

/** So often the quota is asked again while waiting. */
const ASK_AGAIN_MS = 20_000;

export async function sendAnnouncement(
  { db, campaign, announcement, audience, circle, transport, log }: Sending,
  values: CommandInput["values"],
): Promise<ExitCode> {
  const people = audience.reduce((sum, household) => sum + household.length, 0);
  const progress = progressLine(people);
  const { written, before } = await announce({ db, campaign }, announcement, audience, systemClock.now(), {
    circle,
    onProgress: (done) => progress.file(done, "登记待发 / writing"),
  });
  const due = await waitingOf(db, campaign, announcement.name, systemClock.now());
  let delivered = 0;
  const sending = progressLine(due.mails);
  const counting: SmtpTransport = {
    ...transport,
    deliver: async (notice, hooks) => {
      const delivery = await transport.deliver(notice, hooks);
      delivered += 1;
      sending.file(delivered, notice.to[0]?.email ?? "");
      return delivery;
    },
  };
  const office = {
    db,
    campaign,
    transport: counting,
    clock: systemClock,
    log,
    worker: `announce/${process.pid}`,
  };
  const checks = { stillTrue: async () => new Map(), sentEvidence: null, only: "announcement" as const };
  const total = { accepted: 0, rejected: 0, ambiguous: 0 };
  for (;;) {
    const report = await sendDue({ ...office, ...checks });
    for (const key of ["accepted", "rejected", "ambiguous"] as const) total[key] += report[key];
    if (!values.wait) break;
    const { mails } = await waitingOf(db, campaign, announcement.name, systemClock.now());
    if (mails === 0) break;
    await systemClock.sleep(ASK_AGAIN_MS);
  }
  progress.clear();
  sending.clear();
  const left = await waitingOf(db, campaign, announcement.name, systemClock.now());
  const result = { name: announcement.name, people, before, written, ...total, waiting: left.mails };
  if (values.json) console.log(JSON.stringify({ ...result, response: left.response }));
  else console.log(words(result, left, campaign));
  return left.response !== null || total.rejected > 0 ? 1 : 0;
}

type Result = Record<"before" | "written" | "accepted" | "rejected" | "ambiguous" | "waiting", number>;

function words(result: Result, left: { response: string | null }, campaign: Campaign): string {
  const { before, written, accepted, rejected, ambiguous, waiting } = result;
  const lines = [
    `新登记 ${written} 封，此前已登记 ${before} 人；这次发出 ${accepted} 封 / ${written} new mails, ${before} people had theirs before; sent now: ${accepted}`,
  ];
  if (rejected > 0) lines.push(`被拒收 ${rejected} 封 / refused: ${rejected}`);
  if (ambiguous > 0)
    lines.push(`结果不明 ${ambiguous} 封，不会重发 / outcome unknown, not sent again: ${ambiguous}`);
  if (left.response !== null) lines.push(`发信服务器说 / the server said: ${left.response}`);
  if (waiting > 0) {
    const perHour = announcementsPerHour(campaign);
    const hours = Math.ceil(waiting / perHour);
    lines.push(
      `还有 ${waiting} 封待发：每小时最多发 ${perHour} 封，约需 ${hours} 小时，由常驻的 jinbox run 接着发；没有常驻的，过一小时再运行本命令，或加 --wait`,
      `${waiting} still to leave, at most ${perHour} an hour, about ${hours} h: the running jinbox run sends them; without it run this again in an hour, or add --wait`,
    );
  }
  lines.push("每个人的情况 / how each person stands: jinbox announce --status");
  return lines.join("\n");
}
