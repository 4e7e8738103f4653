// An attachment as labelled → the bytes of a real file of its kind: a paragraph a line, "# " a heading, "a | b" a table's row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow } from "docx";
import ExcelJS from "exceljs";
import { zipSync } from "fflate";
import iconv from "iconv-lite";
import { compoundFile } from "../../src/document/compound-writer.ts";
import { type Paragraph as WordParagraph, wordFile } from "../../test/document/word-builder.ts";
import { zipOf } from "../../test/document/zip-builder.ts";
import { pdfOf } from "../mails.ts";
import { type Attachment, endingOf } from "./label.ts";
import { photographOf } from "./photograph.ts";

type Block = { heading: string } | { text: string } | { rows: string[][] };

/** `seed` tells letters apart: two files nobody can read are still not the same file. */
export async function attachmentBytes(attachment: Attachment, seed: string): Promise<Uint8Array> {
  const { filename, text, encoding, unreadable, members } = attachment;
  const ending = endingOf(filename);
  if (unreadable) return spoilt(ending, unreadable, seed);
  if (members) {
    const files = await Promise.all(
      members.map(async (one) => [one.filename, await fileOf(endingOf(one.filename), one.text)] as const),
    );
    return zipSync(Object.fromEntries(files));
  }
  if (ending === "txt" && encoding) return iconv.encode((text ?? "").replace(/\n/g, "\r\n"), encoding);
  return fileOf(ending, text ?? "");
}

async function fileOf(ending: string, text: string): Promise<Uint8Array> {
  switch (ending) {
    case "docx":
      return docxOf(blocksOf(text));
    case "doc":
      return docOf(blocksOf(text));
    case "xlsx":
      return xlsxOf(text);
    case "rtf":
      return rtfOf(blocksOf(text));
    case "html":
    case "htm":
      return Buffer.from(htmlOf(text));
    case "pdf":
      return pdfOf(text);
    case "jpg":
    case "jpeg":
    case "png":
      return photographOf(text, ending === "png" ? "png" : "jpeg");
    default:
      return Buffer.from(text.replace(/\n/g, "\r\n"));
  }
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.replace(/\n+$/, "").split("\n")) {
    const cells = cellsOf(line);
    const last = blocks.at(-1);
    if (line.startsWith("# ")) blocks.push({ heading: line.slice(2).trim() });
    else if (cells.length === 1) blocks.push({ text: line });
    else if (last && "rows" in last) last.rows.push(cells);
    else blocks.push({ rows: [cells] });
  }
  return blocks;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** Word writes somebody's name into every file; this one is that of a computer from the shop. */
const AUTHOR = "Administrator";

async function docxOf(blocks: Block[]): Promise<Uint8Array> {
  const children = blocks.map((block) => {
    if ("heading" in block) return new Paragraph({ text: block.heading, heading: HeadingLevel.HEADING_1 });
    if ("text" in block) return new Paragraph(block.text);
    const width = Math.max(...block.rows.map((row) => row.length));
    return new Table({
      rows: block.rows.map(
        (row) =>
          new TableRow({
            children: Array.from(
              { length: width },
              (_, at) => new TableCell({ children: [new Paragraph(row[at] ?? "")] }),
            ),
          }),
      ),
    });
  });
  return Packer.toBuffer(new Document({ creator: AUTHOR, lastModifiedBy: AUTHOR, sections: [{ children }] }));
}

/** [MS-DOC] sprmPFTtp: the mark at the end of a row. */
const ROW_END = [0x17, 0x24, 1];

function docOf(blocks: Block[]): Uint8Array {
  return wordFile({
    body: blocks.flatMap((block): (WordParagraph | string)[] => {
      if ("heading" in block) return [block.heading];
      if ("text" in block) return [block.text];
      return block.rows.flatMap((row) => [
        ...row.map((cell) => ({ runs: [cell], end: "\x07" })),
        { runs: [], end: "\x07", changes: ROW_END },
      ]);
    }),
  });
}

