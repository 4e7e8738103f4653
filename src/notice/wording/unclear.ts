// Why what the office wrote could not be understood, and how to write it.
import type { Campaign, Locale } from "../../campaign/campaign.ts";
import type { InstructionProblem } from "../../understand/instruction.ts";
import type { Field } from "../../understand/named-values.ts";
import { asLine } from "../render.ts";

const FIELDS: Record<Field, [zh: string, en: string]> = {
  unit: ["单位", "unit"],
  type: ["类型", "type"],
  item: ["分项", "item"],
  people: ["姓名", "names"],
  title: ["标题", "title"],
  note: ["备注", "note"],
};

export function fieldName(field: Field, locale: Locale): string {
  return FIELDS[field][locale === "zh-CN" ? 0 : 1];
}

export function problemWords(problem: InstructionProblem, { locale }: Campaign): string {
  const zh = locale === "zh-CN";
  switch (problem.what) {
    case "not-understood":
      return zh
        ? `没看懂“${asLine(problem.written, 80)}”；可以写：单位= 类型= 分项= 姓名= 标题=，或 登记、忽略、撤回`
        : `“${asLine(problem.written, 80)}” was not understood; write unit= type= item= names= title=, or file, dismiss, withdraw`;
    case "nothing-said":
      return zh
        ? "没有写怎么办；可以写：单位= 类型= 分项= 姓名= 标题=，或 登记、忽略、撤回"
        : "it does not say what to do; write unit= type= item= names= title=, or file, dismiss, withdraw";
    case "said-twice":
      return zh
        ? `“${asLine(problem.written, 80)}”与前面写的不一致`
        : `“${asLine(problem.written, 80)}” contradicts the rest`;
    case "too-many":
      return zh
        ? `一封邮件最多办 ${problem.most} 条，从这一行起都没有办，请分几封写`
        : `one mail may give ${problem.most} instructions: from this line on nothing was done; write the rest in another`;
    case "no-value": {
      const label = fieldName(problem.field, locale);
      if (problem.field === "unit")
        return zh
          ? "单位没有填写；请写单位名称，个人来件写“单位=无”"
          : "the unit is not filled in; write its name, or unit=none where it is nobody's";
      return zh ? `${label}没有填写` : `the ${label} is not filled in`;
    }
    case "several-meant": {
      const { field, written, nearest } = problem;
      return zh
        ? `“${asLine(written, 40)}”可能是${fieldName(field, locale)}${nearest.join("、")}，请写全称`
        : `“${asLine(written, 40)}” may be ${nearest.join(" or ")}: write the full name`;
    }
    case "unknown-name": {
      const { field, written, nearest } = problem;
      const label = fieldName(field, locale);
      const near = nearest.join(zh ? "、" : ", ");
      if (zh) return `没有叫“${asLine(written, 40)}”的${label}${near ? `；可以写：${near}` : ""}`;
      return `no ${label} is called “${asLine(written, 40)}”${near ? `; there is ${near}` : ""}`;
    }
    default:
      return problem satisfies never;
  }
}
