// What counts as a trouble of the service, and from when: a table of facts at one instant.
import { expect, test } from "vitest";
import { calendarOf } from "../../src/deadline/calendar.ts";
import type { WorkFacts } from "../../src/watch/records.ts";
import { isWorking, type MachineFacts, troublesAt } from "../../src/watch/trouble.ts";
import { troubleWords } from "../../src/watch/words.ts";
import { at, campaign as build } from "../deadline/campaign.ts";

const now = at("2012-12-17", "18:40");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const ahead = (days: number) => ago(-days * 24 * 60);
const campaign = build();
const well: WorkFacts = {
  mailboxes: [{ name: "ideas", lastReadAt: ago(1), error: null }],
  roles: [{ role: "intake", process: "a/1", beatAt: ago(1) }],
  outbox: { due: 0, oldestAt: null, movedAt: null },
  queue: { open: 0, oldestAt: null },
  lastDigestAt: at("2012-12-17", "17:31"),
};
const machine: MachineFacts = { disk: null, certificates: [] };
const gigabytes = (n: number) => n * 1024 ** 3;
const disk = (free: number, total: number) => ({
  disk: { path: "/data", freeBytes: gigabytes(free), totalBytes: gigabytes(total) },
});

const table: [string, Partial<WorkFacts>, Partial<MachineFacts>, string[]][] = [
  ["all is well", {}, {}, []],
  ["read 15 minutes ago", { mailboxes: [{ name: "x", lastReadAt: ago(15), error: null }] }, {}, []],
  [
    "unread for 16 minutes",
    { mailboxes: [{ name: "x", lastReadAt: ago(16), error: "NO" }] },
    {},
    ["mailbox"],
  ],
  ["never read at all", { mailboxes: [{ name: "x", lastReadAt: null, error: null }] }, {}, ["mailbox"]],
  ["a role without a beat", { roles: [{ role: "sender", process: "a/1", beatAt: ago(6) }] }, {}, ["role"]],
  ["a paced outbox moves", { outbox: { due: 900, oldestAt: ago(600), movedAt: ago(2) } }, {}, []],
  ["an outbox that stands", { outbox: { due: 1, oldestAt: ago(31), movedAt: ago(300) } }, {}, ["outbox"]],
  ["a queue that stands", { queue: { open: 3, oldestAt: ago(31) } }, {}, ["queue"]],
  ["yesterday's digest only", { lastDigestAt: at("2012-12-14", "17:31") }, {}, ["digest"]],
  ["little room", {}, disk(0.9, 10), ["disk"]],
  ["one in twenty", {}, disk(40, 1_000), ["disk"]],
  ["room enough", {}, disk(60, 1_000), []],
  [
    "a certificate for 13 days",
    {},
    { certificates: [{ server: "imap:993", until: ahead(13) }] },
    ["certificate"],
  ],
  ["a certificate for 15 days", {}, { certificates: [{ server: "imap:993", until: ahead(15) }] }, []],
];
for (const [name, work, its, kinds] of table) {
  test(`${name}: ${kinds.join() || "nothing"}`, () => {
    const instants = { now, watchedSince: ago(10_000) };
    const troubles = troublesAt(
      campaign,
      calendarOf(campaign),
      { ...well, ...work },
      { ...machine, ...its },
      instants,
    );
    expect(troubles.map(({ kind }) => kind)).toEqual(kinds);
    for (const locale of ["zh-CN", "en"] as const) {
      for (const trouble of troubles) {
        const { saw, advice } = troubleWords(trouble, { ...campaign, locale });
        expect(/[\u4e00-\u9fff]/.test(saw + advice)).toBe(locale === "zh-CN");
      }
    }
    expect(isWorking(troubles)).toBe(kinds.every((kind) => kind === "disk" || kind === "certificate"));
  });
}

test("what stood still while nobody ran has the same time again, and no digest is due on a day off or before its hour", () => {
  const mailboxes = [{ name: "x", lastReadAt: ago(5_000), error: null }];
  const calendar = calendarOf(campaign);
  const kinds = (when: Date, since: Date, work: Partial<WorkFacts>) =>
    troublesAt(campaign, calendar, { ...well, roles: [], ...work }, machine, {
      now: when,
      watchedSince: since,
    }).map(({ kind }) => kind);
  expect(kinds(now, ago(14), { mailboxes })).toEqual([]);
  expect(kinds(now, ago(16), { mailboxes })).toEqual(["mailbox"]);
  const read = (when: Date) => ({
    mailboxes: [{ name: "x", lastReadAt: when, error: null }],
    lastDigestAt: null,
  });
  const sunday = at("2012-12-16", "20:00");
  const noon = at("2012-12-17", "12:00");
  for (const when of [sunday, noon]) expect(kinds(when, ago(10_000), read(when))).toEqual([]);
});
