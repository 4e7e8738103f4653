// `jinbox templates`: every notice of both languages to click through, and copies to change, as an office would do it.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command } from "../../src/commands/templates.ts";
import { writeCampaign } from "../support/campaign.ts";

let folder: string;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jinbox-preview-"));
  config = await writeCampaign(folder, { imapPort: 1, imapUser: "ideas", smtpPort: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (positionals: string[], values: Record<string, string>) =>
  command.run({ positionals, values: { config, ...values } });

test("the preview has every notice of both languages as text, page and mail, and an index that links to them", async () => {
  const out = join(folder, "preview");
  expect(await run(["preview"], { out })).toBe(0);
  const index = await readFile(join(out, "index.html"), "utf8");
  for (const locale of ["zh-CN", "en"]) {
    const files = await readdir(join(out, locale));
    const names = files.filter((file) => file.endsWith(".html")).map((file) => file.slice(0, -5));
    expect(names).toEqual(
      expect.arrayContaining([
        "acknowledgement-filed",
        "clarification-unit",
        "announcement-liaison",
        "escalation",
        "instructed",
        "digest-daily",
        "digest-final",
      ]),
    );
    for (const name of names) {
      for (const extension of ["html", "txt", "eml"])
        expect(index).toContain(`href="${locale}/${name}.${extension}"`);
      expect(files).toEqual(expect.arrayContaining([`${name}.txt`, `${name}.eml`]));
      const page = await readFile(join(out, locale, `${name}.html`), "utf8");
      expect(page).toContain('<meta charset="utf-8">');
      expect(page).not.toMatch(/(?:src|background)="?(?:https?:)?\/\//);
    }
  }
  const mail = await readFile(join(out, "zh-CN", "reminder.eml"), "utf8");
  expect(mail).toMatch(/^Content-Type: multipart\/alternative/m);
  const announcement = await readFile(join(out, "zh-CN", "announcement.html"), "utf8");
  expect(announcement).toContain("大讨论活动的通知.pdf");
});

test("copies to change overwrite nothing, and one of them alone is enough", async () => {
  const out = join(folder, "own");
  expect(await run(["export", "reminder"], { out })).toBe(0);
  expect((await readdir(join(out, "zh-CN"))).sort()).toEqual([
    "reminder.html.liquid",
    "reminder.subject.liquid",
    "reminder.text.liquid",
  ]);
  const subject = join(out, "zh-CN", "reminder.subject.liquid");
  await writeFile(subject, "【我们的提醒】{{ unit }}\n");
  expect(await run(["export"], { out })).toBe(0);
  expect(await readFile(subject, "utf8")).toBe("【我们的提醒】{{ unit }}\n");
  expect(await readdir(join(out, "zh-CN"))).toEqual(await readdir(resolve("config/templates/zh-CN")));
  await expect(run(["export", "nonsense"], { out })).rejects.toThrow(/no such template/);
});

test("a template that cannot be used is named, marked in the index, and shown with the built-in words", async () => {
  const own = join(folder, "broken");
  await mkdir(join(own, "zh-CN"), { recursive: true });
  await writeFile(join(own, "zh-CN", "reminder.text.liquid"), "\n{{ gone }}\n");
  await writeFile(config, `${await readFile(config, "utf8")}\ntemplates: broken\n`);
  const out = join(folder, "shown");
  expect(await run(["preview"], { out, locale: "zh-CN" })).toBe(1);
  const index = await readFile(join(out, "index.html"), "utf8");
  expect(index).toContain("reminder.text.liquid:2: undefined variable: gone");
  expect(index.match(/✗<\/b>/g)).toHaveLength(1);
  expect(await readFile(join(out, "zh-CN", "reminder.txt"), "utf8")).toContain("请贵单位按时报送");
});

test("a file where the folder should be is named, and stays as it was", async () => {
  const out = join(folder, "notes.txt");
  await writeFile(out, "mine");
  for (const action of ["preview", "export"])
    await expect(run([action], { out })).rejects.toThrow(/notes\.txt.*请写文件夹/);
  expect(await readFile(out, "utf8")).toBe("mine");
});
