// The frame of every page, and the small pieces pages are made of. All of it escapes: html`` never trusts a value.
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Campaign, Locale } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import type { Calendar } from "../deadline/calendar.ts";
import { guessWords } from "../digest/words.ts";
import type { NoticeState } from "../notice/notice.ts";
import type { Database } from "../store/database.ts";
import type { MessageState } from "../store/tables.ts";
import { dateOf, isoInZone, timeOfDay } from "../text/dates.ts";
import { type ConsoleWords, consoleWords } from "./words.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What every page is made from. */
export interface Desk {
  db: Database;
  campaign: Campaign;
  calendar: Calendar;
  clock: Clock;
  /** Facts a host wants shown on the first page, such as the demo's ports. */
  extras: () => { label: string; value: string }[];
}

export type Section = keyof ConsoleWords["nav"];

export interface Page {
  title: string;
  section: Section;
  body: Html;
  status?: 404 | 503;
}

/** Changes on every start, so that a browser never mixes old looks with new pages. */
export interface Frame {
  pulse: string;
  held: number;
  now: Date;
  assets: string;
}

const places: [Section, string][] = [
  ["today", "/"],
  ["held", "/held"],
  ["submissions", "/submissions"],
  ["owed", "/owed"],
  ["mailOut", "/mail-out"],
  ["mails", "/mails"],
];

export function layout(campaign: Campaign, page: Page, frame: Frame): Html {
  const words = consoleWords(campaign.locale);
  const link = ([section, path]: [Section, string]) =>
    html`<a href="${path}"${
      section === page.section ? html` aria-current="page"` : ""
    }>${words.nav[section]}${section === "held" && frame.held > 0 ? html`<span class="badge">${frame.held}</span>` : ""}</a>`;
  return html`<!DOCTYPE html>
<html lang="${campaign.locale}" data-pulse="${frame.pulse}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${campaign.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/console.css?v=${frame.assets}">
<script src="/live.js?v=${frame.assets}" defer></script>
<noscript><meta http-equiv="refresh" content="15"></noscript>
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header class="top"><div>
<div class="brand"><a class="home" href="/">${campaign.title}</a><time>${moment(frame.now, campaign)}</time></div>
<nav aria-label="${campaign.title}">${places.map(link)}</nav>
</div></header>
<main id="main">${page.body}</main>
<footer>${campaign.office.name} · ${words.readOnly}</footer>
</body>
</html>`;
}

export function heading(title: Html | string, lead: string, note: Html | string = ""): Html {
  return html`<h1>${title}${note ? html`<small>${note}</small>` : ""}</h1>${lead ? html`<p class="lead">${lead}</p>` : ""}`;
}

export function emptyState([title, hint]: readonly string[]): Html {
  return html`<div class="card empty"><strong>${title}</strong>${hint}</div>`;
}

type Tone = "good" | "warn" | "bad" | "idle";

export function chip(label: string, tone: Tone): Html {
  return html`<span class="chip ${tone}">${label}</span>`;
}

export const verdictTone: Record<MessageState, Tone> = {
  received: "idle",
  filed: "good",
  held: "warn",
  automatic: "idle",
  ignored: "idle",
  oversize: "bad",
};

export const noticeTone: Record<NoticeState, Tone> = {
  intended: "idle",
  claimed: "idle",
  "data-sent": "idle",
  accepted: "good",
  rejected: "bad",
  ambiguous: "warn",
  dropped: "idle",
  bounced: "bad",
};

/** "12-05 17:30" for lists of one year, the whole date elsewhere. */
export function shortMoment(at: Date, campaign: Campaign): Html {
  const iso = isoInZone(at, campaign.timezone);
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(5, 16).replace("T", " ")}</time>`;
}

export function moment(at: Date, campaign: Campaign): string {
  return `${dateOf(at, campaign.timezone)} ${timeOfDay(at, campaign.timezone)}`;
}

export function guessLine(label: string, names: string[], locale: Locale): Html | "" {
  return names.length > 0 ? html`<span class="guess">${label}${guessWords(names, locale)}</span>` : "";
}

export function facts(rows: [string, Html | string | null | false][]): Html {
  const shown = rows.filter(([, value]) => value !== null && value !== false && value !== "");
  return html`<dl class="facts">${shown.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}

export function bytesWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(0)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** The links under a list; a filter stays in the address, only the cursor changes. */
export function pager(
  path: string,
  query: Record<string, string>,
  cursor: { here: string; next: string | null },
  labels: { first: string; next: string },
): Html {
  const to = (more: Record<string, string>) => {
    const search = new URLSearchParams(
      Object.entries({ ...query, ...more }).filter(([, value]) => value !== ""),
    );
    return search.size > 0 ? `${path}?${search}` : path;
  };
  if (!cursor.here && !cursor.next) return html``;
  return html`<div class="pager">${cursor.here ? html`<a href="${to({})}">${labels.first}</a>` : html`<span></span>`}${
    cursor.next ? html`<a href="${to({ after: cursor.next })}" rel="next">${labels.next}</a>` : ""
  }</div>`;
}
