// What a campaign says where its file says nothing: the words of its language.
import { resolve } from "node:path";
import type { Criterion, Locale } from "./campaign.ts";

/** The wording that comes with the program, one folder a language. */
export const builtInTemplates = resolve(import.meta.dirname, "../../config/templates");

interface LocaleDefaults {
  office: string;
  liaison: string;
  head: string;
  supervisor: string;
  member: string;
  /** Other words people use for the deliverables nearly every campaign has, by code. */
  deliverableAliases: Record<string, string[]>;
  criteria: Criterion[];
}

export const defaults: Record<Locale, LocaleDefaults> = {
  "zh-CN": {
    office: "活动领导小组办公室",
    liaison: "联络员",
    head: "负责人",
    supervisor: "分管领导",
    member: "办公室",
    deliverableAliases: {
      "golden-idea": ["金点子", "点子", "合理化建议", "意见建议", "建议", "创意", "提案"],
      "summary-report": ["书面总结", "总结材料", "活动总结", "工作总结", "总结报告", "总结"],
      "engineering-plan": ["实施方案", "工程实施方案", "工程方案", "工作方案", "九大工程"],
    },
    criteria: [
      { code: "innovation", name: "创新性", weight: 1 },
      { code: "foresight", name: "前瞻性", weight: 1 },
      { code: "operability", name: "可操作性", weight: 1 },
    ],
  },
  en: {
    office: "Campaign office",
    liaison: "Liaison",
    head: "Head",
    supervisor: "Supervisor",
    member: "Office",
    deliverableAliases: {
      "golden-idea": ["golden idea", "idea", "suggestion", "proposal"],
      "summary-report": ["summary report", "summary", "report"],
      "engineering-plan": ["engineering plan", "implementation plan", "plan"],
    },
    criteria: [
      { code: "innovation", name: "Innovation", weight: 1 },
      { code: "foresight", name: "Foresight", weight: 1 },
      { code: "operability", name: "Operability", weight: 1 },
    ],
  },
};
