// The digest's words, whole, in both languages: kept beside the test as text to read (UPDATE_GOLDEN=1 writes them anew).
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Unit } from "../../src/campaign/campaign.ts";
import type { DutyNotice } from "../../src/deadline/ladder.ts";
import type { Obligation } from "../../src/deadline/obligation.ts";
import type { Books } from "../../src/digest/books.ts";
import { digestOf } from "../../src/digest/digest.ts";
import { sampleDigests } from "../../src/digest/samples.ts";
import { wordDigest } from "../../src/digest/wording.ts";
import { at, sampleCampaign } from "./office.ts";

const now = at("2012-12-17 17:30");

async function expectGolden(name: string, content: string): Promise<void> {
  const file = join(import.meta.dirname, "../golden/digest", name);
  if (process.env.UPDATE_GOLDEN) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  expect(content).toBe(await readFile(file, "utf8"));
}
const none = { received: 0, filed: 0, held: 0, automatic: 0, ignored: 0, oversize: 0 };
const noNotices = {
  intended: 0,
  claimed: 0,
  "data-sent": 0,
  accepted: 0,
  rejected: 0,
  ambiguous: 0,
  dropped: 0,
  bounced: 0,
};

function silentBooks(): Books {
  return {
    window: { from: at("2012-12-14 17:30"), to: now },
    mailsInWindow: none,
    mailsInTotal: { ...none, filed: 40, automatic: 3 },
    balance: { records: 43, messages: 43, copies: 0, unlisted: 0, verdicts: 43, balances: true },
    ...{
      filed: [],
      filedByType: [],
      held: [],
      heldInTotal: 0,
      duplicates: [],
      noticesWaiting: 0,
      undelivered: [],
    },
    noticesInWindow: noNotices,
    mailboxes: [
      { name: "INBOX", lastReadAt: at("2012-12-17 17:29"), lastError: null, lastErrorAt: null, full: null },
    ],
    ...{
      capped: [],
      heldUp: { waiting: 0, since: null, paused: null },
      sentFolderError: null,
      paused: [],
      unmatchedReturns: 0,
      backlogUnanswered: 0,
      shares: [],
      participants: [],
      alike: [],
      alikeInWindow: 0,
    },
  };
}

function busyBooks(words = "“延长夜间开放时间”"): Books {
  const fact = { item: null, people: ["张晓岚", "李青"], arrivedAt: at("2012-12-17 09:00"), verified: true };
  const idea = {
    confidence: null,
    ...fact,
    type: "golden-idea",
    unit: "library",
    timeliness: "in-time" as const,
    supersedes: null,
  };
  const held = {
    confidence: null,
    itemGuess: null,
    sender: null,
    id: 9,
    arrivedAt: at("2012-12-14 20:00"),
    state: "held" as const,
    fromAddress: "xiaoyu@mail.example",
  };
  return {
    ...silentBooks(),
    mailsInWindow: { ...none, filed: 3, held: 2, automatic: 1, ignored: 1 },
    mailsInTotal: { received: 1, filed: 43, held: 2, automatic: 4, ignored: 1, oversize: 0 },
    balance: { records: 52, messages: 51, copies: 1, unlisted: 0, verdicts: 51, balances: true },
    filed: [
      { ...idea, reference: "WHXDH-0041", title: words },
      {
        ...idea,
        reference: "WHXDH-0042",
        title: "场馆联合年卡",
        unit: null,
        people: [],
        timeliness: "late",
        confidence: 0.628,
      },
      {
        ...idea,
        reference: "WHXDH-0043",
        type: "summary-report",
        title: "总结",
        verified: false,
        supersedes: "WHXDH-0030",
      },
    ],
    filedByType: [
      { type: "golden-idea", inWindow: 2, current: 31 },
      { type: "summary-report", inWindow: 1, current: 2 },
    ],
    held: [
      {
        ...{ ...held, fromName: words, subject: words, reason: "unit-unsure" },
        typeGuesses: [{ value: "golden-idea", confidence: 0.96 }],
        unitAsRead: null,
        unitGuesses: [
          { value: "library", confidence: 0.52 },
          { value: "museum", confidence: 0.41 },
        ],
      },
      {
        ...held,
        id: 10,
        confidence: 0.5,
        fromName: "",
        subject: "请问截止日期？",
        reason: "question",
        typeGuesses: [],
        unitGuesses: [],
        unitAsRead: null,
      },
      {
        ...{ ...held, id: 12, confidence: null, fromName: "", subject: "一点想法", reason: "unit-unknown" },
        typeGuesses: [{ value: "golden-idea", confidence: 0.97 }],
        unitGuesses: [],
        unitAsRead: "县文化站",
      },
    ],
    heldInTotal: 3,
    duplicates: [{ id: 11, fromAddress: "zhang@library.example", subject: words, original: "WHXDH-0041" }],
    noticesInWindow: { ...noNotices, accepted: 5, dropped: 1, bounced: 1 },
    noticesWaiting: 2,
    undelivered: [
      {
        ...{ id: 1, kind: "overdue", to: ["liaison@troupe.example"], subject: "逾期", unit: "troupe" },
        ...{ state: "bounced", response: "5.1.1 mailbox unavailable" },
      },
    ],
    mailboxes: [
      {
        name: "INBOX",
        lastReadAt: at("2012-12-17 16:30"),
        lastError: "Invalid credentials",
        lastErrorAt: now,
        full: null,
      },
    ],
    alike: [
      {
        ...{ reference: "WHXDH-0041", title: words, unit: "library" },
        like: [
          { id: 41, other: "WHXDH-0012", otherUnit: "museum", kind: "near-identical", score: 0.873 },
          { id: 41, other: "WHXDH-0009", otherUnit: null, kind: "same-text", score: 1 },
        ],
      },
      {
        ...{ reference: "WHXDH-0043", title: "总结", unit: null },
        like: [{ id: 43, other: null, otherUnit: null, kind: "announcement", score: 0.618 }],
      },
    ],
    alikeInWindow: 5,
    heldUp: { waiting: 0, since: null, paused: null },
    sentFolderError: null,
    backlogUnanswered: 4,
    shares: [
      { unit: "library", type: "golden-idea", submissions: 13, people: 9 },
      { unit: "policy", type: "golden-idea", submissions: 3, people: 3 },
      { unit: null, type: "golden-idea", submissions: 4, people: 4 },
    ],
    participants: [
      { unit: "library", people: 9 },
      { unit: "policy", people: 3 },
      { unit: null, people: 4 },
    ],
  };
}

