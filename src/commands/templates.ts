// `jinbox templates`: every notice as it would look, into a folder to click through; and copies of the templates to change.
import { constants, copyFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Campaign, Locale } from "../campaign/campaign.ts";
import { builtInTemplates } from "../campaign/defaults.ts";
import { readEnvironment } from "../campaign/environment.ts";
import { loadCampaign } from "../campaign/load.ts";
import { composeMessage } from "../notice/compose.ts";
import { noticeMessageId, ownSender } from "../notice/identity.ts";
import { templateMistakes } from "../notice/wording/mistakes.ts";
import { instantOf } from "../text/dates.ts";
import { type Command, configOption, type ExitCode, requiredText, UsageError } from "./command.ts";
import { makeOutFolder } from "./out-folder.ts";
import { indexPage, mailPage, type Previewed } from "./preview-page.ts";
import { everySample, type SampleMail } from "./samples.ts";

export const command: Command = {
  name: "templates",
  usage:
    "preview --out DIR [--locale zh-CN|en] | export [NAME…] --out DIR [--locale zh-CN|en] [--config FILE]",
  words: {
    zh: "preview：把每种通知的每种样子写到一个文件夹，打开 index.html 逐个看；export：取一份模板来改",
    en: "preview: every notice in every state into a folder, to click through from index.html; export: copies of the templates to change",
  },
  options: {
    out: {
      type: "string",
      value: "DIR",
      words: {
        zh: "文件夹；export 不覆盖里面已有的文件",
        en: "a folder; export overwrites no file in it",
      },
    },
    locale: {
      type: "string",
      value: "LOCALE",
      words: {
        zh: "zh-CN 或 en；preview 不写则两种都有，export 不写则用活动的语言",
        en: "zh-CN or en (default: preview both, export the campaign's)",
      },
    },
    config: configOption,
  },
  positionals: true,
  async run({ values, positionals }) {
    const [what, ...names] = positionals;
    if (what !== "preview" && what !== "export")
      throw new UsageError(
        "write: jinbox templates preview --out DIR / 请写 jinbox templates preview --out 文件夹",
      );
    const out = requiredText(values.out, "out");
    const locale = localeOf(values.locale);
    const { campaign } = loadCampaign((values.config as string) ?? readEnvironment().configFile);
    if (what === "export") return exportTemplates(out, locale ?? campaign.locale, names);
    const locales: Locale[] = locale
      ? [locale]
      : [campaign.locale, campaign.locale === "en" ? "zh-CN" : "en"];
    return preview(
      out,
      locales.map((one) => ({ ...campaign, locale: one })),
    );
  },
};

function localeOf(given: unknown): Locale | null {
  if (given === undefined) return null;
  if (given === "zh-CN" || given === "en") return given;
  throw new UsageError(`--locale ${given}: zh-CN or en / 写 zh-CN 或 en`);
}

/** 1: some notice could not be worded with the office's own templates. */
async function preview(out: string, campaigns: Campaign[]): Promise<ExitCode> {
  const previewed: Previewed[] = [];
  const mistakes = new Set<string>();
  for (const campaign of campaigns) {
    const samples = await everySample(campaign);
    for (const mistake of await templateMistakes(campaign, samples)) mistakes.add(mistake);
    const folder = join(out, campaign.locale);
    await makeOutFolder(folder);
    for (const { name, compose } of samples) {
      const mail = await compose();
      if (!mail) continue;
      await writeMail(join(folder, name), name, mail, campaign);
      const { kind, subject, wordingFault } = mail;
      previewed.push({ locale: campaign.locale, name, kind, subject, fault: wordingFault ?? null });
    }
  }
  const index = join(out, "index.html");
  await writeFile(index, indexPage(previewed, [...mistakes], campaigns[0]?.title ?? ""));
  console.log(`${previewed.length} 种 / notices: ${resolve(index)}`);
  for (const mistake of mistakes) console.error(mistake);
  return mistakes.size > 0 ? 1 : 0;
}

async function writeMail(path: string, name: string, mail: SampleMail, campaign: Campaign): Promise<void> {
  const key = `preview/${campaign.locale}/${name}`;
  const attachments = mail.attachments.map((filename) => ({
    ...{ filename, mediaType: "application/octet-stream", content: Buffer.from(""), contentId: null },
  }));
  const message = await composeMessage({
    ...mail,
    ...{ key, attachments, from: ownSender(campaign), messageId: noticeMessageId(campaign, key) },
    ...{ inReplyTo: null, references: [], attempts: 1 },
    at: instantOf(campaign.opens, "09:00", campaign.timezone),
  });
  await writeFile(`${path}.eml`, message);
  await writeFile(`${path}.txt`, `${mail.subject}\n\n${mail.text}`);
  await writeFile(`${path}.html`, mailPage(mail, ownSender(campaign), campaign.locale));
}

async function exportTemplates(out: string, locale: Locale, names: string[]): Promise<ExitCode> {
  const source = join(builtInTemplates, locale);
  const all = await readdir(source);
  const wanted =
    names.length === 0 ? all : all.filter((file) => names.some((name) => file.startsWith(`${name}.`)));
  if (wanted.length === 0) {
    const known = [...new Set(all.map((file) => file.split(".")[0]))].join(", ");
    throw new UsageError(`${names.join(" ")}: 没有这样的模板 / no such template; there are: ${known}`);
  }
  const folder = join(out, locale);
  await makeOutFolder(folder);
  const written: string[] = [];
  for (const file of wanted) {
    const isNew = await copyFile(join(source, file), join(folder, file), constants.COPYFILE_EXCL).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    );
    if (isNew) written.push(file);
  }
  const kept = wanted.length - written.length;
  console.log(
    `写了 ${written.length} 个文件，已有的 ${kept} 个没有动 / ${written.length} files written, ${kept} were there and stay: ${resolve(folder)}`,
  );
  console.log(
    `改好后在配置里写 templates: ${out}（相对配置文件）；不改的文件可以删去。改完看一遍：jinbox doctor、jinbox templates preview --out DIR`,
  );
  console.log(
    `then write templates: ${out} (relative to the campaign file); files you do not change may be removed`,
  );
  return 0;
}
