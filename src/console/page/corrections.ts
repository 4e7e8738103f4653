// What people decided about a mail, in order: who, when, which way, what stood there and what stands now.
import { html } from "hono/html";
import { type Campaign, deliverableOf, unitOf } from "../../campaign/campaign.ts";
import type { Trx } from "../../store/database.ts";
import { type Desk, type Html, moment } from "../layout.ts";
import { consoleWords } from "../words.ts";

export async function correctionsCard({ db, campaign }: Desk, messageId: number): Promise<Html | ""> {
  const made = await correctionsOf(db, messageId);
  if (made.length === 0) return "";
  const words = consoleWords(campaign.locale);
  return html`<h2>${words.corrections}</h2><div class="card pad"><ul>${made.map(
    (one) =>
      html`<li>${moment(one.made_at, campaign)} · ${words.correctedBy[one.way]} ${one.made_by}${
        one.asked_in ? html` <a href="/mails/${one.asked_in}">#${one.asked_in}</a>` : ""
      }${one.reference ? html` · <a href="/submissions/${one.reference}">${one.reference}</a>` : ""} · ${changeLine(one, campaign)}</li>`,
  )}</ul></div>`;
}

const CORRECTIONS_MAX = 200;

async function correctionsOf(db: Trx, messageId: number) {
  return db
    .selectFrom("correction as c")
    .leftJoin("submission as s", "s.id", "c.submission_id")
    .select([
      "c.field",
      "c.before",
      "c.after",
      "c.made_by",
      "c.made_at",
      "c.way",
      "c.asked_in",
      "s.reference",
    ])
    .where("c.message_id", "=", messageId)
    .orderBy("c.id")
    .limit(CORRECTIONS_MAX)
    .execute();
}

type Made = Awaited<ReturnType<typeof correctionsOf>>[number];

function changeLine({ field, before, after }: Made, campaign: Campaign): string {
  const words = consoleWords(campaign.locale);
  const label = words.correctedField[field];
  if (field === "confirm" || field === "withdraw" || field === "dismiss")
    return field !== "confirm" && after ? `${label}（${after}）` : label;
  const named = (value: string | null): string => {
    if (value === null || value === "") return "–";
    if (field === "unit") return unitOf(campaign, value)?.name ?? value;
    if (field === "type") return deliverableOf(campaign, value)?.name ?? value;
    const items = campaign.deliverables.flatMap(({ items }) => items);
    return field === "item" ? (items.find(({ code }) => code === value)?.name ?? value) : value;
  };
  return before === after ? `${label}：${named(after)}` : `${label}：${named(before)} → ${named(after)}`;
}
