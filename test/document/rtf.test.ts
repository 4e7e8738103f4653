// Rich text: what the fixtures do not show, as its control words stand in the file.
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readDocument } from "../../src/document/read.ts";

const shown = { inline: false };
const read = (rtf: string) => readDocument(Buffer.from(rtf, "latin1"), shown);
const hex = (text: string, charset = "gbk") =>
  iconv.encode(text, charset).toString("hex").replace(/../g, "\\'$&");
const fonts =
  "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 SimSun;}{\\f2\\fcharset136 MingLiU;}{\\f3\\fcharset128 MS Mincho;}{\\f4\\fnil\\fcharset2 Wingdings;}}";

test.each<[string, string, string]>([
  ["GBK by the document's code page", `{\\rtf1\\ansi\\ansicpg936 ${hex("金点子")}}`, "金点子"],
  ["GB 18030 beyond GBK", `{\\rtf1\\ansi\\ansicpg54936 ${hex("𠮷野䶮", "gb18030")}}`, "𠮷野䶮"],
  ["Big5 by the document's code page", `{\\rtf1\\ansi\\ansicpg950 ${hex("圖書館", "big5")}}`, "圖書館"],
  ["UTF-8 by the document's code page", `{\\rtf1\\ansi\\ansicpg65001 ${hex("图书馆", "utf8")}}`, "图书馆"],
  [
    "each font's charset",
    `{\\rtf1\\ansi\\ansicpg1252${fonts}\\f1 ${hex("图")}\\f2 ${hex("書", "big5")}\\f3 ${hex("館", "shift_jis")}\\f0 ${hex("é", "latin1")}}`,
    "图書館é",
  ],
  [
    "Latin signs between Han in a Chinese document",
    `{\\rtf1\\ansi\\ansicpg936${fonts}\\loch\\f0 ${hex("é", "latin1")}\\loch\\af0\\dbch\\f1 ${hex("馆")}}`,
    "é馆",
  ],
  ["the second byte of a sign as a letter", "{\\rtf1\\ansi\\ansicpg950 \\'a4@\\'a4T}", "一三"],
  ["the second byte of a sign as a backslash", "{\\rtf1\\ansi\\ansicpg950 \\'b3\\\\}", "許"],
  [
    "bytes left as they are, whatever is declared",
    `{\\rtf1\\ansi\\ansicpg1252 ${iconv.encode("未转义的国标码", "gbk").toString("latin1")}}`,
    "未转义的国标码",
  ],
  ["a sign beyond sixteen bits in two halves", "{\\rtf1 \\u-10178?\\u-8255?}", "\ud83e\udfc1".toWellFormed()],
  [
    "no fallback of a Unicode sign, however long",
    "{\\rtf1 \\uc3\\u22270abc{\\uc0\\u20070\\u39302}\\u12290\\'a1\\'a3\\'a1}",
    "图书馆。",
  ],
  ["paragraphs ended by a backslash at a line's end", "{\\rtf1 a\\\nb\\\r\nc}", "a\nb\nc"],
  ["a page left after the last paragraph", "{\\rtf1 a\\par\\page b}", "a\n\nb"],
  [
    "no bookmark, index entry, theme or unknown group",
    "{\\rtf1 a{\\*\\bkmkstart x}{\\xe y}{\\*\\themedata 00}{\\*\\newer z}b}",
    "ab",
  ],
  [
    "a ticked and an empty box of a form",
    `{\\rtf1\\ansi${fonts}{\\f4 \\u-3842\\'fe} yes {\\f4\\'a8} no}`,
    "🗹 yes 🞎 no",
  ],
  [
    "a table within a cell",
    "{\\rtf1 \\trowd\\intbl a\\cell \\pard\\intbl\\itap2 b\\nestcell c\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}{\\nonesttables\\par}\\pard\\intbl d\\cell\\row\\pard e\\par}",
    "a\tb\tc\nd\ne",
  ],
  [
    "numbers of words only, unless they are a column of their own",
    "{\\rtf1 {\\listtext 1.\\tab}a\\par{\\listtext 2.\\tab}\\par{\\listtext 3.\\tab}b\\par\\trowd\\intbl{\\listtext 1.\\tab}\\cell c\\cell\\row}",
    "1. a\n\n3. b\n1.\tc",
  ],
  ["a row that never ends", "{\\rtf1 \\trowd\\intbl a\\cell b\\cell\\pard c\\par}", "a\tb\nc"],
  ["cells without the word that says so", "{\\rtf1 \\trowd a\\cell b\\cell\\row c\\par}", "a\tb\nc"],
  [
    "one header for pages left and right",
    "{\\rtf1{\\headerl Office\\par}{\\headerr Office\\par}{\\footer\\chpgn 1}words\\par}",
    "words\nOffice",
  ],
  ["what a file cut short still holds", "{\\rtf1{\\b first\\par sec", "first\nsec"],
  [
    "the page a mail was made of",
    "{\\rtf1\\ansi\\ansicpg936\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\pard\\htmlrtf0 " +
      hex("建议") +
      "{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 b\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}{\\*\\htmltag64 <table><tr><td>}1{\\*\\htmltag64 </td><td>}2{\\*\\htmltag64 </td></tr></table>}}",
    "建议<b\n\n1\t2",
  ],
])("rich text gives %s", async (_, rtf, text) => {
  expect(await read(rtf)).toMatchObject({ status: "read", text });
});

