// The receiving end of the benchmark: a real SMTP server that counts and forgets.
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onData: (stream, _session, done) => {
    stream.resume();
    stream.on("end", () => {
      process.stdout.write("got 1\n");
      done();
    });
  },
});
server.on("error", () => undefined);
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.server.address() as { port: number }).port}\n`);
});
