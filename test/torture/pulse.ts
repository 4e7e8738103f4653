// How far a process has come, told by the work it has done: on a busy machine the clock on the wall says nothing.
import { readFileSync } from "node:fs";

/** What a tick of /proc/PID/stat is worth on Linux. */
const TICK_MS = 10;

export interface Pulse {
  /** CPU time of the process and its children. */
  cpuMs: number;
  /** Each of them waits for something. */
  isWaiting: boolean;
}

/** Null when it is gone. */
export function pulseOf(pid: number): Pulse | null {
  const own = statOf(pid);
  if (!own) return null;
  const all = [own, ...childrenOf(pid).flatMap((child) => statOf(child) ?? [])];
  return {
    cpuMs: all.reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MS,
    isWaiting: all.every(({ state }) => state === "S"),
  };
}

export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function statOf(pid: number): { state: string; ticks: number } | null {
  // "123 (node) S …": state is the first field after the name, utime and stime the twelfth and thirteenth.
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ");
  return fields ? { state: fields[0] as string, ticks: Number(fields[11]) + Number(fields[12]) } : null;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
