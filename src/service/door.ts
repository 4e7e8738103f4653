// The demo's own SMTP port: anyone may send one more mail from their own client and watch it being handled.
import { SMTPServer } from "smtp-server";

const LARGEST_MAIL_BYTES = 60_000_000;

/** Listens on loopback only; each mail is handed over whole. `port` 0 takes any free one. */
export async function openDoor(
  port: number,
  onMail: (raw: Buffer) => Promise<void>,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    size: LARGEST_MAIL_BYTES,
    onAuth: (_auth, _session, done) => done(null, { user: "guest" }),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error("too large"), { responseCode: 552 }));
        onMail(Buffer.concat(chunks)).then(() => done(), done);
      });
    },
  });
  // A client that drops its connection is its own business.
  server.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    port: (server.server.address() as { port: number }).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
