// What was filed: a list to filter and search, and one submission with its original text and the evidence.
import { html } from "hono/html";
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import { likenessWords } from "../../digest/likeness.ts";
import { ledgerWords } from "../../digest/words.ts";
import { type LikenessFact, likenessesOf } from "../../submission/likeness/records.ts";
import type { Understanding } from "../../understand/evidence.ts";
import { PLACES_OF } from "../../understand/highlight.ts";
import {
  chip,
  type Desk,
  emptyState,
  facts,
  type Html,
  heading,
  moment,
  type Page,
  pager,
  shortMoment,
} from "../layout.ts";
import { listSubmissions, readCursor, submissionBy } from "../records.ts";
import { consoleWords } from "../words.ts";
import { evidenceCards, markedText } from "./evidence.ts";

type Row = Awaited<ReturnType<typeof listSubmissions>>["rows"][number];

export async function submissionsPage(desk: Desk, query: Record<string, string>): Promise<Page> {
  const { db, campaign } = desk;
  const words = consoleWords(campaign.locale);
  const filter = {
    type: deliverableOf(campaign, query.type ?? "")?.code ?? "",
    unit: unitOf(campaign, query.unit ?? "")?.code ?? "",
    words: (query.q ?? "").slice(0, 100),
  };
  const { rows, next } = await listSubmissions(db, campaign.code, filter, readCursor(query.after));
  const isFiltered = Boolean(filter.type || filter.unit || filter.words);
  const address = { type: filter.type, unit: filter.unit, q: filter.words };
  const body = html`${heading(words.nav.submissions, words.submissionsLead)}
<form class="filter" method="get" action="/submissions" role="search">
<label class="grow">${words.search}<input type="search" name="q" value="${filter.words}" placeholder="${words.searchHint}"></label>
<label>${words.type}<select name="type">${options(words.all, campaign.deliverables, filter.type)}</select></label>
<label>${words.unit}<select name="unit">${options(words.all, campaign.units, filter.unit)}</select></label>
<button>${words.show}</button></form>
${rows.length > 0 ? table(rows, campaign) : emptyState(isFiltered ? words.noMatch : words.noMails)}
${pager("/submissions", address, { here: query.after ?? "", next }, { first: words.newest, next: words.older })}`;
  return { title: words.nav.submissions, section: "submissions", body };
}

function options(all: string, choices: { code: string; name: string }[], chosen: string): Html {
  return html`<option value="">${all}</option>${choices.map(
    ({ code, name }) =>
      html`<option value="${code}"${code === chosen ? html` selected` : ""}>${name}</option>`,
  )}`;
}

function table(rows: Row[], campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  return html`<div class="card"><table class="stack">
<thead><tr><th>${words.reference}</th><th>${words.title}</th><th>${words.unit}</th><th>${words.people}</th><th>${words.arrivedAt}</th></tr></thead>
<tbody>${rows.map(
    (row) => html`<tr data-key="submission-${row.id}">
<td class="time"><a href="/submissions/${row.reference}">${row.reference}</a></td>
<td><a class="title clip" href="/submissions/${row.reference}">${row.title || words.noTitle}</a><span class="sub">${typeName(row, campaign)} ${marks(row, campaign)}</span></td>
<td>${unitOf(campaign, row.unit)?.name ?? ledgerWords(campaign.locale).unitUnknown}</td>
<td>${row.people.join(campaign.locale === "zh-CN" ? "、" : ", ")}</td>
<td class="time">${shortMoment(row.arrived_at, campaign)}</td></tr>`,
  )}</tbody></table></div>`;
}

function typeName(row: Pick<Row, "type" | "item">, campaign: Campaign): string {
  const deliverable = deliverableOf(campaign, row.type);
  const item = deliverable?.items.find((one) => one.code === row.item);
  return [deliverable?.name ?? row.type, item?.name].filter(Boolean).join(" · ");
}

/** Only what is out of the ordinary is marked. */
function marks(
  row: Pick<Row, "state" | "timeliness" | "verified" | "provisional">,
  campaign: Campaign,
): Html {
  const ledger = ledgerWords(campaign.locale);
  const words = consoleWords(campaign.locale);
  return html`${row.state !== "current" ? chip(ledger.state[row.state], "idle") : ""}${
    row.timeliness !== "in-time" ? chip(ledger.timeliness[row.timeliness], "warn") : ""
  }${row.verified ? "" : chip(words.notVerified, "warn")}${row.provisional ? chip(words.provisional, "warn") : ""}`;
}

export async function submissionPage(desk: Desk, reference: string): Promise<Page | null> {
  const { db, campaign } = desk;
  const row = await submissionBy(db, campaign.code, reference);
  if (!row) return null;
  const words = consoleWords(campaign.locale);
  const ledger = ledgerWords(campaign.locale);
  const understanding = row.understanding as Understanding | null;
  const like = await likenessesOf(db, [row.id], true);
  const link = (to: string | null) => (to ? html`<a href="/submissions/${to}">${to}</a>` : null);
  const body = html`
<p class="crumb"><a href="/submissions">${words.nav.submissions}</a></p>
${heading(row.title || words.noTitle, "", html`${row.reference} ${marks(row, campaign)}`)}
<div class="card pad">${facts([
    [words.type, typeName(row, campaign)],
    [words.unit, unitOf(campaign, row.unit)?.name ?? ledger.unitUnknown],
    [words.people, row.people.join(campaign.locale === "zh-CN" ? "、" : ", ")],
    [words.arrivedAt, moment(row.arrived_at, campaign)],
    [words.timeliness, ledger.timeliness[row.timeliness]],
    [words.verified, row.verified ? words.isVerified : words.notVerified],
    [words.supersedes, link(row.supersedes_reference)],
    [words.supersededBy, link(row.newer_reference)],
    [words.alike, like.length > 0 && likenessLinks(like, campaign)],
    [words.decidedBy, row.decided_by === "rules" ? words.rules : row.decided_by],
    [
      words.fromMail,
      html`<a href="/mails/${row.message_id}">${row.subject || words.noSubject}</a> ${row.from_name} ${row.from_address}`,
    ],
  ])}</div>
<h2>${words.text}</h2><div class="card pad"><p class="prose">${row.text ? markedText(row.text, [...PLACES_OF.body, ...PLACES_OF.document], understanding) : words.noText}</p></div>
${understanding ? evidenceCards(understanding, campaign) : ""}`;
  return { title: `${row.reference} ${row.title}`, section: "submissions", body };
}

/** Hints: what they say is not held against anybody. */
export function likenessLinks(like: LikenessFact[], campaign: Campaign): Html {
  return html`${like.map((one) => {
    const said = likenessWords([one], campaign);
    return one.other === null ? html`${said}<br>` : html`<a href="/submissions/${one.other}">${said}</a><br>`;
  })}`;
}
