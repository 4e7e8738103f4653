// Why something was decided: the words it was seen in and how much each weighs.
import { html } from "hono/html";
import type { Verdict } from "../../understand/evidence.ts";
import type { Html } from "../layout.ts";
import type { ConsoleWords } from "../words.ts";

const MOST = 40;

export function evidenceTable(
  label: string,
  verdict: Verdict,
  nameOf: (code: string) => string,
  words: ConsoleWords,
): Html {
  const { value, confidence, runnerUp } = verdict;
  const percent = (part: number) => `${Math.round(part * 1000) / 10}%`;
  const rows = verdict.evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MOST);
  return html`<div class="card evidence"><div class="pad tight"><strong>${label}</strong>${
    value ? html`　${nameOf(value)} <span class="num">${words.confidence} ${percent(confidence)}</span>` : ""
  }${runnerUp ? html`　<span class="num">${nameOf(runnerUp.value)} ${percent(runnerUp.confidence)}</span>` : ""}</div>
${
  rows.length === 0
    ? html`<p class="pad lead">${words.noEvidence}</p>`
    : html`<table class="stack"><thead><tr><th>${words.where}</th><th>${words.words}</th><th>${words.speaksFor}</th><th class="num">${words.weight}</th></tr></thead>
<tbody>${rows.map(
        (
          one,
        ) => html`<tr><td class="time">${words.places[one.where] ?? one.where}</td><td>${one.words}</td><td>${nameOf(one.speaksFor)}</td>
<td class="num"><span class="weight ${one.weight >= 0 ? "for" : "against"}">${one.weight >= 0 ? "+" : "−"}${Math.abs(one.weight).toFixed(1)}</span></td></tr>`,
      )}</tbody></table>`
}</div>`;
}
