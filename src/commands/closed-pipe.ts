// `jinbox explain folder | head`: whoever read the results has seen enough, which is no failure.

/** Asked between two results: whether nobody reads them any more. */
export function untilClosed(stream: NodeJS.WriteStream): () => boolean {
  let isClosed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isClosed = true;
  });
  return () => isClosed;
}
