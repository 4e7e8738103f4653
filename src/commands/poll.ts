// `jinbox poll --once`: one intake and processing pass, then exit.
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { systemClock } from "../clock.ts";
import { draw } from "../digest/picture/draw.ts";
import { takeIn } from "../intake/intake.ts";
import { MailboxUnavailable } from "../intake/unavailable.ts";
import { createLogger } from "../log.ts";
import { countIntended, countWaiting } from "../notice/outbox.ts";
import { buildApp } from "../service/app.ts";
import { duePass, handleAll, handleOpen, sendPass } from "../service/passes.ts";
import { configuredEvidence, configuredTransport, liveAtOf, openMailbox } from "../service/source.ts";
import { migrate } from "../store/migrate.ts";
import { openStore } from "../store/open.ts";
import { openRestoration } from "../store/quiet.ts";
import { type Command, configOption, jsonOption, UsageError } from "./command.ts";

export const command: Command = {
  name: "poll",
  usage: "--once [--mail DIR] [--config FILE] [--json]",
  words: {
    en: "one intake and processing pass, then exit: take in, read, file, answer, remind, send",
    zh: "取信并处理一轮后退出：收信、读取、入账、回执、催办、发信",
  },
  options: {
    once: {
      type: "boolean",
      words: { en: "required: `jinbox run` is the one that stays", zh: "必填；常驻运行请用 jinbox run" },
    },
    mail: {
      type: "string",
      value: "DIR",
      words: {
        en: "take mail from a folder of .eml files or a Maildir instead of IMAP",
        zh: "不用 IMAP，改从 .eml 文件夹或 Maildir 取信",
      },
    },
    config: configOption,
    json: jsonOption,
  },
  positionals: false,
  async run({ values }) {
    if (!values.once) throw new UsageError("write: jinbox poll --once / 请写 jinbox poll --once");
    const environment = readEnvironment();
    const { campaign } = loadCampaign((values.config as string) ?? environment.configFile);
    // A command for people, also where its output goes to a file: readable lines, and only what went wrong.
    const level = environment.logLevel === "info" ? "warn" : environment.logLevel;
    const log = createLogger({ level, readable: true });
    const transport = configuredTransport(campaign, environment, log);
    const store = await openStore(environment, log);
    const sentEvidence = configuredEvidence(campaign, environment, log);
    const app = buildApp({ campaign, db: store.db, clock: systemClock, log, transport, sentEvidence, draw });
    try {
      await migrate(store.db);
      const mailbox = await openMailbox(
        (values.mail as string) ?? null,
        campaign,
        environment,
        systemClock,
        log,
      );
      const taken = await takeIn(mailbox, {
        ...app,
        ...liveAtOf(campaign),
        enqueue: async () => undefined,
      }).finally(() => mailbox.close());
      // Plain mail is answered before scans are recognised, which may take minutes.
      let handled = await handleOpen(app);
      let sent = await sendPass(app);
      handled += await handleAll(app);
      const restoration = await openRestoration(store.db);
      if (restoration === null) await duePass(app);
      sent += await sendPass(app);
      const waiting = await countIntended(store.db, campaign);
      const result = { ...taken, handled, sent, waiting };
      if (values.json) console.log(JSON.stringify(result));
      else {
        console.log(
          `新到 ${taken.recorded}，处理 ${handled}，发出 ${sent} / recorded ${taken.recorded}, handled ${handled}, sent ${sent}`,
        );
        if (waiting > 0)
          console.log(
            `尚有 ${waiting} 封待发，下次再试 / ${waiting} still to be sent, tried again next time`,
          );
        if (restoration !== null)
          console.log(
            "刚恢复备份，什么也不发：jinbox restore --list / restored from a backup: nothing is sent until jinbox restore --finish",
          );
        const backlog = await countWaiting(store.db, campaign);
        if (backlog > 0) {
          console.log(
            `${backlog} 封上线前来信的回执在等您决定：jinbox backlog / ${backlog} answers to earlier mail wait for your word`,
          );
        }
      }
      return 0;
    } catch (error) {
      if (!(error instanceof MailboxUnavailable)) throw error;
      console.error(`${error.message}\n${error.hint.zh}\n${error.hint.en}`);
      return 1;
    } finally {
      await app.close();
      await store.stop();
    }
  },
};
