// What a piece of work costs this thread, whatever else the machine is busy with.

/** Milliseconds of CPU the calling thread spends in `run`; waiting for a turn on a busy machine costs nothing. */
export function cpuMilliseconds(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  return since(before);
}

/** As above, for work that waits in between. */
export async function cpuMillisecondsOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await run();
  return since(before);
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
