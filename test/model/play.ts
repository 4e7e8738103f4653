// Plays a drive through the real thing: rows in PostgreSQL, `chase`, `dutyCheck`, `sendDue` and the outbox, on as many
// machines as the drive says, and gathers what left.
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { sql } from "kysely";
import type { Campaign, Contact, Deliverable } from "../../src/campaign/campaign.ts";
import { virtualClock } from "../../src/clock.ts";
import { calendarOf } from "../../src/deadline/calendar.ts";
import { silentLogger } from "../../src/log.ts";
import { recordBounce } from "../../src/notice/bounced.ts";
import { chase, dutyCheck } from "../../src/notice/chase.ts";
import type { OutgoingNotice } from "../../src/notice/compose.ts";
import { noticeMessageId } from "../../src/notice/identity.ts";
import { sendDue } from "../../src/notice/send.ts";
import { captureTransport } from "../../src/notice/transport.ts";
import { type Database, dbJson } from "../../src/store/database.ts";
import { campaign as build, unit as buildUnit } from "../deadline/campaign.ts";
import type { Drive, PlayedHappening } from "./drive.ts";
import type { Moment, NaiveNotice } from "./naive.ts";

const END_OF_DAY = "23:59";

/** What left, each notice in words. `machines`: connections of their own to one database. */
export async function play(machines: Database[], drive: Drive): Promise<string[]> {
  const campaign = campaignOf(drive, `M${randomUUID().slice(0, 12)}`);
  const calendar = calendarOf(campaign);
  const instant = (at: Moment) => new Date(`${at}:00${drive.zone.offset}`);
  const sent: { at: Moment; notice: OutgoingNotice }[] = [];
  /** Until something is, there is nothing to send: a third of the time saved. */
  let written = 0;
  const ledger = ledgerOf(machines[0] as Database, campaign, instant);

  async function pass(happening: PlayedHappening): Promise<void> {
    const { at, what, machines: count = 1, times = 1 } = happening;
    const now = instant(at);
    await Promise.all(
      machines.slice(0, count).map(async (db, n) => {
        const office = { db, campaign, calendar, log: silentLogger };
        const transport = captureTransport((notice) => void sent.push({ at, notice }));
        const clock = virtualClock(now);
        for (let time = 0; time < times; time++) {
          if (what === "ask") {
            // The service alone asks at no other time; asked all the same, nothing may be written then.
            if (count === 1 && !calendar.isNoticeTime(now)) continue;
            const { intended } = await chase(office, now);
            written += intended;
          } else if (written > 0) {
            const parts = { ...office, transport, clock, worker: `machine-${n}`, sentEvidence: null };
            await sendDue({ ...parts, stillTrue: dutyCheck(office) });
          }
        }
      }),
    );
  }

  for (const happening of drive.happenings) {
    if (happening.what === "ask" || happening.what === "send") await pass(happening);
    else if (happening.what === "returned") {
      const { unit, level, at } = happening;
      const address = drive.campaign.units.find(({ code }) => code === unit)?.[level];
      const last = sent.filter(({ notice }) => notice.key.startsWith(`duty/${unit}/`)).at(-1)?.notice;
      if (!address || ![...(last?.to ?? []), ...(last?.cc ?? [])].some(({ email }) => email === address))
        continue;
      const report = {
        action: "failed" as const,
        recipients: [address],
        status: "5.1.1",
        diagnostic: "no such user",
      };
      const originalMessageId = noticeMessageId(campaign, last?.key ?? "");
      await recordBounce(machines[0] as Database, campaign, { ...report, originalMessageId }, instant(at));
    } else await ledger.record(happening);
  }
  return sent.map(({ at, notice }) => wordsOfSent(at, notice)).sort();
}

