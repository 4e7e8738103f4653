create extension pg_trgm

create table announced (
  campaign text not null,
  announcement text not null,
  unit text not null,
  person text not null,
  name text not null,
  notice_id bigint not null,
  PRIMARY KEY (campaign, announcement, unit, person, notice_id),
  FOREIGN KEY (campaign, announcement) REFERENCES announcement(campaign, name),
  FOREIGN KEY (notice_id) REFERENCES notice(id)
)
CREATE INDEX announced_notice ON public.announced USING btree (notice_id)

create table announcement (
  campaign text not null,
  name text not null,
  subject text not null,
  filename text not null,
  media_type text not null,
  sha256 bytea not null,
  text text not null,
  made_at timestamp with time zone not null,
  PRIMARY KEY (campaign, name),
  FOREIGN KEY (sha256) REFERENCES blob(sha256)
)

create table attachment (
  id bigint generated always as identity not null,
  message_id bigint not null,
  parent_id bigint,
  position integer not null,
  filename text not null,
  declared_type text not null,
  media_type text not null,
  bytes bigint not null,
  sha256 bytea not null,
  inline boolean not null,
  status text not null,
  reason text,
  removed_at timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE,
  FOREIGN KEY (parent_id) REFERENCES attachment(id) ON DELETE CASCADE,
  CHECK ((status = ANY (ARRAY['read'::text, 'held'::text, 'ignored'::text])))
)
CREATE INDEX attachment_message ON public.attachment USING btree (message_id)
CREATE INDEX attachment_sha256 ON public.attachment USING btree (sha256)

create table audit (
  id bigint generated always as identity not null,
  campaign text,
  at timestamp(3) with time zone not null,
  way text not null,
  action text not null,
  about text not null,
  asked_in bigint,
  who text,
  before text,
  after text,
  salt bytea,
  sealed bytea not null,
  forgotten_at timestamp with time zone,
  TRIGGER DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (id),
  CHECK (
CASE
    WHEN (forgotten_at IS NULL) THEN ((salt IS NOT NULL) AND (who IS NOT NULL))
    ELSE ((salt IS NULL) AND (who IS NULL) AND (before IS NULL) AND (after IS NULL))
END),
  CHECK ((way = ANY (ARRAY['mail'::text, 'command'::text, 'console'::text])))
)
CREATE INDEX audit_at ON public.audit USING btree (at)
CREATE CONSTRAINT TRIGGER audit_chained AFTER INSERT ON public.audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit()
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
CREATE TRIGGER audit_undeleted BEFORE DELETE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER audit_untruncated BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

create table audit_chain (
  number bigint not null,
  audit_id bigint not null,
  hash bytea not null,
  UNIQUE (audit_id),
  PRIMARY KEY (number),
  FOREIGN KEY (audit_id) REFERENCES audit(id)
)
CREATE TRIGGER audit_chain_append_only BEFORE DELETE OR UPDATE ON public.audit_chain FOR EACH ROW EXECUTE FUNCTION refuse_change()
CREATE TRIGGER audit_chain_untruncated BEFORE TRUNCATE ON public.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

create table awaited_recognition (
  message_id bigint not null,
  sha256 bytea not null,
  PRIMARY KEY (message_id, sha256),
  FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE,
  FOREIGN KEY (sha256) REFERENCES recognition(sha256) ON DELETE CASCADE
)
CREATE INDEX awaited_recognition_sha256 ON public.awaited_recognition USING btree (sha256)

create table blob (
  sha256 bytea not null,
  bytes bigint not null,
  created_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  PRIMARY KEY (sha256),
  CHECK ((octet_length(sha256) = 32))
)

create table blob_chunk (
  sha256 bytea not null,
  sequence integer not null,
  data bytea not null storage e,
  PRIMARY KEY (sha256, sequence),
  FOREIGN KEY (sha256) REFERENCES blob(sha256) ON DELETE CASCADE
)

