// The stage: claim what is due, ask whether it is still true, send, settle. Any state a crash leaves is taken up again.

import { randomUUID } from "node:crypto";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { crashPoint } from "../crash-point.ts";
import type { Logger } from "../log.ts";
import { readBlobs } from "../store/blobs.ts";
import type { Database } from "../store/database.ts";
import { gather } from "./batch.ts";
import { brokenCap, CAPPED } from "./caps.ts";
import type { OutgoingNotice } from "./compose.ts";
import { ownSender } from "./identity.ts";
import type { NoticeIntent, NoticeKind } from "./notice.ts";
import type { NoticeRow, Settlement } from "./outbox.ts";
import * as outbox from "./outbox.ts";
import { acceptAmbiguous, ambiguousNotices, resendAmbiguous, takeBack } from "./records.ts";
import { backoffMs, GIVE_UP_AFTER_MS } from "./replies.ts";
import type { Delivery, SmtpTransport } from "./transport.ts";

/** What the check at sending time found. A notice without an entry is true as it stands. */
export type Verdict =
  | { still: "true" }
  | { still: "changed"; intent: NoticeIntent }
  | { still: "false"; why: string }
  | { still: "not-yet"; why: string; until: Date };

export type StillTrue = (rows: NoticeRow[], now: Date) => Promise<Map<number, Verdict>>;

/** Whether the account's Sent folder holds a message with this Message-ID (R35). */
export type SentEvidence = (messageId: string) => Promise<boolean>;

export interface Sender {
  db: Database;
  campaign: Campaign;
  transport: SmtpTransport;
  clock: Clock;
  log: Logger;
  worker: string;
  stillTrue: StillTrue;
  sentEvidence: SentEvidence | null;
  /** Sends only notices of this kind; absent: whatever is due. */
  only?: NoticeKind;
}

export interface SendReport {
  accepted: number;
  rejected: number;
  ambiguous: number;
  dropped: number;
  /** Due and not sent: quota used up, server away or account paused. */
  left: number;
}

const BATCH = 200;
/** Spread over more than three hours: what greylisting and a short outage of the server need. */
const TRIED_AT_LEAST = 8;
/** A claimed notice nothing has left of is free again after this long. */
const CLAIM_LEASE_MS = 60_000;
/** Longer than the longest a delivery may take: then nobody will report how it ended. */
const DATA_LEASE_MS = 15 * 60_000;

/** Sends everything due now that the quota allows. */
export async function sendDue(sender: Sender): Promise<SendReport> {
  const { db, campaign, clock } = sender;
  const report: SendReport = { accepted: 0, rejected: 0, ambiguous: 0, dropped: 0, left: 0 };
  await takeBack(db, campaign, clock.now());
  await settleAmbiguous(sender);
  for (;;) {
    const token = `${sender.worker}/${randomUUID()}`;
    const rows = await outbox.claim(db, {
      campaign,
      token,
      limit: BATCH,
      now: clock.now(),
      leaseMs: CLAIM_LEASE_MS,
      ...(sender.only && { only: sender.only }),
    });
    if (rows.length === 0) break;
    crashPoint("claimed");
    const goesOn = await sendBatch(sender, rows, token, report);
    // Less than asked for: nothing else is due, or the hour's quota is used up.
    if (!goesOn || rows.length < BATCH) break;
  }
  report.left = await outbox.countDue(db, campaign, clock.now());
  return report;
}

/** Looks for proof that ambiguous notices arrived; sends answers and reminders without proof once more (R35). */
async function settleAmbiguous({ db, campaign, clock, log, sentEvidence }: Sender): Promise<void> {
  if (sentEvidence) {
    const rows = await ambiguousNotices(db, campaign);
    const found: number[] = [];
    for (const row of rows) if (await sentEvidence(row.rfc_message_id)) found.push(row.id);
    await acceptAmbiguous(db, found, "found in the Sent folder");
  }
  const resent = await resendAmbiguous(db, campaign, clock.now());
  if (resent > 0)
    log.warn({ resent }, "notices are sent once more: the server never said whether it took them");
}

/** Sends one claimed batch over all connections. False: the server or the account wants a rest. */
async function sendBatch(
  sender: Sender,
  rows: NoticeRow[],
  token: string,
  report: SendReport,
): Promise<boolean> {
  const { db, campaign, transport, clock, log } = sender;
  const claimedAt = clock.now().getTime();
  const sendable = await checked(sender, rows, token, report);
  const blobs = await attachmentBytes(db, sendable);
  const settle = gather((items: Settlement[]) => outbox.settle(db, items, token, clock.now()));
  const markSent = gather((ids: number[]) => outbox.markDataSent(db, ids, token, clock.now(), DATA_LEASE_MS));
  const settled: Promise<void>[] = [];
  let failure: Error | null = null;
  let unreachedInARow = 0;
  let isStopped = false;
  let next = 0;

  // The next delivery does not wait for the record of the last: if that record is lost, the notice is ambiguous anyway.
  function end(settlement: Settlement): void {
    const recorded = settle(settlement).then(
      () => count(report, settlement),
      (error: Error) => {
        failure = error;
        isStopped = true;
      },
    );
    settled.push(recorded);
  }

  async function deliverInTurn(): Promise<void> {
    for (let row = sendable[next++]; row; row = sendable[next++]) {
      const { id } = row;
      const isRunningOut = clock.now().getTime() - claimedAt > CLAIM_LEASE_MS / 2;
      if (isStopped || isRunningOut) {
        end({
          id,
          state: "intended",
          response: row.response ?? "",
          notBefore: row.not_before,
          attempted: false,
        });
        continue;
      }
      crashPoint("delivering");
      const delivery = await transport.deliver(outgoing(row, blobs, campaign, clock.now()), {
        dataSent: async () => {
          crashPoint("data-asked");
          const ours = await markSent(id);
          if (!ours.has(id)) throw new Error("the lease of this notice was lost");
          crashPoint("data-sent");
        },
      });
      crashPoint("answered");
      unreachedInARow = delivery.outcome === "unreached" ? unreachedInARow + 1 : 0;
      isStopped ||= unreachedInARow >= transport.connections || isAboutAccount(delivery);
      end(settlementOf(row, delivery, clock.now()));
      if (delivery.outcome !== "accepted") {
        log.warn(
          { notice: row.key, outcome: delivery.outcome, response: delivery.response },
          "a notice did not go out",
        );
      }
    }
  }

  await Promise.all(Array.from({ length: transport.connections }, deliverInTurn));
  await Promise.all(settled);
  crashPoint("settled");
  if (failure) throw failure;
  return !isStopped;
}

