// A row of the outbox as what is given to the server: our sender, its attachments' bytes, the time of this attempt.
import type { Campaign } from "../../campaign/campaign.ts";
import { readBlobs } from "../../store/blobs.ts";
import type { Database } from "../../store/database.ts";
import type { OutgoingNotice } from "../compose.ts";
import { ownSender } from "../identity.ts";
import type { NoticeKind } from "../notice.ts";
import type { NoticeRow } from "../outbox.ts";

export async function attachmentBytes(db: Database, rows: NoticeRow[]): Promise<Map<string, Buffer>> {
  const hashes = new Set(rows.flatMap((row) => row.attachments.map(({ sha256 }) => sha256)));
  if (hashes.size === 0) return new Map();
  return readBlobs(
    db,
    [...hashes].map((hash) => Buffer.from(hash, "hex")),
  );
}

export function outgoing(
  row: NoticeRow,
  blobs: Map<string, Buffer>,
  campaign: Campaign,
  now: Date,
): OutgoingNotice {
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