create table compared (
  submission_id bigint not null,
  whole bigint not null,
  winnowed integer not null,
  PRIMARY KEY (submission_id),
  FOREIGN KEY (submission_id) REFERENCES submission(id) ON DELETE CASCADE
)
CREATE INDEX compared_whole ON public.compared USING btree (whole, submission_id)

create table correction (
  id bigint generated always as identity not null,
  campaign text not null,
  message_id bigint not null,
  submission_id bigint,
  field text not null,
  before text,
  after text,
  made_by text not null,
  made_at timestamp with time zone not null,
  way text not null,
  asked_in bigint,
  PRIMARY KEY (id),
  FOREIGN KEY (asked_in) REFERENCES message(id),
  FOREIGN KEY (message_id) REFERENCES message(id),
  FOREIGN KEY (submission_id) REFERENCES submission(id),
  CHECK ((field = ANY (ARRAY['unit'::text, 'type'::text, 'item'::text, 'people'::text, 'title'::text, 'confirm'::text, 'withdraw'::text, 'restore'::text, 'dismiss'::text]))),
  CHECK ((way = ANY (ARRAY['mail'::text, 'command'::text, 'sender'::text])))
)
CREATE INDEX correction_campaign ON public.correction USING btree (campaign, id)
CREATE INDEX correction_message ON public.correction USING btree (message_id)
CREATE TRIGGER correction_append_only BEFORE DELETE OR UPDATE ON public.correction FOR EACH ROW WHEN ((current_setting('jinbox.erasing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION refuse_change()

create table document (
  sha256 bytea not null,
  reader_version integer not null,
  status text not null,
  reason text,
  media_type text not null,
  text text not null,
  title text,
  author text,
  pages integer,
  properties jsonb not null,
  warnings jsonb not null,
  read_at timestamp with time zone not null,
  unrecognised integer default 0 not null,
  confidence real,
  pages_read integer,
  recognised_at timestamp with time zone,
  members integer default 0 not null,
  PRIMARY KEY (sha256),
  CHECK ((status = ANY (ARRAY['read'::text, 'held'::text, 'ignored'::text])))
)

create table fetch_failure (
  mailbox text not null,
  uid_validity bigint not null,
  uid bigint not null,
  tries integer not null,
  last_at timestamp with time zone not null,
  PRIMARY KEY (mailbox, uid_validity, uid),
  FOREIGN KEY (mailbox) REFERENCES mailbox(name)
)

create table fingerprint (
  hash integer not null,
  submission_id integer not null
)
CREATE INDEX fingerprint_hash ON public.fingerprint USING btree (hash, submission_id)

create table forgotten (
  hash bytea not null,
  pseudonym text not null,
  at timestamp with time zone not null,
  PRIMARY KEY (hash)
)

create table further_message (
  submission_id bigint not null,
  message_id bigint not null,
  role text not null,
  text text not null,
  added_at timestamp with time zone not null,
  PRIMARY KEY (submission_id, message_id),
  FOREIGN KEY (message_id) REFERENCES message(id),
  FOREIGN KEY (submission_id) REFERENCES submission(id) ON DELETE CASCADE,
  CHECK ((role = ANY (ARRAY['supplement'::text, 'first'::text])))
)
CREATE INDEX further_message_message ON public.further_message USING btree (message_id)

create table heartbeat (
  process text not null,
  role text not null,
  started_at timestamp with time zone not null,
  beat_at timestamp with time zone not null,
  PRIMARY KEY (process, role)
)

create table installation_secret (
  purpose text not null,
  secret bytea not null,
  made_at timestamp with time zone not null,
  PRIMARY KEY (purpose)
)

create table likeness (
  submission_id bigint not null,
  other_id bigint,
  kind text not null,
  score real not null,
  found_at timestamp with time zone not null,
  FOREIGN KEY (other_id) REFERENCES submission(id) ON DELETE CASCADE,
  FOREIGN KEY (submission_id) REFERENCES submission(id) ON DELETE CASCADE,
  CHECK (((kind = 'announcement'::text) = (other_id IS NULL))),
  CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision))),
  CHECK ((kind = ANY (ARRAY['same-text'::text, 'near-identical'::text, 'contained'::text, 'contains'::text, 'boilerplate'::text, 'same-file'::text, 'announcement'::text])))
)
CREATE INDEX likeness_other ON public.likeness USING btree (other_id)
CREATE UNIQUE INDEX likeness_pair ON public.likeness USING btree (submission_id, COALESCE(other_id, (0)::bigint))

