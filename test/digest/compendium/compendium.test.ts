// The book, opened by LibreOffice: what is in it, in which order, and on the pages its contents name.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Campaign } from "../../../src/campaign/campaign.ts";
import { calendarOf } from "../../../src/deadline/calendar.ts";
import { compendium } from "../../../src/digest/compendium/compendium.ts";
import type { BookRequest } from "../../../src/digest/compendium/contents.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { startProcess } from "../../support/jinbox.ts";
import { AS_PDF, inLibreOffice } from "../../support/libreoffice.ts";
import { addMail, addSubmission, at, openMailbox, sampleCampaign } from "../office.ts";

const campaign: Campaign = {
  ...sampleCampaign(),
  themes: [
    { code: "service", name: "公共服务", keywords: ["开放"] },
    { code: "stage", name: "舞台艺术", keywords: ["戏", "排练"] },
  ],
};
const everything: BookRequest = { by: "unit", only: [], selected: null, references: false };
let store: TestDatabase;

const sentence = "建议延长开放时间，每周二、周四晚上开放到九点，由值班同志轮流负责，先试行三个月再总结推广。";

beforeAll(async () => {
  store = await testDatabase();
  await openMailbox(store.db);
  const messageId = await addMail(store.db, { arrived: "2012-12-05 10:00", state: "filed" });
  let ordinal = 0;
  const add = (facts: Partial<Parameters<typeof addSubmission>[1]>) => {
    ordinal += 1;
    const reference = `WHXDH-${String(ordinal).padStart(4, "0")}`;
    return addSubmission(store.db, { messageId, ordinal, reference, arrived: "2012-12-05 10:00", ...facts });
  };
  const long = Array.from({ length: 12 }, () => sentence.repeat(3)).join("\n");
  await add({
    unit: "museum",
    title: "博物馆夜间开放",
    text: `${long}\n市博物馆\n2012年12月1日`,
    people: ["李明"],
  });
  await add({ unit: "library", title: "图书馆周末讲座", text: sentence.repeat(9) });
  await add({ unit: "library", title: "旧的一稿", text: "旧", state: "superseded" });
  await add({ unit: "library", title: "撤回的一件", text: "撤", state: "withdrawn" });
  await add({ unit: "troupe", title: "=cmd|x \u0001\u202e排练厅\ud800共享", text: "戏\u0001迷看排练。" });
  await add({ unit: null, title: "不知哪里来的点子", text: "食堂" });
  const report = { type: "summary-report", people: [] };
  await add({
    ...report,
    unit: "museum",
    title: "市博物馆大讨论活动总结",
    text: `${long}\n序号\t项目\n1\t开放`,
  });
  await add({ ...report, unit: "library", title: "市图书馆大讨论活动总结", text: long });
  await add({ ...report, unit: "troupe", title: "来历不明的总结", text: long, verified: false });
  await add({
    type: "engineering-plan",
    item: "stage",
    unit: "troupe",
    people: [],
    title: "院团改革深化工程方案",
    text: "",
  });
  await sql`insert into attachment (message_id, position, filename, declared_type, media_type, bytes, sha256, inline, status)
    values (${messageId}, 0, '方案.pdf', 'application/pdf', 'application/pdf', 1, sha256('x'), false, 'held')`.execute(
    store.db,
  );
});
afterAll(() => store.drop());

async function made(request: Partial<BookRequest> = {}, of: Campaign = campaign) {
  const now = at("2012-12-26 09:00");
  return compendium(store.db, of, calendarOf(of), { ...everything, ...request }, now);
}

/** What the table of contents says, as it is stored. */
function contentsOf(bytes: Uint8Array): { title: string; page: number }[] {
  const xml = Buffer.from(unzipSync(bytes)["word/document.xml"] as Uint8Array).toString();
  const contents = /<w:sdt>.*<\/w:sdt>/s.exec(xml)?.[0] ?? "";
  return [...contents.matchAll(/<w:hyperlink .*?<\/w:hyperlink>/gs)].map(([link]) => {
    const texts = [...link.matchAll(/<w:t [^>]*>(.*?)<\/w:t>/gs)].map(([, text]) => text as string);
    return { title: texts.slice(0, -1).join("").replaceAll("&amp;", "&"), page: Number(texts.at(-1)) };
  });
}

/** The text of each page as printed, without blanks. */
async function printed(bytes: Uint8Array): Promise<string[]> {
  const pdf = (await inLibreOffice("汇编.docx", bytes, AS_PDF)).get("汇编.pdf") as Buffer;
  const folder = await mkdtemp(join(tmpdir(), "jinbox-book-"));
  await writeFile(join(folder, "a.pdf"), pdf);
  const run = startProcess("pdftotext", ["-layout", join(folder, "a.pdf"), "-"], { LC_ALL: "C.UTF-8" });
  expect(await run.ended).toBe(0);
  await rm(folder, { recursive: true });
  return run
    .stdout()
    .split("\f")
    .map((page) => page.replace(/\s+/g, ""));
}

