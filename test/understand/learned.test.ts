// What the office's corrections teach, and what they never do.
import { expect, test } from "vitest";
import { prepare } from "../../src/understand/knowledge.ts";
import { type Example, learnedFrom } from "../../src/understand/learned.ts";
import { understand } from "../../src/understand/understand.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { type Letter, mailOf, schools, trust } from "./builders.ts";

const example = (more: Partial<Example>): Example => ({
  ...{ reference: "JYJ-0042", unit: "no2", readAs: null, sender: null },
  ...more,
});
const learned = (...examples: Example[]) => learnedFrom(schools, examples);
const read = (letter: Letter, ...examples: Example[]) =>
  understand(
    { mail: mailOf(letter), parts: [], arrivedAt: new Date("2025-03-20T02:00:00Z"), thread: null },
    prepare(schools, learned(...examples)),
  );

const suggestion =
  "我为教育献一策：建议把食堂的午餐时间错开二十分钟，免得大家挤在一起，也让低年级的孩子吃得从容一些。";

test("a name the office explained is read from then on, and the evidence says where it was learned", () => {
  const letter = { subject: "献策：错峰午餐", text: `${suggestion}\n\n河东区中心幼儿园\n马某` };
  expect(read(letter)).toMatchObject({
    outcome: "held",
    unit: { value: null },
    unitAsRead: "河东区中心幼儿园",
  });
  const after = read(letter, example({ readAs: "河东区中心幼儿园" }));
  expect(after).toMatchObject({ outcome: "filed", unit: { value: "no2" }, senderRegistered: false });
  expect(after.unit.evidence).toContainEqual(
    expect.objectContaining({
      where: "office",
      words: "河东区中心幼儿园＝江城市第二小学（办公室更正 JYJ-0042）",
      speaksFor: "no2",
    }),
  );
});

test("a name that only sounds like a learned one is another", () => {
  const letter = { subject: "献策：错峰午餐", text: `${suggestion}\n\n乡文化站` };
  expect(read(letter, example({ readAs: "县文化站" })).unit.value).toBeNull();
});

test("an address the office placed speaks for its unit, and registers nobody", () => {
  const letter = { from: "ma@qq.example", subject: "献策：错峰午餐", text: suggestion };
  const after = read(letter, example({ sender: "ma@qq.example" }));
  expect(after).toMatchObject({ outcome: "filed", unit: { value: "no2" }, senderRegistered: false });
  expect(after.unit.evidence[0]?.words).toBe("ma@qq.example＝江城市第二小学（办公室更正 JYJ-0042）");
});

test("what a mail says of itself is stronger than anything learned", () => {
  const both = [example({ sender: "ma@qq.example", readAs: "河东区中心幼儿园" })];
  const says = {
    from: "ma@qq.example",
    subject: "献策：错峰午餐",
    text: `单位：实验中学\n姓名：马某\n${suggestion}`,
  };
  expect(read(says, ...both).unit.value).toBe("lab");
  const about = { from: "hejing@lab.edu.example", text: `${suggestion}\n可以先在河东区中心幼儿园试行。` };
  expect(read({ ...about, subject: "献策：错峰午餐" }, ...both).unit.value).toBe("lab");
});

test("decided in two ways, nothing is learned of it", () => {
  const other = { reference: "JYJ-0043", unit: "lab" };
  const twice = [example({ readAs: "河东区中心幼儿园" }), example({ readAs: "河东区 中心幼儿园", ...other })];
  expect(learned(...twice).names).toEqual([]);
  const sent = [example({ sender: "ma@qq.example" }), example({ sender: "MA@qq.example", ...other })];
  expect(learned(...sent).senders.size).toBe(0);
  expect(learned(example({ readAs: "河东区中心幼儿园", unit: null })).names).toEqual([]);
  expect(learned(example({ readAs: "河东区中心幼儿园", unit: "closed-since" })).names).toEqual([]);
});

test.each([
  "办公室",
  "本单位",
  "我校",
  "学校",
  "教务处",
  "一小",
  "第一小学",
  "江城市第一小学",
  "12345",
  "无",
  "家长",
  "河东",
  "避免排长队",
  "让孩子们满意的学校",
])("“%s” is nobody's own name", (readAs) => {
  expect(learned(example({ readAs })).names).toEqual([]);
});

test.each([
  "fanli@163.example",
  "office@no2.example",
  "no-reply@scan.example",
  "ideas@bureau.example",
  "info@x.example",
  "",
])("<%s> is no one person's address", (sender) => {
  expect(learned(example({ sender })).senders.size).toBe(0);
});

test("what is asked for, a greeting and what holds other signs are nobody's name, whatever was written behind a label", () => {
  const asked = schools.deliverables.flatMap(({ name, aliases, items }) => [
    name,
    ...aliases,
    ...items.map((item) => item.name),
  ]);
  const others = ["此致敬礼", "附件一", "您好各位老师", "城东幼儿园\n#9 单位", "http://a.example/单位"];
  for (const readAs of [...asked, schools.title, ...others])
    expect(learned(example({ readAs })).names, readAs).toEqual([]);
  // A sender labelled his idea so, and the office filed it under his school: the next one's subject says no school.
  const [name = ""] = asked.filter((one) => one.length >= 3);
  const letter = { subject: name, text: suggestion };
  expect(read(letter, example({ readAs: name })).unit.value).toEqual(read(letter).unit.value);
});

test("a member of the office passes on what others hand in: their addresses teach nothing", () => {
  const members = [{ name: "经办人", email: "clerk@bureau.example" }];
  const campaign = { ...schools, office: { ...schools.office, members } };
  expect(learnedFrom(campaign, [example({ sender: "clerk@bureau.example" })]).senders.size).toBe(0);
});

test("in English, too", () => {
  const [name] = learnedFrom(trust, [
    { reference: "BRT-0007", unit: "archive", readAs: "Records Office", sender: null },
  ]).names;
  expect(name).toMatchObject({
    words: "records office",
    value: "archive",
    learned: "Records Office = County Archive (corrected by the office, BRT-0007)",
  });
});

test("twenty thousand examples are learned from in well under a second", () => {
  const many = Array.from({ length: 20_000 }, (_, n) =>
    example({ reference: `JYJ-${n}`, readAs: `第${n}教学点`, sender: `person${n}@qq.example` }),
  );
  const spent = cpuMilliseconds(() => expect(learned(...many).names).toHaveLength(20_000));
  expect(spent).toBeLessThan(2_000);
});