async function xlsxOf(text: string): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("Sheet1");
  for (const line of text.replace(/\n+$/, "").split("\n")) {
    const cells = cellsOf(line.replace(/^# /, ""));
    sheet.addRow(cells.map((cell) => (/^\d{1,9}$/.test(cell) ? Number(cell) : cell)));
  }
  return new Uint8Array(await book.xlsx.writeBuffer());
}

function rtfOf(blocks: Block[]): Uint8Array {
  const escaped = (text: string) =>
    text.replace(/[\\{}]/g, "\\$&").replace(/[^\x20-\x7e]/g, (sign) => {
      const unit = sign.charCodeAt(0);
      return `\\u${unit > 0x7fff ? unit - 0x10000 : unit}?`;
    });
  const body = blocks.map((block) => {
    if ("heading" in block) return `\\pard\\qc\\b ${escaped(block.heading)}\\b0\\par`;
    if ("text" in block) return `\\pard ${escaped(block.text)}\\par`;
    return block.rows
      .map((row) => {
        const edges = row.map((_, at) => `\\cellx${(at + 1) * 2000}`).join("");
        return `\\trowd${edges}\\pard\\intbl ${row.map((cell) => `${escaped(cell)}\\cell`).join(" ")}\\row`;
      })
      .join("\n");
  });
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil SimSun;}}\n${body.join("\n")}\n}`,
  );
}

function htmlOf(text: string): string {
  if (/^\s*</.test(text)) return text;
  const escaped = (line: string) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const lines = text.split("\n").map((line) => `<p>${escaped(line)}</p>`);
  return `<html><head><meta charset="utf-8"></head><body>${lines.join("\n")}</body></html>`;
}

type Unreadable = NonNullable<Attachment["unreadable"]>;

async function spoilt(ending: string, how: Unreadable, seed: string): Promise<Uint8Array> {
  if (how === "empty") return new Uint8Array();
  if (how === "password-protected") return locked(ending, seed);
  if (how === "no-text") return wordless(ending, seed);
  const whole = Buffer.from(
    await fileOf(ending === "zip" ? "docx" : ending, `${seed}\n${"工作情况说明。".repeat(200)}`),
  );
  // Half of what was sent arrived; of a Word 97 file so little that its text is not among it.
  return whole.subarray(0, Math.min(Math.floor(whole.length / 2), ending === "doc" ? 2_000 : Infinity));
}

const hostile = join(import.meta.dirname, "../../fixtures/hostile");

function locked(ending: string, seed: string): Uint8Array {
  const content = Buffer.from(seed.repeat(40));
  switch (ending) {
    case "docx":
    case "xlsx":
      return compoundFile(
        [
          { name: "EncryptionInfo", content: Buffer.alloc(600, 1) },
          { name: "EncryptedPackage", content },
        ],
        1_000_000,
      ) as Buffer;
    case "doc":
      return wordFile({ body: [seed], flags: 0x0100 });
    case "pdf":
      return readFileSync(join(hostile, "encrypted.pdf"));
    case "zip":
      return zipOf([{ name: "1.docx", content, flags: 1 }]);
    default:
      throw new Error(`a .${ending} with a password cannot be made`);
  }
}

/** Something to look at, nothing to read; the colours come from the seed. */
async function wordless(ending: string, seed: string): Promise<Uint8Array> {
  const canvas = createCanvas(640, 480);
  const context = canvas.getContext("2d");
  const hue = [...seed].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 360, 7);
  const sky = context.createLinearGradient(0, 0, 0, 480);
  sky.addColorStop(0, `hsl(${hue}, 40%, 75%)`);
  sky.addColorStop(1, `hsl(${(hue + 40) % 360}, 30%, 35%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, 640, 480);
  if (ending === "jpg" || ending === "jpeg") return canvas.toBuffer("image/jpeg", 80);
  if (ending === "png") return canvas.toBuffer("image/png");
  return fileOf(ending, "");
}
