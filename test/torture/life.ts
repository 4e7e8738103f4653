// The life of one jinbox process in the storm: started, disturbed, and ended with -9 where or when it was decided to.
import { type ChildProcess, spawn } from "node:child_process";
import { systemClock } from "../../src/clock.ts";
import type { CrashPoint } from "../../src/crash-point.ts";
import { root } from "../support/jinbox.ts";
import type { Chance } from "./chance.ts";
import { childrenOf, pulseOf } from "./pulse.ts";
import type { Slot } from "./world.ts";

/**
 * How a life is to end. Moments are told in the work the process has done, so that a busy machine changes nothing; what
 * waits for longer than a second has nothing more to do, and is killed too.
 */
export interface Plan {
  roles: string[];
  end: "point" | "instant" | "final-dot" | "stop";
  /** "recorded:2", for the end at a point. */
  crash: string;
  afterCpuMs: number;
  disturb: "nothing" | "cut-imap" | "cut-smtp" | "cut-database" | "pause" | "kill-child";
  disturbAfterCpuMs: number;
}

export interface Lived {
  plan: Plan;
  /** Died by -9; false: it ended by itself, which it may when told to stop or when it finds no database. */
  killed: boolean;
  /** Died at its crash point, before anybody else killed it. */
  atPoint: boolean;
  childrenKilled: number;
  code: number | null;
  words: string;
}

/** Where each role dies, as often as we like it to. */
const points: Record<string, CrashPoint[]> = {
  intake: ["listed", "mid-fetch", "raw-written", "recorded"],
  worker: [
    "taken-up",
    "parsed",
    "attachment-read",
    "understood",
    "filing",
    "filed",
    "filing",
    "filed",
    "superseded",
    "corrected",
    "bounce-recorded",
  ],
  sender: ["claimed", "delivering", "data-asked", "data-sent", "answered", "settled"],
  scheduler: ["chasing", "chased", "digesting", "digested"],
};

/** All that is random in a life, from the stream of its slot. */
export function planOf(random: Chance): Plan {
  const role = random.pick([
    "intake",
    "intake",
    "worker",
    "worker",
    "worker",
    "sender",
    "sender",
    "sender",
    "scheduler",
  ]);
  const others = ["intake", "worker", "sender", "scheduler"].filter(
    (name) => name !== role && random.oneIn(4),
  );
  const roles = random.oneIn(12) ? ["intake", "worker", "sender", "scheduler", "console"] : [role, ...others];
  const dice = random.next();
  const end =
    dice < 0.62
      ? "point"
      : dice < 0.87
        ? "instant"
        : dice < 0.95 && roles.includes("sender")
          ? "final-dot"
          : "stop";
  const point = random.pick(points[role] as CrashPoint[]);
  const pass = random.oneIn(3) ? random.between(2, 6) : 1;
  const crash = end === "stop" && random.oneIn(3) ? "stopping" : `${point}:${pass}`;
  return {
    roles,
    end,
    crash,
    afterCpuMs: end === "instant" || end === "stop" ? random.between(60, 900) : 2_500,
    disturb: random.oneIn(5)
      ? random.pick(["cut-imap", "cut-smtp", "cut-database", "cut-database", "pause", "kill-child"] as const)
      : "nothing",
    disturbAfterCpuMs: random.between(200, 700),
  };
}

const PULSE_MS = 40;
/** Longer than anything it waits for takes, the pauses of its schedules aside. */
const WAITS_MS = 1_500;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export function startProgram(
  program: string,
  args: string[],
  environment: Record<string, string>,
): { child: ChildProcess; words: () => string } {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-4_000);
  });
  return { child, words: () => words };
}

export function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((done) => child.once("close", (code, signal) => done({ code, signal })));
}

/** Lives the plan; resolves when the process is gone. */
export async function live(plan: Plan, slot: Slot): Promise<Lived> {
  const crash = plan.end === "point" || plan.crash === "stopping" ? { JINBOX_CRASH: plan.crash } : {};
  const args = ["run", "--roles", plan.roles.join(","), "--config", slot.configFile];
  const { child, words } = startProgram(slot.program, args, { ...slot.environment, ...crash });
  const ended = endOf(child);
  const gone = new AbortController();
  void ended.then(() => gone.abort());
  let weKilled = false;
  const kill = (): void => {
    weKilled = true;
    child.kill("SIGKILL");
  };
  if (plan.end === "final-dot")
    slot.atFinalDot = () => {
      kill();
      return "hang-up";
    };
  const after = (ms: number, act: () => void): void =>
    void systemClock.sleep(ms, gone.signal).then(act, () => undefined);
  let childrenKilled = 0;
  let isDisturbed = plan.disturb === "nothing";
  let cpuMs = 0;
  let waitedMs = 0;
  while (!gone.signal.aborted) {
    await systemClock.sleep(PULSE_MS, gone.signal).catch(() => undefined);
    const pulse = pulseOf(child.pid as number);
    if (!pulse) continue;
    waitedMs = pulse.isWaiting && pulse.cpuMs === cpuMs ? waitedMs + PULSE_MS : 0;
    cpuMs = pulse.cpuMs;
    if (!isDisturbed && cpuMs >= plan.disturbAfterCpuMs) {
      isDisturbed = true;
      childrenKilled += disturb(plan, child, slot, after);
    }
    if (cpuMs < plan.afterCpuMs && waitedMs < WAITS_MS) continue;
    if (plan.end === "stop") {
      child.kill("SIGTERM");
      // It has ten seconds (R59); a supervisor would end it then, and so do we.
      after(10_000, kill);
    } else kill();
    await ended;
  }
  const { code, signal } = await ended;
  slot.atFinalDot = null;
  const killed = signal === "SIGKILL";
  return { plan, killed, atPoint: killed && !weKilled, childrenKilled, code, words: words() };
}

function disturb(
  { disturb: what }: Plan,
  child: ChildProcess,
  { gates }: Slot,
  after: (ms: number, act: () => void) => void,
): number {
  switch (what) {
    case "nothing":
      return 0;
    case "cut-imap":
      gates.imap.cut();
      return 0;
    case "cut-smtp":
      gates.smtp.cut();
      return 0;
    case "cut-database":
      gates.database.cut();
      return 0;
    case "pause":
      // At the pace of the storm's clock, any pause is longer than every lease.
      child.kill("SIGSTOP");
      after(400, () => child.kill("SIGCONT"));
      return 0;
    case "kill-child":
      return killChild(child.pid as number);
    default:
      return what satisfies never;
  }
}

/** Kills one of the processes that read for it. */
function killChild(pid: number): number {
  const [first] = childrenOf(pid);
  if (first === undefined) return 0;
  try {
    process.kill(first, "SIGKILL");
    return 1;
  } catch {
    return 0;
  }
}
