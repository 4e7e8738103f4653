// Which submissions are alike, pointed out to the office soon after they are filed: hints, which hold and refuse nothing.
import type { Campaign } from "../../campaign/campaign.ts";
import type { Database, Trx } from "../../store/database.ts";
import { fingerprintOf, lettersOf } from "../../text/fingerprint.ts";
import {
  type Comparable,
  comparable,
  type Likeness,
  likenessOf,
  passagesOf,
  sharedPassages,
  shareTakenFrom,
} from "../../text/likeness.ts";
import {
  candidates,
  comparingAlone,
  keepFingerprints,
  keepLikenesses,
  type LikenessRow,
  notCompared,
  type Pair,
  sameFile,
  sameWhole,
  type ToCompare,
  textsOf,
} from "./records.ts";

/** A submission is pointed out as like at most this many others. */
const OTHERS_MAX = 3;
/** From this share on it is worth saying that a text stands in the campaign's own notice. */
const TAKEN_SHARE = 0.4;
const TAKEN_LETTERS = 40;
/** What at least so many of those alike have is their common model's. */
const MODEL_TEXTS = 3;
const BATCH = 100;

/** Compares these submissions with all before them and with one another: five queries however many they are. */
export async function pointOutLikenesses(
  trx: Trx,
  campaign: Campaign,
  submissions: ToCompare[],
  now: Date,
): Promise<void> {
  if (submissions.length === 0) return;
  const prints = submissions.map((one) => ({
    id: one.id,
    print: fingerprintOf(lettersOf(wordsOf(one)), campaign.code),
  }));
  const mine = await keepFingerprints(trx, prints);
  const fresh = submissions.filter(({ id }) => mine.has(id));
  const freshPrints = prints.filter(({ id }) => mine.has(id));
  const same = await sameWhole(trx, freshPrints);
  const isSame = new Set(same.map(({ id }) => id));
  const others = await candidates(
    trx,
    freshPrints.filter(({ id }) => !isSame.has(id)),
  );
  const found = [
    ...same.map((pair): LikenessRow => ({ ...pair, kind: "same-text", score: 1 })),
    ...(await compared(trx, campaign, fresh, others)),
  ];
  const hasOne = new Set(found.flatMap(({ id, other }) => [id, other]));
  for (const pair of await sameFile(trx, campaign.code, fresh)) {
    if (!hasOne.has(pair.id)) found.push({ ...pair, kind: "same-file", score: 1 });
  }
  const replaces = new Map(fresh.map(({ id, supersedes }) => [id, supersedes]));
  const kept = found.filter(({ id, other }) => replaces.get(id) !== other);
  await keepLikenesses(trx, [...kept, ...fromAnnouncement(campaign, fresh)], now);
}

/**
 * Compares whatever was filed and not compared yet; returns how many. Filing does not wait for it: nobody who is answered
 * is told of it. Small steps, so that mail goes on meanwhile; one process at a time, so that of two texts filed at once
 * the later one meets the earlier.
 */
export async function compareRest(db: Database, campaign: Campaign, now: Date): Promise<number> {
  for (let done = 0; ; ) {
    if ((await notCompared(db, campaign.code, 1)).length === 0) return done;
    done += await db.transaction().execute(async (trx) => {
      await comparingAlone(trx, campaign.code);
      const rest = await notCompared(trx, campaign.code, BATCH);
      await pointOutLikenesses(trx, campaign, rest, now);
      return rest.length;
    });
  }
}

/** A paper that could not be read, or a text of a word or two, is known by its title. */
function wordsOf({ title, text }: { title: string; text: string }): string {
  return lettersOf(text).length < 8 ? `${title}\n${text}` : text;
}

async function compared(
  trx: Trx,
  campaign: Campaign,
  fresh: ToCompare[],
  pairs: Pair[],
): Promise<LikenessRow[]> {
  const own = new Map(fresh.map((one) => [one.id, one]));
  const rest = [...new Set(pairs.map(({ other }) => other))].filter((id) => !own.has(id));
  const theirs = await textsOf(trx, campaign.code, rest);
  const ready = new Map<number, Comparable>();
  const readyOf = (id: number): Comparable => {
    const known = ready.get(id);
    if (known) return known;
    const made = comparable(wordsOf(own.get(id) ?? theirs.get(id) ?? { title: "", text: "" }));
    ready.set(id, made);
    return made;
  };
  const rows = new Map<string, LikenessRow>();
  for (const [id, of] of Map.groupBy(pairs, (pair) => pair.id)) {
    for (const row of likeOne(
      campaign,
      { id, text: readyOf(id) },
      of.map(({ other }) => ({ id: other, text: readyOf(other) })),
    )) {
      rows.set(`${row.id} ${row.other}`, row);
    }
  }
  return [...rows.values()];
}

interface Text {
  id: number;
  text: Comparable;
}

function likeOne(campaign: Campaign, mine: Text, others: Text[]): LikenessRow[] {
  const alike = others.flatMap((other) => {
    const likeness = likenessOf(mine.text, other.text, new Set());
    return likeness ? [{ other, likeness }] : [];
  });
  if (alike.length === 0) return [];
  const model = sharedPassages(
    alike.map(({ other }) => other.text.own),
    MODEL_TEXTS,
  );
  for (const passage of announcementOf(campaign)) model.add(passage);
  return alike
    .flatMap(({ other }) => {
      const likeness = likenessOf(mine.text, other.text, model);
      return likeness ? [rowOf(mine.id, other.id, likeness)] : [];
    })
    .sort((a, b) => Number(a.kind === "boilerplate") - Number(b.kind === "boilerplate") || b.score - a.score)
    .slice(0, OTHERS_MAX);
}

/** The later one is like the earlier one, whichever was compared first. */
function rowOf(mine: number, other: number, { kind, score }: Likeness): LikenessRow {
  if (other < mine) return { id: mine, other, kind, score };
  const turned = kind === "contained" ? "contains" : kind === "contains" ? "contained" : kind;
  return { id: other, other: mine, kind: turned, score };
}

function fromAnnouncement(campaign: Campaign, submissions: ToCompare[]): LikenessRow[] {
  const passages = announcementOf(campaign);
  if (passages.size === 0) return [];
  return submissions.flatMap(({ id, text }) => {
    const letters = lettersOf(text);
    const score = shareTakenFrom(letters, passages);
    const isWorthSaying = score >= TAKEN_SHARE && score * letters.length >= TAKEN_LETTERS;
    return isWorthSaying ? [{ id, other: null, kind: "announcement" as const, score }] : [];
  });
}

const announcements = new WeakMap<Campaign, Set<string>>();

/** Cut up once: it is the same for every mail. */
function announcementOf(campaign: Campaign): Set<string> {
  const known = announcements.get(campaign);
  if (known) return known;
  const passages = passagesOf(lettersOf(campaign.announcement ?? ""));
  announcements.set(campaign, passages);
  return passages;
}
