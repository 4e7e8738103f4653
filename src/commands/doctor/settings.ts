// Is the campaign usable: its dates, who gets the digest, who can be reminded, and templates that parse?
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Liquid } from "liquidjs";
import type { Campaign } from "../../campaign/campaign.ts";
import type { LoadedCampaign } from "../../campaign/load.ts";
import { checkTemplates as mistakesIn } from "../../notice/wording/samples.ts";
import { dateOf } from "../../text/dates.ts";
import { type Finding, fault, ok, warning } from "./finding.ts";

export function checkSettings({ campaign, warnings }: LoadedCampaign, file: string, now: Date): Finding[] {
  const { units, roster, deliverables } = campaign;
  const counted = {
    zh: `${file}：${units.length} 个单位、${roster.length} 人、${deliverables.length} 种材料`,
    en: `${file}: ${units.length} units, ${roster.length} people, ${deliverables.length} deliverables`,
  };
  const findings = [ok("configuration", counted.zh, counted.en)];
  for (const { file: where, line, key, found, expected } of warnings) {
    const place = `${where}:${line} ${key} ${found}`;
    findings.push(warning("configuration", { zh: place, en: place }, expected));
  }
  return [...findings, ...checkDates(campaign, now), ...checkRecipients(campaign)];
}

function checkDates(campaign: Campaign, now: Date): Finding[] {
  const today = dateOf(now, campaign.timezone);
  if (today <= campaign.closes) return [];
  const saw = { zh: `活动已于 ${campaign.closes} 结束`, en: `the campaign closed on ${campaign.closes}` };
  const advice = {
    zh: "若是新的活动，改 campaign.opens、campaign.closes 和各项日期",
    en: "for a new campaign change campaign.opens, campaign.closes and the other dates",
  };
  return [warning("dates", saw, advice)];
}

function checkRecipients({ office, units, deliverables }: Campaign): Finding[] {
  const findings: Finding[] = [];
  if (office.members.length === 0) {
    const saw = {
      zh: "office.members 是空的：没有人收到简报",
      en: "office.members is empty: nobody gets the digest",
    };
    const advice = { zh: "写上办公室收件人", en: "name the office's recipients" };
    findings.push(warning("recipients", saw, advice));
  }
  const owing = units.filter((unit) =>
    deliverables.some(
      ({ owedBy, items }) => owedBy.includes(unit.kind) || items.some((item) => item.unit === unit.code),
    ),
  );
  const unreachable = owing.filter((unit) => !unit.liaison && !unit.head && !unit.supervisor);
  if (unreachable.length > 0) {
    const names = unreachable.map((unit) => unit.name).join("、");
    const saw = { zh: `催不到这些单位：${names}`, en: `no one to remind at: ${names}` };
    const advice = { zh: "写上 liaison（联络员）或 head（负责人）", en: "give them a liaison or a head" };
    findings.push(warning("recipients", saw, advice));
  }
  return findings;
}

export async function checkTemplates(folder: string): Promise<Finding[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) {
    const saw = { zh: `模板文件夹 ${folder} 是空的或不存在`, en: `no templates in ${folder}` };
    const advice = {
      zh: "改 templates 一项，或去掉它以使用自带的模板",
      en: "correct `templates`, or leave it out to use those that come with the program",
    };
    return [fault("templates", saw, advice)];
  }
  const engine = new Liquid({ root: folder });
  const faults: Finding[] = [];
  for (const file of files) {
    try {
      engine.parse(await readFile(file, "utf8"), file);
    } catch (error) {
      const said = (error as Error).message.split("\n")[0] ?? "";
      const saw = { zh: `模板 ${file} 有语法错误：${said}`, en: `template ${file} does not parse: ${said}` };
      const advice = { zh: "检查 {{ }} 和 {% %} 是否成对", en: "see that {{ }} and {% %} come in pairs" };
      faults.push(fault("templates", saw, advice));
    }
  }
  if (faults.length > 0) return faults;
  return [ok("templates", `${files.length} 个模板，语法正确`, `${files.length} templates, all parse`)];
}

/** Renders every kind of notice with sample facts: a word nobody fills in shows here, not when a notice should leave. */
export async function checkWording(campaign: Campaign): Promise<Finding[]> {
  const mistakes = await mistakesIn(campaign);
  if (mistakes.length === 0)
    return [ok("wording", "每种通知都能正常生成", "every kind of notice can be worded")];
  const advice = {
    zh: "改正该模板，或删去它、从自带的模板重新复制",
    en: "correct the template, or copy the one that comes with the program again",
  };
  return mistakes.map((said) => fault("wording", { zh: said, en: said }, advice));
}