const isAboutAccount = (delivery: Delivery) =>
  delivery.outcome === "rejected" && delivery.scope === "account";

function settlementOf(row: NoticeRow, delivery: Delivery, now: Date): Settlement {
  const { id } = row;
  const { response } = delivery;
  switch (delivery.outcome) {
    case "accepted":
      return { id, state: "accepted", response, refused: delivery.refused };
    case "ambiguous":
      return { id, state: "ambiguous", response };
    case "rejected":
      if (delivery.permanent) return { id, state: "rejected", response, refused: delivery.refused };
      if (isGivenUp(row, now)) return { id, state: "rejected", response: givenUp(response), refused: [] };
      return {
        id,
        state: "intended",
        response: delivery.scope === "account" ? `${outbox.ACCOUNT_PAUSED}${response}` : response,
        notBefore: new Date(now.getTime() + (delivery.retryAfterMs ?? backoffMs(row.attempts))),
        attempted: true,
      };
    case "unreached":
      if (isGivenUp(row, now)) return { id, state: "rejected", response: givenUp(response), refused: [] };
      return {
        id,
        state: "intended",
        response,
        notBefore: new Date(now.getTime() + backoffMs(row.attempts)),
        attempted: true,
      };
    default:
      return delivery satisfies never;
  }
}

/** What waited its turn behind thousands of others for five days has not been tried for five days. */
const isGivenUp = (row: NoticeRow, now: Date) =>
  now.getTime() - row.intended_at.getTime() > GIVE_UP_AFTER_MS && row.attempts > TRIED_AT_LEAST;
const givenUp = (response: string) => `given up after five days: ${response}`;

function count(report: SendReport, { state }: Settlement): void {
  if (state !== "intended") report[state]++;
}

/** The notices of a claim that may go; the others are dropped or put back with the reason. */
async function checked(
  sender: Sender,
  rows: NoticeRow[],
  token: string,
  report: SendReport,
): Promise<NoticeRow[]> {
  const { db, campaign, clock, log } = sender;
  const now = clock.now();
  const verdicts = await sender.stillTrue(rows, now);
  const addresses = [
    ...new Set(rows.flatMap((row) => row.to_contacts.map(({ email }) => email.toLowerCase()))),
  ];
  const lately = await outbox.sentLately(db, campaign, addresses, now);
  const sendable: NoticeRow[] = [];
  const settlements: Settlement[] = [];
  for (const row of rows) {
    const verdict = verdicts.get(row.id) ?? { still: "true" };
    if (verdict.still === "false") {
      settlements.push({ id: row.id, state: "dropped", response: verdict.why });
      continue;
    }
    if (verdict.still === "not-yet") {
      settlements.push({
        id: row.id,
        state: "intended",
        response: verdict.why,
        notBefore: verdict.until,
        attempted: false,
      });
      continue;
    }
    const current =
      verdict.still === "changed" ? await outbox.reword(db, row.id, token, verdict.intent) : row;
    if (current === null) continue;
    const { key, kind, subject, to_contacts: to } = current;
    const facts = { key, kind, subject, to };
    const cap = brokenCap(facts, lately, campaign.code);
    if (cap !== null) {
      settlements.push({ id: row.id, state: "dropped", response: `${CAPPED}${cap}` });
      log.warn({ notice: row.key, cap }, "a notice is dropped: its address has had enough");
      continue;
    }
    for (const { email } of current.to_contacts) {
      lately.push({ address: email.toLowerCase(), kind: current.kind, subject: current.subject });
    }
    sendable.push(current);
  }
  await outbox.settle(db, settlements, token, now);
  for (const settlement of settlements) count(report, settlement);
  return sendable;
}

async function attachmentBytes(db: Database, rows: NoticeRow[]): Promise<Map<string, Buffer>> {
  const hashes = new Set(rows.flatMap((row) => row.attachments.map(({ sha256 }) => sha256)));
  if (hashes.size === 0) return new Map();
  return readBlobs(
    db,
    [...hashes].map((hash) => Buffer.from(hash, "hex")),
  );
}

function outgoing(row: NoticeRow, blobs: Map<string, Buffer>, campaign: Campaign, now: Date): OutgoingNotice {
  return {
    key: row.key,
    kind: row.kind as NoticeKind,
    from: ownSender(campaign),
    to: row.to_contacts,
    cc: row.cc_contacts,
    subject: row.subject,
    text: row.text,
    html: row.html,
    attachments: row.attachments.map(({ filename, mediaType, sha256, contentId }) => ({
      filename,
      mediaType,
      content: blobs.get(sha256) ?? Buffer.alloc(0),
      contentId: contentId ?? null,
    })),
    messageId: row.rfc_message_id,
    inReplyTo: row.in_reply_to,
    references: row.reference_ids,
    attempts: row.attempts,
    at: now,
  };
}
