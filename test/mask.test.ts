// What a log line may say of people and secrets: nothing of secrets, of people only what the operator asks for (R69).
import { expect, test } from "vitest";
import { hideSecret, masked, withoutPeople, withoutSecrets } from "../src/mask.ts";

const lines: [said: string, kept: string][] = [
  ["zhang@lib.culture.example refused", "z***@lib.culture.example refused"],
  ["550 <zhang@lib.culture.example> no such user", "550 <z***@lib.culture.example> no such user"],
  ["张晓岚 <zhang@lib.culture.example>", "… <z***@lib.culture.example>"],
  ["from Ann B. Lee <ann@lib.culture.example>", "… <a***@lib.culture.example>"],
  ["张晓岚@文化.example", "张***@文化.example"],
  ["Key (name)=('张三') exists", "Key (name)=('…') exists"],
  ['Unexpected token, "今天天气很好" is not valid JSON', 'Unexpected token, "…" is not valid JSON'],
  ['subject "Night opening please" is odd', 'subject "…" is odd'],
  ["《夜间开放》 could not be read", "《…》 could not be read"],
  ['relation "notice" does not exist', 'relation "notice" does not exist'],
  ["connect ECONNREFUSED 127.0.0.1:993", "connect ECONNREFUSED 127.0.0.1:993"],
];
for (const [said, kept] of lines) {
  test(`“${said}” is logged as “${kept}”`, () => {
    expect(withoutPeople(said)).toBe(kept);
  });
}

test("a secret is hidden wherever it stands and however it is written; so is any password in an address", () => {
  hideSecret('p@ss "wörd"/1');
  for (const written of ['p@ss "wörd"/1', encodeURIComponent('p@ss "wörd"/1'), 'p@ss \\"wörd\\"/1'])
    expect(withoutSecrets(`LOGIN ideas ${written} NO`)).toBe("LOGIN ideas *** NO");
  expect(withoutSecrets("postgres://jinbox:other@db:5432/x")).toBe("postgres://jinbox:***@db:5432/x");
  hideSecret("ab");
  expect(withoutSecrets("about")).toBe("about");
});

test("of an error only what names no row and no mail; at every depth; and all of it when asked for", () => {
  const failure = {
    ...{ type: "Error", message: 'duplicate key "张三"', code: "23505", detail: "Key (a)=(zhang@a.example)" },
    ...{ where: "张三", parameters: ["正文"], response: "张三" },
  };
  const record = { level: 50, err: failure, deep: [{ to: "li@b.example" }] };
  expect(masked(record, false)).toEqual({
    level: 50,
    err: { type: "Error", message: 'duplicate key "…"', code: "23505" },
    deep: [{ to: "l***@b.example" }],
  });
  expect(masked(record, true)).toEqual(record);
});
