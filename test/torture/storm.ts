// One season of the storm: a campaign of its own, so many kills, a look at the whole ledger after each, then calm.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";
import { parse } from "yaml";
import { systemClock } from "../../src/clock.ts";
import { root } from "../support/jinbox.ts";
import { until } from "../support/until.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { type Findings, inspect, kindsOfFinding, noFindings, settled, watchNotices } from "./ledger.ts";
import * as letters from "./letters.ts";
import { endOf, live, planOf, startProgram } from "./life.ts";
import type { Postgres } from "./postgres.ts";
import { buildWorld, type Delivered, type World } from "./world.ts";

export interface SeasonOptions {
  seed: number;
  kills: number;
  /** Processes alive at a time. */
  slots: number;
  folder: string;
  postgres: Postgres;
  program: string;
  /** Told how it goes. */
  say(words: string): void;
}

export interface SeasonResult {
  kills: number;
  atPoint: number;
  childrenKilled: number;
  /** Ended by themselves: told to stop, or without a database. */
  ended: number;
  mails: number;
  notices: number;
  ambiguous: number;
  findings: Findings;
  /** What became of what, counted: for whoever wants to know that a storm was one. */
  counts: Record<string, number>;
}

/** Wednesday; plans are due on the 15th, reports on the 25th: reminders and overdue notices of both fall into it. */
const STARTS_AT = new Date("2012-12-12T08:31:00+08:00");
const WORKING_DAYS = 12;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WORKING_DAY_MINUTES = 600;
/** Shanghai has had this offset since 1991. */
const ZONE_MS = 8 * 60 * MINUTE_MS;

export async function season(options: SeasonOptions): Promise<SeasonResult> {
  const { seed, postgres, folder, slots, program, say } = options;
  const keepsCopies = chanceOf(seed, "copies").oneIn(2);
  const world = await buildWorld(folder, postgres, { slots, startsAt: STARTS_AT, program, keepsCopies });
  const storm = new Storm(options, world);
  try {
    await storm.migrate();
    await storm.rage();
    await storm.calm();
    return storm.result();
  } catch (error) {
    say(`seed ${seed}: stopped after kill ${storm.kills}: ${(error as Error).message}`);
    throw error;
  } finally {
    await storm.close();
    await world.end();
  }
}

