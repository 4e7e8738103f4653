// Words that recognition may have got wrong decide nothing by themselves.
import { expect, test } from "vitest";
import { prepare, understand } from "../../src/understand/understand.ts";
import { type Attached, group, type Letter, mailOf, partOf } from "./builders.ts";

const knowledge = prepare(group);

function read(letter: Letter) {
  const parts = (letter.attach ?? []).map(partOf);
  const arrivedAt = new Date("2025-04-02T02:00:00Z");
  const { outcome, reason, unit } = understand(
    { mail: mailOf(letter), parts, arrivedAt, thread: null },
    knowledge,
  );
  return { outcome, reason, unit: unit.value };
}

const scan = (confidence: number): Attached => ({
  filename: "扫描件.jpg",
  text: "降本增效妙招\n恒远物业 雷鸣\n楼道灯改成声控，一年省电费三万，建议从一号楼开始，半年内换完。",
  confidence,
});
const cover = { name: "雷鸣", from: "leiming@qq.example", subject: "见附件", text: "请查收。" };

test("a scan that was read with certainty says what the mail is and whose", () => {
  expect(read({ ...cover, attach: [scan(0.96)] })).toEqual({ outcome: "filed", reason: null, unit: "care" });
});

test("what rests on doubtful words alone is held", () => {
  const doubtful = read({ ...cover, attach: [scan(0.6)] });
  expect(doubtful.outcome).toBe("held");
  expect(doubtful.reason).toMatch(/^(unit|type)-unsure$/);
});

test("doubtful words in an archive are doubtful too", () => {
  const archive = { filename: "材料.zip", children: [scan(0.6)] };
  expect(read({ ...cover, attach: [archive] }).outcome).toBe("held");
});

test("what the mail itself says stands, however doubtful the scan beside it", () => {
  const known = {
    ...cover,
    from: "qiansq@hengyuan.example",
    name: "钱思齐",
    subject: "降本增效妙招：门岗血压计换台式",
  };
  const letter = { ...known, text: "建议工地的血压计换成台式的，每个门岗放一台。" };
  const plain = read(letter);
  expect(plain.outcome).toBe("filed");
  expect(read({ ...letter, attach: [{ ...scan(0.6), text: "血压计照片" }] })).toEqual(plain);
});
