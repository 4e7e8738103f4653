// Reliability §2, rows 12 to 17: whatever breaks between the outbox and the server's last word, nothing is lost, nothing is
// called failed that may have arrived, and nothing goes out twice but what nobody can know of, and that once.
import { describe, expect, test } from "vitest";
import type { SmtpTransport } from "../../src/notice/transport.ts";
import type { App } from "../../src/service/app.ts";
import { handleAll, sendPass } from "../../src/service/passes.ts";
import type { Fault } from "../support/wire.ts";
import { eachOnce, world } from "./world.ts";

const it = world();
/** The end of a message on the wire. */
const finalDot = /\r\n\.\r\n$/;
const settling = /update notice set\s+state = ended\.state/;

/** One mail, filed, its answer written and not sent. */
async function intended(): Promise<void> {
  await it.deliver(1);
  await it.takeIn();
  await handleAll(it.app);
  // The transport keeps connections open: the next conversation begins with its first word.
  it.smtp.away();
  it.smtp.restore();
}

const states = async () => (await it.rows("select state from notice order by id")).map(({ state }) => state);
const arrived = () => it.sink.mails.length;

/** Whatever is open after so many minutes, again and again: in the end the answer has left, `times` times. */
async function inTheEnd(times: number): Promise<void> {
  for (const minutes of [2, 16, 31, 31, 120]) {
    await it.later(minutes);
    await sendPass(it.app);
  }
  expect(await states()).toEqual(["accepted"]);
  expect(await it.books()).toEqual({ ...eachOnce(1), answered: { "staff1@lib.culture.example": times } });
}

/** The transport with something happening just before or after it is used. */
function around(transport: SmtpTransport, deliver: SmtpTransport["deliver"]): SmtpTransport {
  return { ...transport, connections: 1, deliver };
}

/** One pass of sending on an app that may lose its database half-way. */
const sending = (app: App = it.app) => sendPass(app).catch((error: Error) => error);

describe("row 12: claimed, nothing sent", () => {
  test("row 12 K: killed there, its lease ends within a minute, and another sends it", async () => {
    await it.deliver(1);
    expect(await (await it.poll("claimed")).ended).toBe(null);
    const [row] = await it.rows(
      "select state, lease_until <= now() + interval '60 seconds' as soon from notice",
    );
    expect(row).toEqual({ state: "claimed", soon: true });
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });

  test.each<[string, () => unknown]>([
    ["row 12 N: the server is away", () => it.smtp.away()],
    ["row 12 H: the server says nothing", () => it.smtp.strike({ heard: /^220/, fault: "silent", times: 5 })],
  ])("%s: it is tried again", async (_name, breaks) => {
    await intended();
    void breaks();
    await sending();
    expect(await states()).toEqual(["intended"]);
    it.smtp.forget();
    it.smtp.restore();
    await inTheEnd(1);
  });

  test("row 12 D: the reply to the claim's COMMIT is lost: whoever has it, it leaves once", async () => {
    await intended();
    const whenClaimed = (): void => void it.store.strike({ said: /commit\0/, fault: "reset", arrives: true });
    void it.store.strike({ said: /state = 'claimed'/, fault: whenClaimed });
    expect(await sending()).toBeInstanceOf(Error);
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });

  test("row 12 F: without room nothing is claimed and nothing leaves", async () => {
    await intended();
    await it.full(async () => expect(await sending()).toBeInstanceOf(Error));
    expect(await states()).toEqual(["intended"]);
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });

  test("row 12 T: a machine whose clock is an hour ahead takes the lease away, and only one of the two sends", async () => {
    await intended();
    const clock = { ...it.app.clock, now: () => new Date(it.app.clock.now().getTime() + 3_600_000) };
    const ahead: App = { ...it.app, clock, worker: "ahead" };
    const overtaken = around(it.app.transport, async (notice, hooks) => {
      await sendPass(ahead);
      return it.app.transport.deliver(notice, hooks);
    });
    await sending({ ...it.app, transport: overtaken });
    expect(arrived()).toBe(1);
    await inTheEnd(1);
  });
});

