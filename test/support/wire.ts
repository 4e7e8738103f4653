// A wire of our own before a real server, which breaks at an exact word of the conversation: cut, reset, silent, dripping.
import { createConnection, createServer, type NetConnectOpts, type Socket } from "node:net";

/**
 * - `cut` both ends see the connection closed, `reset` the client gets an RST
 * - `silent` nothing passes any more and nobody is told: half-open
 * - `drip` what the server says arrives one byte a `dripMs`
 */
export type Fault = "cut" | "reset" | "silent" | "drip";

export interface Strike {
  /** Strikes when the client says this… */
  said?: RegExp;
  /** …or when the server does. */
  heard?: RegExp;
  fault: Fault | (() => void);
  /** The server still gets the words and acts on them: only its answer is lost. */
  arrives?: boolean;
  /** How many connections it strikes; default 1. */
  times?: number;
}

export interface Wire {
  port: number;
  /** Arms one strike; resolves when it has struck. */
  strike(strike: Strike): Promise<void>;
  /** Disarms what has not struck. */
  forget(): void;
  /** Every connection there is falls silent: half-open. */
  hush(): void;
  /** Every connection is reset, and each new one until `restore`: the server or the way to it is away. */
  away(): void;
  restore(): void;
  /** Connections made since the start. */
  connections(): number;
  stop(): Promise<void>;
}

interface Armed extends Strike {
  left: number;
  struck: () => void;
}

/** So much of what was said before is looked at again: a word may come in two pieces. */
const MEMORY = 200;

export async function startWire(target: NetConnectOpts, dripMs = 1_000): Promise<Wire> {
  const links = new Set<Link>();
  let armed: Armed[] = [];
  let isAway = false;
  let opened = 0;

  interface Link {
    client: Socket;
    server: Socket;
    /** Set once a fault has struck this connection. */
    broken: Fault | null;
    /** The words whose answer is to be lost have gone to the server. */
    losesAnswer: Fault | null;
    drip: NodeJS.Timeout | null;
  }

  function breakLink(link: Link, fault: Fault): void {
    link.broken = fault;
    if (fault === "silent" || fault === "drip") return;
    if (fault === "reset") link.client.resetAndDestroy();
    else link.client.destroy();
    link.server.destroy();
  }

  /** The strike these words set off, if any. */
  function struckBy(words: string, side: "said" | "heard"): Armed | null {
    const strike = armed.find((one) => one.left > 0 && one[side]?.test(words));
    if (!strike) return null;
    strike.left -= 1;
    if (strike.left === 0) armed = armed.filter((one) => one !== strike);
    return strike;
  }

  function listenTo(link: Link, from: Socket, to: Socket, side: "said" | "heard"): void {
    let before = "";
    from.on("data", (data: Buffer) => {
      if (link.broken === "silent") return;
      if (link.broken === "drip" && side === "heard") return drip(link, data);
      if (side === "heard" && link.losesAnswer) return breakLink(link, link.losesAnswer);
      const words = before + data.toString("latin1");
      before = words.slice(-MEMORY);
      const strike = struckBy(words, side);
      if (!strike) return void to.write(data);
      before = "";
      strike.struck();
      if (typeof strike.fault === "function") {
        strike.fault();
        to.write(data);
      } else if (side === "said" && strike.arrives) {
        link.losesAnswer = strike.fault;
        to.write(data);
      } else if (strike.fault === "drip") {
        link.broken = "drip";
        if (side === "said") to.write(data);
        else drip(link, data);
      } else {
        // Half of what the server was saying arrives: a literal breaks off in the middle.
        if (side === "heard") to.write(data.subarray(0, data.length / 2));
        breakLink(link, strike.fault);
      }
    });
  }

  function drip(link: Link, data: Buffer): void {
    let at = 0;
    link.drip ??= setInterval(() => {
      if (at < data.length) link.client.write(data.subarray(at, ++at));
    }, dripMs);
  }

  const server = createServer((client) => {
    opened += 1;
    if (isAway) return void client.resetAndDestroy();
    const link: Link = {
      client,
      server: createConnection(target),
      broken: null,
      losesAnswer: null,
      drip: null,
    };
    links.add(link);
    listenTo(link, client, link.server, "said");
    listenTo(link, link.server, client, "heard");
    for (const [socket, other] of [
      [client, link.server],
      [link.server, client],
    ] as const) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (link.drip) clearInterval(link.drip);
        // An end that goes away behind a half-open wire is not noticed at the other.
        if (link.broken !== "silent") other.destroy();
        if (socket === client) {
          links.delete(link);
          link.server.destroy();
        }
      });
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as { port: number }).port,
    strike: (strike) =>
      new Promise((struck) => void armed.push({ ...strike, left: strike.times ?? 1, struck })),
    forget: () => {
      armed = [];
    },
    hush: () => {
      for (const link of links) link.broken = "silent";
    },
    away: () => {
      isAway = true;
      for (const link of links) breakLink(link, "reset");
    },
    restore: () => {
      isAway = false;
    },
    connections: () => opened,
    stop: async () => {
      for (const link of links) breakLink(link, "cut");
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Where a DATABASE_URL of the embedded server points: the wire needs the socket, its client the same URL by TCP. */
export function wiredUrl(url: string): { target: NetConnectOpts; through(port: number): string } {
  const socketFolder = new URL(url).searchParams.get("host") ?? "";
  return {
    target: { path: `${socketFolder}/.s.PGSQL.5432` },
    through: (port) => {
      const wired = new URL(url);
      wired.hostname = "127.0.0.1";
      wired.port = String(port);
      wired.searchParams.delete("host");
      return wired.href;
    },
  };
}
