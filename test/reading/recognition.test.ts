// The recognising child: words of pictures come back from behind the wall, one child at a time, or a named reason does.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { type Document, heldDocument, noText } from "../../src/document/document.ts";
import { RecognitionEnded } from "../../src/reading/reader.ts";
import { withoutRecognition } from "../../src/reading/recognise.ts";
import { reader } from "../support/reading.ts";
import { scanOf } from "../support/scan.ts";
import { until } from "../support/until.ts";

const shown = { inline: false };
let page: Buffer;
beforeAll(async () => {
  page = await scanOf("Golden idea: open the library at night", "Readers could come after work.");
});

/** This process's recognising children, from the system's own list. */
function recognisingChildren(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = readFileSync(`/proc/${pid}/stat`, "latin1")
          .replace(/^.*\) /s, "")
          .split(" ");
        const isOurs = Number(parent) === process.pid;
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("recognising");
      } catch {
        return false;
      }
    });
}

/** A Word file that is nothing but scans pasted into it. */
function pastedScans(...scans: Buffer[]): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  const relations = (inner: string) =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  const pictures = scans.map(
    (_, at) =>
      `<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="r${at}"/></w:drawing></w:r></w:p>`,
  );
  const text = (content: string) => Buffer.from(content);
  return zipSync({
    "[Content_Types].xml": text(
      `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="png" ContentType="image/png"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    "_rels/.rels": text(relations(relation("r", "officeDocument", "word/document.xml"))),
    "word/_rels/document.xml.rels": text(
      relations(scans.map((_, at) => relation(`r${at}`, "image", `media/${at}.png`)).join("")),
    ),
    "word/document.xml": text(
      `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${pictures.join("")}</w:body></w:document>`,
    ),
    ...Object.fromEntries(scans.map((scan, at) => [`word/media/${at}.png`, scan])),
  });
}

test("the first reading counts, the second recognises, and tells how far it is", async () => {
  const one = reader();
  expect(await one.readDocument(page, shown)).toMatchObject({ unrecognised: 1, text: "" });
  const told: number[] = [];
  const document = await one.recognise(page, shown, (done) => told.push(done));
  expect(document).toMatchObject({ status: "read", unrecognised: 0, confidence: expect.any(Number) });
  expect(document.text).toContain("open the library at night");
  expect(told).toEqual([0, 1]);
});

test("scans pasted into a Word file are its text", async () => {
  const file = pastedScans(page, await scanOf("A second page that says something else"));
  const one = reader();
  expect(await one.readDocument(file, shown)).toMatchObject({ unrecognised: 2 });
  const { text } = await one.recognise(file, shown);
  expect(text.indexOf("open the library at night")).toBeGreaterThanOrEqual(0);
  expect(text.indexOf("says something else")).toBeGreaterThan(text.indexOf("open the library at night"));
});

test("a damaged picture costs the one beside it nothing, and alone is named damaged", async () => {
  const torn = Buffer.concat([page.subarray(0, 60), Buffer.alloc(100_000, 7)]);
  const one = reader();
  expect(await one.recognise(torn, shown)).toMatchObject({ status: "held", reason: "corrupt" });
  const { text } = await one.recognise(pastedScans(torn, page), shown);
  expect(text).toContain("open the library at night");
});

test("nothing is wrong with the engine of this checkout", async () => {
  expect(await reader().recognitionFault()).toBeNull();
});

describe.runIf(process.platform === "linux")("the child", () => {
  test("is one, however much is asked of it, and gives way to everything else", async () => {
    const one = reader();
    const most = { children: 0 };
    const asked = Array.from({ length: 3 }, () =>
      one.recognise(page, shown, () => {
        most.children = Math.max(most.children, recognisingChildren().length);
        for (const pid of recognisingChildren()) expect(getPriority(pid)).toBe(10);
      }),
    );
    await Promise.all(asked);
    expect(most.children).toBe(1);
  });

  test("is let go when nobody asks, and started again when somebody does", async () => {
    const one = reader({ recognition: { idleMs: 50 } });
    await one.recognise(page, shown);
    await until("no child is left", () => recognisingChildren().length === 0);
    expect((await one.recognise(page, shown)).status).toBe("read");
  });

  test("killed in the middle, is replaced, and the document read from its beginning", async () => {
    const one = reader();
    let kills = 0;
    const document = await one.recognise(page, shown, () => {
      if (kills > 0) return;
      kills += 1;
      for (const pid of recognisingChildren()) process.kill(pid, "SIGKILL");
    });
    expect(kills).toBe(1);
    expect(document.text).toContain("open the library at night");
  });

  test("that takes too much memory costs only what it was asked", async () => {
    const small = reader({ recognition: { memoryBytes: 90 * 1024 * 1024 } });
    expect(await small.recognise(page, shown)).toMatchObject({ status: "held", reason: "too-much-memory" });
    expect((await small.readDocument(Buffer.from("文字"), shown)).status).toBe("read");
  });

  test("told to end, says that nothing was found out about the document", async () => {
    const one = reader();
    const recognising = one.recognise(page, shown, () => void one.endRecognition());
    await expect(recognising).rejects.toThrow(RecognitionEnded);
    await until("no child is left", () => recognisingChildren().length === 0);
  });
});

describe.runIf(process.platform === "linux")("every child", () => {
  test("is bound by the work it does, not only by the time that passes", async () => {
    const slow = readFileSync(join(import.meta.dirname, "../../fixtures/hostile/memory.pdf"));
    const busy = reader({ wallMs: 3_600_000, cpuMs: 300 });
    expect(await busy.readDocument(slow, shown)).toMatchObject({
      reason: "too-slow",
      warnings: [expect.stringContaining("worked more than 300 ms")],
    });
  });

  test("finds what a killed process left behind removed, and what a living one keeps untouched", async () => {
    const dead = join(tmpdir(), "jinbox-reading-999999999-left");
    const living = join(tmpdir(), `jinbox-reading-${process.ppid}-kept`);
    for (const folder of [dead, living]) mkdirSync(folder);
    try {
      await reader().readDocument(Buffer.from("文字"), shown);
      expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
    } finally {
      rmSync(living, { recursive: true });
    }
  });
});

test("where recognition fails, the words a document has without it stand, with a remark", () => {
  const failed = heldDocument("application/pdf", "too-slow", ["took more than 60000 ms"]);
  const mixed: Document = {
    ...noText,
    ...{ mediaType: "application/pdf", status: "read", reason: null, text: "first page", unrecognised: 2 },
  };
  expect(withoutRecognition(mixed, failed)).toMatchObject({
    status: "read",
    text: "first page",
    unrecognised: 0,
    warnings: [expect.stringContaining("too-slow")],
  });
  const scan: Document = { ...mixed, status: "held", reason: "no-text", text: "" };
  expect(withoutRecognition(scan, failed)).toMatchObject({
    status: "held",
    reason: "too-slow",
    unrecognised: 0,
  });
});