export function wordsOfNaive(notice: NaiveNotice): string {
  const names = notice.names.map(({ deliverable, item, due, isOverdue }) => {
    const [day = "", time] = due?.split("T") ?? [];
    const [year, month, date] = day.split("-").map(Number);
    const written = due === null ? "" : `${year}年${month}月${date}日${time === END_OF_DAY ? "" : time}`;
    return `${deliverable}/${item ?? ""} ${written} ${isOverdue}`;
  });
  return words(notice.at, notice.unit, notice.kind, notice.to, notice.cc, names);
}

function wordsOfSent(at: Moment, { key, kind, to, cc, text }: OutgoingNotice): string {
  const emails = (contacts: Contact[]) => contacts.map(({ email }) => email);
  return words(at, key.split("/")[1] ?? "", kind, emails(to), emails(cc), text.trim().split("\n"));
}

function words(at: Moment, unit: string, kind: string, to: string[], cc: string[], names: string[]): string {
  const named = names.map((name) => name.trim()).sort();
  return `${at} ${unit} ${kind} to ${to.join("+")} cc ${cc.toSorted().join("+")}: ${named.join(", ")}`;
}

function campaignOf({ zone, holidays, campaign: naive }: Drive, code: string): Campaign {
  const base = build();
  const contact = (email: string | null): Contact | null => (email === null ? null : { name: email, email });
  const owed = base.deliverables.find(({ from }) => from === "unit") as Deliverable;
  return {
    ...base,
    ...{ code, timezone: zone.name, closes: naive.closes, holidays, clarifyWithin: naive.clarifyWithin },
    // Deliverables and dates in a form that can be compared; the wording has tests of its own.
    templates: join(import.meta.dirname, "templates"),
    smtp: base.smtp && { ...base.smtp, perHour: 1_000_000 },
    reminders: {
      before: naive.before,
      overdue: naive.overdue,
      workingDaysOnly: naive.workingDaysOnly,
      quiet: naive.quiet,
    },
    units: naive.units.map(({ code: unitCode, kind, ...levels }) =>
      buildUnit(unitCode, {
        kind: kind as "office",
        liaison: contact(levels.liaison),
        head: contact(levels.head),
        supervisor: contact(levels.supervisor),
      }),
    ),
    deliverables: [
      ...base.deliverables.filter(({ from }) => from === "person"),
      ...naive.deliverables.map(({ code: deliverable, due, owedBy, items }) => {
        const [day = null, time = END_OF_DAY] = due?.split("T") ?? [];
        return {
          ...owed,
          ...{ code: deliverable, name: deliverable, due: day, dueTime: time === END_OF_DAY ? null : time },
          owedBy: (items.length > 0 ? [] : owedBy) as Deliverable["owedBy"],
          items: items.map((item) => ({ ...item, name: item.code, aliases: [], lead: contact(item.lead) })),
        };
      }),
    ],
  };
}

interface Mail {
  reason?: string | null;
  from?: string | null;
  understanding?: object | null;
}

