// PowerPoint 97–2003 record by record ([MS-PPT]): tables, edits, notes, comments, and files that mean harm.
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";
import { compoundOf } from "./compound-builder.ts";

const word = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
const long = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const wide = (text: string) => Buffer.from(text, "utf16le");

const atom = (type: number, content: Buffer, instance = 0) =>
  Buffer.concat([word(instance << 4, type), long(content.length), content]);
const container = (type: number, content: Buffer[], instance = 0) => {
  const whole = Buffer.concat(content);
  return Buffer.concat([word((instance << 4) | 0xf, type), long(whole.length), whole]);
};

const text = (words: string, kind = 4) => [atom(0xf9f, long(kind)), atom(0xfa0, wide(words))];
const shape = (words: Buffer[], place?: [left: number, top: number], more: Buffer[] = []) =>
  container(0xf004, [
    ...(place ? [atom(0xf00f, long(place[0], place[1], 0, 0))] : []),
    ...more,
    container(0xf00d, words),
  ]);
const group = (shapes: Buffer[], isTable = false) => {
  const own = container(0xf004, isTable ? [atom(0xf122, Buffer.concat([word(0x39f), long(1)]), 1)] : []);
  return container(0xf003, [own, ...shapes]);
};
const drawing = (shapes: Buffer[]) => container(0x40c, [container(0xf002, [group(shapes)])]);
/** Two runs of paragraphs and of characters: those of group 0, then those of group 1 (§2.9.44, §2.9.66). */
const styles = (first: number, second: number, level = 0) =>
  atom(
    0xfa1,
    Buffer.concat([
      long(first),
      word(0),
      long(0x1000),
      word(90),
      long(second + 1),
      word(level),
      long(0),
      ...[0, 1].flatMap((group) => [
        long(group === 0 ? first : second + 1),
        long(0x20400),
        word(group << 10, 24),
      ]),
    ]),
  );
const scheme = (kind: number, startAt: number) =>
  Buffer.concat([long(0x3000000), word(1, kind, startAt), long(0x100000, 7), long(0)]);
const unnumbered = Buffer.concat([long(0), long(0), long(0x21), word(0), long(0)]);
const tag = (content: Buffer) =>
  container(0x1388, [container(0x138a, [atom(0xfba, wide("___PPT9")), atom(0x138b, content)])]);
const slide = (shapes: Buffer[], { notes = 0, more = [] as Buffer[] } = {}) =>
  container(0x3ee, [
    atom(0x3ef, Buffer.concat([Buffer.alloc(16), long(notes, 0)])),
    drawing(shapes),
    ...more,
  ]);

interface Show {
  info?: Buffer[];
  slides: Buffer[];
  /** Beside each slide in the document's list. */
  texts?: Buffer[][];
  notes?: Buffer[];
  /** Which slide stands where; each once, in order, unless said. */
  order?: number[];
  token?: number;
  /** Files inside: their records come after the notes'. */
  objects?: { kind: number; stored: Buffer }[];
}

/** The document is record 1, slides from 2 on, notes after them. */
function presentation({
  slides,
  texts = [],
  notes = [],
  order = slides.map((_, at) => at),
  token = 0xe391c05f,
  info = [],
  objects = [],
}: Show) {
  const listed = (first: number, at: number, ids: number, own: Buffer[] = []) => [
    atom(0x3f3, long(first + at, 0, 0, ids + at, 0)),
    ...own,
  ];
  const document = container(0x3e8, [
    container(0x7d0, info),
    container(
      0x409,
      objects.map(({ kind }, at) =>
        container(0xfcc, [atom(0xfc3, long(1, 0, at, kind, 2 + slides.length + notes.length + at, 0))]),
      ),
    ),
    container(
      0xff0,
      order.flatMap((at) => listed(2, at, 256, texts[at])),
      0,
    ),
    container(
      0xff0,
      notes.flatMap((_, at) => listed(2 + slides.length, at, 700)),
      2,
    ),
  ]);
  const records = [document, ...slides, ...notes, ...objects.map(({ stored }) => stored)];
  const places = records.map((_, at) => records.slice(0, at).reduce((sum, one) => sum + one.length, 0));
  const directoryAt = records.reduce((sum, one) => sum + one.length, 0);
  const directory = atom(0x1772, long(((records.length << 20) | 1) >>> 0, ...places));
  const edit = atom(0xff5, long(0, 0, 0, directoryAt, 1, 0, 0));
  return compoundOf({
    "PowerPoint Document": Buffer.concat([...records, directory, edit]),
    "Current User": Buffer.concat([Buffer.alloc(8), long(20, token, directoryAt + directory.length)]),
  });
}

const read = (show: Show) => readDocument(presentation(show), { inline: false });

test("titles are first, outline texts are in their places, and lines break", async () => {
  const document = await read({
    slides: [
      slide([
        shape(text("正文\r第二行\v续")),
        shape([atom(0xf9e, long(0))]),
        shape([atom(0xf9f, long(4)), atom(0xfa8, Buffer.from("caf\xe9", "latin1"))]),
      ]),
    ],
    texts: [[...text("标题", 0), ...text("未引用的要点", 1)]],
  });
  expect(document).toMatchObject({
    status: "read",
    text: "标题\n正文\n第二行\n续\ncafé\n未引用的要点",
    pages: 1,
  });
});

