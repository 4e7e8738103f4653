// Row types of the tables made in migrations/. One interface a table; names as in SQL.
import type { ColumnType, Generated } from "kysely";

type Json<T> = ColumnType<T, string, string>;
/** bigint columns come back as numbers: ids and sizes stay far below 2^53. */
type Big = number;

export interface BlobTable {
  sha256: Buffer;
  bytes: Big;
  created_at: Date;
  /** Its chunks were purged; what it was is known by its hash alone. */
  removed_at: Date | null;
}

export interface BlobChunkTable {
  sha256: Buffer;
  sequence: number;
  data: Buffer;
}

export interface MailboxTable {
  name: string;
  campaign: string;
  uid_validity: Big | null;
  last_uid: Generated<Big>;
  /** Mail that arrived before this instant is filed and not answered until the office says so. */
  live_at: Date;
  last_read_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  /** How full the whole account is, where the server says so (RFC 9208). */
  used_bytes: Generated<Big | null>;
  limit_bytes: Generated<Big | null>;
}

export type MessageState = "received" | "filed" | "held" | "automatic" | "ignored" | "oversize";

export interface MessageTable {
  id: Generated<Big>;
  campaign: string;
  /** Of the raw bytes. */
  sha256: Buffer;
  bytes: Big;
  arrived_at: Date;
  recorded_at: Date;
  /** Arrived before the mailbox went live. */
  backlog: boolean;
  state: Generated<MessageState>;
  reason: string | null;
  detail: string | null;
  attempts: Generated<number>;
  handled_at: Date | null;
  /** "rules" or who of the office decided. */
  decided_by: string | null;
  origin: string | null;
  rfc_message_id: string | null;
  /** Hash of sender, subject, new text and attachment hashes: the same mail sent twice has the same. */
  content_key: Buffer | null;
  from_name: string | null;
  from_address: string | null;
  subject: string | null;
  claimed_at: Date | null;
  new_text: string | null;
  understanding: Json<unknown> | null;
  duplicate_of: Big | null;
  /** The notice of ours that the mail answers. */
  answers_notice: Big | null;
  /** Null where nobody's word about senders is asked for. */
  sender_check: Json<unknown> | null;
  /** When its words and bytes were removed; its number, times and verdict stay. */
  removed_at: Date | null;
  /** When its sender's name and address were removed. */
  anonymous_at: Date | null;
  /** When its bytes were removed for naming somebody who asked to be forgotten; its words stay. */
  original_removed_at: Date | null;
}

export interface MailRecordTable {
  mailbox: string;
  uid_validity: Big;
  uid: Big;
  message_id: Big;
  recorded_at: Date;
}

export interface FetchFailureTable {
  mailbox: string;
  uid_validity: Big;
  uid: Big;
  tries: number;
  last_at: Date;
}

export interface DocumentTable {
  sha256: Buffer;
  reader_version: number;
  status: "read" | "held" | "ignored";
  reason: string | null;
  media_type: string;
  text: string;
  title: string | null;
  author: string | null;
  pages: number | null;
  properties: Json<Record<string, string>>;
  warnings: Json<string[]>;
  unrecognised: number;
  confidence: number | null;
  pages_read: number | null;
  /** When recognition was through with it, whatever came of it; null: it was not tried. */
  recognised_at: Date | null;
  members: number;
  read_at: Date;
}

export interface RecognitionTable {
  sha256: Buffer;
  /** As one of the mails that bring it calls it. */
  filename: string;
  inline: boolean;
  pages_done: Generated<number>;
  pages_total: number;
  attempts: Generated<number>;
  requested_at: Date;
}

export interface AwaitedRecognitionTable {
  message_id: Big;
  sha256: Buffer;
}

export interface AttachmentTable {
  id: Generated<Big>;
  message_id: Big;
  parent_id: Big | null;
  position: number;
  filename: string;
  declared_type: string;
  media_type: string;
  bytes: Big;
  sha256: Buffer;
  inline: boolean;
  status: "read" | "held" | "ignored";
  reason: string | null;
  removed_at: Date | null;
}

export interface ReferenceCounterTable {
  campaign: string;
  last: number;
}

