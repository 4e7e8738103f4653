// Joins what is asked for while an earlier request is still under way: many notices share one commit, none waits for more.

/** Wraps `flush` so that calls made during a flush go together in the next one; each caller gets its flush's result. */
export function gather<Item, Result>(
  flush: (items: Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let waiting: { item: Item; resolve(result: Result): void; reject(error: Error): void }[] = [];
  let isFlushing = false;

  async function run(): Promise<void> {
    isFlushing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const result = await flush(batch.map(({ item }) => item));
        for (const one of batch) one.resolve(result);
      } catch (error) {
        for (const one of batch) one.reject(error as Error);
      }
    }
    isFlushing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Calls of the same tick are gathered before the first flush begins.
      if (!isFlushing) {
        isFlushing = true;
        queueMicrotask(run);
      }
    });
}
