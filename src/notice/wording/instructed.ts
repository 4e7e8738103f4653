// The report to the office on its instructions and rulings: line by line what was done, or why not and how to write it.
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import type { Ruled } from "../../deadline/office/rule.ts";
import type { Mail } from "../../message/mail.ts";
import { senderOf } from "../../message/sender.ts";
import type { Change, Instructed, NotDone } from "../../submission/instruct.ts";
import { answeredId, instructedKey, replyReferences } from "../identity.ts";
import type { NoticeIntent } from "../notice.ts";
import type { Decided } from "../office/decide.ts";
import { asLine, render } from "../render.ts";
import { decidedWords } from "./decided.ts";
import { ruledWords } from "./ruled.ts";
import { bareSubject } from "./subject.ts";
import { fieldName, problemWords } from "./unclear.ts";

/** What came of what the office told us in one mail. */
export interface Told {
  instructed: Instructed[];
  ruled: Ruled[];
  decided: Decided[];
  /** Names of the files that came along and belong to nothing. */
  files: string[];
}

export async function reportInstructed(
  { mail, messageId }: { mail: Mail; messageId: number },
  { instructed, ruled, decided, files }: Told,
  campaign: Campaign,
): Promise<NoticeIntent | null> {
  const sender = senderOf(mail);
  if (!sender) return null;
  const said = instructed.map((one) => lineView(one, campaign));
  const named = said.map((one, at) => {
    const isShared = said.some((other, place) => place !== at && other.line === one.line);
    return isShared ? { ...one, words: `${targetName(instructed[at]!, campaign)}${one.words}` } : one;
  });
  const rulings = ruled.map((one) => ({ at: one.at, ...ruledWords(one, campaign) }));
  const notices = decided.map((one) => ({ at: one.at, ...decidedWords(one, campaign) }));
  // In the order they were written in.
  const lines = [...named, ...rulings, ...notices].sort((one, other) => one.at - other.at);
  const undone = lines.filter(({ done }) => !done).length;
  const view = {
    campaign: campaign.title,
    office: campaign.office.name,
    subject: bareSubject(mail.subject),
    lines,
    // What comes along is kept with the mail, but files nothing: whose it would be, nobody said.
    files: files.map((filename) => asLine(filename, 80)),
    done: lines.length - undone,
    undone,
  };
  return {
    key: instructedKey(messageId),
    kind: "acknowledgement",
    to: [{ name: asLine(sender.name, 100), email: sender.address }],
    cc: [],
    ...(await render(campaign, "instructed", view)),
    attachments: [],
    inReplyTo: answeredId(mail),
    references: replyReferences(mail),
    causeMessageId: messageId,
    unit: null,
    stillOwed: [],
    notBefore: null,
  };
}

/** "65 号：": which of those that one line names; nothing where it could not be told. */
function targetName({ reference, mail }: Instructed, { locale }: Campaign): string {
  const zh = locale === "zh-CN";
  if (reference === null && mail === null) return "";
  return `${reference ?? (zh ? `${mail} 号` : `mail ${mail}`)}${zh ? "：" : ": "}`;
}

function lineView({ line, at, result }: Instructed, campaign: Campaign) {
  const zh = campaign.locale === "zh-CN";
  const written = asLine(line, 200);
  if ("why" in result) return { at, line: written, done: false, words: notDoneWords(result, campaign) };
  const say = (words: string) => ({ at, line: written, done: true, words });
  switch (result.did) {
    case "filed": {
      const all = result.submissions.map((submission) => {
        const older = result.superseded.get(submission.reference);
        const named = [
          submission.reference,
          typeName(submission.type, submission.item, campaign),
          unitName(submission.unit, campaign),
          asLine(submission.title, 60),
        ].join(zh ? "　" : "  ");
        return older ? `${named}${zh ? `（替换 ${older}）` : ` (replaces ${older})`}` : named;
      });
      return say(`${zh ? "已登记为 " : "filed as "}${all.join(zh ? "；" : "; ")}`);
    }
    case "dismissed":
      return say(zh ? "已作无需处理，原文保留" : "put aside; the mail stays readable");
    case "withdrawn":
      return say(zh ? "已撤回，原文保留" : "withdrawn; it stays readable");
    case "restored": {
      const { withdrawn } = result;
      const newer =
        withdrawn &&
        (zh ? `，${withdrawn} 已撤回，原文保留` : `; ${withdrawn} is withdrawn and stays readable`);
      return say(`${zh ? "已恢复有效" : "it stands again"}${newer ?? ""}`);
    }
    case "confirmed":
      return say(zh ? "已确认属实" : "confirmed");
    case "unchanged":
      return say(zh ? "登记本来就是这样，没有改动" : "it says so already; nothing was changed");
    case "changed": {
      const changes = result.changes.map((change) => changeWords(change, campaign));
      const { supersedes, reinstated } = result;
      if (supersedes) changes.push(zh ? `替换 ${supersedes}` : `replaces ${supersedes}`);
      if (reinstated) changes.push(zh ? `${reinstated} 恢复有效` : `${reinstated} stands again`);
      return say(changes.join(zh ? "；" : "; "));
    }
    default:
      return result satisfies never;
  }
}