const titles = (bytes: Uint8Array) => contentsOf(bytes).map(({ title }) => title);

test("ideas by unit, then reports and plans as configured; the contents name the pages LibreOffice prints", async () => {
  const { bytes } = await made();
  const contents = contentsOf(bytes);
  expect(contents.map(({ title }) => title)).toEqual([
    ...["第一部分　金点子", "一、市图书馆", "（一）图书馆周末讲座", "二、市博物馆", "（一）博物馆夜间开放"],
    ...["三、锡剧院", "（一）=cmd|x 排练厅\ufffd共享", "四、单位不详", "（一）不知哪里来的点子"],
    ...["第二部分　书面总结", "市图书馆大讨论活动总结", "市博物馆大讨论活动总结"],
    ...["第三部分　九大工程实施方案", "公共文化服务体系示范工程", "院团改革深化工程方案"],
  ]);
  const pages = await printed(bytes);
  const first = pages.findIndex((page) => page.endsWith("—1—"));
  expect(first).toBeGreaterThan(1);
  for (const { title, page } of contents) {
    const where = pages[first + page - 1] ?? "";
    expect([title, where.includes(title.replace(/\s+/g, "")), where.endsWith(`—${page}—`)]).toEqual([
      title,
      true,
      true,
    ]);
    // The number stands in the printed contents, too.
    const line = `${title.replace(/\s+/g, "")}${"."}`;
    expect(pages.slice(0, first).join("")).toContain(line);
  }
  expect(pages.slice(0, first).join("")).toMatch(
    new RegExp(`院团改革深化工程方案\\.+${contents.at(-1)?.page}`),
  );
  const all = pages.join("");
  expect(pages[0]).toMatch(
    /^“文化现代化，我们怎么办”大讨论活动成果汇编大讨论活动领导小组办公室编2012年12月$/,
  );
  expect(all).toContain("未报送单位：政策法规处、锡剧院。");
  expect(all).toContain("（未报送）");
  expect(all).toContain("（正文见附件：《方案.pdf》）");
  for (const gone of ["旧的一稿", "撤回的一件", "来历不明的总结"]) expect(all).not.toContain(gone);
});

test("by theme, only what is asked for, only what was chosen, with numbers", async () => {
  const { bytes } = await made({ by: "theme", only: ["golden-idea"], references: true });
  expect(titles(bytes)).toEqual([
    ...["第一部分　金点子", "一、公共服务", "（一）博物馆夜间开放", "（二）图书馆周末讲座"],
    ...["二、舞台艺术", "（一）=cmd|x 排练厅\ufffd共享", "三、其他", "（一）不知哪里来的点子"],
  ]);
  const xml = Buffer.from(unzipSync(bytes)["word/document.xml"] as Uint8Array).toString();
  expect(xml).toContain("市博物馆　李明　WHXDH-0001");
  const selected = new Set(["WHXDH-0002", "WHXDH-0003", "WHXDH-0007"]);
  const chosen = await made({ only: ["golden-idea"], selected });
  expect(titles(chosen.bytes)).toEqual(["第一部分　金点子", "一、市图书馆", "（一）图书馆周末讲座"]);
  expect(chosen.unknown).toEqual(["WHXDH-0003", "WHXDH-0007"]);
});

test("the page, the letters and the lines are those of an official document, and Word is asked to do nothing", async () => {
  const parts = unzipSync((await made()).bytes);
  const part = (name: string) => Buffer.from(parts[name] as Uint8Array).toString();
  const xml = part("word/document.xml");
  expect(xml).toContain('w:w="11906" w:h="16838"');
  expect(xml).toContain('w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"');
  expect(xml).toContain('<w:pgNumType w:start="1" w:fmt="decimal"/>');
  expect(xml).not.toContain('w:dirty="true"');
  expect(part("word/settings.xml")).not.toContain("updateFields");
  expect(part("word/settings.xml")).toContain("evenAndOddHeaders");
  const style = /<w:style [^>]*w:styleId="BookText".*?<\/w:style>/s.exec(part("word/styles.xml"))?.[0] ?? "";
  for (const words of [
    'w:line="560"',
    'w:lineRule="exact"',
    'w:firstLine="640"',
    'w:val="32"',
    'w:eastAsia="仿宋"',
  ])
    expect(style).toContain(words);
});

test("an English campaign has an English book, an empty one a book that says so", async () => {
  const { bytes } = await made({}, { ...campaign, locale: "en" });
  const pages = await printed(bytes);
  expect(pages.join("")).toContain("Notdelivered:政策法规处,锡剧院.");
  expect(titles(bytes)[0]).toBe("Part 1. 金点子");
  const empty = await made({}, { ...campaign, code: "NONE" });
  const xml = Buffer.from(unzipSync(empty.bytes)["word/document.xml"] as Uint8Array).toString();
  expect(xml.replace(/<[^>]*>/g, "")).toContain("第一部分　金点子（无）");
});