export interface SubmissionTable {
  id: Generated<Big>;
  reference: string;
  campaign: string;
  message_id: Big;
  ordinal: number;
  type: string;
  item: string | null;
  unit: string | null;
  people: string[];
  title: string;
  text: string;
  state: Generated<"current" | "superseded" | "withdrawn">;
  arrived_at: Date;
  filed_at: Date;
  verified: boolean;
  timeliness: "in-time" | "early" | "late";
  provisional: boolean;
  supersedes: Big | null;
  decided_by: string;
  /** Since when what could not be read at first can be; null: it always could, or still cannot. */
  readable_at: Date | null;
  /** When its title and text were removed. */
  removed_at: Date | null;
}

/** One number a submission's text is found by; made anew whenever the rules for it change. */
export interface FingerprintTable {
  hash: number;
  submission_id: number;
}

export interface ComparedTable {
  submission_id: Big;
  /** 64 bits of the whole text: equal ones are one text. Decimal on the way in, for numbers end at 2^53. */
  whole: string;
  winnowed: number;
}

/** `supplement`: brought what was forgotten, its words added to the submission; `first`: the mail it completed. */
export interface FurtherMessageTable {
  submission_id: Big;
  message_id: Big;
  role: "supplement" | "first";
  text: string;
  added_at: Date;
}

export type LikenessKind =
  | "same-text"
  | "near-identical"
  | "contained"
  | "contains"
  | "boilerplate"
  | "same-file"
  | "announcement";

export interface LikenessTable {
  /** The later one of the two. */
  submission_id: Big;
  /** Null: like the campaign's own notice. */
  other_id: Big | null;
  kind: LikenessKind;
  score: number;
  found_at: Date;
}

export interface RulingTable {
  id: Generated<Big>;
  campaign: string;
  kind:
    | "waiver"
    | "extension"
    | "receipt"
    | "waiver-revoked"
    | "extension-revoked"
    | "receipt-revoked"
    | "go-ahead";
  deliverable: string | null;
  item: string | null;
  unit: string | null;
  due_on: string | null;
  /** "17:00" of that day; null: until its end. */
  due_time: string | null;
  received_at: Date | null;
  received_by: "paper" | "phone" | "other" | null;
  made_by: string;
  made_at: Date;
  why: string;
  way: "mail" | "command";
  /** The mail that asked for it. */
  asked_in: Big | null;
}

/** What was handed in on paper, as a file. */
export interface RulingScanTable {
  ruling_id: Big;
  ordinal: number;
  sha256: Buffer;
  filename: string;
  media_type: string;
}

export interface NoticeTable {
  id: Generated<Big>;
  campaign: string;
  key: string;
  kind: string;
  to_contacts: Json<{ name: string; email: string }[]>;
  cc_contacts: Json<{ name: string; email: string }[]>;
  subject: string;
  text: string;
  html: string | null;
  attachments: Json<{ filename: string; mediaType: string; sha256: string; contentId?: string }[]>;
  rfc_message_id: string;
  in_reply_to: string | null;
  reference_ids: Json<string[]>;
  cause_message_id: Big | null;
  unit: string | null;
  still_owed: Json<string[]>;
  intended_at: Date;
  not_before: Date;
  state: Generated<
    "intended" | "claimed" | "data-sent" | "accepted" | "rejected" | "ambiguous" | "dropped" | "bounced"
  >;
  claimed_by: string | null;
  lease_until: Date | null;
  attempts: Generated<number>;
  data_sent_at: Date | null;
  /** When it was let go once more, its fate being unknown. */
  sent_again_at: Date | null;
  settled_at: Date | null;
  response: string | null;
  bounce: Json<unknown> | null;
  /** What is wrong with the template of the office's own that it should have been worded with. */
  wording_fault: string | null;
  /** Of an answer: whether its mail brought anything; null: not known. */
  brought: boolean | null;
  /** What a person said where nobody knows whether it arrived. */
  decision: "resend" | "settle" | null;
  decided_by: string | null;
  decided_at: Date | null;
  removed_at: Date | null;
}

/** What is known of the folder in which the provider keeps copies of what we send. */
export interface SentFolderTable {
  campaign: string;
  /** When it was last begun to look. */
  asked_at: Date;
  /** When it was last looked through to the end. */
  looked_at: Date | null;
  /** As the server names it; null: it has none. */
  folder: string | null;
  /** Null: nothing was sent yet that could be found there. */
  keeps_copies: boolean | null;
  error: string | null;
  error_at: Date | null;
}