create table mail_record (
  mailbox text not null,
  uid_validity bigint not null,
  uid bigint not null,
  message_id bigint not null,
  recorded_at timestamp with time zone not null,
  PRIMARY KEY (mailbox, uid_validity, uid),
  FOREIGN KEY (mailbox) REFERENCES mailbox(name),
  FOREIGN KEY (message_id) REFERENCES message(id)
)
CREATE INDEX mail_record_message ON public.mail_record USING btree (message_id)

create table mailbox (
  name text not null,
  campaign text not null,
  uid_validity bigint,
  last_uid bigint default 0 not null,
  live_at timestamp with time zone not null,
  last_read_at timestamp with time zone,
  last_error text,
  last_error_at timestamp with time zone,
  used_bytes bigint,
  limit_bytes bigint,
  PRIMARY KEY (name)
)

create table message (
  id bigint generated always as identity not null,
  campaign text not null,
  sha256 bytea not null,
  bytes bigint not null,
  arrived_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  backlog boolean not null,
  state text default 'received'::text not null,
  reason text,
  detail text,
  attempts integer default 0 not null,
  handled_at timestamp with time zone,
  decided_by text,
  origin text,
  rfc_message_id text,
  content_key bytea,
  from_name text,
  from_address text,
  subject text,
  claimed_at timestamp with time zone,
  new_text text,
  understanding jsonb,
  duplicate_of bigint,
  answers_notice bigint,
  sender_check jsonb,
  removed_at timestamp with time zone,
  anonymous_at timestamp with time zone,
  original_removed_at timestamp with time zone,
  UNIQUE (campaign, sha256),
  PRIMARY KEY (id),
  FOREIGN KEY (answers_notice) REFERENCES notice(id),
  FOREIGN KEY (duplicate_of) REFERENCES message(id),
  FOREIGN KEY (sha256) REFERENCES blob(sha256),
  CHECK ((state = ANY (ARRAY['received'::text, 'filed'::text, 'held'::text, 'automatic'::text, 'ignored'::text, 'oversize'::text])))
)
CREATE INDEX message_answers ON public.message USING btree (answers_notice) WHERE (answers_notice IS NOT NULL)
CREATE INDEX message_arrived ON public.message USING btree (campaign, arrived_at)
CREATE INDEX message_content ON public.message USING btree (campaign, content_key)
CREATE INDEX message_handled ON public.message USING btree (campaign, handled_at)
CREATE INDEX message_rfc_id ON public.message USING hash (rfc_message_id)
CREATE INDEX message_state ON public.message USING btree (campaign, state, arrived_at)
CREATE TRIGGER message_legal_steps BEFORE UPDATE OF state ON public.message FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION refuse_illegal_step('received>filed', 'received>held', 'received>automatic', 'received>ignored', 'received>oversize', 'held>filed', 'held>ignored', 'oversize>filed', 'oversize>ignored')