const unitName = (code: string | null, campaign: Campaign): string =>
  unitOf(campaign, code)?.name ?? code ?? (campaign.locale === "zh-CN" ? "不属于任何单位" : "nobody's unit");

function typeName(code: string, item: string | null, campaign: Campaign): string {
  const deliverable = deliverableOf(campaign, code);
  const part = deliverable?.items.find((one) => one.code === item)?.name;
  const name = deliverable?.name ?? code;
  return part ? `${name}${campaign.locale === "zh-CN" ? `（${part}）` : ` (${part})`}` : name;
}

function changeWords({ field, before, after }: Change, campaign: Campaign): string {
  const named = (value: string | null) => {
    if (field === "unit") return unitName(value, campaign);
    if (value === null || value === "") return campaign.locale === "zh-CN" ? "无" : "none";
    if (field === "type") return typeName(value, null, campaign);
    if (field === "item")
      return (
        campaign.deliverables.flatMap(({ items }) => items).find(({ code }) => code === value)?.name ?? value
      );
    return asLine(value, 80);
  };
  const label = fieldName(field, campaign.locale);
  return campaign.locale === "zh-CN"
    ? `${label}由“${named(before)}”改为“${named(after)}”`
    : `${label} changed from “${named(before)}” to “${named(after)}”`;
}

function notDoneWords(result: NotDone, campaign: Campaign): string {
  const zh = campaign.locale === "zh-CN";
  const names = (all: readonly { name: string }[]) => all.map(({ name }) => name).join(zh ? "、" : ", ");
  const deliverables = names(campaign.deliverables);
  switch (result.why) {
    case "unclear":
      return result.problems.map((problem) => problemWords(problem, campaign)).join(zh ? "；" : "; ");
    case "either": {
      const { reference, mail } = result;
      return zh
        ? `${mail} 既是一封待人工邮件的编号，也是登记编号 ${reference}：指邮件请写 #M${mail}，指登记请写 ${reference}`
        : `${mail} is the number of a mail that waits and of ${reference}: write #M${mail} for the mail, ${reference} for what was filed`;
    }
    case "no-such-submission":
      return zh ? `没有编号 ${result.reference}` : `there is no ${result.reference}`;
    case "no-such-mail":
      return zh
        ? "没有这个编号的邮件；指登记编号的，请写四位数，例如 #0042"
        : "no mail has this number; a reference number has four digits, like #0042";
    case "not-current": {
      const state = {
        current: ["", ""],
        superseded: ["已被新版本替换", "was replaced"],
        withdrawn: ["已撤回", "was withdrawn"],
      };
      return zh
        ? `这一件${state[result.state][0]}，没有改动`
        : `it ${state[result.state][1]}; nothing was changed`;
    }
    case "withdraws-and-changes":
      return zh
        ? "一行里既要撤下（恢复）又要更改，请分开写"
        : "it both takes away or puts back and changes: write two lines";
    case "dismisses-filed":
      return zh ? "已经登记的，请写“撤回”" : "it is filed already: write “withdraw”";
    case "withdraws-held":
      return zh ? "尚未登记，不需要的请写“忽略”" : "it is not filed yet: write “dismiss”";
    case "decided": {
      const filed = result.references.join(zh ? "、" : ", ");
      if (filed === "") return zh ? "这封邮件已经办过了" : "this mail was settled before";
      return zh
        ? `这封邮件已登记为 ${filed}，要更正请写这个编号`
        : `this mail was filed as ${filed}: to correct it, write that number`;
    }
    case "type-needed":
      return zh ? `请写明类型：类型=${deliverables}` : `say which type: type=${deliverables}`;
    case "unit-needed":
      return zh ? "请写明单位：单位=单位名称" : "say which unit: unit=NAME";
    case "item-needed":
    case "item-unfit": {
      const deliverable = deliverableOf(campaign, result.type);
      const items = names(deliverable?.items ?? []);
      if (items === "")
        return zh ? `“${deliverable?.name}”不分项，请去掉分项` : `“${deliverable?.name}” has no items`;
      return zh ? `请写明分项：分项=${items}` : `say which item: item=${items}`;
    }
    case "several-inside":
      return zh
        ? `里面有 ${result.count} 件，标题请在登记后逐件更正`
        : `it holds ${result.count}: correct their titles one by one once they are filed`;
    default:
      return result satisfies never;
  }
}