test("a file inserted into rich text is a child, under its name", async () => {
  const text = (value: string) => {
    const bytes = Buffer.concat([iconv.encode(value, "gbk"), Buffer.alloc(1)]);
    return Buffer.concat([int(bytes.length), bytes]);
  };
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const name = Buffer.concat([iconv.encode("名单.txt", "gbk"), Buffer.alloc(1)]);
  const inner = Buffer.from("季云深\n陆听雨");
  const native = Buffer.concat([
    Buffer.from([2, 0]),
    name,
    name,
    int(0x30000),
    int(name.length),
    name,
    int(inner.length),
    inner,
  ]);
  const object = Buffer.concat([
    int(0x501),
    int(2),
    text("Package"),
    text("").subarray(0, 4).fill(0),
    int(0),
    int(native.length),
    native,
  ]);
  const document = await read(
    `{\\rtf1 x{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata ${object.toString("hex").replace(/.{60}/g, "$&\n")}}{\\result{icon}}}}`,
  );
  expect(
    document.children.map(({ filename, content }) => [filename, Buffer.from(content).toString()]),
  ).toEqual([["名单.txt", inner.toString()]]);
});

test("a scan pasted into rich text is counted, and read where words can be recognised", async () => {
  const picture = Buffer.concat([Buffer.from("ffd8ffe0", "hex"), Buffer.alloc(30_000, 7)]);
  const digits = picture.toString("hex").replace(/.{128}/g, "$&\r\n");
  const scan = Buffer.from(
    `{\\rtf1{\\*\\shppict{\\pict\\jpegblip\n${digits}}}{\\nonshppict{\\pict\\wmetafile8 00}}\\par}`,
  );
  expect(await readDocument(scan, shown)).toMatchObject({ reason: "no-text", unrecognised: 1 });
  const seen: Uint8Array[] = [];
  const recognise = async (given: { encoded: Uint8Array } | object) => {
    if ("encoded" in given) seen.push(given.encoded);
    return { text: "盖章扫描件", confidence: 0.9 };
  };
  expect(await readDocument(scan, shown, { recognise })).toMatchObject({
    status: "read",
    text: "盖章扫描件",
  });
  expect(seen.map((bytes) => Buffer.from(bytes).equals(picture))).toEqual([true]);
});

test("rich text cut short is read as far as it goes, or named damaged", async () => {
  expect((await read("{\\rtf1 first\\par sec")).warnings).toEqual(["the file is cut short"]);
  expect(await read("{\\rtf1{\\fonttbl{\\f0 Ari")).toMatchObject({ status: "held", reason: "corrupt" });
  expect(await read("{\\rtf1{\\info{\\title x}}}")).toMatchObject({ status: "held", reason: "no-text" });
});

test("ten thousand groups in one another are read, more are refused", async () => {
  const nested = (depth: number) => `{\\rtf1 ${"{".repeat(depth - 1)}deep${"}".repeat(depth)}`;
  expect(await read(nested(10_000))).toMatchObject({ status: "read", text: "deep" });
  expect(await read(nested(10_001))).toMatchObject({ status: "held", reason: "too-large" });
});

test("any words in any charset come back from rich text", async () => {
  const han = fc.string({
    unit: fc.constantFrom(..."建议图书馆延长开放时间，镕堃喆；ABC 123“”、。"),
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(han, { minLength: 1, maxLength: 6 }), fc.boolean(), async (runs, inUnicode) => {
      const written = runs.map((run) =>
        [...run].map((sign) => (inUnicode ? `\\u${sign.charCodeAt(0)}?` : hex(sign, "gb18030"))).join(""),
      );
      const rtf = `{\\rtf1\\ansi\\ansicpg936 |${written.map((run) => `{\\b ${run}}`).join("\\i ")}|}`;
      const { text } = await read(rtf);
      expect(text).toBe(`|${runs.join("")}|`);
    }),
  );
});

test("control words named like what every object has are only unknown words", async () => {
  expect((await read("{\\rtf1 a\\constructor b\\valueOf c\\u22270\\emdash d}")).text).toBe("abc图d");
});

test("a number that is no character is none", async () => {
  expect((await read("{\\rtf1 a\\u-99999999999 ?b\\u99999999999 ?c\\u-1 ?d}")).text).toBe("abcd");
});
