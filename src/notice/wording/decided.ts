// What the office's word about an uncertain notice came to, in words.
import { type Campaign, unitOf } from "../../campaign/campaign.ts";
import type { Decided, DecidedNotice } from "../office/decide.ts";
import { asLine } from "../render.ts";

export function decidedWords(
  { line, result }: Decided,
  campaign: Campaign,
): { line: string; done: boolean; words: string } {
  const zh = campaign.locale === "zh-CN";
  const written = asLine(line, 200);
  if ("why" in result) return { line: written, done: false, words: undecidedWords(result, campaign) };
  const { did, notice, changed } = result;
  const again = changed ? "" : zh ? "（原已如此）" : " (it was so already)";
  const done =
    did === "resend"
      ? zh
        ? "重发一次；发出前再核对，已交来的不再催"
        : "it is sent once more, if what it says is still true then"
      : zh
        ? "不再发，简报不再列出"
        : "it is not sent again, and listed no more";
  return { line: written, done: true, words: `${named(notice, campaign)}${zh ? "：" : ": "}${done}${again}` };
}

function undecidedWords(result: Extract<Decided["result"], { why: string }>, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  switch (result.why) {
    case "no-such-notice":
      return zh ? `没有 ${result.notice} 号通知` : `there is no notice ${result.notice}`;
    case "contradicts": {
      const other = asLine(result.other, 80);
      return zh
        ? `与同一封信里的“${other}”不一致，都没有办`
        : `“${other}” in the same mail says otherwise: neither was done`;
    }
    case "not-ambiguous": {
      const [chinese, english] = STATES[result.state];
      const notice = named(result.notice, campaign);
      return zh ? `${notice}${chinese}，不用再定` : `${notice} ${english}: there is nothing to decide`;
    }
    default:
      return result satisfies never;
  }
}

const STATES: Record<
  Extract<Decided["result"], { why: "not-ambiguous" }>["state"],
  [zh: string, en: string]
> = {
  intended: ["正待发出", "is about to be sent"],
  claimed: ["正在发出", "is being sent"],
  "data-sent": ["正在发出", "is being sent"],
  accepted: ["已经发出", "was sent"],
  rejected: ["被拒收，请核对地址", "was refused: check the address"],
  ambiguous: ["结果不明", "may have arrived"],
  dropped: ["已作废", "was dropped"],
  bounced: ["被退回，请核对地址", "came back: check the address"],
};

function named({ id, unit, subject, to }: DecidedNotice, campaign: Campaign): string {
  const whose = unitOf(campaign, unit)?.name ?? to.join(", ");
  const parts = [whose, asLine(subject, 60)].filter(Boolean).join(campaign.locale === "zh-CN" ? "　" : ", ");
  return campaign.locale === "zh-CN" ? `${id} 号通知（${parts}）` : `notice ${id} (${parts})`;
}
