// All mail with its verdict, and one mail: headers, text, attachments, what it was understood as and why.
import { html } from "hono/html";
import { type Campaign, deliverableOf } from "../../campaign/campaign.ts";
import { heldAction, ledgerWords, reasonLabel } from "../../digest/words.ts";
import { amountWords, doubtWords, isDoubtful } from "../../document/amount.ts";
import { kindWords } from "../../document/kinds.ts";
import { remarksOf } from "../../document/remarks.ts";
import type { SenderCheck } from "../../message/sender.ts";
import { senderCheckWords } from "../../message/sender-words.ts";
import type { MessageState } from "../../store/tables.ts";
import { likenessesOf } from "../../submission/likeness/records.ts";
import type { Understanding } from "../../understand/evidence.ts";
import { PLACES_OF } from "../../understand/highlight.ts";
import {
  bytesWords,
  chip,
  type Desk,
  emptyState,
  facts,
  type Html,
  heading,
  moment,
  noticeTone,
  type Page,
  pager,
  shortMoment,
  verdictTone,
} from "../layout.ts";
import {
  attachmentsOf,
  type listMails,
  messageBy,
  noticesOf,
  listMails as pageOfMails,
  rawHeader,
  readCursor,
  recognitions,
  submissionsOf,
} from "../records.ts";
import { consoleWords } from "../words.ts";
import { correctionsCard } from "./corrections.ts";
import { evidenceCards, markedText } from "./evidence.ts";
import { likenessLinks } from "./submissions.ts";

const states: MessageState[] = ["filed", "held", "automatic", "ignored", "oversize", "received"];

type MailRow = Awaited<ReturnType<typeof listMails>>["rows"][number];

export async function mailsPage(desk: Desk, query: Record<string, string>): Promise<Page> {
  const { campaign } = desk;
  const words = consoleWords(campaign.locale);
  const state = states.find((known) => known === query.state) ?? null;
  const { rows, next } = await pageOfMails(desk.db, campaign.code, state, readCursor(query.after));
  const label = ledgerWords(campaign.locale).verdict;
  const body = html`${heading(words.allMails, words.allMailsLead)}
<form class="filter" method="get" action="/mails">
<label>${words.verdict}<select name="state"><option value="">${words.all}</option>${states.map(
    (one) => html`<option value="${one}"${one === state ? html` selected` : ""}>${label[one]}</option>`,
  )}</select></label><button>${words.show}</button></form>
${rows.length > 0 ? mailRows(rows, campaign) : emptyState(state ? words.noMatch : words.noMails)}
${pager("/mails", { state: state ?? "" }, { here: query.after ?? "", next }, { first: words.newest, next: words.older })}`;
  return { title: words.allMails, section: "mails", body };
}

export function mailRows(rows: MailRow[], campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  return html`<div class="card"><table class="stack">
<thead><tr><th>${words.time}</th><th>${words.sender}</th><th>${words.subject}</th><th>${words.verdict}</th></tr></thead>
<tbody>${rows.map((row) => mailRow(row, campaign))}</tbody></table></div>`;
}

function mailRow(row: MailRow, campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  const verdicts = ledgerWords(campaign.locale).verdict;
  const references = row.references ?? [];
  return html`<tr data-key="mail-${row.id}">
<td class="time">${shortMoment(row.arrived_at, campaign)}</td>
<td>${row.from_name || row.from_address || words.unknownSender}${
    row.from_name && row.from_address ? html`<span class="sub">${row.from_address}</span>` : ""
  }</td>
<td><a class="title clip" href="/mails/${row.id}">${row.subject || words.noSubject}</a></td>
<td>${chip(verdicts[row.state], verdictTone[row.state])}<span class="sub">${row.awaits ? words.recognising : reasonLabel(row.reason, campaign.locale)}${references
    .slice(0, 3)
    .map((reference) => html` <a href="/submissions/${reference}">${reference}</a>`)}${
    references.length > 3 ? ` +${references.length - 3}` : ""
  }</span></td></tr>`;
}

export async function mailPage(desk: Desk, id: number): Promise<Page | null> {
  const { db, campaign } = desk;
  const mail = await messageBy(db, campaign.code, id);
  if (!mail) return null;
  const words = consoleWords(campaign.locale);
  const understanding = mail.understanding as Understanding | null;
  const filed = await submissionsOf(db, id);
  const like = await likenessesOf(
    db,
    filed.map((one) => one.id),
    true,
  );
  const answers = await noticesOf(db, id);
  const isWaiting = mail.state === "held" || mail.state === "oversize";
  const body = html`
<p class="crumb"><a href="/mails">${words.allMails}</a></p>
${heading(mail.subject ? markedText(mail.subject, PLACES_OF.subject, understanding) : words.noSubject, "", chip(ledgerWords(campaign.locale).verdict[mail.state], verdictTone[mail.state]))}
<div class="card pad">${facts([
    [words.reason, reasonLabel(mail.reason, campaign.locale) || mail.detail],
    ["→", isWaiting ? heldAction(mail.reason ?? mail.state, campaign.locale) : null],
    [words.sender, markedText(senderText(mail), PLACES_OF.sender, understanding)],
    [
      words.verified,
      mail.sender_check ? senderCheckWords(mail.sender_check as SenderCheck, campaign.locale) : null,
    ],
    [words.arrivedAt, moment(mail.arrived_at, campaign)],
    [words.claimedAt, mail.claimed_at ? moment(mail.claimed_at, campaign) : null],
    [words.origin, mail.origin ? (words.origins[mail.origin] ?? mail.origin) : null],
    [
      words.duplicateOf,
      mail.duplicate_of ? html`<a href="/mails/${mail.duplicate_of}">#${mail.duplicate_of}</a>` : null,
    ],
    [words.filedAs, filed.length > 0 && filedLinks(filed, campaign)],
    [words.alike, like.length > 0 && likenessLinks(like, campaign)],
    [words.answers, answers.length > 0 && answerLinks(answers, campaign)],
    [
      "",
      html`<a href="/mails/${id}/original">${words.original}</a> <span class="num">${bytesWords(mail.bytes)}</span>`,
    ],
  ])}</div>
