// Needs you: mails in doubt, the longest waiting first, with the reason, the two best guesses and what to do.
import { html } from "hono/html";
import type { Campaign } from "../../campaign/campaign.ts";
import { type HeldMail, heldMails } from "../../digest/books.ts";
import { settlingLine } from "../../digest/settling-line.ts";
import { heldAction, heldLabel, likelyTypes, likelyUnits } from "../../digest/words.ts";
import { doubtWords } from "../../document/amount.ts";
import {
  chip,
  type Desk,
  emptyState,
  guessLine,
  type Html,
  heading,
  type Page,
  pager,
  shortMoment,
} from "../layout.ts";
import { PAGE, readCursor } from "../records.ts";
import { consoleWords } from "../words.ts";

export async function heldPage(desk: Desk, query: Record<string, string>): Promise<Page> {
  const { db, campaign } = desk;
  const words = consoleWords(campaign.locale);
  const cursor = readCursor(query.after);
  const after = cursor ? { after: { arrivedAt: cursor.at, id: cursor.id } } : {};
  const found = await heldMails(db, campaign.code, { limit: PAGE + 1, ...after });
  const mails = found.slice(0, PAGE);
  const last = mails.at(-1);
  const next = found.length > PAGE && last ? `${last.arrivedAt.getTime()}.${last.id}` : null;
  const body = html`${heading(words.nav.held, words.heldLead)}
${
  mails.length === 0
    ? emptyState(words.noHeld)
    : html`<div class="card"><ol class="held">${mails.map((mail) => heldItem(mail, campaign))}</ol></div>`
}
${pager("/held", {}, { here: query.after ?? "", next }, { first: words.first, next: words.next })}`;
  return { title: words.nav.held, section: "held", body };
}

function heldItem(mail: HeldMail, campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  const reason = mail.reason ?? mail.state;
  const doubt = doubtWords(mail, campaign.locale);
  return html`<li data-key="mail-${mail.id}">
<h3>${chip(heldLabel(mail, campaign.locale), mail.state === "oversize" ? "bad" : "warn")} <a href="/mails/${mail.id}">${mail.subject || words.noSubject}</a></h3>
<span class="who"><span class="num">${mail.id}${words.number && ` ${words.number}`}</span><span>${mail.fromName || words.unknownSender}</span><span>${mail.fromAddress}</span>${shortMoment(mail.arrivedAt, campaign)}</span>
<span class="who">${guessLine(words.likelyType, likelyTypes(campaign, mail.typeGuesses), campaign.locale)}${guessLine(words.likelyUnit, likelyUnits(campaign, mail.unitGuesses), campaign.locale)}</span>
${doubt ? html`<p class="late small">${doubt}</p>` : ""}
<p class="act">→ ${heldAction(reason, campaign.locale)}</p>
<p class="small"><code>${settlingLine(campaign, mail)}</code></p></li>`;
}
