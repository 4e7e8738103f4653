// The picture's layout for echarts: bars and cells at the width of a telephone, every word inside its own room; pure.
import type { EChartsCoreOption } from "echarts/core";
import type { ObligationState } from "../../deadline/obligation.ts";
import type { Cell, Coverage, PictureFacts, PictureRow } from "./facts.ts";

export interface Layout {
  option: EChartsCoreOption;
  width: number;
  height: number;
}

/** Drawn at twice this many pixels: words of 14 stay readable where a telephone shows the picture 350 wide. */
export const WIDTH = 440;
const NAMES = 144;
const ROW = 27;
const BAR_ROW = 30;
const HEAD = 30;
const GAP = 14;
const NAME_SIZE = 13;
const FIGURE_SIZE = 12;
const EDGE = 4;

const ink = "#1f2328";
const quiet = "#5d646d";
const accent = "#5b7fa6";
const colours: Record<keyof Omit<Coverage, "name" | "all">, string> = {
  met: "#3d7d56",
  metLate: "#b98320",
  waived: "#9aa3ad",
  open: "#e3dfd4",
  overdue: "#a4271c",
};

const words = {
  "zh-CN": {
    /** As wide as four characters of a heading. */
    cell: 50,
    coverage: "应交材料",
    units: "各单位",
    parts: { met: "已交", metLate: "补交", waived: "免交", open: "未到期", overdue: "逾期" },
    states: {
      met: "已交",
      "met-late": "补交",
      waived: "免交",
      outstanding: "未交",
      extended: "延期",
      overdue: "逾期",
    },
    figures: "条 · 人 · 占在职人数",
    row: (row: PictureRow) =>
      `${row.ideas}条 · ${row.people}人${row.share === null ? "" : ` · ${row.share}%`}`,
    none: "尚无",
    rest: (units: number, ideas: number, people: number) => `另 ${units} 个单位：${ideas} 条 · ${people} 人`,
    quiet: (units: number) => `另 ${units} 个单位尚无来件`,
  },
  en: {
    /** As wide as "overdue". */
    cell: 56,
    coverage: "What is owed",
    units: "By unit",
    parts: { met: "in", metLate: "late", waived: "waived", open: "not due", overdue: "overdue" },
    states: {
      met: "in",
      "met-late": "late",
      waived: "waived",
      outstanding: "open",
      extended: "ext.",
      overdue: "overdue",
    },
    figures: "ideas · people · of staff",
    row: (row: PictureRow) =>
      `${row.ideas} · ${row.people} p.${row.share === null ? "" : ` · ${row.share}%`}`,
    none: "none yet",
    rest: (units: number, ideas: number, people: number) => `${units} more units: ${ideas} from ${people}`,
    quiet: (units: number) => `${units} more units: none yet`,
  },
} as const;

type PictureWords = (typeof words)["zh-CN" | "en"];

