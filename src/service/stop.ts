// Told to stop: SIGTERM and SIGINT end the work in hand; a second one ends the process at once.
export interface StopRequest {
  signal: AbortSignal;
  /** Resolves when the process was told to stop. */
  stopped: Promise<void>;
}

export function untilStopped(): StopRequest {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  return { signal: controller.signal, stopped };
}
