// Ideas as the rows of a table or a sheet, under a header that names people or units and what is proposed.
import type { Idea } from "./idea.ts";
import type { Knowledge } from "./knowledge.ts";
import { HINT } from "./knowledge.ts";
import { type Line, linesOf, plainOf } from "./letter.ts";
import { mentionsIn } from "./names.ts";
import { namesIn } from "./people.ts";
import { tidy } from "./title.ts";

type Column = "people" | "unit" | "title" | "text" | "other";
/** The first that fits; what the campaign calls its ideas is added to the words for their text. */
const COLUMNS: [Column, RegExp][] = [
  [
    "other",
    /^(?:序号?|编号|号|no\.?|#|电话|手机|联系|备注|时间|日期|职务|职称|岗位|工种|年级|班级|工号|性别|年龄|类别|类型|状态|部门?电话|邮箱|phone|e-?mail|remarks?|date|position|job)/,
  ],
  [
    "people",
    /姓名|作者|^\p{Script=Han}{0,5}(?<!联系|填报|审核|经办|负责|责任|牵头|受益|录入)人(?:姓名)?$|员工|^人员?$|^谁|name|author|proposer|submitted by|^by$|^who|proposed/u,
  ],
  [
    "unit",
    /单位|部门|处室|科室|学校|校区|院区|分公司|车间|班组|站点|门店|园区|所在|unit|department|school|office|organi[sz]ation|campus|branch|team|site/,
  ],
  ["title", /标题|题目|名称|主题|^题$|title|subject|topic|headline/],
  [
    "text",
    /内容|建议|点子|说明|描述|提案|想法|理由|措施|做法|怎么[做办改]|办法|方案|效果|问题|现状|原因|好处|意义|idea|suggestion|proposal|detail|description|content|problem|benefit|solution/,
  ],
];
const MOST_HEADER = 16;
const NOTE = /^(?:合计|总计|小计|注\d?[:：]|备注[:：]|说明[:：]|填[表报]|制表|审核|total|notes?[:：])/i;

export function tableOf(lines: Line[], knowledge: Knowledge): Idea[] | null {
  const rows = lines.map((line) => line.raw.split(/\t|\s\|\s|^\|\s*|\s*\|$/).map((cell) => cell.trim()));
  for (let at = 0; at < Math.min(rows.length, 12); at += 1) {
    const header = rows[at]!;
    if (header.length < 2 || header.some((cell) => cell.length > MOST_HEADER)) continue;
    const columns = header.map((cell) => columnOf(cell, knowledge));
    const useful = columns.filter((column) => column !== null && column !== "other");
    const proposes = columns.some((column) => column === "title" || column === "text");
    if (useful.length < 2 || !proposes) continue;
    const ideas = ideasOf(rows.slice(at + 1), columns, lines.slice(at + 1));
    if (ideas.length > 0) return ideas;
  }
  return null;
}

function columnOf(cell: string, knowledge: Knowledge): Column | null {
  const plain = plainOf(cell);
  if (plain === "" || plain.length > MOST_HEADER) return null;
  const known = COLUMNS.find(([, words]) => words.test(plain))?.[0];
  if (known) return known;
  const kinds = mentionsIn(knowledge.kinds, plain, { typos: false });
  const isKind = kinds.some((one) => knowledge.personal.has(one.value ?? "") && one.strength > HINT);
  return isKind ? "text" : null;
}

type Cells = Record<Column, string[]>;

/** Cells merged over several rows stand in the first: who and where hold until the next. */
function ideasOf(rows: string[][], columns: (Column | null)[], lines: Line[]): Idea[] {
  const ideas: Idea[] = [];
  let [people, unit] = ["", ""];
  rows.forEach((row, i) => {
    if (NOTE.test(lines[i]!.plain)) return;
    const cells: Cells = { people: [], unit: [], title: [], text: [], other: [] };
    row.forEach((cell, at) => {
      if (cell !== "") cells[columns[at] ?? "other"].push(cell);
    });
    const idea = ideaOfRow(cells, { people, unit }, row.length >= columns.length - 1);
    if (!idea) return;
    [people, unit] = [cells.people[0] ?? people, cells.unit[0] ?? unit];
    ideas.push(idea);
  });
  return ideas;
}

function ideaOfRow(cells: Cells, above: { people: string; unit: string }, isWhole: boolean): Idea | null {
  const content = [...cells.title, ...cells.text];
  if (content.join("").length < 4) return null;
  const text = content.join("\n");
  const short = cells.text.length > 1 && [...cells.text[0]!].length <= 30 ? cells.text[0]! : null;
  const title = cells.title[0] ?? short;
  const names = cells.people.length > 0 ? cells.people.join("、") : isWhole ? above.people : "";
  return {
    title: title === null ? null : tidy(title),
    text,
    lines: linesOf(cells.text.join("\n") || text),
    people: namesIn(names, { labelled: true }),
    unitWords: cells.unit[0] ?? (isWhole && above.unit !== "" ? above.unit : null),
  };
}
