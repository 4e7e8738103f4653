// Scans and photographs of printed pages: known words → PDF → pixels, made worse the way scanners and telephones do.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as word from "docx";
import { seeded } from "../../test/support/random.ts";
import { type Maker, pythonJobs } from "./maker.ts";
import { idea, ideaRows, knownOf, type Material, summary } from "./material.ts";
import { convertAll, flatText, put, run } from "./office.ts";

export async function makeScans(maker: Maker): Promise<void> {
  const short = idea("s-short", 41, { plain: true });
  const long = idea("s-long", 42, { plain: true, paragraphs: 8 });
  const full = summary("s-full", 43, { plain: true, sections: 2, notes: false });
  const regular = idea("s-regular", 45, { plain: true, paragraphs: 6 });
  const table: Material = {
    name: "s-table",
    title: "汇总表",
    header: "",
    blocks: [
      { kind: "title", text: "金点子汇总表" },
      { kind: "table", rows: ideaRows(seeded(44), 9, true) },
      { kind: "closing", text: "群众艺术馆办公室" },
    ],
  };
  const pages = async (material: Material, dpi: number, font?: string): Promise<string[]> => {
    const layout = { header: false, ...(font ? { font } : {}) };
    const source = await put(maker.scratch, `${material.name}.fodt`, flatText(material, layout));
    await convertAll(maker.scratch, [source], "pdf:writer_pdf_Export", ".pdf", maker.scratch);
    const out = join(maker.scratch, `${material.name}-${dpi}`);
    await mkdir(out, { recursive: true });
    await run("pdftoppm", [
      "-r",
      String(dpi),
      "-gray",
      "-png",
      join(maker.scratch, `${material.name}.pdf`),
      join(out, "p"),
    ]);
    return (await readdir(out)).sort().map((name) => join(out, name));
  };
  const jobs: object[] = [];
  const add = (make: "scan" | "photo", file: string, material: Material, paths: string[], how: object) => {
    jobs.push({ make, out: maker.path(file), pages: paths, seed: jobs.length + 1, ...how });
    maker.add(file, make, "Pillow", knownOf(material));
  };
  const [shortPages, longPages, fullPages] = [
    await pages(short, 200),
    await pages(long, 200),
    await pages(full, 200),
  ];
  add("scan", "scan-clean.png", short, shortPages, {});
  add("scan", "scan-dusty.jpg", long, longPages, { dust: true, angle: 0.4 });
  add("scan", "scan-black.tif", short, shortPages, { black: true });
  add("scan", "scan-pages.pdf", full, fullPages, {});
  add("scan", "scan-fax.pdf", long, longPages, { black: true, angle: -0.3 });
  add("scan", "scan.bmp", short, shortPages, {});
  add("scan", "scan-300.png", long, await pages(long, 300), {});
  add("scan", "scan-table.jpg", table, await pages(table, 200, "AR PL SungtiL GB"), { dust: true });
  add("scan", "scan-regular-script.png", regular, await pages(regular, 200, "AR PL KaitiM GB"), {
    angle: 0.5,
  });
  add("scan", "scan-150.png", long, await pages(long, 150), {});
  const [shortLarge, longLarge] = [await pages(short, 250), await pages(long, 250)];
  const plainly = { lean: 0.06, angle: 1.5, blur: 0.7, shadow: 0.3 };
  add("photo", "photo.jpg", short, shortLarge, plainly);
  add("photo", "photo-askew.jpg", long, longLarge, {
    lean: 0.14,
    angle: -4,
    blur: 0.9,
    shadow: 0.45,
    quality: 65,
  });
  add("photo", "photo-on-its-side.jpg", short, shortLarge, { ...plainly, turned: 90 });
  // The telephone stores the picture as its sensor lies and says so beside it.
  add("photo", "photo-exif.jpg", long, longLarge, { ...plainly, turned: 90, exif: 6 });
  add("photo", "photo.webp", short, shortLarge, plainly);
  const [regularLarge, tableLarge] = [await pages(regular, 250), await pages(table, 250)];
  const poorly = { lean: 0.1, angle: 3, blur: 1.6, shadow: 0.65, noise: 12, quality: 55 };
  add("photo", "photo-dark.jpg", regular, regularLarge, poorly);
  add("photo", "photo-small.jpg", long, longLarge, { ...plainly, size: 0.55 });
  add("photo", "photo-curled.jpg", table, tableLarge, { ...plainly, angle: -2, curl: 30 });
  // Two lines in every picture format, to be damaged: recognition takes its time by the words there are.
  for (const extension of ["png", "jpg", "tif", "bmp", "webp"]) {
    const out = maker.path(`small.${extension}`);
    jobs.push({
      make: "scan",
      out,
      pages: shortPages.slice(0, 1),
      seed: 1,
      dust: true,
      crop: [150, 150, 1450, 420],
    });
  }
  await pythonJobs(jobs);
  const [page] = longPages as [string];
  const pasted = new word.Document({
    sections: [
      {
        children: [
          new word.Paragraph({
            children: [
              new word.ImageRun({
                type: "png",
                data: await readFile(page),
                transformation: { width: 590, height: 835 },
              }),
            ],
          }),
        ],
      },
    ],
  });
  await maker.put(
    "scan-pasted.docx",
    "scan",
    "docx (npm)",
    await word.Packer.toBuffer(pasted),
    knownOf(long),
  );
  const typed = join(maker.scratch, "s-short.pdf");
  await run("qpdf", [
    "--empty",
    "--pages",
    typed,
    maker.path("scan-fax.pdf"),
    "--",
    maker.path("scan-mixed.pdf"),
  ]);
  maker.add("scan-mixed.pdf", "scan", "qpdf", {
    units: [...knownOf(short).units, ...knownOf(long).units],
    optional: [],
  });
}
