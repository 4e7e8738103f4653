// Material → LibreOffice's own flat files, and from them every format LibreOffice writes.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Block, Material, Sheet, Slide } from "./material.ts";

const NAMES = ["office", "text", "table", "style", "draw", "presentation", "number"]
  .map(
    (name) =>
      `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name === "number" ? "datastyle" : name === "draw" ? "drawing" : name}:1.0"`,
  )
  .concat(
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"',
  )
  .join(" ");
const FONT =
  'style:font-name="Song" style:font-name-asian="Song" fo:font-size="12pt" style:font-size-asian="12pt"';
const faces = (family = "Noto Serif CJK SC") =>
  `<office:font-face-decls><style:font-face style:name="Song" svg:font-family="'${family}'"/></office:font-face-decls>`;

export const escaped = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

function flat(kind: string, title: string, styles: string, body: string, family?: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<office:document ${NAMES} office:version="1.3" ` +
    `office:mimetype="application/vnd.oasis.opendocument.${kind}"><office:meta><dc:title>${escaped(title)}</dc:title></office:meta>` +
    `${faces(family)}${styles}<office:body><office:${kind}>${body}</office:${kind}></office:body></office:document>`
  );
}

export interface Layout {
  columns?: number;
  /** 一、二、三 made by the list, not written. */
  chineseNumbers?: boolean;
  header?: boolean;
  size?: number;
  font?: string;
}

export function flatText(material: Material, layout: Layout = {}): string {
  const { columns = 1, header = true, size = 12 } = layout;
  const format = layout.chineseNumbers
    ? 'style:num-format="一, 二, 三, ..." style:num-suffix="、"'
    : 'style:num-format="1" style:num-suffix="."';
  const font = FONT.replaceAll("12pt", `${size}pt`);
  const styles = `<office:styles><style:default-style style:family="paragraph"><style:text-properties ${font} fo:language="zh" fo:country="CN" style:language-asian="zh" style:country-asian="CN"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="1"><style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" ${format}/></text:list-style></office:styles>
<office:automatic-styles><style:style style:name="Title1" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="16pt" style:font-size-asian="16pt"/></style:style>
<style:style style:name="Body" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-indent="0.85cm" fo:line-height="150%"/></style:style>
<style:style style:name="Right" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<style:style style:name="C0" style:family="table-column"><style:table-column-properties style:column-width="1.4cm"/></style:style><style:style style:name="C1" style:family="table-column"><style:table-column-properties style:column-width="2.2cm"/></style:style><style:style style:name="C2" style:family="table-column"><style:table-column-properties style:column-width="2.8cm"/></style:style><style:style style:name="C3" style:family="table-column"><style:table-column-properties style:column-width="8cm"/></style:style><style:style style:name="C4" style:family="table-column"><style:table-column-properties style:column-width="2.2cm"/></style:style>
<style:style style:name="Sect" style:family="section"><style:section-properties><style:columns fo:column-count="${columns}" fo:column-gap="0.8cm"/></style:section-properties></style:style>
<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2.2cm"/>${header ? '<style:header-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-bottom="0.3cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.6cm"/></style:footer-style>' : ""}</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">${header ? `<style:header><text:p>${escaped(material.header)}</text:p></style:header><style:footer><text:p text:style-name="Right"><text:page-number text:select-page="current">1</text:page-number></text:p></style:footer>` : ""}</style:master-page></office:master-styles>`;
  let notes = 0;
  const block = (one: Block): string => {
    if (one.kind === "list")
      return `<text:list text:style-name="L">${one.items.map((item) => `<text:list-item><text:p text:style-name="Standard">${escaped(item)}</text:p></text:list-item>`).join("")}</text:list>`;
    if (one.kind === "table") {
      const cells = (row: string[]) =>
        row
          .map(
            (cell) =>
              `<table:table-cell table:style-name="Cell" office:value-type="string"><text:p>${escaped(cell)}</text:p></table:table-cell>`,
          )
          .join("");
      const wide = one.rows[0]?.length ?? 1;
      return `<table:table table:name="T${notes}${one.rows.length}">${Array.from({ length: wide }, (_, at) => `<table:table-column table:style-name="C${at}"/>`).join("")}${one.rows.map((row) => `<table:table-row>${cells(row)}</table:table-row>`).join("")}</table:table>`;
    }
    const note = one.note
      ? `<text:note text:note-class="footnote" text:id="n${++notes}"><text:note-citation>${notes}</text:note-citation><text:note-body><text:p>${escaped(one.note)}</text:p></text:note-body></text:note>`
      : "";
    if (one.kind === "heading")
      return `<text:h text:style-name="Heading_20_1" text:outline-level="1">${escaped(one.text)}</text:h>`;
    const style = { title: "Title1", text: "Body", closing: "Right" }[one.kind];
    return `<text:p text:style-name="${style}">${escaped(one.text)}${note}</text:p>`;
  };
  const body = material.blocks.map(block).join("\n");
  const inside =
    columns > 1 ? `<text:section text:style-name="Sect" text:name="S">${body}</text:section>` : body;
  return flat("text", material.title, styles, inside, layout.font);
}

export function flatSheets(sheets: Sheet[]): string {
  const cell = (value: string) =>
    /^\d+(\.\d+)?$/.test(value)
      ? `<table:table-cell office:value-type="float" office:value="${value}"><text:p>${value}</text:p></table:table-cell>`
      : `<table:table-cell office:value-type="string"><text:p>${escaped(value)}</text:p></table:table-cell>`;
  const tables = sheets.map(
    ({ name, rows }) =>
      `<table:table table:name="${escaped(name)}">${rows.map((row) => `<table:table-row>${row.map(cell).join("")}</table:table-row>`).join("")}</table:table>`,
  );
  return flat("spreadsheet", sheets[0]?.rows[0]?.[0] ?? "", "", tables.join(""));
}

export function flatSlides(slides: Slide[]): string {
  const styles = `<office:automatic-styles><style:style style:name="pr1" style:family="presentation"/><style:page-layout style:name="PM"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="M" style:page-layout-name="PM"><presentation:notes style:page-layout-name="PM"/></style:master-page></office:master-styles>`;
  const box = (at: number, height: number, inner: string) =>
    `<draw:frame svg:x="1.5cm" svg:y="${at}cm" svg:width="25cm" svg:height="${height}cm"><draw:text-box>${inner}</draw:text-box></draw:frame>`;
  const pages = slides.map(({ title, lines, notes }, at) => {
    const body = lines.map((line) => `<text:p>${escaped(line)}</text:p>`).join("");
    const spoken = notes
      ? `<presentation:notes><draw:frame presentation:style-name="pr1" draw:layer="layout" presentation:class="notes" svg:x="2cm" svg:y="14cm" svg:width="16cm" svg:height="10cm"><draw:text-box><text:p>${escaped(notes)}</text:p></draw:text-box></draw:frame></presentation:notes>`
      : "";
    return `<draw:page draw:name="p${at}" draw:master-page-name="M">${box(1, 3, `<text:p>${escaped(title)}</text:p>`)}${box(5, 14, body)}${spoken}</draw:page>`;
  });
  return flat("presentation", slides[0]?.title ?? "", styles, pages.join(""));
}

/** Runs a program to its end; rejects with what it said when it fails or takes too long. */
export function run(
  command: string,
  args: string[],
  input?: string | Buffer,
  timeoutMs = 180_000,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { timeout: timeoutMs, killSignal: "SIGKILL" });
    const out: Buffer[] = [];
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk).slice(-2000);
    });
    child.on("error", reject);
    child.on("close", (code, signal) =>
      code === 0
        ? resolve(Buffer.concat(out))
        : reject(
            new Error(`${command} ${args.join(" ").slice(0, 200)}: ended with ${signal ?? code}: ${said}`),
          ),
    );
    // One that ends without reading its input is judged by how it ends.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** LibreOffice with a profile of its own: one that runs elsewhere on the machine does not answer for it. */
export function soffice(scratch: string, args: string[]): Promise<Buffer> {
  const profile = `-env:UserInstallation=${pathToFileURL(join(scratch, "profile"))}`;
  return run("soffice", [profile, "--headless", "--norestore", ...args]);
}

/** One start of LibreOffice for many sources; the results keep their sources' names, with `extension`. */
export async function convertAll(
  scratch: string,
  sources: string[],
  filter: string,
  extension: string,
  to: string,
): Promise<void> {
  const kind = filter.split(":")[0] as string;
  const out = await mkdtemp(join(scratch, "out-"));
  await soffice(scratch, ["--convert-to", filter, "--outdir", out, ...sources]);
  await mkdir(to, { recursive: true });
  for (const source of sources) {
    const name = basename(source, extname(source));
    await rename(join(out, `${name}.${kind}`), join(to, `${name}${extension}`));
  }
  await rm(out, { recursive: true, force: true });
}

export async function put(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
