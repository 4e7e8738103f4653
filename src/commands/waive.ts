// `jinbox waive`: a unit need not hand in a thing; it is asked no more, and the record says why.
import { itemOption, rulingCommand } from "./ruling/ruling-command.ts";

export const command = rulingCommand({
  kind: "waiver",
  name: "waive",
  usage: "UNIT DELIVERABLE --why TEXT [--item I] [--who NAME] [--undo] [--json] [--config FILE]",
  words: {
    zh: "同意免交：不再催，应交情况中列为免交；几个单位用顿号隔开，写“全部”是所有应交的单位",
    en: "waive what is owed: nobody is urged for it any more; several units with commas, or “all”",
  },
  options: { item: itemOption },
  undo: {
    zh: "取消免交，恢复应交；也要用 --why 写明原因",
    en: "take the waiver back: it is owed again; --why is needed here too",
  },
  why: { zh: "原因，必须写", en: "why; required" },
});
