// In the place of src/crash-point.ts: kills this very process with -9 at the point and the pass that JINBOX_CRASH names.
import type { CrashPoint } from "../../src/crash-point.ts";

/** "recorded:3": the third time that `recorded` is passed. */
const [at, pass = "1"] = (process.env.JINBOX_CRASH ?? "").split(":");
let passed = 0;

export function crashPoint(name: CrashPoint): void {
  if (name !== at) return;
  passed += 1;
  if (passed < Number(pass)) return;
  process.kill(process.pid, "SIGKILL");
  // Not one statement more: the signal is on its way, and may take its time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
