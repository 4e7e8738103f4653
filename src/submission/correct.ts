// A correction in plain words is carried out where the sender may, and explained where not (R60, R61).

import { type Campaign, deliverableOf, isRegistered, unitOf } from "../campaign/campaign.ts";
import { crashPoint } from "../crash-point.ts";
import { senderOf } from "../message/sender.ts";
import type { Trx } from "../store/database.ts";
import type { ReasonCode } from "../text/reason.ts";
import type { CorrectionRequest } from "../understand/evidence.ts";
import { mayChange } from "./exchange/authority.ts";
import { completeUnit } from "./exchange/complete.ts";
import { targetsOf } from "./exchange/targets.ts";
import { setByOffice } from "./office/records.ts";
import { changeSubmission, type SentSubmission, setSubmissionStates } from "./records.ts";
import type { NewSubmission } from "./submission.ts";
import type { UnderstoodMail } from "./understood.ts";

export interface Corrected {
  /** Reference number; "" where nothing was found to correct. */
  reference: string;
  /** What was asked for, in the campaign's language. */
  change: string;
  done: boolean;
  why: ReasonCode | null;
  /** What was asked for is only to add to it. */
  adds: boolean;
  /** It was taken back. */
  withdraws: boolean;
  /** As it stood; null where nothing was found, or nothing of it changes. */
  before: SentSubmission | null;
}

export interface CorrectionOutcome {
  corrected: Corrected[];
  /** Submissions of an earlier held mail that this answer completed. */
  completed: NewSubmission[];
}

export async function correct(
  trx: Trx,
  campaign: Campaign,
  understood: UnderstoodMail,
  now: Date,
): Promise<CorrectionOutcome> {
  const requests = understood.understanding.corrections;
  const completed = await completeUnit(trx, campaign, understood, requests, now);
  if (completed.length > 0) return { corrected: [], completed };
  const { submissions: targets, isUnclear } = await targetsOf(trx, campaign, understood);
  if (targets.length === 0 || requests.length === 0 || isUnclear) {
    return {
      corrected: [
        {
          reference: "",
          change: "",
          done: false,
          why: "correction-unclear",
          adds: false,
          withdraws: false,
          before: null,
        },
      ],
      completed: [],
    };
  }
  const corrected: Corrected[] = [];
  const decided = await setByOffice(
    trx,
    targets.map(({ id }) => id),
  );
  for (const target of targets) {
    for (const request of requests) {
      // One title for several, or one person's name: which of them is meant was not said.
      const isVague = targets.length > 1 && (request.action === "title" || differIn(targets, request));
      const why = isVague ? "correction-unclear" : refusal(campaign, understood, target, request, decided);
      if (why === null) {
        await carryOut(trx, target, request);
        crashPoint("corrected");
      }
      corrected.push({
        reference: target.reference,
        change: describe(campaign, request),
        done: why === null,
        why,
        adds: request.action === "supplement",
        withdraws: request.action === "withdraw",
        before: target,
      });
    }
  }
  return { corrected, completed: [] };
}

function differIn(targets: SentSubmission[], { action }: CorrectionRequest): boolean {
  return action === "people" && new Set(targets.map(({ people }) => people.join())).size > 1;
}

/** Why a request may not be carried out by this sender; null when it may. */
function refusal(
  campaign: Campaign,
  understood: UnderstoodMail,
  target: SentSubmission,
  request: CorrectionRequest,
  decided: Set<string>,
): ReasonCode | null {
  if (!mayChange(campaign, understood, target)) return "correction-unauthorised";
  if (isDecided(target, request, decided)) return "office-decided";
  const address = senderOf(understood.mail)?.address ?? "";
  if (request.action === "unit") {
    if (unitOf(campaign, request.unit) === null) return "correction-unclear";
    // Moving to another unit needs an address registered for both; naming a missing unit moves nothing.
    const registeredForBoth =
      target.unit === null ||
      (isRegistered(campaign, address, target.unit) && isRegistered(campaign, address, request.unit));
    if (!registeredForBoth && target.unit !== request.unit) return "correction-unauthorised";
  }
  if (request.action === "type" && deliverableOf(campaign, request.type) === null)
    return "correction-unclear";
  // A new version or a forgotten file that is spoken of and not there.
  return request.action === "replace" || request.action === "supplement" ? "correction-unclear" : null;
}

/** Set by the office, and asked to become something else. A paper's type says what a unit owes: so does its item. */
function isDecided(target: SentSubmission, request: CorrectionRequest, decided: Set<string>): boolean {
  const isSet = (field: string) => decided.has(`${target.id}/${field}`);
  switch (request.action) {
    case "unit":
      return isSet("unit") && request.unit !== target.unit;
    case "type": {
      const differs = request.type !== target.type || request.item !== target.item;
      // Verified by the office's word about its unit, it would stand for what that unit owes.
      return differs && (isSet("type") || isSet("item") || isSet("unit"));
    }
    case "people":
      return isSet("people") && request.people.join() !== target.people.join();
    case "title":
      return isSet("title") && request.title !== target.title;
    default:
      return false;
  }
}

async function carryOut(trx: Trx, target: SentSubmission, request: CorrectionRequest): Promise<void> {
  switch (request.action) {
    case "withdraw":
      return setSubmissionStates(trx, [target.id], "withdrawn");
    case "unit":
      return changeSubmission(trx, target.id, { unit: request.unit });
    case "type":
      return changeSubmission(trx, target.id, { type: request.type, item: request.item });
    case "people":
      return changeSubmission(trx, target.id, { people: request.people });
    case "title":
      return changeSubmission(trx, target.id, { title: request.title });
    case "replace":
    case "supplement":
      return;
    default:
      request satisfies never;
  }
}

function describe(campaign: Campaign, request: CorrectionRequest): string {
  const zh = campaign.locale === "zh-CN";
  switch (request.action) {
    case "withdraw":
      return zh ? "撤回" : "withdrawn";
    case "unit": {
      const name = unitOf(campaign, request.unit)?.name ?? request.unit;
      return zh ? `单位改为${name}` : `unit changed to ${name}`;
    }
    case "type": {
      const name = deliverableOf(campaign, request.type)?.name ?? request.type;
      return zh ? `类型改为${name}` : `type changed to ${name}`;
    }
    case "people":
      return zh ? `姓名改为${request.people.join("、")}` : `names changed to ${request.people.join(", ")}`;
    case "title":
      return zh ? `标题改为“${request.title}”` : `title changed to “${request.title}”`;
    case "replace":
      return zh ? "以新版本为准" : "replaced by the new version";
    case "supplement":
      return zh ? "补充附件" : "attachment added";
    default:
      return request satisfies never;
  }
}
