// `node src/main.ts COMMAND …`: a table of commands, loaded one at a time so that `explain` never loads the database.
import type { Command, ExitCode } from "./commands/command.ts";

const commands: Record<string, () => Promise<{ command: Command }>> = {
  demo: () => import("./commands/demo.ts"),
  run: () => import("./commands/run.ts"),
  poll: () => import("./commands/poll.ts"),
  explain: () => import("./commands/explain.ts"),
  extract: () => import("./commands/extract.ts"),
  simulate: () => import("./commands/simulate.ts"),
  reconcile: () => import("./commands/reconcile.ts"),
  status: () => import("./commands/status.ts"),
  remind: () => import("./commands/remind.ts"),
  urging: () => import("./commands/urging.ts"),
  digest: () => import("./commands/digest.ts"),
  announce: () => import("./commands/announce.ts"),
  held: () => import("./commands/held.ts"),
  receive: () => import("./commands/receive.ts"),
  extend: () => import("./commands/extend.ts"),
  waive: () => import("./commands/waive.ts"),
  notice: () => import("./commands/notice.ts"),
  reclassify: () => import("./commands/reclassify.ts"),
  backlog: () => import("./commands/backlog.ts"),
  compendium: () => import("./commands/compendium.ts"),
  export: () => import("./commands/export.ts"),
  templates: () => import("./commands/templates.ts"),
  audit: () => import("./commands/audit.ts"),
  doctor: () => import("./commands/doctor.ts"),
  migrate: () => import("./commands/migrate.ts"),
  backup: () => import("./commands/backup.ts"),
  purge: () => import("./commands/purge.ts"),
  forget: () => import("./commands/forget.ts"),
  restore: () => import("./commands/restore.ts"),
};

const summaries = `jinbox — 一个公布的邮箱，就是一间征集办公室
         one published mailbox becomes a working campaign office

  demo        整个样例活动，虚拟时钟，一分钟看完      the sample campaign on a virtual clock
  run         正式运行                              the service
  poll        取信并处理一轮                         one intake and processing pass
  explain     说明每封邮件是什么、为什么              what each mail is, and why
  extract     读出文档中的文字                       the text read from documents
  simulate    用虚拟时钟重放一个邮件文件夹            play a folder of mails on a virtual clock
  reconcile   核对邮箱与台账                         every mail on the server has a record
  status      谁该交什么，任一时刻                   who owes what, at any moment
  remind      现在会催谁                             which reminders would go out
  urging      催办记录                               what was sent to whom, and what came back
  digest      办公室每日简报                         the office's daily digest
  announce    把方案印发给每一个人                   the plan to everyone, once each
  held        待人工处理的来信：登记或不处理         mails that wait for a person: file or dismiss
  receive     登记没有走邮箱的材料（纸质、电话）      what came on paper or by phone
  extend      同意延期                               more time for a unit
  waive       同意免交                               a unit need not hand it in
  notice      结果不明的通知：重发或不再发           notices that may not have arrived
  reclassify  用现在的规则再看待人工的来信           look again at held mails with today's rules
  backlog     上线前的旧来信：是否补发回执           answers to mail older than going live
  export      导出台账 (.xlsx)                       the ledger
  compendium  成果汇编 (.docx)                       the results as a book
  templates   预览每种通知，取模板来改               preview every notice, copy templates to change
  audit       操作记录，核对有没有被改动             what people did; checks that none was changed
  doctor      检查配置、数据库、收信、发信             check everything and say what to do
  migrate     建立或升级数据表                       create or upgrade the tables
  backup      整套备份，不必停服务                   everything in one file, while running
  restore     恢复备份，先不发信                     put a backup back, silently at first
  purge       清除过了保留期的内容                   remove what is past its time
  forget      一个人的信息：列出、导出、删除         one person: list, copy, remove

  jinbox COMMAND --help  查看一个命令的用法 / how to use one command`;

async function main(args: string[]): Promise<ExitCode> {
  if (Number(process.versions.node.split(".")[0]) < 24) {
    console.error(
      `jinbox needs Node.js 24 or newer; this is ${process.version}. Use "npx jinbox" or npm scripts.`,
    );
    console.error(
      `jinbox 需要 Node.js 24 或更高版本，当前为 ${process.version}。请用 npx jinbox 或 npm 脚本运行。`,
    );
    return 2;
  }
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(summaries);
    return name === undefined ? 2 : 0;
  }
  const load = commands[name];
  if (!load) {
    console.error(`jinbox: "${name}" is not a command / 没有这个命令\n\n${summaries}`);
    return 2;
  }
  const { parseCommand, helpOf, UsageError } = await import("./commands/command.ts");
  const { ConfigurationError } = await import("./campaign/load.ts");
  const { command } = await load();
  try {
    const input = parseCommand(command, rest);
    if (input === "help") {
      console.log(helpOf(command));
      return 0;
    }
    return await command.run(input);
  } catch (error) {
    if (error instanceof UsageError || error instanceof ConfigurationError) {
      console.error(error.message);
      return 2;
    }
    const { isEnding } = await import("./store/signals.ts");
    if (isEnding()) return 1;
    const { readEnvironment } = await import("./campaign/environment.ts");
    const { failureText } = await import("./text/failure.ts");
    const { withoutSecrets } = await import("./mask.ts");
    console.error(withoutSecrets(`jinbox ${name}: ${failureText(error)}`));
    if (readEnvironment().debug) console.error(withoutSecrets((error as Error).stack ?? ""));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
