// Who owes what: units by deliverables, as it stands at this instant.
import { html } from "hono/html";
import type { Campaign, Deliverable, Unit } from "../../campaign/campaign.ts";
import type { Obligation, ObligationState } from "../../deadline/obligation.ts";
import { currentObligations } from "../../deadline/records.ts";
import { sharesByUnit, type UnitShare } from "../../digest/books.ts";
import { shortDate } from "../../digest/wording.ts";
import { ledgerWords } from "../../digest/words.ts";
import { chip, type Desk, emptyState, type Html, heading, type Page, shortMoment } from "../layout.ts";
import { consoleWords } from "../words.ts";

const tones = {
  outstanding: "idle",
  met: "good",
  "met-late": "warn",
  overdue: "bad",
  waived: "idle",
  extended: "warn",
} as const satisfies Record<ObligationState, string>;

export async function owedPage(desk: Desk): Promise<Page> {
  const { db, campaign, calendar } = desk;
  const words = consoleWords(campaign.locale);
  const obligations = await currentObligations(db, campaign, calendar, desk.clock.now());
  const shares = await sharesByUnit(db, campaign.code);
  const columns = campaign.deliverables.filter(
    (one) => one.from === "person" || obligations.some((owed) => owed.deliverable === one.code),
  );
  const rows = campaign.units.filter(
    (unit) => unit.kind !== "leadership" || obligations.some((owed) => owed.unit === unit.code),
  );
  const body = html`${heading(words.nav.owed, words.owedLead)}
${
  obligations.length === 0
    ? emptyState(words.noOwed)
    : html`<div class="card scroll"><table class="owed stack">
<thead><tr><th>${words.unit}</th>${columns.map((one) => html`<th>${one.name}<br><span class="none">${dueWords(one, campaign)}</span></th>`)}</tr></thead>
<tbody>${rows.map(
        (unit) =>
          html`<tr><th scope="row">${unit.name}</th>${columns.map((one) =>
            one.from === "person"
              ? shareCell(unit, one, shares, campaign)
              : owedCell(
                  obligations.filter((owed) => owed.unit === unit.code && owed.deliverable === one.code),
                  one,
                  campaign,
                ),
          )}</tr>`,
      )}</tbody></table></div>`
}`;
  return { title: words.nav.owed, section: "owed", body };
}

function dueWords(deliverable: Deliverable, campaign: Campaign): string {
  const words = consoleWords(campaign.locale);
  if (deliverable.from === "person") return words.voluntary;
  return deliverable.due ? `${shortDate(deliverable.due, campaign.locale)} ${words.due}` : words.noDate;
}

function shareCell(unit: Unit, deliverable: Deliverable, shares: UnitShare[], campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  const share = shares.find((one) => one.unit === unit.code && one.type === deliverable.code);
  if (!share) return html`<td class="none" data-label="${deliverable.name}">0</td>`;
  return html`<td data-label="${deliverable.name}"><a href="/submissions?type=${deliverable.code}&unit=${unit.code}">${[
    share.submissions,
    words.pieces,
  ]
    .join(" ")
    .trim()}</a> <span class="num">${share.people} ${words.perPerson}</span></td>`;
}

function owedCell(owed: Obligation[], deliverable: Deliverable, campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  if (owed.length === 0) return html`<td class="none vacant">${words.notOwed}</td>`;
  return html`<td data-label="${deliverable.name}"><ul>${owed.map(
    (one) => html`<li>${itemName(one, deliverable)}${state(one, campaign)}</li>`,
  )}</ul></td>`;
}

function itemName(owed: Obligation, deliverable: Deliverable): Html | "" {
  const item = deliverable.items.find((one) => one.code === owed.item);
  return item ? html`${item.name}<br>` : "";
}

function state(owed: Obligation, campaign: Campaign): Html {
  const words = consoleWords(campaign.locale);
  const label = ledgerWords(campaign.locale).obligation[owed.state];
  const changed = owed.dueOn !== null && owed.dueOn !== owed.announcedOn;
  return html`${chip(label, tones[owed.state])}
${owed.metAt ? html`<span class="num">${shortMoment(owed.metAt, campaign)}</span>` : ""}
${owed.metBy?.startsWith(`${campaign.code}-`) ? html`<a href="/submissions/${owed.metBy}">${owed.metBy}</a>` : (owed.metBy ?? "")}
${owed.provisional ? html`<span class="sub">${words.provisional}</span>` : ""}
${changed && !owed.metAt ? html`<span class="sub">${shortDate(owed.dueOn ?? "", campaign.locale)} ${words.due}</span>` : ""}
${owed.why ? html`<span class="sub">${owed.why}</span>` : ""}`;
}