create table notice (
  id bigint generated always as identity not null,
  campaign text not null,
  key text not null,
  kind text not null,
  to_contacts jsonb not null,
  cc_contacts jsonb not null,
  subject text not null,
  text text not null,
  html text,
  attachments jsonb not null,
  rfc_message_id text not null,
  in_reply_to text,
  reference_ids jsonb not null,
  cause_message_id bigint,
  unit text,
  still_owed jsonb not null,
  intended_at timestamp with time zone not null,
  not_before timestamp with time zone not null,
  state text default 'intended'::text not null,
  claimed_by text,
  lease_until timestamp with time zone,
  attempts integer default 0 not null,
  data_sent_at timestamp with time zone,
  settled_at timestamp with time zone,
  response text,
  bounce jsonb,
  wording_fault text,
  decision text,
  decided_by text,
  decided_at timestamp with time zone,
  brought boolean,
  sent_again_at timestamp with time zone,
  removed_at timestamp with time zone,
  UNIQUE (campaign, key),
  UNIQUE (rfc_message_id),
  PRIMARY KEY (id),
  FOREIGN KEY (cause_message_id) REFERENCES message(id),
  CHECK (((decision IS NULL) = (decided_at IS NULL))),
  CHECK ((decision = ANY (ARRAY['resend'::text, 'settle'::text]))),
  CHECK ((state = ANY (ARRAY['intended'::text, 'claimed'::text, 'data-sent'::text, 'accepted'::text, 'rejected'::text, 'ambiguous'::text, 'dropped'::text, 'bounced'::text])))
)
CREATE INDEX notice_ambiguous ON public.notice USING btree (campaign, settled_at) WHERE (state = 'ambiguous'::text)
CREATE INDEX notice_answer ON public.notice USING btree (campaign, lower(((to_contacts -> 0) ->> 'email'::text)), id) WHERE (kind = ANY (ARRAY['acknowledgement'::text, 'clarification'::text]))
CREATE INDEX notice_cause ON public.notice USING btree (cause_message_id)
CREATE INDEX notice_due ON public.notice USING btree (campaign, not_before) WHERE (state = 'intended'::text)
CREATE INDEX notice_kind ON public.notice USING btree (campaign, kind, intended_at)
CREATE INDEX notice_open ON public.notice USING btree (lease_until) WHERE (state = ANY (ARRAY['claimed'::text, 'data-sent'::text]))
CREATE INDEX notice_returned ON public.notice USING btree (campaign) WHERE (bounce IS NOT NULL)
CREATE INDEX notice_settled ON public.notice USING btree (campaign, settled_at)
CREATE TRIGGER notice_legal_steps BEFORE UPDATE OF state ON public.notice FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION refuse_illegal_step('intended>claimed', 'intended>dropped', 'claimed>intended', 'claimed>data-sent', 'claimed>rejected', 'claimed>dropped', 'data-sent>intended', 'data-sent>accepted', 'data-sent>rejected', 'data-sent>ambiguous', 'data-sent>dropped', 'data-sent>bounced', 'ambiguous>intended', 'ambiguous>accepted', 'ambiguous>bounced', 'accepted>bounced', 'dropped>intended')

create table recognition (
  sha256 bytea not null,
  filename text not null,
  inline boolean not null,
  pages_done integer default 0 not null,
  pages_total integer not null,
  attempts integer default 0 not null,
  requested_at timestamp with time zone not null,
  PRIMARY KEY (sha256),
  FOREIGN KEY (sha256) REFERENCES blob(sha256)
)
CREATE INDEX recognition_requested ON public.recognition USING btree (requested_at)

create table reference_counter (
  campaign text not null,
  last integer not null,
  PRIMARY KEY (campaign)
)

create table removal (
  id bigint generated always as identity not null,
  campaign text not null,
  kind text not null,
  at timestamp with time zone not null,
  made_by text not null,
  count integer not null,
  bytes bigint not null,
  from_at timestamp with time zone,
  to_at timestamp with time zone,
  sha256 bytea not null,
  PRIMARY KEY (id)
)
CREATE TRIGGER removal_stays BEFORE DELETE OR UPDATE ON public.removal FOR EACH ROW EXECUTE FUNCTION removal_stays()