const owed = (more: Partial<Obligation>): Obligation => ({
  ...{ key: "k", deliverable: "summary-report", item: null, unit: "library", announcedOn: "2012-12-25" },
  ...{
    dueOn: "2012-12-20",
    state: "outstanding",
    metAt: null,
    metBy: null,
    provisional: false,
    why: null,
    dueTime: null,
    dueAt: null,
    announcedAt: null,
    reason: "",
    history: [],
    ...more,
  },
});
const obligations = [
  owed({}),
  owed({ unit: "museum", state: "met", metAt: now, metBy: "WHXDH-0043" }),
  owed({ unit: "policy", dueOn: "2012-12-30" }),
  owed({
    deliverable: "engineering-plan",
    item: "stage",
    unit: "troupe",
    dueOn: "2012-12-15",
    state: "overdue",
  }),
];

const noDuty = { obligations: [], withheld: [], unreachable: [], bounced: new Set<string>() };
const nothingMore = {
  on: "2012-12-17",
  edition: "daily" as const,
  rulings: [],
  announcement: null,
  audit: null,
  week: null,
};

async function words(books: Books, locale: "zh-CN" | "en" = "zh-CN") {
  const campaign = sampleCampaign(locale);
  const owing = books.heldInTotal > 0 ? obligations : obligations.slice(1, 3);
  const digest = digestOf(
    campaign,
    {
      books,
      duty: { ...noDuty, obligations: owing },
      ...nothingMore,
    },
    now,
  );
  return wordDigest(digest, campaign, { ledger: "WHXDH-2012-12-17.xlsx", picture: null });
}

for (const [locale, name, books] of [
  ["zh-CN", "busy", busyBooks()],
  ["zh-CN", "silent", silentBooks()],
  ["en", "busy", busyBooks("“Open the library at night”")],
  ["en", "silent", silentBooks()],
] as const) {
  test(`a ${name} day in ${locale} reads as it was approved`, async () => {
    const { subject, text, html } = await words(books, locale);
    for (const [ending, content] of [
      ["txt", `${subject}\n\n${text}`],
      ["html", html ?? ""],
    ] as const) {
      await expectGolden(`${locale}-${name}.${ending}`, content);
    }
  });
}

test.each(["zh-CN", "en"] as const)("every edition in %s reads as it was approved", async (locale) => {
  const campaign = sampleCampaign(locale);
  if (locale === "en") {
    for (const [at, name] of ["Golden idea", "Summary report", "Engineering plan"].entries())
      Object.assign(campaign.deliverables[at] ?? {}, { name });
  }
  for (const { name, compose } of sampleDigests(campaign)) {
    const { subject, text } = await compose();
    await expectGolden(`${locale}-${name}.txt`, `${subject}\n\n${text}`);
  }
});

