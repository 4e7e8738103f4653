// Today: what came in, that the books balance, the latest mails with their verdicts, and how far the campaign is.
import { html } from "hono/html";
import { currentObligations } from "../../deadline/records.ts";
import { balanceOf, mailboxHealth, sharesByUnit, tallyMails } from "../../digest/books.ts";
import { countOwed } from "../../digest/owed.ts";
import { ledgerWords } from "../../digest/words.ts";
import { openRestoration } from "../../store/quiet.ts";
import type { MessageState } from "../../store/tables.ts";
import { dateOf, instantOf, writtenDate } from "../../text/dates.ts";
import { type Desk, emptyState, type Html, heading, type Page, shortMoment } from "../layout.ts";
import { listMails, recognitions } from "../records.ts";
import { consoleWords } from "../words.ts";
import { mailRows } from "./mails.ts";

const LATEST = 15;
const UNREAD_MS = 15 * 60_000;
const shown: MessageState[] = ["filed", "held", "oversize", "automatic", "ignored", "received"];

export async function todayPage(desk: Desk): Promise<Page> {
  const { db, campaign } = desk;
  const words = consoleWords(campaign.locale);
  const now = desk.clock.now();
  const on = dateOf(now, campaign.timezone);
  const dayStart = instantOf(on, "00:00", campaign.timezone);
  const tally = await tallyMails(db, campaign.code, { from: new Date(dayStart.getTime() - 1), to: now });
  const total = await tallyMails(db, campaign.code);
  const balance = await balanceOf(db, campaign.code, total);
  const latest = (await listMails(db, campaign.code, null, null)).rows.slice(0, LATEST);
  const arrived = Object.values(tally).reduce((sum, mails) => sum + mails, 0);
  const states = ledgerWords(campaign.locale).verdict;
  const sum = shown
    .filter((state) => total[state] > 0 || state === "filed" || state === "held")
    .map((state) => `${states[state]} ${total[state]}`);
  const body = html`
${extrasCard(desk)}${await quietCard(desk)}
${heading(writtenDate(on, campaign.locale), words.todayLead)}
<section class="card">
<div class="tiles">
<a href="/mails" class="${arrived === 0 ? "zero" : ""}"><b>${arrived}</b><span>${words.arrived}</span></a>
${shown
  .filter((state) => tally[state] > 0 || (state !== "oversize" && state !== "received"))
  .map((state) => tile(state, tally[state], states[state]))}
</div>
<div class="balance"><span>${balance.balances ? `✓ ${words.balances}` : `✗ ${words.unbalanced}`}</span>
<span class="sum">${words.books} ${balance.messages} ${words.mailWord} = ${sum.join(" + ")}${
    balance.copies > 0 ? ` (${words.copies} ${balance.copies})` : ""
  }</span></div>
</section>
<div class="split">
<section><h2>${words.latest} <small><a href="/mails">${words.allMails}</a></small></h2>
${latest.length > 0 ? mailRows(latest, campaign) : emptyState(words.noMails)}</section>
<aside>${await recognisingCard(desk)}${await owedCard(desk, now)}${await sharesCard(desk)}${await mailboxCard(desk, now)}</aside>
</div>`;
  return { title: words.nav.today, section: "today", body };
}

function tile(state: MessageState, mails: number, label: string): Html {
  const tone = mails === 0 ? "zero" : state === "held" || state === "oversize" ? "alert" : "";
  return html`<a href="/mails?state=${state}" class="${tone}"><b>${mails}</b><span>${label}</span></a>`;
}

function extrasCard(desk: Desk): Html | "" {
  const extras = desk.extras();
  if (extras.length === 0) return "";
  return html`<div class="card pad extras">${extras.map(
    ({ label, value }) => html`<div><span>${label}</span><code>${value}</code></div>`,
  )}</div>`;
}

/** After a restore (R58). */
async function quietCard({ db, campaign }: Desk): Promise<Html | ""> {
  if ((await openRestoration(db)) === null) return "";
  return html`<div class="card pad extras"><div><span>${consoleWords(campaign.locale).quiet}</span><code>npx jinbox restore --list</code></div></div>`;
}

