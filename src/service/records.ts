// SQL of the account given of a played campaign: what each day brought, and every notice that left.
import type { Campaign } from "../campaign/campaign.ts";
import type { Database } from "../store/database.ts";

export interface PlayedNotice {
  at: Date;
  kind: string;
  unit: string | null;
  to: string;
  cc: string[];
  subject: string;
  text: string;
  state: string;
}

/** Every notice that was settled, in the order in which they left; dropped ones never left. */
export async function playedNotices(db: Database, campaign: string): Promise<PlayedNotice[]> {
  const rows = await db
    .selectFrom("notice")
    .select(["settled_at", "kind", "unit", "to_contacts", "cc_contacts", "subject", "text", "state"])
    .where("campaign", "=", campaign)
    .where("settled_at", "is not", null)
    .where("state", "!=", "dropped")
    .orderBy("settled_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    at: row.settled_at as Date,
    kind: row.kind,
    unit: row.unit,
    to: row.to_contacts.map(({ email }) => email).join(", "),
    cc: row.cc_contacts.map(({ email }) => email),
    subject: row.subject,
    text: row.text,
    state: row.state,
  }));
}

export interface DayTally {
  arrived: number;
  filed: number;
  held: number;
  automatic: number;
  ignored: number;
  submissions: number;
  /** Notices that left, by kind. */
  notices: Record<string, number>;
}

/** What the time between two instants brought: mails by their present state, and notices by kind. */
export async function tallyBetween(
  db: Database,
  campaign: Campaign,
  from: Date,
  to: Date,
): Promise<DayTally> {
  const { count } = db.fn;
  const states = await db
    .selectFrom("message")
    .select(["state", count<number>("id").as("mails")])
    .where("campaign", "=", campaign.code)
    .where("arrived_at", ">=", from)
    .where("arrived_at", "<", to)
    .groupBy("state")
    .execute();
  const kinds = await db
    .selectFrom("notice")
    .select(["kind", count<number>("id").as("notices")])
    .where("campaign", "=", campaign.code)
    .where("settled_at", ">=", from)
    .where("settled_at", "<", to)
    .where("state", "!=", "dropped")
    .groupBy("kind")
    .execute();
  const submissions = await db
    .selectFrom("submission")
    .select(count<number>("id").as("filed"))
    .where("campaign", "=", campaign.code)
    .where("filed_at", ">=", from)
    .where("filed_at", "<", to)
    .executeTakeFirstOrThrow();
  const mails = (state: string) => states.find((row) => row.state === state)?.mails ?? 0;
  return {
    arrived: states.reduce((sum, row) => sum + row.mails, 0),
    filed: mails("filed"),
    held: mails("held") + mails("oversize") + mails("received"),
    automatic: mails("automatic"),
    ignored: mails("ignored"),
    submissions: submissions.filed,
    notices: Object.fromEntries(kinds.map(({ kind, notices }) => [kind, notices])),
  };
}
