// Is the campaign usable: its dates, who gets the digest, who can be reminded, and templates that parse?
import { join } from "node:path";
import { type Campaign, isOurMailbox } from "../../campaign/campaign.ts";
import { builtInTemplates } from "../../campaign/defaults.ts";
import type { LoadedCampaign } from "../../campaign/load.ts";
import { unknownYears, yearsInWords } from "../../deadline/calendar.ts";
import { ownTemplates, templateMistakes } from "../../notice/wording/mistakes.ts";
import { dateOf } from "../../text/dates.ts";
import { everySample } from "../samples.ts";
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
  return [
    ...findings,
    ...checkDates(campaign, now),
    ...checkCalendar(campaign),
    ...checkRecipients(campaign),
  ];
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

/** A year without data would silently be plain weekdays: reminders on National Day, and none on a make-up Saturday. */
function checkCalendar(campaign: Campaign): Finding[] {
  const years = unknownYears(campaign);
  if (years.length === 0) {
    return [
      ok("calendar", "活动期间的放假安排齐全", "the public holidays of the campaign's years are known"),
    ];
  }
  const saw = {
    zh: `没有 ${yearsInWords(years, "、")} 年的放假安排，工作日只能按周一至周五算`,
    en: `no public calendar for ${yearsInWords(years, ", ")}: working days would be plain Monday to Friday`,
  };
  const example = `holidays: { off: [${years[0]}-01-01], working: [] }`;
  const advice = {
    zh: `升级程序，或把放假和调休的日子写进配置：${example}`,
    en: `upgrade the program, or put the days off and the days worked in exchange into the configuration: ${example}`,
  };
  return [fault("calendar", saw, advice)];
}

function checkRecipients(campaign: Campaign): Finding[] {
  const { office, units, deliverables } = campaign;
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
  const unreachable = owing.filter((unit) =>
    [unit.liaison, unit.head, unit.supervisor].every((one) => !one || isOurMailbox(one.email, campaign)),
  );
  if (unreachable.length > 0) {
    const names = unreachable.map((unit) => unit.name).join("、");
    const saw = { zh: `催不到这些单位：${names}`, en: `no one to remind at: ${names}` };
    const advice = { zh: "写上 liaison（联络员）或 head（负责人）", en: "give them a liaison or a head" };
    findings.push(warning("recipients", saw, advice));
  }
  return findings;
}

/**
 * Renders every kind of notice with sample facts: a word nobody fills in, a part that is not closed or a file no notice
 * uses shows here, and not when a notice should leave.
 */
export async function checkTemplates(campaign: Campaign): Promise<Finding[]> {
  const own = ownTemplates(campaign).length;
  const samples = await everySample(campaign);
  const mistakes = await templateMistakes(campaign, samples);
  if (mistakes.length > 0) {
    const advice = {
      zh: "照着改正；改不好就删去该文件，改用自带的。改好之前发出的通知用自带的措辞",
      en: "correct it, or remove the file to use the one that comes with the program; until then notices go with the built-in words",
    };
    return mistakes.map((said) => fault("templates", { zh: said, en: said }, advice));
  }
  const zh = own === 0 ? "用自带的模板" : `自己的模板 ${own} 个，其余用自带的`;
  const en =
    own === 0
      ? "the templates that come with the program"
      : `${own} templates of your own, the rest built in`;
  const findings = [
    ok(
      "templates",
      `${zh}；${samples.length} 种通知都能正常生成`,
      `${en}; all ${samples.length} kinds of notice can be worded`,
    ),
  ];
  if (own > 0 || campaign.templates === builtInTemplates) return findings;
  const folder = join(campaign.templates, campaign.locale);
  const saw = { zh: `${folder} 里没有模板`, en: `no templates in ${folder}` };
  const advice = {
    zh: "用 npx jinbox templates export --out 该文件夹 取得样本；或去掉 templates 一项",
    en: "npx jinbox templates export --out FOLDER writes copies to change; or leave `templates` out",
  };
  return [...findings, warning("templates", saw, advice)];
}
