// Nothing left behind: what is on the server, minus what has a record here (R1).
import type { Database } from "../store/database.ts";
import type { ListedMail, Mailbox } from "./mailbox.ts";
import { withoutRecord } from "./records.ts";

export interface Reconciliation {
  onServer: number;
  missing: ListedMail[];
}

export async function reconcile(mailbox: Mailbox, db: Database): Promise<Reconciliation> {
  const listed = await mailbox.listAll();
  return { onServer: listed.length, missing: await withoutRecord(db, mailbox, listed) };
}
