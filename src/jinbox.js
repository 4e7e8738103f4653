#!/usr/bin/env node
// The `jinbox` command: makes sure Node 24 runs it (the one npm installed here will do), then starts main.ts.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const bundledNode = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import("./main.ts");
} else if (existsSync(bundledNode)) {
  const child = spawn(bundledNode, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal gives Ctrl+C to both of us; told twice, the service would not finish the work in hand.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  console.error(
    `jinbox needs Node.js 24 or newer; this is ${process.version}. Run "npm ci" here: it brings one along.\n` +
      `jinbox 需要 Node.js 24 或更高版本，当前为 ${process.version}。请在本目录运行 npm ci，它会自带一个。`,
  );
  process.exitCode = 2;
}
