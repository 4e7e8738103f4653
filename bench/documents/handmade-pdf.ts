// PDFs that only name their Chinese font, in the encodings Chinese programs use; across and upright, in columns.
import iconv from "iconv-lite";
import { wrapped } from "./handmade.ts";

export interface Drawing {
  /** A predefined CMap (ISO 32000-1 table 118), `…-V` for upright writing. */
  cmap: string;
  charset: string;
  ordering: "GB1" | "CNS1";
  font: string;
  columns?: number;
}

const PAGE = { wide: 595, high: 842, margin: 56 };
const SIZE = 11;
const LEADING = 18;

export function drawnPdf(texts: string[], drawing: Drawing): Buffer {
  const upright = drawing.cmap.endsWith("-V");
  const columns = drawing.columns ?? 1;
  const hex = (text: string) => iconv.encode(text, drawing.charset, { addBOM: false }).toString("hex");
  const across = (PAGE.wide - 2 * PAGE.margin - (columns - 1) * 24) / columns;
  const along = PAGE.high - 2 * PAGE.margin;
  const signs = Math.floor((upright ? along : across) / SIZE);
  const perColumn = Math.floor((upright ? across : along) / LEADING);
  const all = texts.flatMap((text) => wrapped(`${upright ? "" : "　　"}${text}`, signs));
  const pages: string[] = [];
  for (let at = 0; at < all.length; at += perColumn * columns) {
    const operators: string[] = [];
    for (let column = 0; column < columns; column++) {
      const here = all.slice(at + column * perColumn, at + (column + 1) * perColumn);
      here.forEach((line, row) => {
        const x = upright
          ? PAGE.wide - PAGE.margin - SIZE - row * LEADING
          : PAGE.margin + column * (across + 24);
        const y = upright ? PAGE.high - PAGE.margin : PAGE.high - PAGE.margin - row * LEADING;
        operators.push(`1 0 0 1 ${x.toFixed(1)} ${y.toFixed(1)} Tm <${hex(line)}> Tj`);
      });
    }
    pages.push(`BT /F ${SIZE} Tf ${operators.join("\n")} ET`);
  }
  const [catalog, tree, font, descendant] = [1, 2, 3, 4];
  const objects = [
    `<</Type/Catalog/Pages ${tree} 0 R>>`,
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, at) => `${5 + at * 2} 0 R`).join(" ")}]>>`,
    `<</Type/Font/Subtype/Type0/BaseFont/${drawing.font}/Encoding/${drawing.cmap}/DescendantFonts[${descendant} 0 R]>>`,
    `<</Type/Font/Subtype/CIDFontType0/BaseFont/${drawing.font}/CIDSystemInfo<</Registry(Adobe)/Ordering(${drawing.ordering})/Supplement 4>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/${drawing.font}/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>`,
    ...pages.flatMap((content, at) => [
      `<</Type/Page/Parent ${tree} 0 R/MediaBox[0 0 ${PAGE.wide} ${PAGE.high}]/Resources<</Font<</F ${font} 0 R>>>>/Contents ${6 + at * 2} 0 R>>`,
      `<</Length ${content.length}>>stream\n${content}\nendstream`,
    ]),
  ];
  let file = "%PDF-1.5\n";
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root ${catalog} 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    "latin1",
  );
}