create table restoration (
  id bigint generated always as identity not null,
  backup_at timestamp with time zone not null,
  restored_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  finished_by text,
  dropped integer,
  PRIMARY KEY (id)
)

create table resumed_address (
  campaign text not null,
  address text not null,
  resumed_at timestamp with time zone not null,
  resumed_by text not null,
  PRIMARY KEY (campaign, address)
)

create table ruling (
  id bigint generated always as identity not null,
  campaign text not null,
  kind text not null,
  deliverable text,
  item text,
  unit text,
  due_on date,
  received_at timestamp with time zone,
  made_by text not null,
  made_at timestamp with time zone not null,
  why text not null,
  due_time text,
  received_by text,
  way text not null,
  asked_in bigint,
  PRIMARY KEY (id),
  FOREIGN KEY (asked_in) REFERENCES message(id),
  CHECK ((due_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  CHECK ((kind = ANY (ARRAY['waiver'::text, 'extension'::text, 'receipt'::text, 'waiver-revoked'::text, 'extension-revoked'::text, 'receipt-revoked'::text, 'go-ahead'::text]))),
  CHECK ((received_by = ANY (ARRAY['paper'::text, 'phone'::text, 'other'::text]))),
  CHECK ((way = ANY (ARRAY['mail'::text, 'command'::text])))
)
CREATE INDEX ruling_campaign ON public.ruling USING btree (campaign, kind)
CREATE TRIGGER ruling_append_only BEFORE DELETE OR UPDATE ON public.ruling FOR EACH ROW WHEN ((current_setting('jinbox.erasing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION refuse_change()

create table ruling_scan (
  ruling_id bigint not null,
  ordinal integer not null,
  sha256 bytea not null,
  filename text not null,
  media_type text not null,
  PRIMARY KEY (ruling_id, ordinal),
  FOREIGN KEY (ruling_id) REFERENCES ruling(id),
  FOREIGN KEY (sha256) REFERENCES blob(sha256)
)
CREATE INDEX ruling_scan_content ON public.ruling_scan USING btree (sha256)

create table sent_folder (
  campaign text not null,
  asked_at timestamp with time zone not null,
  looked_at timestamp with time zone,
  folder text,
  keeps_copies boolean,
  error text,
  error_at timestamp with time zone,
  PRIMARY KEY (campaign)
)

create table submission (
  id bigint generated always as identity not null,
  reference text not null,
  campaign text not null,
  message_id bigint not null,
  ordinal integer not null,
  type text not null,
  item text,
  unit text,
  people text[] not null,
  title text not null,
  text text not null,
  state text default 'current'::text not null,
  arrived_at timestamp with time zone not null,
  filed_at timestamp with time zone not null,
  verified boolean not null,
  timeliness text not null,
  provisional boolean not null,
  supersedes bigint,
  decided_by text not null,
  readable_at timestamp with time zone,
  removed_at timestamp with time zone,
  UNIQUE (message_id, ordinal),
  UNIQUE (reference),
  PRIMARY KEY (id),
  FOREIGN KEY (message_id) REFERENCES message(id),
  FOREIGN KEY (supersedes) REFERENCES submission(id),
  CHECK ((state = ANY (ARRAY['current'::text, 'superseded'::text, 'withdrawn'::text]))),
  CHECK ((timeliness = ANY (ARRAY['in-time'::text, 'early'::text, 'late'::text])))
)
CREATE INDEX submission_arrived ON public.submission USING btree (campaign, arrived_at)
CREATE INDEX submission_owed ON public.submission USING btree (campaign, type, unit, item) WHERE (state <> 'withdrawn'::text)
CREATE TRIGGER submission_legal_steps BEFORE UPDATE OF state ON public.submission FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION refuse_illegal_step('current>superseded', 'current>withdrawn', 'superseded>current', 'superseded>withdrawn', 'withdrawn>current')
