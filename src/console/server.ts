// The console: server-rendered pages on one small HTTP server. Works without JavaScript; read-only.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AddressInfo, isIP } from "node:net";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Pool } from "pg";
import type { Campaign } from "../campaign/campaign.ts";
import type { Clock } from "../clock.ts";
import { calendarOf } from "../deadline/calendar.ts";
import type { Logger } from "../log.ts";
import type { Database } from "../store/database.ts";
import { attachmentDownload, noticeDownload, originalDownload } from "./download.ts";
import { healthRoutes } from "./health.ts";
import { type Desk, emptyState, heading, layout, type Page } from "./layout.ts";
import { heldPage } from "./page/held.ts";
import { mailOutPage, noticePage } from "./page/mail-out.ts";
import { mailPage, mailsPage } from "./page/mails.ts";
import { owedPage } from "./page/owed.ts";
import { submissionPage, submissionsPage } from "./page/submissions.ts";
import { todayPage } from "./page/today.ts";
import { countHeld, pulseOf } from "./records.ts";
import { consoleWords } from "./words.ts";

export interface ConsoleOptions {
  db: Database;
  campaign: Campaign;
  clock: Clock;
  host: string;
  /** 0 takes a free one. */
  port: number;
  log: Logger;
  /** Whose connections the metrics count. */
  pool?: Pool;
  /** False (absent: true): only what machines ask for. */
  pages?: boolean;
  extras?: () => { label: string; value: string }[];
}

export interface RunningConsole {
  url: string;
  close(): Promise<void>;
}

/** Resolves once the port answers; rejects when it is taken. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { host, port, log } = options;
  const app = consoleApp(options);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(starting));
    starting.once("error", reject);
  });
  const bound = (server.address() as AddressInfo).port;
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  log.info({ host, port: bound }, "console is listening");
  return {
    url: `http://${shown}:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

const asset = (name: string) => readFileSync(join(import.meta.dirname, "assets", name), "utf8");

export function consoleApp(options: ConsoleOptions): Hono {
  const { db, campaign, clock, log } = options;
  const desk: Desk = {
    db,
    campaign,
    clock,
    calendar: calendarOf(campaign),
    extras: options.extras ?? (() => []),
  };
  const stylesheet = asset("console.css");
  const script = asset("live.js");
  const assets = createHash("sha256").update(stylesheet).update(script).digest("hex").slice(0, 12);
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
  });
  healthRoutes(app, options);
  if (options.pages === false) return app;

  app.use(async (context, next) => {
    if (!isExpectedHost(context.req.header("host"), options.host)) return context.text("unknown host\n", 421);
    if (context.req.method !== "GET" && context.req.method !== "HEAD")
      return context.text("read-only\n", 405);
    await next();
  });

  const show = async (context: Context, page: Page | null) => {
    const found = page ?? notFound(campaign);
    const [pulse, held] = await Promise.all([pulseOf(db, campaign.code), countHeld(db, campaign.code)]);
    const frame = { pulse, held, now: clock.now(), assets };
    context.header("Cache-Control", "no-store");
    return context.html(layout(campaign, found, frame), found.status ?? 200);
  };
  const id = (context: Context) => {
    const text = context.req.param("id") ?? "";
    return /^\d{1,15}$/.test(text) ? Number(text) : -1;
  };

  app.get("/", async (context) => show(context, await todayPage(desk)));
  app.get("/held", async (context) => show(context, await heldPage(desk, context.req.query())));
  app.get("/owed", async (context) => show(context, await owedPage(desk)));
  app.get("/mails", async (context) => show(context, await mailsPage(desk, context.req.query())));
  app.get("/mails/:id", async (context) => show(context, await mailPage(desk, id(context))));
  app.get("/submissions", async (context) => show(context, await submissionsPage(desk, context.req.query())));
  app.get("/submissions/:reference", async (context) =>
    show(context, await submissionPage(desk, context.req.param("reference").slice(0, 100))),
  );
  app.get("/mail-out", async (context) => show(context, await mailOutPage(desk, context.req.query())));
  app.get("/mail-out/:id", async (context) => {
    // Our own mails carry inline styles, and a srcdoc frame inherits this page's policy: allowed here and nowhere else.
    context.header("Content-Security-Policy", `${policy}; style-src-attr 'unsafe-inline'`);
    return show(context, await noticePage(desk, id(context)));
  });

  app.get(
    "/attachments/:id",
    async (context) => (await attachmentDownload(desk, id(context))) ?? show(context, null),
  );
  app.get(
    "/mails/:id/original",
    async (context) => (await originalDownload(desk, id(context))) ?? show(context, null),
  );
  app.get("/mail-out/:id/attachments/:at{[0-9]{1,3}}", async (context) => {
    const download = await noticeDownload(desk, id(context), Number(context.req.param("at")));
    return download ?? show(context, null);
  });

  app.get("/pulse", async (context) => context.text(await pulseOf(db, campaign.code), 200, noStore));
  const forAYear = "public, max-age=31536000, immutable";
  app.get("/console.css", (context) => context.body(stylesheet, 200, fileHeaders("text/css", forAYear)));
  app.get("/live.js", (context) => context.body(script, 200, fileHeaders("text/javascript", forAYear)));

  app.notFound((context) => show(context, null));
  app.onError((error, context) => {
    log.error({ err: error, path: context.req.path }, "a console page failed");
    if (context.req.path === "/pulse") return context.text("unavailable\n", 503);
    const frame = { pulse: "", held: 0, now: clock.now(), assets };
    return context.html(layout(campaign, unavailable(campaign), frame), 503, securityHeaders);
  });
  return app;
}

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const securityHeaders = {
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Robots-Tag": "noindex, nofollow",
};

const noStore = { "Cache-Control": "no-store" };

function fileHeaders(type: string, caching: string): Record<string, string> {
  return { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": caching };
}

/**
 * On loopback only loopback's own names are answered: a foreign name pointed at 127.0.0.1 (DNS rebinding) would let
 * any web page read the console. The port may differ, as behind a forwarded one.
 */
export function isExpectedHost(header: string | undefined, host: string): boolean {
  const name = (header ?? "").toLowerCase().replace(/:\d+$/, "");
  const own = isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
  return name === own || name === "localhost" || name === "127.0.0.1" || name === "[::1]";
}

function notFound(campaign: Campaign): Page {
  const words = consoleWords(campaign.locale);
  const [title = ""] = words.notFound;
  return { title, section: "today", status: 404, body: emptyState(words.notFound) };
}

function unavailable(campaign: Campaign): Page {
  const [title = "", hint = ""] = consoleWords(campaign.locale).failed;
  return { title, section: "today", status: 503, body: heading(title, hint) };
}
