// A door between jinbox and a server: what passes through it can be cut.
import { createConnection, createServer, type NetConnectOpts, type Socket } from "node:net";

export interface Gate {
  port: number;
  /** Resets every connection there is; new ones are let in again. */
  cut(): void;
  close(): Promise<void>;
}

export async function openGate(server: NetConnectOpts): Promise<Gate> {
  const open = new Set<Socket>();
  const gate = createServer({ allowHalfOpen: true }, (inside) => {
    const outside = createConnection({ ...server, allowHalfOpen: true });
    const both = [inside, outside];
    for (const socket of both) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    inside.pipe(outside);
    outside.pipe(inside);
  });
  await new Promise<void>((done) => gate.listen(0, "127.0.0.1", done));
  return {
    port: (gate.address() as { port: number }).port,
    cut: () => {
      for (const socket of open) socket.resetAndDestroy();
    },
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => gate.close(() => done()));
    },
  };
}
