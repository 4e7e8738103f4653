// What a mail asks to be changed, and what it is meant as, in the campaign's language.
import { type Campaign, deliverableOf, type Locale, unitOf } from "../campaign/campaign.ts";
import type { CorrectionRequest, Intent } from "../understand/evidence.ts";

export function changeWords(change: CorrectionRequest, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const to = (chinese: string, english: string, value: string) =>
    zh ? `${chinese}改为 ${value}` : `${english} → ${value}`;
  switch (change.action) {
    case "unit":
      return to("单位", "unit", unitOf(campaign, change.unit)?.name ?? change.unit);
    case "type": {
      const deliverable = deliverableOf(campaign, change.type);
      const item = deliverable?.items.find((one) => one.code === change.item);
      return to("类型", "type", [deliverable?.name ?? change.type, item?.name].filter(Boolean).join(" / "));
    }
    case "people":
      return to("提交人", "people", change.people.join(zh ? "、" : ", "));
    case "title":
      return to("标题", "title", change.title);
    case "replace":
      return zh ? "以新稿替换" : "replaced by a newer version";
    case "supplement":
      return zh ? "补上缺的附件" : "a missing attachment is added";
    case "withdraw":
      return zh ? "撤回" : "withdrawn";
  }
}

const INTENTS: Record<Intent, readonly [zh: string, en: string]> = {
  correct: ["更正已登记的内容", "corrects what was filed"],
  withdraw: ["撤回", "withdraws"],
  replace: ["换上新稿", "brings a newer version"],
  supplement: ["补交", "brings what was forgotten"],
  thanks: ["致谢", "thanks"],
  question: ["询问", "asks"],
  answer: ["回答我们的询问", "answers what we asked"],
  submit: ["虽是回信，却是新的提交", "hands in anew, though a reply"],
  unclear: ["有所要求，但看不明白", "wants something, unclear what"],
};

export function intentWords(intent: Intent, locale: Locale): string {
  return `${INTENTS[intent][locale === "zh-CN" ? 0 : 1]} (${intent})`;
}
