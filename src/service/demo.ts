// The demo after its last day: the page, a port that takes mail, and a clock that runs on from the campaign's end.
import type { Clock, VirtualClock } from "../clock.ts";
import { startConsole } from "../console/server.ts";
import { takeIn } from "../intake/intake.ts";
import type { App } from "./app.ts";
import { openDoor } from "./door.ts";
import { memoryMailbox } from "./memory.ts";
import { duePass, handleAll, sendPass } from "./passes.ts";
import { oneAtATime } from "./roles.ts";
import { untilStopped } from "./stop.ts";

export interface DemoOptions {
  app: App;
  clock: VirtualClock;
  systemClock: Clock;
  port: number;
  smtpPort: number;
  say: (line: string) => void;
}

/** How often the demo asks what has become due. */
const TICK_MS = 5_000;

/** Serves until the process is told to stop (Ctrl+C). Everything stays on loopback. */
export async function keepDemoOpen({
  app,
  clock,
  systemClock,
  port,
  smtpPort,
  say,
}: DemoOptions): Promise<void> {
  const mailbox = memoryMailbox("demo-door");
  const campaignTime = clock.now().getTime();
  const startedAt = systemClock.now().getTime();
  const advance = () => clock.moveTo(new Date(campaignTime + systemClock.now().getTime() - startedAt));
  const pass = oneAtATime(async () => {
    advance();
    await takeIn(mailbox, { ...app, liveAt: new Date(0), enqueue: async () => undefined });
    const handled = await handleAll(app);
    await duePass(app);
    const sent = await sendPass(app);
    if (handled > 0) say(`收到 ${handled} 封，发出 ${sent} 封 / took in ${handled}, sent ${sent}`);
  });
  const door = await openDoor(smtpPort, async (raw) => {
    advance();
    mailbox.deliver(raw, clock.now());
    void pass().catch((error: Error) => app.log.error({ err: error }, "the mail could not be handled"));
  });
  const console = await startConsole({
    db: app.db,
    campaign: app.campaign,
    clock,
    log: app.log,
    host: "127.0.0.1",
    port,
    smtpPort: door.port,
  });
  say(
    [
      "",
      `网页 / page:      ${console.url}`,
      `收信 / send mail: 127.0.0.1:${door.port} → ${app.campaign.mailbox.address}`,
      `  curl smtp://127.0.0.1:${door.port} --mail-from you@lib.culture.example --mail-rcpt ${app.campaign.mailbox.address} -T 一封信.eml`,
      "按 Ctrl+C 结束 / Ctrl+C to stop",
    ].join("\n"),
  );
  const { signal, stopped } = untilStopped();
  while (!signal.aborted) {
    await systemClock.sleep(TICK_MS, signal).catch(() => undefined);
    await pass();
  }
  await stopped;
  await door.close();
  await console.close();
}
