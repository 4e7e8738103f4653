// Writing to a stream as fast as it takes it and no faster: what is not taken yet is never heaped up in memory.
import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";

export async function put(destination: Writable, part: string | Uint8Array): Promise<void> {
  if (destination.errored) throw destination.errored;
  if (destination.destroyed) throw new Error("the destination was closed before everything was written");
  if (!destination.write(part)) await once(destination, "drain");
}

/** Resolves once `destination` has taken every byte. */
export async function close(destination: Writable): Promise<void> {
  destination.end();
  await finished(destination, { readable: false });
}

/**
 * `write` puts everything into `destination` and closes it. A full disk or a missing folder is an event of the stream,
 * which a writer that waits for rows would never hear of: it fails then.
 */
export async function writeAll(destination: Writable, write: () => Promise<void>): Promise<void> {
  let stop = (_error: Error): void => {};
  const failed = new Promise<never>((_, reject) => {
    stop = (error) => reject(error ?? new Error("the destination was closed before everything was written"));
  });
  const closed = (): void => {
    if (!destination.writableFinished) stop(destination.errored as Error);
  };
  destination.once("error", stop).once("close", closed);
  try {
    await Promise.race([write().then(() => close(destination)), failed]);
  } finally {
    destination.off("error", stop).off("close", closed);
    failed.catch(() => {});
  }
}
