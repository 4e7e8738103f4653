// What `jinbox announce --dry-run` shows: who would get it, whom others must tell, how long it takes, what it looks like.
import { lettersOf, planned } from "../notice/announce/announce.ts";
import { type Circle, knownByName, passerOf, unnamedByUnit } from "../notice/announce/audience.ts";
import type { NoticeIntent } from "../notice/notice.ts";
import { announcementsPerHour } from "../notice/sending/pacing.ts";
import { type Announcing, unitName, unnamedWords } from "./announced.ts";

export async function showPlanned(
  {
    db,
    campaign,
    announcement,
    audience,
    circle,
    now,
    bytes,
  }: Announcing & { circle: Circle; now: Date; bytes: number | null },
  json: boolean,
): Promise<void> {
  const zh = campaign.locale === "zh-CN";
  const letters = lettersOf(announcement, campaign, circle);
  const byUnit = new Map<string, string[]>();
  let mails = 0;
  let sample: NoticeIntent | null = null;
  let asks: NoticeIntent | null = null;
  const byName = knownByName(audience);
  const passers = new Set([...byName.keys()].map((code) => passerOf(campaign, code)?.email.toLowerCase()));
  for await (const { address, people } of planned(db, campaign, announcement.name, audience)) {
    mails += 1;
    const names = people.map(({ name }) => name).join("、");
    const unit = people[0]?.units[0] ?? "";
    if (json) console.log(JSON.stringify({ unit, people: people.map(({ name }) => name), address }));
    byUnit.set(unit, [...(byUnit.get(unit) ?? []), `${names} <${address}>`]);
    sample ??= await letters(address, people, now);
    if (asks === null && people.some(({ addresses }) => addresses.some((one) => passers.has(one))))
      asks = await letters(address, people, now);
  }
  const people = audience.reduce((sum, household) => sum + household.length, 0);
  const perHour = announcementsPerHour(campaign);
  const unnamed = [...byName.values()].reduce((sum, names) => sum + names.length, 0);
  if (json) {
    console.log(
      JSON.stringify({
        total: { people, mails, byNameOnly: unnamed, perHour, subject: announcement.subject },
      }),
    );
    return;
  }
  for (const [unit, lines] of byUnit)
    console.log(`${unitName(campaign, unit)}（${lines.length}）\n  ${lines.join("\n  ")}`);
  for (const [unit, names] of byName) {
    const teller = passerOf(campaign, unit)?.name ?? campaign.office.name;
    console.log(
      zh
        ? `${unitName(campaign, unit)}　没有邮箱，请${teller}转达：${names.join("、")}`
        : `${unitName(campaign, unit)}: no address, ${teller} tells them: ${names.join(", ")}`,
    );
  }
  const units = new Set(audience.flat().flatMap((person) => person.units));
  for (const [unit, people] of unnamedByUnit(campaign))
    if (units.has(unit)) console.log(`${unitName(campaign, unit)}${unnamedWords(people, unit, campaign)}`);
  const size = bytes === null ? "" : ` ${Math.ceil(bytes / 1000)} KB`;
  const shown = asks ?? sample;
  console.log(
    `\n共 ${people} 人，将发 ${mails} 封，没有邮箱 ${unnamed} 人；每小时最多 ${perHour} 封，${took(mails, perHour).zh}` +
      `\n${people} people, ${mails} mails, ${unnamed} without address; at most ${perHour} an hour: ${took(mails, perHour).en}` +
      `\n附件 / attached: ${announcement.filename}${size}`,
  );
  if (shown)
    console.log(
      `\n──── ${shown.to.map(({ name }) => name).join("、")} ────\n${shown.subject}\n\n${shown.text}`,
    );
}

/** The first hour's share leaves at once. */
function took(mails: number, perHour: number): { zh: string; en: string } {
  const hours = Math.max(0, Math.ceil(mails / perHour) - 1);
  return hours === 0
    ? { zh: "几分钟内发完", en: "a few minutes" }
    : { zh: `约 ${hours} 小时发完`, en: `about ${hours} h` };
}