class Storm {
  kills = 0;
  readonly #options: SeasonOptions;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #units: letters.Unit[];
  #client: pg.Client | null = null;
  #findings: Findings = noFindings();
  #ambiguous = 0;
  #notices = 0;
  #atPoint = 0;
  #children = 0;
  #ended = 0;
  #number = 0;
  /** Kill number at which the disk is emptied again; null: it is not full. */
  #fullUntil: number | null = null;
  readonly #counts: Record<string, number> = {};
  readonly #revised = new Set<string>();
  readonly #answered = new Set<Delivered>();
  /** What the director does goes one after another, however many die at once. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SeasonOptions, world: World) {
    this.#options = options;
    this.#world = world;
    this.#chance = chanceOf(options.seed, "director");
    const { units } = parse(readFileSync(resolve(root, "config/campaign.yaml"), "utf8"));
    this.#units = units.filter(({ kind }: { kind: string }) => kind !== "leadership");
  }

  /** The first thing that is killed is the making of the tables. */
  async migrate(): Promise<void> {
    const slot = this.#world.slots[0] as World["slots"][number];
    const chance = chanceOf(this.#options.seed, "migrate");
    for (const crash of [`migrating:${chance.between(1, 14)}`, "migrated", ""]) {
      const { child, words } = startProgram(slot.program, ["migrate"], {
        ...slot.environment,
        JINBOX_CRASH: crash,
      });
      const { code, signal } = await endOf(child);
      if (signal === "SIGKILL") this.#count("kills", "migrating");
      else if (code !== 0) throw new Error(`migrate ended with ${code}: ${words()}`);
      const { rows } = await (await this.#connected()).query(
        "select (select count(*) from pg_tables where schemaname = 'public')::int as tables",
      );
      const whole = rows[0].tables > 15;
      if (whole !== !crash.startsWith("migrating") && rows[0].tables > 0)
        this.#found({ ...noFindings(), broken: [`${rows[0].tables} tables after ${crash}`] });
      if (signal === "SIGKILL") this.kills += 1;
    }
    await watchNotices(await this.#connected());
  }

  async rage(): Promise<void> {
    await Promise.all(this.#world.slots.map((slot) => this.#inhabit(slot)));
    await this.#turn;
    if (this.#fullUntil !== null) await this.#empty();
  }

  async #inhabit(slot: World["slots"][number]): Promise<void> {
    const chance = chanceOf(this.#options.seed, `slot ${slot.index}`);
    while (this.kills < this.#options.kills) {
      const lived = await live(planOf(chance), slot);
      this.#children += lived.childrenKilled;
      if (!lived.killed) {
        this.#ended += 1;
        this.#count("ended", `${lived.plan.end} ${lived.code}`);
        continue;
      }
      this.kills += 1;
      if (lived.atPoint) this.#atPoint += 1;
      this.#count("kills", lived.atPoint ? (lived.plan.crash.split(":")[0] as string) : lived.plan.end);
      const number = this.kills;
      this.#turn = this.#turn.then(() => this.#afterKill(number));
      await this.#turn;
    }
  }

  async #afterKill(number: number): Promise<void> {
    const { kills, say, seed } = this.#options;
    const chance = this.#chance;
    await this.#look(`after kill ${number}`);
    await this.#passTime(chance.next());
    for (let letter = chance.between(0, 3); letter > 0; letter -= 1) await this.#writeLetter();
    if (this.#fullUntil !== null && number >= this.#fullUntil) await this.#empty();
    if (chance.oneIn(60)) {
      if (this.#fullUntil !== null) await this.#empty();
      this.#count("disturbed", "PostgreSQL killed");
      await this.#world.postgres.crash();
    } else if (chance.oneIn(75) && this.#fullUntil === null && number + 10 < kills) {
      this.#count("disturbed", `full: ${await this.#world.postgres.fill()}`);
      this.#fullUntil = number + chance.between(3, 7);
    } else if (chance.oneIn(75)) {
      this.#count("disturbed", "UIDVALIDITY");
      await this.#world.dovecot.rotateUidValidity("ideas").catch(() => undefined);
    }
    if (number % 50 === 0)
      say(`seed ${seed}: ${number} of ${kills} kills, ${this.#world.letters.length} mails`);
  }

  async #empty(): Promise<void> {
    this.#fullUntil = null;
    await this.#world.postgres.makeRoom();
  }

  /** A piece of a working day; after its end, the next morning. */
  async #passTime(dice: number): Promise<void> {
    const world = this.#world;
    const perKill = (WORKING_DAYS * WORKING_DAY_MINUTES) / this.#options.kills;
    await world.moveClock(dice * 2 * perKill * MINUTE_MS);
    const local = new Date(world.now().getTime() + ZONE_MS);
    if (local.getUTCHours() * 60 + local.getUTCMinutes() < 18 * 60 + 31) return;
    const midnight = Math.floor(local.getTime() / DAY_MS) * DAY_MS;
    const weekend = local.getUTCDay() === 5 ? 3 : 1;
    await world.moveClockTo(new Date(midnight + weekend * DAY_MS + (8 * 60 + 31) * MINUTE_MS - ZONE_MS));
  }

  async #writeLetter(): Promise<void> {
    const { letters: sent } = this.#world;
    const chance = this.#chance;
    this.#number += 1;
    const number = this.#number;
    const dice = chance.next();
    const answeredIdeas = () =>
      sent.filter((one) => one.kind === "idea" && one.answer && !this.#answered.has(one));
    const answeredReports = () =>
      sent.filter((one) => one.kind === "report" && one.answer && !this.#revised.has(one.reportOf ?? ""));
    const unreported = () =>
      this.#units.filter(({ code }) => !sent.some(({ reportOf }) => reportOf === code));
    const ideas = sent.filter(({ kind }) => kind === "idea");
    if (dice < 0.06 && unreported().length > 4)
      return this.#send(await letters.report(chance.pick(unreported()), number));
    if (dice < 0.1 && answeredReports().length > 0) {
      const older = chance.pick(answeredReports());
      this.#revised.add(older.reportOf ?? "");
      const unit = this.#units.find(({ code }) => code === older.reportOf) as letters.Unit;
      return this.#send(await letters.newVersion(unit, number, older.answer ?? ""));
    }
    if (dice < 0.14 && answeredIdeas().length > 0) {
      const idea = chance.pick(answeredIdeas());
      this.#answered.add(idea);
      const from = /^from: (.*)$/im.exec(idea.raw.toString("utf8"))?.[1] ?? "";
      return this.#send(await letters.withdrawal(from.trim(), number, idea.answer ?? ""));
    }
    if (dice < 0.17 && answeredIdeas().length > 0) {
      const idea = chance.pick(answeredIdeas());
      this.#answered.add(idea);
      const to = this.#world.arrived.get(idea.answer ?? "")?.to[0] ?? "";
      return this.#send(await letters.bounce(number, { messageId: idea.answer ?? "", to }));
    }
    if (dice < 0.23 && ideas.length > 0) {
      this.#count("letters", "same bytes again");
      return this.#world.deliverAgain(chance.pick(ideas));
    }
    if (dice < 0.28 && ideas.length > 0)
      return this.#send(await letters.duplicate(chance.pick(ideas), number));
    if (dice < 0.34) return this.#send(await letters.automatic(number));
    if (dice < 0.38) return this.#send(letters.broken(number, chance));
    return this.#send(await letters.idea(number, chance));
  }

  async #send(letter: letters.Letter): Promise<void> {
    this.#count("letters", letter.kind);
    await this.#world.deliver(letter);
  }

  /** Looks at everything; while the server is down there is nothing to look at. */
  async #look(when: string): Promise<void> {
    try {
      const { findings, ambiguous, ledger } = await inspect(await this.#connected(), this.#world);
      this.#ambiguous = ambiguous;
      this.#notices = ledger.notices.length;
      this.#found(findings, when);
    } catch (error) {
      if (this.#fullUntil === null) throw error;
      this.#count("disturbed", "not looked at: no server");
    }
  }

  /** Without kills, whatever the storm left must come to its end. */
  async calm(): Promise<void> {
    const { say, seed } = this.#options;
    let left = noFindings();
    for (let round = 0; round < 8; round += 1) {
      // What only waits for proof of its sending is let go after a day.
      await this.#world.moveClock((round < 5 ? 35 : 13 * 60) * MINUTE_MS);
      await this.#quietRun();
      const { findings, ambiguous, ledger } = await inspect(await this.#connected(), this.#world);
      this.#ambiguous = ambiguous;
      this.#notices = ledger.notices.length;
      this.#found(findings, `in the calm, round ${round}`);
      left = settled(ledger, this.#world);
      if (total(left) === 0) break;
    }
    this.#found(left, "when all was quiet");
    say(`seed ${seed}: calm`);
    const slot = this.#world.slots[0] as World["slots"][number];
    const { child, words } = startProgram(
      slot.program,
      ["reconcile", "--config", slot.configFile],
      slot.environment,
    );
    const { code } = await endOf(child);
    if (code !== 0) this.#found({ ...noFindings(), lost: [`reconcile ended with ${code}: ${words()}`] });
    const { ledger } = await inspect(await this.#connected(), this.#world);
    for (const { kind, state } of ledger.notices) this.#count("notices", `${kind} ${state}`);
    for (const { state, reason } of ledger.messages) this.#count("messages", `${state} ${reason ?? ""}`);
    for (const { state } of ledger.submissions) this.#count("submissions", state);
  }

  /** One process with every role until nothing is left that could be done now, then told to stop. */
  async #quietRun(): Promise<void> {
    const slot = this.#world.slots[0] as World["slots"][number];
    const roles = "intake,worker,sender,scheduler";
    const { child, words } = startProgram(
      slot.program,
      ["run", "--roles", roles, "--config", slot.configFile],
      slot.environment,
    );
    const ended = endOf(child);
    const client = await this.#connected();
    const startedAt = this.#world.now();
    await until(
      "a quiet ledger",
      async () => {
        const { rows } = await client.query(
          `select (select count(*) from message where state = 'received')::int
            + (select count(*) from notice where state in ('claimed', 'data-sent') and lease_until > $1)::int
            + (select count(*) from notice where state = 'intended' and not_before <= $1)::int
            + (select 1 - count(*) from mailbox where last_read_at >= $2)::int as open`,
          [this.#world.now(), startedAt],
        );
        return rows[0].open === 0;
      },
      45_000,
    ).catch((error: Error) => this.#options.say(`${error.message}\n${words()}`));
    // One more look of the sender at what the scheduler has just written.
    await systemClock.sleep(300);
    child.kill("SIGTERM");
    const { code } = await ended;
    if (code !== 0)
      this.#found({ ...noFindings(), broken: [`told to stop, jinbox ended with ${code}: ${words()}`] });
  }

  #found(findings: Findings, when = ""): void {
    for (const kind of kindsOfFinding) {
      for (const one of findings[kind]) {
        if (this.#findings[kind].some((known) => known.startsWith(one))) continue;
        this.#findings[kind].push(`${one}, ${when}`);
        this.#options.say(`seed ${this.#options.seed}: ${kind}: ${one}, ${when}`);
      }
    }
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = new pg.Client(this.#world.postgres.urlOf(this.#world.database));
    client.on("error", () => {
      this.#client = null;
    });
    client.on("end", () => {
      this.#client = null;
    });
    await client.connect();
    this.#client = client;
    return client;
  }

  #count(what: string, which: string): void {
    const key = `${what}: ${which}`;
    this.#counts[key] = (this.#counts[key] ?? 0) + 1;
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }

  result(): SeasonResult {
    return {
      kills: this.kills,
      atPoint: this.#atPoint,
      childrenKilled: this.#children,
      ended: this.#ended,
      mails: this.#world.letters.length,
      notices: this.#notices,
      ambiguous: this.#ambiguous,
      findings: this.#findings,
      counts: this.#counts,
    };
  }
}

export function total(findings: Findings): number {
  return kindsOfFinding.reduce((sum, kind) => sum + findings[kind].length, 0);
}
