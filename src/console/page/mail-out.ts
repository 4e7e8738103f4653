// Mail out: every notice, its state, and exactly what it says. HTML is shown only inside a sandbox (R62).
import { html } from "hono/html";
import { type Campaign, unitOf } from "../../campaign/campaign.ts";
import { ledgerWords } from "../../digest/words.ts";
import type { NoticeState } from "../../notice/notice.ts";
import {
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
} from "../layout.ts";
import { listNotices, noticeBy, readCursor } from "../records.ts";
import { consoleWords } from "../words.ts";

const states = Object.keys(noticeTone) as NoticeState[];
type Row = Awaited<ReturnType<typeof listNotices>>["rows"][number];

export async function mailOutPage(desk: Desk, query: Record<string, string>): Promise<Page> {
  const { db, campaign } = desk;
  const words = consoleWords(campaign.locale);
  const ledger = ledgerWords(campaign.locale);
  const state = states.find((known) => known === query.state) ?? null;
  const kind = query.kind && query.kind in ledger.noticeKind ? query.kind : "";
  const { rows, next } = await listNotices(db, campaign.code, { kind, state }, readCursor(query.after));
  const body = html`${heading(words.nav.mailOut, words.mailOutLead)}
<form class="filter" method="get" action="/mail-out">
<label>${words.kind}<select name="kind">${options(words.all, Object.entries(ledger.noticeKind), kind)}</select></label>
<label>${words.state}<select name="state">${options(words.all, Object.entries(ledger.notice), state ?? "")}</select></label>
<button>${words.show}</button></form>
${rows.length > 0 ? table(rows, campaign) : emptyState(kind || state ? words.noMatch : words.noNotices)}
${pager("/mail-out", { kind, state: state ?? "" }, { here: query.after ?? "", next }, { first: words.newest, next: words.older })}`;
  return { title: words.nav.mailOut, section: "mailOut", body };
}

function options(all: string, choices: [string, string][], chosen: string): Html {
  return html`<option value="">${all}</option>${choices.map(
    ([code, name]) => html`<option value="${code}"${code === chosen ? html` selected` : ""}>${name}</option>`,
  )}`;
}

function table(rows: Row[], campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  const ledger = ledgerWords(campaign.locale);
  return html`<div class="card"><table class="stack">
<thead><tr><th>${words.written}</th><th>${words.kind}</th><th>${words.to}</th><th>${words.subject}</th><th>${words.state}</th></tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr data-key="notice-${row.id}"><td class="time">${shortMoment(row.intended_at, campaign)}</td>
<td class="time">${ledger.noticeKind[row.kind] ?? row.kind}</td>
<td>${row.to_contacts.map((contact) => contact.name || contact.email).join(campaign.locale === "zh-CN" ? "、" : ", ")}<span class="sub">${unitOf(campaign, row.unit)?.name ?? ""}</span></td>
<td><a class="title clip" href="/mail-out/${row.id}">${row.subject}</a></td>
<td>${chip(ledger.notice[row.state], noticeTone[row.state])}</td></tr>`,
  )}</tbody></table></div>`;
}

export async function noticePage(desk: Desk, id: number): Promise<Page | null> {
  const { db, campaign } = desk;
  const row = await noticeBy(db, campaign.code, id);
  if (!row) return null;
  const words = consoleWords(campaign.locale);
  const ledger = ledgerWords(campaign.locale);
  const people = (contacts: { name: string; email: string }[]) =>
    contacts.map(({ name, email }) => (name ? `${name} <${email}>` : email)).join("; ");
  const waits = row.state === "intended" && row.not_before > desk.clock.now();
  const body = html`
<p class="crumb"><a href="/mail-out">${words.nav.mailOut}</a></p>
${heading(row.subject, "", chip(ledger.notice[row.state], noticeTone[row.state]))}
<div class="card pad">${facts([
    [words.kind, ledger.noticeKind[row.kind] ?? row.kind],
    [words.to, people(row.to_contacts)],
    [words.cc, people(row.cc_contacts)],
    [words.unit, unitOf(campaign, row.unit)?.name ?? null],
    [words.written, moment(row.intended_at, campaign)],
    [words.notBefore, waits ? moment(row.not_before, campaign) : null],
    [words.settled, row.settled_at ? moment(row.settled_at, campaign) : null],
    [words.response, row.response],
    [words.bounced, row.bounce ? bounceWords(row.bounce) : null],
    [words.attempts, row.attempts > 1 && String(row.attempts)],
    [
      words.cause,
      row.cause_message_id
        ? html`<a href="/mails/${row.cause_message_id}">#${row.cause_message_id}</a>`
        : null,
    ],
    [words.attachments, row.attachments.length > 0 && attachmentLinks(row)],
    ["Message-ID", row.rfc_message_id],
  ])}</div>
<h2>${words.asText}</h2><div class="card pad"><p class="mailtext">${row.text}</p></div>
${row.html ? html`<h2>${words.asHtml}</h2><iframe sandbox="" title="${words.asHtml}" srcdoc="${sandboxed(row.html)}"></iframe>` : ""}`;
  return { title: row.subject, section: "mailOut", body };
}

function attachmentLinks(row: { id: number; attachments: { filename: string }[] }): Html {
  return html`${row.attachments.map(
    ({ filename }, at) => html`<a href="/mail-out/${row.id}/attachments/${at}">${filename}</a> `,
  )}`;
}

function bounceWords(bounce: unknown): string {
  const { status, diagnostic } = bounce as { status?: string | null; diagnostic?: string };
  return [status, diagnostic].filter(Boolean).join(" ") || JSON.stringify(bounce);
}

/** Nothing loads, nothing runs: the policy stands before anything of the mail, inside a frame without any right. */
function sandboxed(page: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  return `${policy}${page}`;
}
