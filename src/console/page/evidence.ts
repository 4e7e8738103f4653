// Why something was decided: the words it was seen in, marked where they stand, their weight, and why the rival lost.
import { html } from "hono/html";
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import { asReadWords, ledgerWords } from "../../digest/words.ts";
import type { Evidence, Place, Understanding, Verdict } from "../../understand/evidence.ts";
import { highlighted } from "../../understand/highlight.ts";
import type { Html } from "../layout.ts";
import { lostSentence, surenessSentence, wasToBeFiled } from "../lost.ts";
import { type ConsoleWords, consoleWords } from "../words.ts";

const MOST = 40;

/** The words `jinbox explain` says as well. */
export function evidenceCards(understanding: Understanding, campaign: Campaign): Html {
  const { type, unit, unitAsRead, originEvidence } = understanding;
  const words = consoleWords(campaign.locale);
  const typeName = (code: string) =>
    deliverableOf(campaign, code)?.name ?? ledgerWords(campaign.locale).otherTypes[code] ?? code;
  const unitName = (code: string) => unitOf(campaign, code)?.name ?? code;
  const needed = wasToBeFiled(understanding) ? campaign.autoFileAt : null;
  return html`<h2>${words.evidence} <small>${words.evidenceLead}</small></h2>
${decisionCard(words.type, type, typeName, needed, campaign)}
${decisionCard(words.unit, unit, unitName, needed, campaign)}
${unitAsRead ? html`<p>${asReadWords(unitAsRead, campaign.locale)}</p>` : ""}
${
  originEvidence?.length > 0
    ? html`<div class="card evidence"><div class="pad tight"><strong>${words.origin}</strong></div>
${reasonTable(originEvidence, (code) => words.origins[code] ?? code, words)}</div>`
    : ""
}`;
}

function decisionCard(
  label: string,
  verdict: Verdict,
  nameOf: (code: string) => string,
  needed: number | null,
  { locale }: Campaign,
): Html {
  const words = consoleWords(locale);
  const { value, confidence, runnerUp } = verdict;
  const lost = lostSentence(verdict, nameOf, locale);
  const percent = (part: number) => `${Math.round(part * 1000) / 10}%`;
  return html`<div class="card evidence"><div class="pad tight"><strong>${label}</strong>${
    value
      ? html`　${nameOf(value)} <span class="num">${surenessSentence(confidence, needed, locale)}</span>`
      : ""
  }${runnerUp ? html`　<span class="num">${nameOf(runnerUp.value)} ${percent(runnerUp.confidence)}</span>` : ""}</div>
${reasonTable(verdict.evidence, nameOf, words)}${lost ? html`<p class="pad tight lost">${lost}</p>` : ""}</div>`;
}

function reasonTable(evidence: Evidence[], nameOf: (code: string) => string, words: ConsoleWords): Html {
  const rows = evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MOST);
  if (rows.length === 0) return html`<p class="pad lead">${words.noEvidence}</p>`;
  return html`<table class="stack"><thead><tr><th>${words.where}</th><th>${words.words}</th><th>${words.speaksFor}</th><th class="num">${words.weight}</th></tr></thead>
<tbody>${rows.map(
    (
      one,
    ) => html`<tr><td class="time">${words.places[one.where] ?? one.where}</td><td>${[one.words, ...(one.also ?? [])].join(" … ")}</td><td>${nameOf(one.speaksFor)}</td>
<td class="num"><span class="weight ${one.weight >= 0 ? "for" : "against"}">${one.weight >= 0 ? "+" : "−"}${Math.abs(one.weight).toFixed(1)}</span></td></tr>`,
  )}</tbody></table>`;
}

/** A text of the mail with the words that decided something marked, each for its question. */
export function markedText(text: string, places: Place[], understanding: Understanding | null): Html {
  if (!understanding) return html`${text}`;
  return html`${highlighted(text, places, understanding).map((one) =>
    one.decides === null ? html`${one.text}` : html`<mark class="${one.decides}">${one.text}</mark>`,
  )}`;
}