/** Nobody should wonder why a mail with a scan is not answered at once. */
async function recognisingCard({ db, campaign }: Desk): Promise<Html | ""> {
  const words = consoleWords(campaign.locale);
  const open = await recognitions(db, campaign.code, null);
  if (open.length === 0) return "";
  const done = open.reduce((sum, one) => sum + one.pages_done, 0);
  const total = open.reduce((sum, one) => sum + one.pages_total, 0);
  const percent = Math.round((done / Math.max(1, total)) * 100);
  const current = open.find(({ attempts }) => attempts > 0) ?? open[0];
  return html`<h2>${words.recognising}</h2><div class="card pad"><p class="progress"><span>${current?.filename}</span><span class="num">${words.recognised(
    open.length,
    done,
    total,
  )}</span>${bar(percent)}</p></div>`;
}

async function owedCard({ db, campaign, calendar }: Desk, now: Date): Promise<Html | ""> {
  const obligations = await currentObligations(db, campaign, calendar, now);
  if (obligations.length === 0) return "";
  const words = consoleWords(campaign.locale);
  const rows = campaign.deliverables
    .map((deliverable) => ({
      name: deliverable.name,
      ...countOwed(obligations.filter((one) => one.deliverable === deliverable.code)),
    }))
    .filter((row) => row.all > 0);
  return html`<h2>${words.nav.owed} <small><a href="/owed">${words.all}</a></small></h2>
<div class="card pad">${rows.map(({ name, all, met, metLate, waived, overdue }) => {
    const done = Math.round(((met + metLate + waived) / all) * 100);
    return html`<p class="progress"><span>${name}</span><span class="num">${words.handedIn} ${met + metLate} / ${all}${
      overdue > 0 ? html` · <b class="late">${words.overdue} ${overdue}</b>` : ""
    }</span>${bar(done)}</p>`;
  })}</div>`;
}

async function sharesCard({ db, campaign }: Desk): Promise<Html> {
  const words = consoleWords(campaign.locale);
  const personal = new Set(
    campaign.deliverables.filter((one) => one.from === "person").map((one) => one.code),
  );
  const shares = (await sharesByUnit(db, campaign.code)).filter((share) => personal.has(share.type));
  const most = Math.max(1, ...shares.map((share) => share.submissions));
  const rows = shares.toSorted((a, b) => b.submissions - a.submissions).slice(0, 12);
  const nameOf = (code: string | null) =>
    campaign.units.find((unit) => unit.code === code)?.name ?? ledgerWords(campaign.locale).unitUnknown;
  return html`<h2>${words.participation}</h2><div class="card pad">${
    rows.length === 0 ? words.noParticipation : ""
  }${rows.map(
    (row) =>
      html`<p class="progress"><span>${nameOf(row.unit)}</span><span class="num">${row.submissions} ${
        words.pieces
      } · ${row.people} ${words.perPerson}</span>${bar(Math.round((row.submissions / most) * 100))}</p>`,
  )}</div>`;
}

/** An attribute, not a style: the page's policy allows no inline styles. */
function bar(percent: number): Html {
  return html`<svg class="bars" aria-hidden="true"><rect class="track" width="100%" height="8" rx="4"></rect><rect width="${percent}%" height="8" rx="4"></rect></svg>`;
}

async function mailboxCard({ db, campaign }: Desk, now: Date): Promise<Html> {
  const words = consoleWords(campaign.locale);
  const [mailbox] = await mailboxHealth(db, campaign.code);
  if (!mailbox?.lastReadAt) return html`<p class="lead small">${words.neverRead}</p>`;
  const isUnread = now.getTime() - mailbox.lastReadAt.getTime() > UNREAD_MS;
  return html`<p class="lead small">${words.lastRead} ${shortMoment(mailbox.lastReadAt, campaign)}${
    isUnread ? html`<br><b class="late">${words.unread}</b>` : ""
  }${isUnread && mailbox.lastError ? html`<br>${mailbox.lastError}` : ""}</p>`;
}
