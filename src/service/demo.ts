// The demo after its last day: the page, a port that takes mail, and a clock that runs on from the campaign's end.
import type { Clock, VirtualClock } from "../clock.ts";
import { startConsole } from "../console/server.ts";
import { takeIn } from "../intake/intake.ts";
import { RecognitionEnded } from "../reading/reader.ts";
import { recogniseNext } from "../submission/recognition.ts";
import type { App } from "./app.ts";
import { openDoor } from "./door.ts";
import { memoryMailbox } from "./memory.ts";
import { duePass, handleOpen, sendPass } from "./passes.ts";
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
  const { campaign } = app;
  const mailbox = memoryMailbox("demo-door");
  const campaignTime = clock.now().getTime();
  const startedAt = systemClock.now().getTime();
  const advance = () => clock.moveTo(new Date(campaignTime + systemClock.now().getTime() - startedAt));
  const pass = oneAtATime(async () => {
    advance();
    await takeIn(mailbox, { ...app, liveAt: new Date(0), enqueue: async () => undefined });
    const handled = await handleOpen(app);
    await duePass(app);
    const sent = await sendPass(app);
    if (handled > 0) say(`收到 ${handled} 封，发出 ${sent} 封 / took in ${handled}, sent ${sent}`);
  });
  const { signal, stopped } = untilStopped();
  // Beside the passes, as in the service: nobody's mail waits for another's scan.
  const recognise = oneAtATime(async () => {
    while (!signal.aborted && (await recogniseNext(app))) await pass();
  });
  let recognising: Promise<void> = Promise.resolve();
  const work = async () => {
    await pass();
    recognising = recognise().catch((error: Error) => {
      if (!(error instanceof RecognitionEnded))
        app.log.error({ err: error }, "a scan could not be recognised");
    });
  };
  const receive = async (raw: Buffer) => {
    advance();
    mailbox.deliver(raw, clock.now());
    void work().catch((error: Error) => app.log.error({ err: error }, "the mail could not be handled"));
  };
  const door = await onFreePort(smtpPort, say, (free) => openDoor(free, receive));
  const label = campaign.locale === "en" ? "Send a mail to" : "试着发一封信到";
  const { db, log } = app;
  const page = await onFreePort(port, say, (free) =>
    startConsole({
      db,
      campaign,
      clock,
      log,
      host: "127.0.0.1",
      port: free,
      extras: () => [{ label, value: `${campaign.mailbox.address}（SMTP 127.0.0.1:${door.port}）` }],
    }),
  );
  say(
    [
      "",
      `网页 / page:      ${page.url}`,
      `收信 / send mail: 127.0.0.1:${door.port} → ${campaign.mailbox.address}`,
      `  curl smtp://127.0.0.1:${door.port} --mail-from you@lib.culture.example --mail-rcpt ${campaign.mailbox.address} -T 一封信.eml`,
      "按 Ctrl+C 结束 / Ctrl+C to stop",
    ].join("\n"),
  );
  while (!signal.aborted) {
    await systemClock.sleep(TICK_MS, signal).catch(() => undefined);
    await work();
  }
  await stopped;
  await app.reader.endRecognition();
  await recognising;
  await door.close();
  await page.close();
}

/** Opens on the port asked for, or on any free one where that is taken: a demo should not fail on a number. */
async function onFreePort<T>(
  port: number,
  say: (line: string) => void,
  open: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    say(`端口 ${port} 已被占用，改用其他端口 / port ${port} is taken, using another`);
    return open(0);
  }
}
