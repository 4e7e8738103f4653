// In which order mails that arrived at one instant were delivered, told by the mails alone: a folder's order is chance.
import { createHash } from "node:crypto";

export interface Arrived {
  arrivedAt: Date;
  raw: Buffer;
}

interface Told<Mail> {
  mail: Mail;
  id: string | null;
  answers: string[];
  claimed: number;
  sha256: string;
}

/** By arrival; of one instant, a mail before the answers to it, then by the Date each claims, then by its bytes. */
export function inDeliveryOrder<Mail extends Arrived>(mails: Mail[]): Mail[] {
  const instants = Map.groupBy(mails, ({ arrivedAt }) => arrivedAt.getTime());
  return [...instants]
    .sort(([one], [other]) => one - other)
    .flatMap(([, together]) => (together.length === 1 ? together : afterWhatTheyAnswer(together)));
}

function afterWhatTheyAnswer<Mail extends Arrived>(mails: Mail[]): Mail[] {
  const waiting = mails
    .map(told)
    .sort((a, b) => a.claimed - b.claimed || (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : 0));
  const ordered: Mail[] = [];
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ id }) => id));
    const free = waiting.findIndex(({ id, answers }) => !answers.some((one) => one !== id && open.has(one)));
    // Mails that answer one another in a circle were forged: any of them is first.
    const [next] = waiting.splice(Math.max(0, free), 1);
    if (next) ordered.push(next.mail);
  }
  return ordered;
}

const IDS = /<[^<>\s]+>/g;

function told<Mail extends Arrived>(mail: Mail): Told<Mail> {
  const text = mail.raw.subarray(0, 256 * 1024).toString("latin1");
  const end = /\r?\n\r?\n/.exec(text);
  const header = (end ? text.slice(0, end.index) : text).replace(/\r?\n[ \t]+/g, " ");
  const line = (name: string) => new RegExp(`^${name}:(.*)$`, "im").exec(header)?.[1] ?? "";
  const claimed = Date.parse(line("Date").replace(/\([^()]*\)/g, " "));
  return {
    mail,
    id: line("Message-ID").match(IDS)?.[0] ?? null,
    answers: `${line("In-Reply-To")} ${line("References")}`.match(IDS) ?? [],
    // Without a zone the host's would decide.
    claimed: Number.isNaN(claimed) || !/[+-]\d{4}|\b(?:GMT|UTC?)\b/i.test(line("Date")) ? 0 : claimed,
    sha256: createHash("sha256").update(mail.raw).digest("hex"),
  };
}