${await recognisingCard(desk, id)}
${await correctionsCard(desk, id)}
${mail.state === "received" ? html`<h2>${words.body}</h2><p class="lead">${words.notHandledYet}</p>` : await contentCards(desk, id, mail.new_text, understanding)}
${understanding ? evidenceCards(understanding, campaign) : ""}
<h2>${words.headers}</h2>
<div class="card pad">${facts([["Message-ID", mail.rfc_message_id]])}
<details><summary>${words.allHeaders}</summary><pre class="mailtext">${await headerText(desk, mail.sha256)}</pre></details></div>`;
  return { title: mail.subject || words.noSubject, section: isWaiting ? "held" : "mails", body };
}

function senderText({ from_name, from_address }: { from_name: string | null; from_address: string | null }) {
  return `${from_name ?? ""} ${from_address ? `<${from_address}>` : ""}`.trim();
}

async function contentCards(
  desk: Desk,
  id: number,
  text: string | null,
  understanding: Understanding | null,
): Promise<Html> {
  const words = consoleWords(desk.campaign.locale);
  return html`<h2>${words.body}</h2><div class="card pad"><p class="mailtext">${text ? markedText(text, PLACES_OF.body, understanding) : words.noText}</p></div>
<h2>${words.attachments}</h2>${await attachmentList(desk, id, understanding)}`;
}

function filedLinks(filed: Awaited<ReturnType<typeof submissionsOf>>, campaign: Campaign): Html {
  return html`${filed.map(
    (one) =>
      html`<a href="/submissions/${one.reference}">${one.reference}</a> ${
        deliverableOf(campaign, one.type)?.name ?? one.type
      } · ${one.title}<br>`,
  )}`;
}

function answerLinks(answers: Awaited<ReturnType<typeof noticesOf>>, campaign: Campaign): Html {
  const words = ledgerWords(campaign.locale);
  return html`${answers.map(
    (one) =>
      html`<a href="/mail-out/${one.id}">${one.subject}</a> ${chip(words.notice[one.state], noticeTone[one.state])}<br>`,
  )}`;
}

/** Scans of this mail that are being recognised, and how far that is. */
async function recognisingCard({ db, campaign }: Desk, id: number): Promise<Html | ""> {
  const words = consoleWords(campaign.locale);
  const awaited = await recognitions(db, campaign.code, id);
  if (awaited.length === 0) return "";
  return html`<h2>${words.recognising}</h2><div class="card pad">${facts(
    awaited.map((one) => [one.filename, words.recognised(1, one.pages_done, one.pages_total)]),
  )}<p class="lead small">${words.awaitsRecognition}</p></div>`;
}

async function attachmentList(
  { db, campaign }: Desk,
  messageId: number,
  understanding: Understanding | null,
): Promise<Html> {
  const words = consoleWords(campaign.locale);
  const attachments = await attachmentsOf(db, messageId);
  if (attachments.length === 0) return html`<p class="lead">${words.noAttachments}</p>`;
  const tones = { read: "good", held: "bad", ignored: "idle" } as const;
  return html`<div class="card"><ul class="held">${attachments.map(
    (
      one,
    ) => html`<li><h3>${one.parent_id === null ? "" : "↳ "}${markedText(one.filename, PLACES_OF.filename, understanding)} ${chip(words.status[one.status], tones[one.status])}</h3>
<span class="who"><span title="${one.media_type}">${kindWords(one.media_type, campaign.locale)}</span><span>${bytesWords(one.bytes)}</span><span>${amountWords(
      {
        mediaType: one.media_type,
        pages: one.pages,
        pagesRead: one.pages_read,
        confidence: one.confidence,
        characters: one.characters,
      },
      campaign.locale,
    )}</span><span>${reasonLabel(one.reason, campaign.locale)}</span><a href="/attachments/${one.id}">${words.download}</a></span>
${isDoubtful(one) ? html`<p class="late small">${doubtWords(one, campaign.locale)}</p>` : ""}
${remarkDetails(remarksOf(one.warnings ?? [], campaign.locale), words.warnings)}
${one.text ? html`<details><summary>${words.readText}</summary><p class="mailtext">${markedText(one.text, PLACES_OF.document, understanding)}</p></details>` : ""}</li>`,
  )}</ul></div>`;
}

function remarkDetails(remarks: string[], label: string): Html | "" {
  if (remarks.length === 0) return "";
  return html`<details><summary>${label} ${remarks.length}</summary><p class="mailtext">${remarks.join("\n")}</p></details>`;
}

/** Undeclared 8-bit headers are UTF-8 where that is possible and GB18030 otherwise, as everywhere else (R26). */
async function headerText({ db }: Desk, sha256: Buffer): Promise<string> {
  const raw = await rawHeader(db, sha256);
  const text = (() => {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(raw);
    } catch {
      return new TextDecoder("gb18030").decode(raw);
    }
  })();
  return text.split(/\r?\n\r?\n/, 1)[0] ?? "";
}
