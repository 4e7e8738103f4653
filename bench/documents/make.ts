// Makes the bench's documents into a folder kept between runs; each with its known text, in manifest.json.
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as word from "docx";
import exceljs from "exceljs";
import { unzipSync } from "fflate";
import * as opencc from "opencc-js";
import { type PageStyle, printPdfs, webPage } from "./browser.ts";
import * as hand from "./handmade.ts";
import { drawnPdf } from "./handmade-pdf.ts";
import { Maker, pythonJobs } from "./maker.ts";
import {
  idea,
  type Known,
  knownOf,
  knownOfSheets,
  knownOfSlides,
  type Material,
  type Sheet,
  slides,
  summary,
  workbook,
} from "./material.ts";
import { convertAll, flatSheets, flatSlides, flatText, put, run } from "./office.ts";
import type { Format, Sample } from "./sample.ts";
import { makeScans } from "./scans.ts";

/** The documents of a folder, made when they are not there or the makers have changed. */
export async function documents(
  folder: string,
  fresh: boolean,
  say: (line: string) => void,
): Promise<Sample[]> {
  const key = await makersHash();
  const manifest = join(folder, "manifest.json");
  if (!fresh) {
    const kept = await readFile(manifest, "utf8").then(JSON.parse, () => null);
    if (kept?.key === key) return kept.samples;
  }
  await rm(folder, { recursive: true, force: true });
  const maker = new Maker(folder);
  await mkdir(maker.scratch, { recursive: true });
  const steps: [string, (maker: Maker) => Promise<void>][] = [
    ["LibreOffice texts", officeTexts],
    ["LibreOffice sheets and slides", officeTables],
    ["docx and exceljs", libraries],
    ["python", python],
    ["Chromium", browser],
    ["by hand", byHand],
    ["PDFs by hand", pdfsByHand],
    ["archives and mails", containers],
    ["scans and photographs", makeScans],
  ];
  for (const [name, step] of steps) {
    const startedAt = performance.now();
    const before = maker.samples.length;
    await step(maker);
    say(
      `made ${maker.samples.length - before} by ${name}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
    );
  }
  await rm(maker.scratch, { recursive: true, force: true });
  await writeFile(manifest, JSON.stringify({ key, samples: maker.samples }));
  return maker.samples;
}

async function makersHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(import.meta.dirname)).sort())
    if (/(make|made|material|words|random|office|browser|scans)[\w-]*\.(ts|py)$/.test(name))
      hash.update(await readFile(join(import.meta.dirname, name)));
  return hash.digest("hex");
}

export const texts = {
  idea: idea("idea", 11),
  summary: summary("summary", 12, { sections: 5 }),
  report: summary("report", 13, { sections: 15 }),
  /** For charsets and readers that know no rare characters. */
  plain: summary("plain", 14, { sections: 3, plain: true, notes: false }),
};

/** A list numbered 一、二、三 by the writer's own numbering: the numbers are in no text. */
const numbered: Material = {
  name: "numbered",
  title: "金点子汇总",
  header: "",
  blocks: [
    { kind: "title", text: "金点子汇总" },
    { kind: "list", items: idea("items", 15, { paragraphs: 8 }).blocks.slice(1, 9).map(wordsOf) },
    { kind: "closing", text: "群众艺术馆办公室汇总" },
  ],
};

function wordsOf(block: Material["blocks"][number]): string {
  return "text" in block ? block.text : "";
}

function knownNumbered(): Known {
  const known = knownOf(numbered);
  const signs = "一二三四五六七八";
  return {
    ...known,
    units: known.units.map((unit, at) =>
      at >= 1 && at <= 8 ? { cells: [`${signs[at - 1]}、`, ...unit.cells] } : unit,
    ),
  };
}

async function officeTexts(maker: Maker): Promise<void> {
  const all = [texts.idea, texts.summary, texts.report];
  const sources: string[] = [];
  for (const material of all)
    sources.push(await put(maker.scratch, `${material.name}.fodt`, flatText(material)));
  const plans: [format: Format, filter: string, extension: string, known?: { header?: boolean }][] = [
    ["docx", "docx:MS Word 2007 XML", ".docx"],
    ["docx", "docx:Office Open XML Text", ".ooxml.docx"],
    ["doc", "doc:MS Word 97", ".doc"],
    ["rtf", "rtf:Rich Text Format", ".rtf"],
    ["odt", "odt:writer8", ".odt"],
    ["pdf", "pdf:writer_pdf_Export", ".pdf"],
    ["html", "html:HTML (StarWriter)", ".html"],
    ["xml", "xml:MS Word 2003 XML", ".2003.xml"],
  ];
  for (const [format, filter, extension] of plans) {
    await convertAll(maker.scratch, sources, filter, extension, maker.folder);
    for (const material of all)
      maker.add(`${material.name}${extension}`, format, "LibreOffice", knownOf(material, { header: true }));
  }
  const one = sources.slice(1, 2);
  const known = knownOf(texts.summary, { header: true });
  await convertAll(maker.scratch, one, "dotx:MS Word 2007 XML Template", ".dotx", maker.folder);
  maker.add("summary.dotx", "docx", "LibreOffice", known);
  await convertAll(maker.scratch, one, "docm:MS Word 2007 XML VBA", ".docm", maker.folder);
  maker.add("summary.docm", "docx", "LibreOffice", known);
  await cp(maker.path("report.doc"), maker.path("report.wps"));
  maker.add("report.wps", "wps", "LibreOffice", knownOf(texts.report, { header: true }));
  await convertAll(maker.scratch, one, "txt:Text (encoded):UTF8", ".txt", maker.folder);
  // LibreOffice leaves page headers and notes out of plain text.
  maker.add("summary.txt", "txt", "LibreOffice", knownOf(texts.summary, { notes: false }));
  await cp(one[0] as string, maker.path("summary.fodt"));
  maker.add("summary.fodt", "odt", "LibreOffice", known);
  const columned = summary("columns", 16, { sections: 6, tables: false });
  const drawn = [await put(maker.scratch, "columns.fodt", flatText(columned, { columns: 2, size: 11 }))];
  await convertAll(maker.scratch, drawn, "pdf:writer_pdf_Export", ".pdf", maker.folder);
  maker.add("columns.pdf", "pdf", "LibreOffice", knownOf(columned, { header: true }));
  const listed = [
    await put(maker.scratch, "numbered.fodt", flatText(numbered, { chineseNumbers: true, header: false })),
  ];
  for (const [format, filter, extension] of plans.filter(([, , extension]) =>
    [".docx", ".doc", ".rtf", ".odt", ".pdf"].includes(extension),
  )) {
    await convertAll(maker.scratch, listed, filter, extension, maker.folder);
    maker.add(`numbered${extension}`, format, "LibreOffice", knownNumbered());
  }
}

const sheets: Record<string, Sheet[]> = { one: workbook(21, [24]), many: workbook(22, [12, 30, 8]) };
const talk = slides(23, 9);
const brief = slides(24, 4);

async function officeTables(maker: Maker): Promise<void> {
  const books: string[] = [];
  for (const [name, pages] of Object.entries(sheets))
    books.push(await put(maker.scratch, `${name}.fods`, flatSheets(pages)));
  for (const [format, filter, extension] of [
    ["xlsx", "xlsx:Calc MS Excel 2007 XML", ".xlsx"],
    ["xls", "xls:MS Excel 97", ".xls"],
    ["ods", "ods:calc8", ".ods"],
  ] as const) {
    await convertAll(maker.scratch, books, filter, extension, maker.folder);
    for (const [name, pages] of Object.entries(sheets))
      maker.add(`${name}${extension}`, format, "LibreOffice", knownOfSheets(pages));
  }
  await cp(maker.path("many.xls"), maker.path("many.et"));
  maker.add("many.et", "xls", "LibreOffice", knownOfSheets(sheets.many as Sheet[]));
  const shows: string[] = [];
  for (const [name, pages] of [
    ["talk", talk],
    ["brief", brief],
  ] as const)
    shows.push(await put(maker.scratch, `${name}.fodp`, flatSlides(pages)));
  for (const [format, filter, extension] of [
    ["pptx", "pptx:Impress MS PowerPoint 2007 XML", ".pptx"],
    ["ppt", "ppt:MS PowerPoint 97", ".ppt"],
    ["odp", "odp:impress8", ".odp"],
    ["pdf", "pdf:impress_pdf_Export", ".slides.pdf"],
  ] as const) {
    await convertAll(maker.scratch, shows, filter, extension, maker.folder);
    for (const [name, pages] of [
      ["talk", talk],
      ["brief", brief],
    ] as const)
      maker.add(`${name}${extension}`, format, "LibreOffice", knownOfSlides(pages, format !== "pdf"));
  }
  await cp(maker.path("talk.ppt"), maker.path("talk.dps"));
  maker.add("talk.dps", "ppt", "LibreOffice", knownOfSlides(talk));
}

async function libraries(maker: Maker): Promise<void> {
  const line = (text: string) => new word.Paragraph({ children: [new word.TextRun(text)] });
  const listed = new word.Document({
    numbering: {
      config: [
        {
          reference: "ideas",
          levels: [{ level: 0, format: word.LevelFormat.CHINESE_COUNTING, text: "%1、", alignment: "start" }],
        },
      ],
    },
    sections: [
      {
        children: numbered.blocks.flatMap((block) =>
          block.kind === "list"
            ? block.items.map(
                (item) =>
                  new word.Paragraph({
                    numbering: { reference: "ideas", level: 0 },
                    children: [new word.TextRun(item)],
                  }),
              )
            : [line(wordsOf(block))],
        ),
      },
    ],
  });
  await maker.put(
    "numbered.npm.docx",
    "docx",
    "docx (npm)",
    await word.Packer.toBuffer(listed),
    knownNumbered(),
  );
  const material = summary("noted", 17, { sections: 7 });
  const notes: Record<string, { children: word.Paragraph[] }> = {};
  const children = material.blocks.flatMap((block): word.FileChild[] => {
    if (block.kind === "list") return block.items.map(line);
    if (block.kind === "table")
      return [
        new word.Table({
          rows: block.rows.map(
            (row) =>
              new word.TableRow({
                children: row.map((cell) => new word.TableCell({ children: [line(cell)] })),
              }),
          ),
        }),
      ];
    const runs: word.ParagraphChild[] = [new word.TextRun(block.text)];
    if (block.note) {
      const id = Object.keys(notes).length + 1;
      notes[id] = { children: [line(block.note)] };
      runs.push(new word.FootnoteReferenceRun(id));
    }
    return [new word.Paragraph({ children: runs })];
  });
  const noted = new word.Document({
    title: material.title,
    footnotes: notes,
    sections: [{ headers: { default: new word.Header({ children: [line(material.header)] }) }, children }],
  });
  await maker.put(
    "noted.npm.docx",
    "docx",
    "docx (npm)",
    await word.Packer.toBuffer(noted),
    knownOf(material, { header: true }),
  );
  for (const [name, pages] of Object.entries(sheets)) {
    const book = new exceljs.Workbook();
    for (const { name: title, rows } of pages) {
      const page = book.addWorksheet(title);
      for (const row of rows)
        page.addRow(row.map((cell) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell)));
      page.mergeCells("A1:E1");
    }
    const content = new Uint8Array(await book.xlsx.writeBuffer());
    await maker.put(`${name}.exceljs.xlsx`, "xlsx", "exceljs", content, knownOfSheets(pages));
  }
}

async function python(maker: Maker): Promise<void> {
  const jobs: object[] = [];
  const material = summary("python", 18, { sections: 6, notes: false });
  const facts = ({ title, header, blocks }: Material) => ({ title, header, blocks });
  for (const [name, one] of [
    ["python", material],
    ["python-idea", idea("python-idea", 19)],
  ] as const) {
    jobs.push({ make: "docx", out: maker.path(`${name}.docx`), ...facts(one) });
    maker.add(`${name}.docx`, "docx", "python-docx", knownOf(one, { header: true }));
  }
  for (const [name, pages] of Object.entries(sheets)) {
    jobs.push({ make: "xlsx", out: maker.path(`${name}.openpyxl.xlsx`), sheets: pages });
    maker.add(`${name}.openpyxl.xlsx`, "xlsx", "openpyxl", knownOfSheets(pages));
  }
  const plain = texts.plain;
  jobs.push({ make: "reportlab", out: maker.path("plain.reportlab.pdf"), ...facts(plain), withHeader: true });
  maker.add("plain.reportlab.pdf", "pdf", "reportlab", knownOf(plain, { header: true }));
  const short = idea("short", 25, { plain: true });
  jobs.push({ make: "reportlab", out: maker.path("short.reportlab.pdf"), ...facts(short) });
  maker.add("short.reportlab.pdf", "pdf", "reportlab", knownOf(short));
  const columned = summary("rl-columns", 26, { sections: 7, plain: true, tables: false, notes: false });
  jobs.push({ make: "reportlab", out: maker.path("columns.reportlab.pdf"), ...facts(columned), columns: 2 });
  maker.add("columns.reportlab.pdf", "pdf", "reportlab", knownOf(columned));
  await pythonJobs(jobs);
}

async function browser(maker: Maker): Promise<void> {
  const pages: { out: string; material: Material; style?: PageStyle }[] = [];
  const add = (name: string, material: Material, style: PageStyle = {}) => {
    pages.push({ out: maker.path(`${name}.chromium.pdf`), material, style });
    maker.add(`${name}.chromium.pdf`, "pdf", "Chromium", knownOf(material, { notes: false }));
  };
  add("idea", texts.idea);
  add("summary", texts.summary);
  add("columns", summary("c-columns", 27, { sections: 6, tables: false }), { columns: 2 });
  add("upright", idea("c-upright", 28, { paragraphs: 7 }), { upright: true });
  await printPdfs(pages);
}

async function byHand(maker: Maker): Promise<void> {
  const { summary: full, plain, report } = texts;
  const add = (file: string, format: Format, content: string | Uint8Array, known: Known) =>
    maker.put(file, format, "by hand", content, known);
  const known = knownOf(full, { notes: false });
  const knownPlain = knownOf(plain);
  const body = hand.lines(full).join("\r\n");
  const plainBody = hand.lines(plain).join("\r\n");
  await add("gb18030.txt", "txt", hand.encoded(body, "gb18030"), known);
  await add("gbk.txt", "txt", hand.encoded(plainBody, "gbk"), knownPlain);
  await add("utf16le.txt", "txt", hand.encoded(body, "utf16-le"), known);
  await add("utf16be.txt", "txt", hand.encoded(body, "utf16-be"), known);
  await add("utf8-bom.txt", "txt", hand.encoded(body, "utf8"), known);
  await add("readme.md", "txt", `# ${body.replaceAll("\r\n", "\n\n")}`, known);
  const traditional = inTraditional(plain);
  await add(
    "big5.txt",
    "txt",
    hand.encoded(hand.lines(traditional).join("\r\n"), "big5"),
    knownOf(traditional),
  );
  const rows = sheets.one?.[0]?.rows.slice(1) ?? [];
  const knownRows: Known = { units: rows.map((cells) => ({ cells })), optional: [] };
  await add("ideas.gb18030.csv", "csv", hand.encoded(hand.csv(rows), "gb18030"), knownRows);
  await add("ideas.utf8.csv", "csv", hand.encoded(hand.csv(rows), "utf8"), knownRows);
  await add("page.html", "html", webPage(full), known);
  await add("page-gb2312.doc", "html", hand.encoded(webPage(plain, "gb2312"), "gbk"), knownPlain);
  // A charset that lies, as pages saved by old tools have it.
  await add(
    "page-undeclared.htm",
    "html",
    hand.encoded(webPage(plain).replace(/<meta[^>]*>/, ""), "gbk"),
    knownPlain,
  );
  await add(
    "archive.mht",
    "mht",
    hand.webArchive(hand.encoded(webPage(plain, "gb2312"), "gbk"), "gb2312", "quoted-printable"),
    knownPlain,
  );
  await add("archive.doc", "mht", hand.webArchive(Buffer.from(webPage(full)), "utf-8", "base64"), known);
  await add("codepage.rtf", "rtf", hand.rtf(full, "codepage"), knownOf(full, { header: true }));
  await add("unicode.doc", "rtf", hand.rtf(report, "unicode"), knownOf(report, { header: true }));
  const revised = idea("revised", 31, { paragraphs: 10 });
  const comment = "批注意见：再核实一遍数据";
  const box = "（内部参阅）文本框里的话也要读到";
  await add("revised.docx", "docx", hand.revisedDocx(hand.lines(revised), box, comment), {
    units: [...knownOf(revised).units, { cells: [box], anywhere: true }],
    optional: [comment],
  });
  const parts = unzipSync(await readFile(maker.path("summary.docx")));
  await add("flat-package.xml", "xml", hand.flatPackage(parts), knownOf(full, { header: true }));
  const table = sheets.one?.[0]?.rows.slice(1, 7) ?? [];
  for (const [name, show] of [
    ["power", talk],
    ["point", brief],
  ] as const)
    await add(`${name}.pptx`, "pptx", hand.pptx(show, table, "组合图形里的话"), {
      units: [
        ...knownOfSlides(show).units,
        ...table.map((cells) => ({ cells })),
        { cells: ["组合图形里的话"], anywhere: true },
      ],
      optional: [],
    });
  for (const material of [texts.idea, full])
    await add(`${material.name}.ofd`, "ofd", hand.ofd(material, hand.lines(material)), {
      ...knownOf(material, { header: true, notes: false }),
    });
}

function inTraditional(material: Material): Material {
  const convert = opencc.Converter({ from: "cn", to: "tw" });
  // What the charset of old systems lacks is said otherwise: later additions are not in every reader's tables.
  const isKnown = (sign: string) => {
    const code = hand.encoded(sign, "big5").readUInt16BE();
    return (code >= 0xa140 && code < 0xc6a1) || (code >= 0xc940 && code < 0xf9d6);
  };
  const suited = (text: string) =>
    [...convert(text).replaceAll("〇", "○")]
      .map((sign) => (sign < "\x80" || isKnown(sign) ? sign : "哲"))
      .join("");
  return {
    ...material,
    blocks: material.blocks.map((block) => {
      if (block.kind === "table") return { ...block, rows: block.rows.map((row) => row.map(suited)) };
      if (block.kind === "list") return { ...block, items: block.items.map(suited) };
      return { ...block, text: suited(block.text) };
    }),
  };
}

async function pdfsByHand(maker: Maker): Promise<void> {
  const full = hand.lines(texts.summary).map((line) => line.replaceAll("\t", "　"));
  const plain = hand.lines(texts.plain).map((line) => line.replaceAll("\t", "　"));
  const known = knownOf(texts.summary, { notes: false });
  const knownPlain = knownOf(texts.plain);
  const song = { ordering: "GB1", font: "STSong-Light" } as const;
  const add = (file: string, texts: string[], drawing: Parameters<typeof drawnPdf>[1], words: Known) =>
    maker.put(file, "pdf", "by hand", drawnPdf(texts, drawing), words);
  await add("gbk-euc.pdf", plain, { ...song, cmap: "GBK-EUC-H", charset: "gbk" }, knownPlain);
  await add(
    "gbk2k.pdf",
    full.map((line) => line.replaceAll("𠮷", "吉")),
    { ...song, cmap: "GBK2K-H", charset: "gb18030" },
    without(known, "𠮷", "吉"),
  );
  await add("ucs2.pdf", plain, { ...song, cmap: "UniGB-UCS2-H", charset: "utf16-be" }, knownPlain);
  await add(
    "utf16.pdf",
    full.map((line) => line.replaceAll("𠮷", "吉")),
    { ...song, cmap: "UniGB-UTF16-H", charset: "utf16-be" },
    without(known, "𠮷", "吉"),
  );
  await add("upright.pdf", plain, { ...song, cmap: "UniGB-UCS2-V", charset: "utf16-be" }, knownPlain);
  await add(
    "columns.hand.pdf",
    plain,
    { ...song, cmap: "UniGB-UCS2-H", charset: "utf16-be", columns: 2 },
    knownPlain,
  );
  const traditional = inTraditional(texts.plain);
  await add(
    "big5.pdf",
    hand.lines(traditional).map((line) => line.replaceAll("\t", "　")),
    { cmap: "ETen-B5-H", charset: "big5", ordering: "CNS1", font: "MSung-Light" },
    knownOf(traditional),
  );
  const from = maker.path("summary.pdf");
  const words = knownOf(texts.summary, { header: true });
  await run("qpdf", ["--encrypt", "", "owner", "256", "--", from, maker.path("locked-256.pdf")]);
  maker.add("locked-256.pdf", "pdf", "qpdf", words);
  await run("qpdf", [
    "--allow-weak-crypto",
    "--encrypt",
    "",
    "owner",
    "128",
    "--",
    from,
    maker.path("locked-128.pdf"),
  ]);
  maker.add("locked-128.pdf", "pdf", "qpdf", words);
  await run("qpdf", ["--object-streams=generate", "--linearize", from, maker.path("linearised.pdf")]);
  maker.add("linearised.pdf", "pdf", "qpdf", words);
}

function without(known: Known, sign: string, instead: string): Known {
  const units = known.units.map(({ cells, ...rest }) => ({
    ...rest,
    cells: cells.map((cell) => cell.replaceAll(sign, instead)),
  }));
  return { units, optional: known.optional };
}

async function containers(maker: Maker): Promise<void> {
  const file = async (name: string) => new Uint8Array(await readFile(maker.path(name)));
  const members: [string, Uint8Array][] = [
    ["1、金点子.docx", await file("idea.docx")],
    ["2、书面总结.doc", await file("summary.doc")],
    ["3、汇总表.xlsx", await file("one.xlsx")],
  ];
  const known: Known = {
    units: [
      ...knownOf(texts.idea, { header: true }).units,
      ...knownOf(texts.summary, { header: true }).units,
      ...knownOfSheets(sheets.one as Sheet[]).units,
    ],
    optional: [texts.idea.header, texts.summary.header, ...members.map(([name]) => name)],
  };
  await maker.put("gbk-names.zip", "archive", "by hand", hand.zipNamedInGbk(members), known);
  const inner = hand.zipNamedInGbk(members);
  await maker.put("nested.tar.gz", "archive", "by hand", hand.tarGz([["inner.zip", inner]]), known);
  const packed = join(maker.scratch, "packed");
  await mkdir(packed, { recursive: true });
  for (const [name, content] of members) await writeFile(join(packed, name), content);
  await run("7z", ["a", "-bd", maker.path("packed.7z"), packed]);
  maker.add("packed.7z", "archive", "7-Zip", known);
  const lines = hand.lines(texts.plain);
  await maker.put(
    "forwarded.eml",
    "mail",
    "by hand",
    hand.savedMail("转发：金点子", lines.join("\r\n"), await file("idea.docx"), "金点子.docx"),
    {
      units: [...knownOf(texts.plain).units, ...knownOf(texts.idea, { header: true }).units],
      optional: [texts.idea.header],
    },
  );
}