export interface AnnouncementTable {
  campaign: string;
  name: string;
  subject: string;
  filename: string;
  media_type: string;
  sha256: Buffer;
  text: string;
  made_at: Date;
}

/** One row for each person a notice speaks to. */
export interface AnnouncedTable {
  campaign: string;
  announcement: string;
  unit: string;
  /** The name without spaces, width and case. */
  person: string;
  name: string;
  notice_id: Big;
}

export interface CorrectionTable {
  id: Generated<Big>;
  campaign: string;
  message_id: Big;
  /** Null where nothing had been filed: a mail put aside. */
  submission_id: Big | null;
  field: "unit" | "type" | "item" | "people" | "title" | "confirm" | "withdraw" | "restore" | "dismiss";
  before: string | null;
  after: string | null;
  made_by: string;
  made_at: Date;
  way: "mail" | "command" | "sender";
  /** The mail that asked for it. */
  asked_in: Big | null;
}

export interface InstallationSecretTable {
  purpose: string;
  secret: Buffer;
  made_at: Date;
}

/** Somebody who asked to be forgotten: a name or address, as an HMAC under the secret of this installation. */
export interface ForgottenTable {
  hash: Buffer;
  /** One person's words have one. */
  pseudonym: string;
  at: Date;
}

/** What was removed for good, and how that can be shown; only ever added to. */
export interface RemovalTable {
  id: Generated<Big>;
  campaign: string;
  kind: string;
  at: Date;
  made_by: string;
  count: number;
  bytes: Big;
  from_at: Date | null;
  to_at: Date | null;
  /** Of the hashes of what was removed, in the order of their numbers. */
  sha256: Buffer;
}

/** A restore of a backup; until it is finished, nothing leaves. */
export interface RestorationTable {
  id: Generated<Big>;
  backup_at: Date;
  restored_at: Date;
  finished_at: Date | null;
  finished_by: string | null;
  /** Notices that were not sent because they may have left after the backup was made. */
  dropped: number | null;
}

export interface AuditTable {
  id: Generated<Big>;
  campaign: string | null;
  at: Date;
  way: "mail" | "command" | "console";
  action: string;
  about: string;
  /** The mail that asked for it. */
  asked_in: Big | null;
  /** These three and the salt are null once forgotten. */
  who: string | null;
  before: string | null;
  after: string | null;
  salt: Buffer | null;
  /** Hash of who, before and after under the salt. */
  sealed: Buffer;
  forgotten_at: Date | null;
}

/** Written by the database alone, at the commit. */
export interface AuditChainTable {
  number: Big;
  audit_id: Big;
  hash: Buffer;
}

export interface HeartbeatTable {
  process: string;
  role: string;
  started_at: Date;
  beat_at: Date;
}

/** An address the office lets have mail again, though a notice came back from it. */
export interface ResumedAddressTable {
  campaign: string;
  address: string;
  resumed_at: Date;
  resumed_by: string;
}

export interface Tables {
  blob: BlobTable;
  blob_chunk: BlobChunkTable;
  mailbox: MailboxTable;
  message: MessageTable;
  mail_record: MailRecordTable;
  fetch_failure: FetchFailureTable;
  document: DocumentTable;
  recognition: RecognitionTable;
  awaited_recognition: AwaitedRecognitionTable;
  attachment: AttachmentTable;
  reference_counter: ReferenceCounterTable;
  submission: SubmissionTable;
  fingerprint: FingerprintTable;
  compared: ComparedTable;
  likeness: LikenessTable;
  further_message: FurtherMessageTable;
  ruling: RulingTable;
  ruling_scan: RulingScanTable;
  notice: NoticeTable;
  sent_folder: SentFolderTable;
  announcement: AnnouncementTable;
  announced: AnnouncedTable;
  correction: CorrectionTable;
  installation_secret: InstallationSecretTable;
  resumed_address: ResumedAddressTable;
  restoration: RestorationTable;
  audit: AuditTable;
  audit_chain: AuditChainTable;
  removal: RemovalTable;
  heartbeat: HeartbeatTable;
  forgotten: ForgottenTable;
}
