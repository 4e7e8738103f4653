// A whole service at its most talkative, with marked names, addresses, subjects, texts and passwords: none is in its log (R69).
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { endAllProcesses, startJinbox } from "../support/jinbox.ts";
import { mail } from "../support/mails.ts";
import { openOffice, type TestOffice } from "../support/office.ts";
import { type SmtpSink, startSmtp } from "../support/smtp.ts";
import { until } from "../support/until.ts";

let dovecot: Dovecot;
let sink: SmtpSink;
let office: TestOffice;
beforeAll(async () => {
  [dovecot, sink] = await Promise.all([startDovecot({ users: ["ideas"] }), startSmtp()]);
  const servers = { imapPort: dovecot.imapPort, imapUser: "ideas", smtpPort: sink.port };
  office = await openOffice({ transport: captureTransport(() => undefined), ...servers });
});
afterAll(async () => {
  await endAllProcesses();
  await Promise.all([sink?.stop(), dovecot?.stop()]);
  await office?.end();
});

const marks = [
  "竹影清风",
  "zhuyingmark",
  "夜航船标记",
  "晨钟暮鼓标记",
  "附件标记",
  "smtpsecretmark",
  "dbsecretmark",
];

test("the log of a service that reads, answers, fails and is refused names nobody", async () => {
  const { rows } = await office.database.pool.query("select current_user as me");
  const url = new URL(office.database.url);
  const environment = {
    ...{ JINBOX_DATA: join(office.folder, "data"), JINBOX_PORT: "0", JINBOX_LOG: "debug" },
    ...{ JINBOX_IMAP_PASSWORD: dovecot.password, JINBOX_SMTP_PASSWORD: "smtpsecretmark" },
  };
  const run = (more: Record<string, string>) =>
    startJinbox(["run", "--config", office.configFile], {
      DATABASE_URL: office.database.url,
      ...environment,
      ...more,
    });
  const idea = (from: string, text: string) => ({
    ...{ from: `竹影清风 <${from}>`, subject: "金点子：夜航船标记", text: `我是市图书馆的竹影清风。${text}` },
    attachments: [
      { filename: "附件标记.docx", content: Buffer.from("PK\u0003\u0004 no document 晨钟暮鼓标记") },
    ],
  });
  const text = "建议每周五晚上延长开放到九点，方便晨钟暮鼓标记。";
  await dovecot.deliver("ideas", await mail(idea("zhuyingmark@lib.culture.example", text)));
  // The sink refuses this address with words of its own.
  await dovecot.deliver("ideas", await mail(idea("permerror@lib.culture.example", `${text}再说一遍。`)));
  const service = run({});
  await until("both are handled", async () => {
    const { rows } = await office.database.pool.query(
      "select state from notice where state in ('accepted', 'rejected')",
    );
    return rows.length === 2;
  });
  service.signal("SIGTERM");
  expect(await service.ended).toBe(0);
  url.username = String(rows[0]?.me);
  url.password = "dbsecretmark";
  url.port = "1";
  const refused = run({ DATABASE_URL: url.href });
  expect(await refused.ended).toBe(1);
  const wrong = run({ JINBOX_IMAP_PASSWORD: "imapsecretmark" });
  await wrong.logs("the mailbox cannot be read");
  wrong.signal("SIGTERM");
  await wrong.ended;
  const all = [service, refused, wrong].map((one) => one.stderr() + one.stdout()).join("");
  expect(all).toContain('"handled"');
  expect(all).toContain("a notice did not go out");
  expect([...marks, "imapsecretmark", dovecot.password].filter((mark) => all.includes(mark))).toEqual([]);
  for (const line of service.stderr().trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
});
