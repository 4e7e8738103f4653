// The stage: claim what is due, ask whether it is still true, send, settle. Any state a crash leaves is taken up again.

import { randomUUID } from "node:crypto";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { crashPoint } from "../crash-point.ts";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { gather } from "./batch.ts";
import type { NoticeKind } from "./notice.ts";
import type { NoticeRow } from "./outbox.ts";
import { countDue } from "./quota/records.ts";
import { checked, type StillTrue } from "./sending/checked.ts";
import { attachmentBytes, outgoing } from "./sending/outgoing.ts";
import * as records from "./sending/records.ts";
import { type Settlement, settlementOf, untried } from "./sending/settlement.ts";
import { type SentEvidence, settleAmbiguous } from "./sent/settle.ts";
import type { Delivery, SmtpTransport } from "./transport.ts";

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
/** A claimed notice nothing has left of is free again after this long. */
const CLAIM_LEASE_MS = 60_000;
/** Longer than the longest a delivery may take: then nobody will report how it ended. */
const DATA_LEASE_MS = 15 * 60_000;

/** Sends everything due now that the quota allows. */
export async function sendDue(sender: Sender): Promise<SendReport> {
  const { db, campaign, clock } = sender;
  const report: SendReport = { accepted: 0, rejected: 0, ambiguous: 0, dropped: 0, left: 0 };
  await records.takeBack(db, campaign, clock.now());
  // Whoever sends one kind alone is not in charge of what is in doubt.
  if (sender.only === undefined) await settleAmbiguous(sender);
  for (;;) {
    const token = `${sender.worker}/${randomUUID()}`;
    const claimed = await records.claim(db, {
      campaign,
      token,
      limit: BATCH,
      now: clock.now(),
      leaseMs: CLAIM_LEASE_MS,
      ...(sender.only && { only: sender.only }),
    });
    if (claimed.rows.length === 0) break;
    crashPoint("claimed");
    const goesOn = await sendBatch(sender, claimed, token, report);
    // Less than asked for: nothing else is due, or the hour's quota is used up.
    if (!goesOn || claimed.rows.length < BATCH) break;
  }
  report.left = await countDue(db, campaign, clock.now());
  return report;
}

/** Sends one claimed batch over all connections. False: the server or the account wants a rest. */
async function sendBatch(
  sender: Sender,
  claimed: records.Claimed,
  token: string,
  report: SendReport,
): Promise<boolean> {
  const { db, campaign, transport, clock, log } = sender;
  const claimedAt = clock.now().getTime();
  const { sendable, others } = await checked(sender, claimed, token);
  for (const settlement of others) count(report, settlement);
  const blobs = await attachmentBytes(db, sendable);
  const settle = gather((items: Settlement[]) => records.settle(db, items, token, clock.now()));
  const markSent = gather((ids: number[]) =>
    records.markDataSent(db, ids, token, clock.now(), DATA_LEASE_MS),
  );
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
        end(untried(row));
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
      if (delivery.outcome !== "accepted") logFailure(log, row, delivery);
    }
  }

  await Promise.all(Array.from({ length: transport.connections }, deliverInTurn));
  await Promise.all(settled);
  crashPoint("settled");
  if (failure) throw failure;
  return !isStopped;
}

function logFailure(log: Logger, { key: notice }: NoticeRow, delivery: Delivery): void {
  const { outcome, response } = delivery;
  const known = outcome === "rejected" ? delivery.class : null;
  const facts = { notice, outcome, class: known, response };
  if (known === "greylisted") log.info(facts, "a notice is asked to come again: greylisting");
  else if (known === "spam") log.error(facts, "a notice was taken for spam; it is not sent again");
  else if (known === "own-mailbox-full") log.error(facts, "our own mailbox is full: make room in it");
  else log.warn(facts, "a notice did not go out");
}

const isAboutAccount = (delivery: Delivery) =>
  delivery.outcome === "rejected" && delivery.scope === "account";

function count(report: SendReport, { state }: Settlement): void {
  if (state !== "intended") report[state]++;
}
