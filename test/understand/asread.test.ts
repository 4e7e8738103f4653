// The name of an organisation that is not configured, as its people write it; and where an organisation's name ends.
import { describe, expect, test } from "vitest";
import { englishOrganisationIn, organisationAt } from "../../src/understand/organisation.ts";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Letter, mailOf, partOf, schools } from "./builders.ts";

const knowledge = prepare(schools);

function asRead(letter: Letter): string | null {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  return understand({ mail: mailOf(letter), parts, arrivedAt, thread: null }, knowledge).unitAsRead;
}

const idea = "课间十分钟孩子们只能待在教室里。建议把走廊画上跳房子和棋盘，花钱不多，孩子们一下课就能玩起来。";

describe("the name as read", () => {
  test.each<[string, Letter, string]>([
    ["in the closing", { text: `${idea}\n\n县文化站　张小满` }, "县文化站"],
    ["on a line of its own above a date", { text: `${idea}\n云岭村卫生室\n2025年4月2日` }, "云岭村卫生室"],
    ["said of himself", { text: `老师好，我是白鹭湖湿地管理站的巡护员。${idea}` }, "白鹭湖湿地管理站"],
    ["behind a label", { text: `单位：鹤山农机推广中心\n姓名：岑立\n建议：${idea}` }, "鹤山农机推广中心"],
    ["in the signature", { text: `${idea}\n-- \n望江自来水公司 客服部 罗小军` }, "望江自来水公司"],
    ["as the display name", { name: "青岩中药厂工会", subject: "建议", text: idea }, "青岩中药厂工会"],
    [
      "in a file's name",
      { subject: "建议", text: "见附件", attach: [{ filename: "建议-麻柳气象站.docx", text: idea }] },
      "麻柳气象站",
    ],
    [
      "in English",
      {
        subject: "Suggestion",
        text: `I am a clerk at the Riverside Branch Library. I suggest opening later.`,
      },
      "Riverside Branch Library",
    ],
  ])("%s", (_, letter, name) => {
    expect(asRead(letter)).toBe(name);
  });

  test.each<[string, Letter]>([
    ["a letter that says nothing of its writer", { text: idea }],
    ["a configured unit", { text: `我是第二小学的数学老师谭晓燕。${idea}` }],
    ["one that is only spoken about", { text: `县文化站晚上总是关着门。建议开到九点。` }],
    ["our school is no name", { text: `我们学校食堂太挤。${idea}` }],
  ])("none: %s", (_, letter) => {
    expect(asRead(letter)).toBeNull();
  });
});

describe("where a name ends", () => {
  test.each([
    ["县文化站的老陈", "县文化站"],
    ["江州市博济堂中医馆坐堂医师", "江州市博济堂中医馆"],
    ["东城区图书馆王强", "东城区图书馆"],
    ["县文化站站长", "县文化站"],
    ["国网常州供电公司城东供电所", "国网常州供电公司城东供电所"],
    ["我院急诊科护士", "急诊科"],
    ["一名普通职工", null],
    ["我们学校食堂", null],
    ["每个部门", null],
    ["机会", null],
  ])("%s", (words, name) => {
    expect(organisationAt(words)).toBe(name);
  });

  test.each([
    ["the Riverside Branch Library", "Riverside Branch Library"],
    ["Department of Children and Youth Services", "Department of Children and Youth Services"],
    ["our school", null],
  ])("%s", (words, name) => {
    expect(englishOrganisationIn(words)).toBe(name);
  });
});