test("automatic numbers are written out: those of a shape, and those of the texts in the list of slides", async () => {
  const own = container(0xf011, [tag(atom(0xfac, Buffer.concat([scheme(17, 3), unnumbered])))]);
  const listed = container(0xfae, [
    atom(0xfaf, long(256, 1)),
    atom(0xfac, Buffer.concat([scheme(12, 1), scheme(18, 1)])),
  ]);
  const document = await read({
    slides: [
      slide([
        shape([...text("甲甲\r乙乙\r注"), styles(6, 1)], undefined, [own]),
        shape([atom(0xf9e, long(0))]),
      ]),
    ],
    texts: [[...text("子\r\r丑\r寅", 1), styles(5, 1, 1)]],
    info: [tag(listed)],
  });
  expect(document.text.split("\n")).toEqual(["三、甲甲", "四、乙乙", "注", "(1)子", "", "(2)丑", "① 寅"]);
});

test("a table is read by rows, wherever its cells stand in the file", async () => {
  const cells = [
    shape(text("人次"), [90, 10]),
    shape(text("馆"), [10, 10]),
    shape(text("1\r240"), [90, 50]),
    shape(text("总馆"), [10, 50]),
  ];
  expect((await read({ slides: [slide([group(cells, true)])] })).text).toBe("馆\t人次\n总馆\t1 240");
  expect((await read({ slides: [slide([group(cells)])] })).text).toBe("人次\n馆\n1\n240\n总馆");
});

test("notes and comments follow their slide; dates and numbers are left out", async () => {
  const comment = container(0x2ee0, [
    atom(0xfba, wide("甲"), 0),
    atom(0xfba, wide("请核实"), 1),
    atom(0xfba, wide("j"), 2),
  ]);
  const tags = container(0x1388, [container(0x138a, [atom(0xfba, wide("___PPT10")), atom(0x138b, comment)])]);
  const placeholder = (kind: number) =>
    container(0xf011, [atom(0xbc3, Buffer.concat([long(0), Buffer.of(kind, 0, 0, 0)]))]);
  const document = await read({
    slides: [
      slide([shape(text("一")), shape(text("2012/12/5"), undefined, [placeholder(7)]), shape(text("*"))], {
        notes: 701,
        more: [tags],
      }),
      slide([shape(text("二"))], { notes: 700 }),
    ],
    notes: [slide([shape(text("二的备注", 2))]), slide([shape(text("一的备注", 2)), shape(text("缩略图"))])],
    order: [1, 0],
  });
  expect(document.text).toBe("二\n二的备注\n\n一\n一的备注\n请核实");
});

test.each<[string, Uint8Array, string]>([
  [
    "that is encrypted",
    presentation({ slides: [slide([shape(text("密"))])], token: 0xf3d1c4df }),
    "password-protected",
  ],
  ["without words", presentation({ slides: [slide([])] }), "no-text"],
  [
    "without an edit",
    compoundOf({ "PowerPoint Document": Buffer.alloc(600), "Current User": Buffer.alloc(40) }),
    "corrupt",
  ],
])("a presentation %s is held", async (_, bytes, reason) => {
  expect(await readDocument(bytes, { inline: false })).toMatchObject({ status: "held", reason });
});

test("where the current user is missing, the last edit counts", async () => {
  const whole = presentation({ slides: [slide([shape(text("照常读出"))])] });
  const at = whole.indexOf(Buffer.concat([Buffer.alloc(8), long(20, 0xe391c05f)]));
  whole.fill(0, at, at + 20);
  expect((await readDocument(whole, { inline: false })).text).toBe("照常读出");
});

test("one slide listed ten thousand times is read once, and records nested without end come to one", async () => {
  const many = await read({ slides: [slide([shape(text("一页"))])], order: Array(10_000).fill(0) });
  expect(many.text).toBe("一页");
  let nested = shape(text("深"));
  for (let depth = 0; depth < 2_000; depth++) nested = group([nested]);
  expect(await read({ slides: [slide([nested, shape(text("浅"))])] })).toMatchObject({
    status: "read",
    text: "浅",
  });
});

test("files inserted into slides are children, packed or not; charts and what inflates without end are none", async () => {
  const packed = (content: Buffer) =>
    atom(0x1011, Buffer.concat([long(content.length), deflateSync(content)]), 1);
  const { children } = await read({
    slides: [slide([shape(text("附件如下"))])],
    objects: [
      { kind: 0, stored: packed(compoundOf({ CONTENTS: Buffer.from("设自助还书机") })) },
      { kind: 2, stored: atom(0x1011, Buffer.from("延长开放时间")) },
      { kind: 4, stored: atom(0x1011, Buffer.from("图表")) },
      { kind: 0, stored: packed(Buffer.alloc(40 * 1024 * 1024)) },
      { kind: 0, stored: atom(0x1011, Buffer.from("不是压缩的"), 1) },
    ],
  });
  expect(children.map(({ filename, content }) => [filename, Buffer.from(content).toString()])).toEqual([
    ["attachment-1.txt", "设自助还书机"],
    ["attachment-2.txt", "延长开放时间"],
  ]);
});
