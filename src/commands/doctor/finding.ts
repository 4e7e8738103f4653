// What one check of `doctor` saw, and what to do about it; no check may take longer than its limit.
import type { Clock } from "../../clock.ts";
import type { Words } from "../command.ts";

/** ✓, !, ✗ */
export type Health = "ok" | "warning" | "fault";

export interface Finding {
  check: string;
  health: Health;
  saw: Words;
  /** What to do; null where nothing needs doing. */
  advice: Words | null;
}

/** Where the machine's clock can be compared with another's. */
export interface Comparison {
  with: Words;
  at: Date;
  /** A mail's arrival is in the past of whoever stamped it, so it shows only a clock that is behind. */
  isPast: boolean;
}

export interface Outcome {
  findings: Finding[];
  times: Comparison[];
}

export const ok = (check: string, zh: string, en: string): Finding => ({
  check,
  health: "ok",
  saw: { zh, en },
  advice: null,
});

export const warning = (check: string, saw: Words, advice: Words): Finding => ({
  check,
  health: "warning",
  saw,
  advice,
});

export const fault = (check: string, saw: Words, advice: Words): Finding => ({
  check,
  health: "fault",
  saw,
  advice,
});

export const limitMs = 10_000;

/** The outcome of `work`, or a fault once the limit is over or it fails in a way it did not foresee. */
export async function withinLimit(
  check: string,
  clock: Clock,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const timer = new AbortController();
  const tooLate = async (): Promise<Outcome> => {
    await clock.sleep(limitMs, timer.signal);
    const seconds = limitMs / 1000;
    const saw = { zh: `${seconds} 秒内没有完成`, en: `not finished within ${seconds} seconds` };
    const advice = {
      zh: "稍后再试；若总是如此，检查网络、防火墙和对方服务器",
      en: "try again later; if it stays so, look at the network, the firewall and the server",
    };
    return { findings: [fault(check, saw, advice)], times: [] };
  };
  try {
    const late = tooLate();
    late.catch(() => {});
    return await Promise.race([work(), late]);
  } catch (error) {
    const said = (error as Error).message;
    const advice = {
      zh: "把这句话交给维护人员",
      en: "pass this sentence on to whoever maintains the system",
    };
    return { findings: [fault(check, { zh: said, en: said }, advice)], times: [] };
  } finally {
    timer.abort();
  }
}
