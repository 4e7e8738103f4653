// `jinbox extend`: a unit gets more time; from then on the new date counts, and notices name it.
import { itemOption, rulingCommand } from "./ruling/ruling-command.ts";

export const command = rulingCommand({
  kind: "extension",
  name: "extend",
  usage: "UNIT DELIVERABLE DATE[THH:MM] --why TEXT [--item I] [--who NAME] [--undo] [--json] [--config FILE]",
  words: {
    zh: "同意延期：按新的日期提醒、催报，已经排上的催报随即作废或改写；几个单位用顿号隔开，写“全部”是所有应交的单位",
    en: "give more time: reminders count from the new date, queued ones are dropped or reworded; several units with commas, or “all”",
  },
  options: { item: itemOption },
  undo: {
    zh: "取消延期，仍按原定日期（不写日期）；也要用 --why 写明原因",
    en: "take the extension back: the announced date counts (no DATE); --why is needed here too",
  },
  why: { zh: "原因，必须写", en: "why; required" },
});