/** Writes what happens as the rows the other stages write. */
function ledgerOf(db: Database, campaign: Campaign, instant: (at: Moment) => Date) {
  const messages = new Map<number, number>();

  async function message(
    id: number,
    at: Date,
    state: string,
    { reason = null, from = null, understanding = null }: Mail = {},
  ) {
    const sha256 = createHash("sha256").update(`${campaign.code}/${id}`).digest();
    const { rows } = await sql<{ id: number }>`
      with bytes as (insert into blob (sha256, bytes, created_at) values (${sha256}, 0, ${at}))
      insert into message (campaign, sha256, bytes, arrived_at, recorded_at, backlog, state, reason, origin, from_address, understanding)
      values (${campaign.code}, ${sha256}, 0, ${at}, ${at}, false, ${state}, ${reason}, 'person', ${from},
        ${understanding && dbJson(understanding)})
      returning id`.execute(db);
    messages.set(id, rows[0]?.id ?? 0);
  }

  const change = (id: number) => db.updateTable("submission").where("message_id", "=", messages.get(id) ?? 0);

  async function rule(
    happening: Extract<PlayedHappening, { deliverable: string; unit: string }>,
    kind: string,
  ) {
    const at = instant(happening.at);
    const [day = null, time = END_OF_DAY] = "until" in happening ? happening.until.split("T") : [];
    await sql`
      insert into ruling (campaign, kind, deliverable, item, unit, due_on, due_time, received_at, received_by, made_by, made_at,
        why, way)
      values (${campaign.code}, ${kind}, ${happening.deliverable}, ${happening.item}, ${happening.unit}, ${day},
        ${time === END_OF_DAY ? null : time}, ${kind === "receipt" ? at : null}, ${kind === "receipt" ? "paper" : null},
        'office', ${at}, 'why', 'command')`.execute(db);
  }

  async function record(happening: PlayedHappening): Promise<void> {
    const at = instant(happening.at);
    switch (happening.what) {
      case "filed": {
        const { id, unit, deliverable, item, verified, unreadable } = happening;
        const arrivedAt = instant(happening.arrived);
        await message(id, arrivedAt, "filed");
        await sql`
          insert into submission (reference, campaign, message_id, ordinal, type, item, unit, people, title, text, arrived_at,
            filed_at, verified, timeliness, provisional, decided_by)
          values (${`${campaign.code}-${id}`}, ${campaign.code}, ${messages.get(id)}, 1, ${deliverable}, ${item}, ${unit},
            '{}', '', '', ${arrivedAt}, ${at}, ${verified}, 'in-time', ${unreadable}, 'rules')`.execute(db);
        return;
      }
      case "superseded":
        // Withdrawn stays withdrawn: only what stands is replaced.
        await change(happening.id).set({ state: "superseded" }).where("state", "=", "current").execute();
        return;
      case "withdrawn":
        await change(happening.id).set({ state: "withdrawn" }).execute();
        return;
      case "confirmed":
        await change(happening.id).set({ verified: true }).execute();
        return;
      case "moved":
        await change(happening.id).set({ unit: happening.unit }).execute();
        return;
      case "held": {
        const { id, units, isSureWhose, holds, deliverable, item } = happening;
        const [unit = null, other] = units;
        if (holds === "sealed") {
          await message(id, at, "held", { reason: "unparsable", from: `somebody@${unit}.example` });
          return;
        }
        const guess = (value: string | null, confidence: number) => ({ value, confidence, evidence: [] });
        const type =
          holds === "idea" ? "golden-idea" : holds === "question" ? "question" : (deliverable ?? "other");
        const understanding = {
          type: { ...guess(type, holds === "idea" ? 0.99 : 0.6), runnerUp: null },
          unit: {
            ...guess(unit, isSureWhose ? 0.99 : 0.6),
            runnerUp: other === undefined ? null : guess(other, 0.3),
          },
          submissions:
            holds === "paper" && deliverable !== null
              ? [{ type: deliverable, unit, people: [], title: "", text: "", item }]
              : [],
        };
        const reason = holds === "question" ? "question" : "unit-unsure";
        await message(id, at, "held", { reason, understanding });
        return;
      }
      case "taken in":
        return message(
          happening.id,
          at,
          "received",
          happening.units[0] === undefined ? {} : { from: `somebody@${happening.units[0]}.example` },
        );
      case "settled":
        await db
          .updateTable("message")
          .set({ state: "ignored" })
          .where("id", "=", messages.get(happening.id) ?? 0)
          .execute();
        return;
      case "extended":
        return rule(happening, "extension");
      case "waived":
        return rule(happening, "waiver");
      case "received":
        return rule(happening, "receipt");
      case "taken back":
        return rule(happening, `${happening.ruling}-revoked`);
      case "mailbox read":
        await sql`
          insert into mailbox (name, campaign, uid_validity, live_at, last_read_at)
          values (${campaign.code}, ${campaign.code}, 1, ${at}, ${at})
          on conflict (name) do update set last_read_at = excluded.last_read_at`.execute(db);
        return;
      case "ask":
      case "send":
      case "returned":
        return;
      default:
        happening satisfies never;
    }
  }

  return { record };
}
