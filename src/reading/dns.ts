// Names looked up for the children, which have no business on the network: bounded, remembered, and unsure when DNS is.
import { Resolver } from "node:dns/promises";
import type { Clock } from "../clock.ts";

/** As `dns.promises.resolve` answers; an error has its code: ENOTFOUND and ENODATA are answers, all others are not. */
export type Resolve = (name: string, type: string) => Promise<unknown>;

/** What a child asks for. */
export interface NameAsked {
  id: number;
  name: string;
  type: string;
}

/** What it is told. */
export type NameTold = { kind: "told"; id: number } & ({ records: unknown } | { code: string });

const TYPES = new Set(["A", "AAAA", "CNAME", "MX", "PTR", "TXT"]);
const TIMEOUT_MS = 3_000;
const REMEMBERED_MS = 300_000;
const REMEMBERED_MAX = 2_000;

export function systemDns(): Resolve {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  return (name, type) => resolver.resolve(name, type);
}

/** Remembers answers for some minutes, and that there is none; a failure is asked again. */
export function remembering(resolve: Resolve, clock: Clock): Resolve {
  const known = new Map<string, { until: number; answer: Promise<unknown> }>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const now = clock.now().getTime();
    const found = known.get(key);
    if (found && found.until > now) return found.answer;
    const answer = resolve(name, type);
    known.delete(key);
    known.set(key, { until: now + REMEMBERED_MS, answer });
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    answer.catch((error: NodeJS.ErrnoException) => {
      if (!isAnswer(error.code) && known.get(key)?.answer === answer) known.delete(key);
    });
    return answer;
  };
}

function isAnswer(code: string | undefined): boolean {
  return code === "ENOTFOUND" || code === "ENODATA";
}

/** The words of a stranger's mail are in the question: only what DNS can be asked is. */
export async function told({ id, name, type }: NameAsked, resolve: Resolve): Promise<NameTold> {
  if (!TYPES.has(type) || name.length > 253 || !/^[\w.:-]+$/.test(name))
    return { kind: "told", id, code: "EBADNAME" };
  try {
    return { kind: "told", id, records: await resolve(name, type) };
  } catch (error) {
    return { kind: "told", id, code: (error as NodeJS.ErrnoException).code ?? "ESERVFAIL" };
  }
}

/** One mail may ask so often and for so long; then it is as if DNS did not answer. */
const QUESTIONS_MAX = 60;
const ASKING_MS = 20_000;

/** In the child: asks the service. `say` passes a question on, `hear` takes its answer. */
export function asking(say: (asked: NameAsked) => void): {
  forOneMail(): Resolve;
  hear(told: NameTold): void;
} {
  const open = new Map<number, { done(records: unknown): void; failed(error: Error): void }>();
  let last = 0;
  const failure = (code: string) => Object.assign(new Error(code), { code });
  return {
    forOneMail: () => {
      let questions = 0;
      const isOver = new Promise<never>((_, reject) => {
        setTimeout(() => reject(failure("ETIMEOUT")), ASKING_MS).unref();
      });
      isOver.catch(() => undefined);
      return (name, type) => {
        questions += 1;
        if (questions > QUESTIONS_MAX) return Promise.reject(failure("ETIMEOUT"));
        last += 1;
        const id = last;
        const answer = new Promise<unknown>((done, failed) => open.set(id, { done, failed }));
        say({ id, name, type });
        return Promise.race([answer, isOver]).finally(() => open.delete(id));
      };
    },
    hear: (heard) => {
      const waiting = open.get(heard.id);
      if ("records" in heard) waiting?.done(heard.records);
      else waiting?.failed(failure(heard.code));
    },
  };
}
