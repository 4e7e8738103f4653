// `jinbox receive`: what came on paper, by phone or otherwise past the mailbox is put on record, with its scans.
import { itemOption, rulingCommand } from "./ruling/ruling-command.ts";

export const command = rulingCommand({
  kind: "receipt",
  name: "receive",
  usage:
    "UNIT DELIVERABLE [--item I] [--on 2012-12-14[T16:00]] [--by paper|phone|other] [--scan FILE]… [--why TEXT] [--who NAME] [--undo] [--json] [--config FILE]",
  words: {
    zh: "登记没有走邮箱的材料（纸质、电话等）：从收到之日起算已交，不再催；几个单位用顿号隔开，写“全部”是所有应交的单位",
    en: "record what did not come by mail (paper, phone): it counts from the day it came; several units with commas, or “all”",
  },
  options: {
    item: itemOption,
    on: {
      type: "string",
      value: "WHEN",
      words: { zh: "收到的日期，可带时间；不写为现在", en: "when it came (default: now)" },
    },
    by: {
      type: "string",
      value: "HOW",
      words: { zh: "怎么来的：paper 纸质、phone 电话、other 其他", en: "how it came: paper, phone or other" },
    },
    scan: {
      type: "string",
      value: "FILE",
      multiple: true,
      words: {
        zh: "扫描件，可以写几次；和附件一样保存",
        en: "a scan of it, kept like an attachment; may be given several times",
      },
    },
  },
  undo: { zh: "登记错了：取消收到的记录", en: "it was recorded by mistake: take the receipt back" },
  why: { zh: "备注，留在记录里", en: "a note for the record" },
});
