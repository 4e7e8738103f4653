// What the machine and its way to the mail servers say of themselves: room on the disk, and how long certificates last.
import { statfs } from "node:fs/promises";
import { connect } from "node:tls";
import type { Campaign } from "../campaign/campaign.ts";
import type { MachineFacts } from "./trouble.ts";

export async function diskFacts(path: string): Promise<MachineFacts["disk"]> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    // Nothing is kept here.
    return null;
  }
}

/** Of servers that speak TLS from the first byte; behind STARTTLS `doctor` looks. One that does not answer is no fact. */
export async function certificateFacts({ mailbox, smtp }: Campaign): Promise<MachineFacts["certificates"]> {
  const servers = [mailbox.imap, smtp].filter((one) => one?.secure === true);
  const found = await Promise.all(
    servers.map((server) => certificateOf(server?.host ?? "", server?.port ?? 0)),
  );
  return found.filter((one) => one !== null);
}

const LIMIT_MS = 10_000;

function certificateOf(host: string, port: number): Promise<MachineFacts["certificates"][number] | null> {
  return new Promise((resolve) => {
    // Only looked at: nothing is said over this connection, trusted or not.
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false, timeout: LIMIT_MS });
    const end = (until: string | undefined) => {
      socket.destroy();
      resolve(until ? { server: `${host}:${port}`, until: new Date(until) } : null);
    };
    socket.once("secureConnect", () => end(socket.getPeerCertificate().valid_to));
    socket.once("timeout", () => end(undefined));
    socket.once("error", () => end(undefined));
  });
}