export function layoutOf(facts: PictureFacts): Layout {
  const say = words[facts.locale];
  const coverageTop = HEAD;
  const coverageHeight = facts.coverage.length * BAR_ROW;
  const unitsTop = facts.coverage.length > 0 ? coverageTop + coverageHeight + GAP : 0;
  const rowsTop = unitsTop + (facts.rows.length > 0 ? HEAD + 18 : 0);
  const rowsHeight = facts.rows.length * ROW;
  const notes = [
    facts.rest ? say.rest(facts.rest.units, facts.rest.ideas, facts.rest.people) : "",
    facts.quiet > 0 ? say.quiet(facts.quiet) : "",
  ].filter(Boolean);
  const height = rowsTop + rowsHeight + notes.length * 24 + 12;
  const barsLeft = NAMES + facts.columns.length * say.cell + 10;
  const figures = 14 + Math.max(0, ...facts.rows.map((row) => widthOf(rowWords(row, say), FIGURE_SIZE)));
  const most = Math.max(1, ...facts.rows.map(({ ideas }) => ideas));
  const coverageRoom = { left: NAMES, width: WIDTH - NAMES - 78, top: coverageTop, height: coverageHeight };
  const rowsRoom = { top: rowsTop, height: rowsHeight };
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily: FONT_FAMILY, color: ink },
    grid: [
      coverageRoom,
      { left: NAMES, width: Math.max(1, facts.columns.length * say.cell), ...rowsRoom },
      { left: barsLeft, width: Math.max(8, WIDTH - barsLeft - figures), ...rowsRoom },
    ],
    xAxis: [
      { ...hidden, gridIndex: 0, type: "value", min: 0, max: 1 },
      { ...hidden, gridIndex: 1, type: "value", min: 0, max: Math.max(1, facts.columns.length) },
      { ...hidden, gridIndex: 2, type: "value", min: 0, max: most },
    ],
    yAxis: [
      names(
        0,
        facts.coverage.map(({ name }) => name),
      ),
      names(
        1,
        facts.rows.map(({ name }) => name),
      ),
      { ...names(2, facts.rows.map(String)), axisLabel: { show: false } },
    ],
    series: [
      ...coverageBars(facts.coverage, say),
      cells(facts, say),
      ...(facts.hasIdeas ? [participation(facts.rows, say)] : []),
    ],
    graphic: [
      ...(facts.coverage.length > 0 ? [heading(say.coverage, EDGE), legend(say)] : []),
      ...(facts.rows.length > 0 ? [heading(say.units, unitsTop + 8)] : []),
      ...facts.columns.map((name, at) =>
        columnHead(name, NAMES + (at + 0.5) * say.cell, unitsTop + 8, say.cell - 4),
      ),
      ...(facts.hasIdeas && facts.rows.length > 0
        ? [text(say.figures, { right: EDGE, top: unitsTop + 26 }, 11, quiet)]
        : []),
      ...notes.map((note, at) =>
        text(note, { left: EDGE, top: rowsTop + rowsHeight + 6 + at * 24 }, 13, quiet),
      ),
    ],
  };
  return { option, width: WIDTH, height };
}

/** The name the shipped font goes by in the drawing process. */
export const FONT_FAMILY = "jinbox-digest";

const hidden = { show: false };

function names(gridIndex: number, data: string[]) {
  return {
    gridIndex,
    type: "category",
    inverse: true,
    data: data.map((name) => fitted(name, NAMES - EDGE - 8, NAME_SIZE)),
    axisLine: hidden,
    axisTick: hidden,
    axisLabel: { interval: 0, fontSize: NAME_SIZE, color: ink, align: "left", margin: NAMES - EDGE },
  };
}

function coverageBars(coverage: Coverage[], say: PictureWords) {
  const parts = ["met", "metLate", "waived", "overdue", "open"] as const;
  const bars = parts.map((part) => ({
    type: "bar",
    name: say.parts[part],
    stack: "coverage",
    barWidth: 16,
    xAxisIndex: 0,
    yAxisIndex: 0,
    itemStyle: { color: colours[part] },
    data: coverage.map((one) => one[part] / one.all),
  }));
  const done = {
    type: "bar",
    stack: "coverage",
    xAxisIndex: 0,
    yAxisIndex: 0,
    itemStyle: { color: "transparent" },
    data: coverage.map(() => 0),
    label: {
      show: true,
      position: "right",
      distance: 8,
      fontSize: 13,
      color: ink,
      formatter: ({ dataIndex }: { dataIndex: number }) => doneWords(coverage[dataIndex]),
    },
  };
  return [...bars, done];
}

function doneWords(one: Coverage | undefined): string {
  return one ? `${one.met + one.metLate + one.waived} / ${one.all}` : "";
}

function cells({ rows, columns }: PictureFacts, say: PictureWords) {
  const data = rows.flatMap((row, y) =>
    row.cells.flatMap((cell, x) => (cell ? [{ value: [x + 0.5, y], ...cellLook(cell, say) }] : [])),
  );
  return {
    type: "scatter",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "roundRect",
    symbolSize: [columns.length === 0 ? 0 : say.cell - 6, ROW - 7],
    data,
  };
}