test("nothing a sender wrote is markup in the mail, and nothing is loaded from anywhere", async () => {
  const { html, text, subject } = await words(
    busyBooks(`<script>x</script><img src="http://a.example/x.png">&\r\nBcc: x`),
  );
  const tags = (html ?? "").match(/<[^>]*>/g)?.join("") ?? "";
  expect(tags).not.toMatch(/<script|<img|<link|<iframe|url\(|src=|https?:/i);
  expect(html).toContain("&lt;script&gt;");
  expect(text).toContain("<script>x</script>");
  expect(subject).not.toMatch(/[\r\n]/);
});

test("a reason of a newer version, or none at all, is shown as it is and breaks nothing", async () => {
  const [first] = busyBooks().held;
  for (const reason of ["a-later-reason", null]) {
    const held = first ? [{ ...first, reason }] : [];
    expect((await words({ ...busyBooks(), held })).text).toContain(reason ?? "请查看原文后处理");
  }
});

test("the HTML is tables with inline looks: what QQ Mail, Outlook and phones all draw", async () => {
  const { html } = await words(busyBooks());
  expect(html).not.toMatch(/<style|class=|<div[^>]*flex|position:/i);
  expect(html).toContain('name="viewport"');
  expect(html).toContain("max-width:640px");
});

test("a digest that waits for a person is not silent, nor one with something overdue or a mailbox that cannot be read", () => {
  const campaign = sampleCampaign();
  const silent = (books: Books, owing: Obligation[] = []) =>
    digestOf(
      campaign,
      {
        books,
        duty: { ...noDuty, obligations: owing },
        ...nothingMore,
      },
      now,
    ).silent;
  expect(silent(silentBooks())).toBe(true);
  expect(silent(silentBooks(), obligations.slice(3))).toBe(false);
  expect(silent({ ...silentBooks(), heldInTotal: 1 })).toBe(false);
  expect(
    silent({
      ...silentBooks(),
      mailboxes: [{ name: "I", lastReadAt: null, lastError: null, lastErrorAt: null, full: null }],
    }),
  ).toBe(false);
  expect(silent({ ...silentBooks(), balance: { ...silentBooks().balance, balances: false } })).toBe(false);
});

test("the subject says what falls due that day, and a thing whose hour has passed is not called 0 days late", async () => {
  const on = { dueOn: "2012-12-17", dueTime: "10:00" as const };
  const duty = {
    ...noDuty,
    obligations: [
      owed(on),
      owed({ ...on, unit: "museum", dueTime: null }),
      owed({ ...on, unit: "policy", state: "overdue" }),
      owed({ unit: "troupe", dueOn: "2012-12-18" }),
    ],
  };
  const week = { window: { from: at("2012-12-14 17:30"), to: now }, mails: none, filedByType: [], sent: [] };
  const said = async (locale: "zh-CN" | "en", more: object = {}) => {
    const campaign = sampleCampaign(locale);
    const digest = digestOf(campaign, { books: silentBooks(), duty, ...nothingMore, ...more }, now);
    return wordDigest(digest, campaign, { ledger: null, picture: null });
  };
  const zh = await said("zh-CN");
  expect(zh.subject).toBe("简报 12月17日：来信 0 封，登记 0 件，今日截止 2 项，逾期 1 项");
  const weekly = await said("zh-CN", { edition: "weekly", week });
  expect(weekly.subject).toBe("周报 12月17日：本周来信 0 封，今日截止 2 项，逾期 1 项");
  expect((await said("en")).subject).toBe("Digest 17 December: 0 in, 0 filed, 2 due today, 1 overdue");
  for (const words of [zh.text, zh.html]) {
    expect(words).toContain("12月17日 10:00截止，今日已过时限");
    expect(words).toContain("12月17日截止，今天");
    expect(words).not.toContain("逾期 0 天");
  }
});

test("the office is told whose notice is held back and why, and whom nobody can reach", async () => {
  const campaign = sampleCampaign();
  const notice = (unit: string): DutyNotice => ({
    unit,
    on: "2012-12-17",
    kind: "overdue",
    to: [],
    cc: [],
    owed: [],
    causes: [],
    returned: [],
  });
  const [first, second, third] = campaign.units as [Unit, Unit, Unit];
  const duty = {
    ...noDuty,
    withheld: [
      { notice: notice(first.code), why: "held-mail" as const },
      { notice: notice(second.code), why: "held-mail" as const },
    ],
    unreachable: [notice(third.code)],
  };
  const digest = digestOf(campaign, { ...nothingMore, books: silentBooks(), duty }, now);
  expect(digest.silent).toBe(false);
  const { text } = await wordDigest(digest, campaign, { ledger: null, picture: null });
  expect(text).toContain(
    `催办暂缓发出：${first.name}、${second.name}（有一封待人工的来信可能是该单位的，请先处理）`,
  );
  expect(text).toContain(`催不到：${third.name}`);
});

test("a year without a public calendar is said, not guessed in silence", async () => {
  const campaign = sampleCampaign();
  const later = new Date("2099-12-17T09:30:00Z");
  const digest = digestOf(
    campaign,
    { ...nothingMore, books: silentBooks(), duty: noDuty, on: "2099-12-17" },
    later,
  );
  expect((await wordDigest(digest, campaign, { ledger: null, picture: null })).text).toContain(
    "没有 2099 年的放假安排",
  );
});
