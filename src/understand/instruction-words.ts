// What the office may set and ask for in a reply, as tables: a further field or act is a further row.
import type { Knowledge } from "./knowledge.ts";
import {
  type Changes,
  type Field,
  type NotResolved,
  readItem,
  readNote,
  readPeople,
  readTitle,
  readType,
  readUnit,
} from "./named-values.ts";

export type Act = "dismiss" | "withdraw" | "restore" | "file";

/** What can be set. A new field is a row here and a property of `Changes`. */
export const FIELDS: {
  field: Field;
  words: string[];
  read(value: string, knowledge: Knowledge): Changes | NotResolved;
}[] = [
  {
    field: "unit",
    words: ["所属单位", "单位", "部门", "处室", "科室", "unit", "department"],
    read: readUnit,
  },
  { field: "type", words: ["材料类型", "类型", "类别", "材料", "type", "kind"], read: readType },
  { field: "item", words: ["分项", "子项", "项目", "工程", "item"], read: readItem },
  {
    field: "people",
    words: ["提交人", "提出人", "建议人", "姓名", "作者", "people", "names", "name", "authors", "author"],
    read: readPeople,
  },
  { field: "title", words: ["标题", "题目", "title"], read: readTitle },
  { field: "note", words: ["备注", "原因", "说明", "note", "why"], read: readNote },
];

/** What can be asked for in a word. A new act is a row here and a case where acts are carried out. */
export const ACTS: { act: Act; words: string[] }[] = [
  {
    act: "dismiss",
    words: [
      "忽略",
      "无需处理",
      "无须处理",
      "不需处理",
      "不用处理",
      "不必处理",
      "不予处理",
      "dismiss",
      "ignore",
    ],
  },
  { act: "withdraw", words: ["撤回", "撤销", "作废", "withdraw"] },
  { act: "restore", words: ["恢复有效", "恢复", "还原", "restore", "reinstate", "undo"] },
  {
    act: "file",
    words: ["确认登记", "登记", "已核实", "核实", "确认", "属实", "file", "confirm", "accept"],
  },
];