function cellLook({ state, done, all }: Cell, say: PictureWords) {
  const fills: Record<ObligationState, [background: string, letters: string]> = {
    met: [colours.met, "#ffffff"],
    "met-late": [colours.metLate, "#ffffff"],
    waived: [colours.waived, "#ffffff"],
    outstanding: ["#f3f1ea", quiet],
    extended: ["#f3f1ea", quiet],
    overdue: [colours.overdue, "#ffffff"],
  };
  const [background, letters] = fills[state];
  const label = all > 1 ? `${done}/${all}` : say.states[state];
  return {
    itemStyle: { color: background, opacity: 1 },
    label: { show: true, position: "inside", formatter: () => label, fontSize: 11.5, color: letters },
  };
}

function participation(rows: PictureRow[], say: PictureWords) {
  return {
    type: "bar",
    xAxisIndex: 2,
    yAxisIndex: 2,
    barWidth: 14,
    itemStyle: { color: accent },
    data: rows.map((row) => ({
      value: row.ideas,
      label: {
        show: true,
        position: "right",
        distance: 6,
        fontSize: FIGURE_SIZE,
        color: row.ideas > 0 ? ink : quiet,
        formatter: () => rowWords(row, say),
      },
    })),
  };
}

function rowWords(row: PictureRow, say: PictureWords): string {
  return row.ideas > 0 ? say.row(row) : say.none;
}

function heading(words: string, top: number) {
  return text(words, { left: EDGE, top }, 15, ink);
}

function legend(say: PictureWords) {
  const parts = ["met", "metLate", "overdue", "open", "waived"] as const;
  const rich = Object.fromEntries(parts.map((part) => [part, { fill: colours[part], fontSize: 14 }]));
  return {
    type: "text",
    right: EDGE,
    top: 6,
    style: {
      text: parts.map((part) => `{${part}|■} ${say.parts[part]}`).join(" "),
      rich,
      ...{ fill: quiet, fontSize: 12, fontFamily: FONT_FAMILY },
    },
  };
}

function columnHead(name: string, x: number, top: number, room: number) {
  const lines = wrapped(name, room, 11);
  return {
    type: "text",
    x,
    y: top + (lines.length > 1 ? 4 : 18),
    style: {
      text: lines.join("\n"),
      ...{ fill: quiet, fontSize: 11, lineHeight: 14, textAlign: "center", fontFamily: FONT_FAMILY },
    },
  };
}

function text(words: string, place: object, fontSize: number, fill: string) {
  return {
    type: "text",
    ...place,
    style: { text: words, ...{ fill, fontSize, fontFamily: FONT_FAMILY } },
  };
}

/** How wide a text is, near enough: what is Chinese is as wide as it is high. */
function widthOf(words: string, size: number): number {
  return [...words].reduce((sum, one) => sum + (one > "\u2e7f" ? 1 : one < "\u0300" ? 0.55 : 0.8) * size, 0);
}

/** Shortened in its middle: names of one house begin alike, and those of its branches end differently. */
export function fitted(name: string, room: number, size: number): string {
  if (widthOf(name, size) <= room) return name;
  const letters = [...name];
  for (let kept = letters.length - 1; kept > 1; kept--) {
    const end = Math.floor(kept / 2);
    const short = `${letters.slice(0, kept - end).join("")}…${letters.slice(letters.length - end).join("")}`;
    if (widthOf(short, size) <= room) return short;
  }
  return `${letters[0]}…`;
}

/** On two lines, broken between words where there are any. */
function wrapped(name: string, room: number, size: number): string[] {
  if (widthOf(name, size) <= room) return [name];
  const pieces = name.includes(" ") ? name.split(/(?<= )/) : [...name];
  let first = pieces.shift() ?? "";
  while (pieces.length > 0 && widthOf((first + pieces[0]).trimEnd(), size) <= room) first += pieces.shift();
  return [first, pieces.join("")].map((line) => shortened(line.trim(), room, size));
}

function shortened(line: string, room: number, size: number): string {
  const letters = [...line];
  while (letters.length > 1 && widthOf(letters.join(""), size) > room) letters.splice(-2, 2, "…");
  return letters.join("");
}