describe("row 13: EHLO to RCPT", () => {
  test("row 13 K: killed there, another sends it", async () => {
    await it.deliver(1);
    expect(await (await it.poll("delivering")).ended).toBe(null);
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });

  test.each<[string, RegExp, Fault]>([
    ["row 13 N: reset at EHLO", /^EHLO/, "reset"],
    ["row 13 N: reset at MAIL", /^MAIL FROM/m, "reset"],
    ["row 13 N: reset at RCPT", /^RCPT TO/m, "reset"],
    ["row 13 H: silent at RCPT", /^RCPT TO/m, "silent"],
  ])("%s: certainly not sent, tried again", async (_name, said, fault) => {
    await intended();
    // The transport may try a fresh connection by itself where nothing was given away.
    void it.smtp.strike({ said, fault, times: 5 });
    await sending();
    expect(await states()).toEqual(["intended"]);
    expect(arrived()).toBe(0);
    it.smtp.forget();
    await inTheEnd(1);
  });

  test("row 13 D: the database goes away meanwhile: what it does not know of does not leave", async () => {
    await intended();
    void it.smtp.strike({ said: /^RCPT TO/m, fault: () => it.store.away() });
    await sending();
    expect(arrived()).toBe(0);
    it.store.restore();
    await inTheEnd(1);
  });

  test("row 13 F: the disk is full meanwhile: what cannot be noted does not leave", async () => {
    await intended();
    const withoutRoom = around(it.app.transport, async (notice, hooks) => {
      let delivery: Awaited<ReturnType<SmtpTransport["deliver"]>> | undefined;
      await it.full(async () => {
        delivery = await it.app.transport.deliver(notice, hooks);
      });
      return delivery as NonNullable<typeof delivery>;
    });
    await sending({ ...it.app, transport: withoutRoom });
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });
});

describe("row 14: DATA before the final dot", () => {
  test.each([
    ["row 14 K: killed before its data is noted", "data-asked"],
    ["row 14 K: killed before the first byte of its data", "data-sent"],
  ])("%s: it leaves once in the end", async (_name, point) => {
    await it.deliver(1);
    expect(await (await it.poll(point)).ended).toBe(null);
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });

  test.each<[string, Fault]>([
    ["row 14 N: reset in its data", "reset"],
    ["row 14 H: silent in its data", "silent"],
  ])("%s: nobody knows, so it is ambiguous, and leaves once in the end", async (_name, fault) => {
    await intended();
    void it.smtp.strike({ said: /^Subject: /m, fault });
    await sending();
    expect(await states()).toEqual(["ambiguous"]);
    expect(arrived()).toBe(0);
    await inTheEnd(1);
  });
});

describe("row 15: after the final dot, before 250", () => {
  test("row 15 K: killed there, it is ambiguous; without a copy in Sent it goes out once more and no third time", async () => {
    await it.deliver(1);
    const struck = it.smtp.strike({ said: finalDot, fault: () => poll.signal("SIGKILL") });
    const poll = await it.poll();
    await struck;
    expect(await poll.ended).toBe(null);
    expect(await states()).toEqual(["data-sent"]);
    await it.later(16);
    await sendPass(it.app);
    expect(await states()).toEqual(["ambiguous"]);
    await inTheEnd(arrived() + 1);
    expect(arrived()).toBeLessThanOrEqual(2);
  });

  test.each<[string, Fault]>([
    ["row 15 N: the connection is reset before 250", "reset"],
    ["row 15 H: the server takes it and never says so", "silent"],
  ])("%s: ambiguous, then once more and no third time", async (_name, fault) => {
    await intended();
    void it.smtp.strike({ said: finalDot, fault, arrives: true });
    await sending();
    expect(await states()).toEqual(["ambiguous"]);
    await inTheEnd(2);
  });

  test("row 15 other: what may have arrived is never called failed", async () => {
    await intended();
    void it.smtp.strike({ said: finalDot, fault: "reset", arrives: true });
    const seen = new Set<unknown>();
    for (const minutes of [0, 2, 16, 29]) {
      await it.later(minutes);
      await sending();
      for (const state of await states()) seen.add(state);
    }
    expect([...seen]).toEqual(["ambiguous", "accepted"]);
  });
});

