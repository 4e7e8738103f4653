// The sign of life goes to the address that is configured, and to no other whatever answers or names say (R68).
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isInside, ping } from "../../src/watch/ping.ts";

let server: Server;
let url = "";
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/moved") response.writeHead(302, { Location: `${url}/elsewhere` });
    else response.writeHead(request.url === "/broken" ? 500 : 200);
    response.end("x".repeat(100_000));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const outside = [
  ...["1.1.1.1", "172.15.255.255", "172.32.0.1", "192.167.1.1", "100.63.0.1", "223.255.255.1"],
  ...["2606:4700::1111", "2001:db9::1"],
];
const inside = [
  ...[
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.5",
    "169.254.169.254",
    "100.64.0.1",
  ],
  ...["0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe"],
  ...[
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "fd00::1",
    "fe80::1",
    "ff02::1",
    "2002:7f00:1::",
    "64:ff9b:1::a00:1",
    "fec0::1",
  ],
];
test("which addresses are inside", () => {
  expect(outside.filter(isInside)).toEqual([]);
  expect(inside.filter((address) => !isInside(address))).toEqual([]);
});

test("asked where it may be; an answer that points elsewhere or fails is a failure, and is not followed", async () => {
  expect(await ping(`${url}/life`, { mayBeInside: true })).toEqual({ outcome: "ok" });
  expect(await ping(`${url}/moved`, { mayBeInside: true })).toMatchObject({ why: /302, redirects/ });
  expect(await ping(`${url}/broken`, { mayBeInside: true })).toEqual({ outcome: "failed", why: "HTTP 500" });
  expect(asked).toEqual(["/life", "/moved", "/broken"]);
});

test("inside it asks nobody unless that is meant: by number, by name, by the odd ways of writing a number", async () => {
  asked.length = 0;
  const { port } = new URL(url);
  const hosts = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0",
  ];
  for (const host of hosts) {
    const pinged = await ping(`http://${host}:${port}/x`, { mayBeInside: false });
    expect([host, pinged.outcome]).toEqual([host, "failed"]);
  }
  expect(asked).toEqual([]);
});

test("a server that takes and says nothing is given up", { timeout: 20_000 }, async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const { port } = silent.address() as AddressInfo;
  expect(await ping(`http://127.0.0.1:${port}/`, { mayBeInside: true })).toMatchObject({ outcome: "failed" });
  silent.closeAllConnections();
  silent.close();
});