describe("row 16: 250 seen, not recorded", () => {
  test("row 16 K: killed there, it is ambiguous like any other, and goes out twice at most", async () => {
    await it.deliver(1);
    expect(await (await it.poll("answered")).ended).toBe(null);
    expect(arrived()).toBe(1);
    expect(await states()).toEqual(["data-sent"]);
    await inTheEnd(2);
  });

  test("row 16 D: the reply to the record is lost: it stands, and nothing goes out again", async () => {
    await intended();
    void it.store.strike({ said: settling, fault: "reset", arrives: true });
    expect(await sending()).toBeInstanceOf(Error);
    expect(await states()).toEqual(["accepted"]);
    await inTheEnd(1);
  });

  test("row 16 D: the record is lost: ambiguous, and twice at most", async () => {
    await intended();
    void it.store.strike({ said: settling, fault: "reset" });
    expect(await sending()).toBeInstanceOf(Error);
    expect(await states()).toEqual(["data-sent"]);
    await inTheEnd(2);
  });

  test("row 16 F: there is no room for the record: ambiguous, and twice at most", async () => {
    await intended();
    void it.smtp.strike({ said: finalDot, fault: () => undefined });
    const full = around(it.app.transport, async (notice, hooks) => {
      const delivery = await it.app.transport.deliver(notice, hooks);
      it.store.away();
      return delivery;
    });
    expect(await sending({ ...it.app, transport: full })).toBeInstanceOf(Error);
    it.store.restore();
    expect(await states()).toEqual(["data-sent"]);
    await inTheEnd(2);
  });
});

describe("row 17: it comes back before we know that it was taken", () => {
  async function returned(): Promise<void> {
    const id = it.sink.mails[0]?.messageId ?? "";
    const report = [
      "From: MAILER-DAEMON@mx.culture.example",
      "To: ideas@culture.example",
      "Subject: Undelivered Mail Returned to Sender",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "MIME-Version: 1.0",
      "Auto-Submitted: auto-replied",
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "not delivered",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.culture.example",
      "",
      "Final-Recipient: rfc822; staff1@lib.culture.example",
      "Action: failed",
      "Status: 5.1.1",
      "",
      "--b",
      "Content-Type: message/rfc822",
      "",
      `Message-ID: ${id}`,
      "Subject: x",
      "",
      "x",
      "--b--",
      "",
    ];
    await it.dovecot.deliver(it.user, Buffer.from(report.join("\r\n")));
  }

  test("row 17 K: killed with 250 unrecorded, the report finds it by its id: bounced, and not sent again", async () => {
    await it.deliver(1);
    expect(await (await it.poll("answered")).ended).toBe(null);
    await returned();
    expect(await (await it.poll("bounce-recorded")).ended).toBe(null);
    expect(await states()).toEqual(["data-sent"]);
    await it.takeIn();
    await handleAll(it.app);
    expect(await states()).toEqual(["bounced"]);
    await it.later(120);
    await sendPass(it.app);
    expect(await states()).toEqual(["bounced"]);
    expect(arrived()).toBe(1);
  });

  test("row 17 other: the report comes first, the record of the sending after it: bounced", async () => {
    await intended();
    const overtaken = around(it.app.transport, async (notice, hooks) => {
      const delivery = await it.app.transport.deliver(notice, hooks);
      await returned();
      await it.takeIn();
      await handleAll(it.app);
      return delivery;
    });
    await sending({ ...it.app, transport: overtaken });
    expect(await states()).toEqual(["bounced"]);
    expect(arrived()).toBe(1);
  });
});
