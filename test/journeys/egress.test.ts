// No document makes jinbox open a path or a connection (R20, R25, R31): watched from outside, by the system's own trace.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "jinbox-egress-"));
/** A path that nothing but a document names. */
const canary = join(folder, "canary");
let server: Server;
let hits = 0;
let url = "";

beforeAll(async () => {
  mkdirSync(canary);
  writeFileSync(join(canary, "secret.txt"), "机密");
  server = createServer((_, response) => {
    hits++;
    response.end("canary");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/canary`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = "关于延长开放时间的建议";
const file = () => `file://${canary}/secret.txt`;
const entity = () => `<!DOCTYPE x [<!ENTITY e SYSTEM "${file()}"><!ENTITY % p SYSTEM "${url}/dtd"> %p;]>`;

function packed(parts: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

const relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function links(...kinds: string[]): string {
  const targets = [file(), `${url}/link`, "\\\\canary.example\\share\\a.dotm", `${canary}/secret.txt`];
  const each = kinds.flatMap((kind) =>
    targets.map(
      (target, at) =>
        `<Relationship Id="${kind}${at}" Type="${office}/${kind}" Target="${target}" TargetMode="External"/>`,
    ),
  );
  return `<Relationships xmlns="${relationships}">${each.join("")}</Relationships>`;
}

const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`;
const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${office}"`;

/** Documents that ask for a file or a page in every way their formats know. */
function documents(): Record<string, Uint8Array | string> {
  const paragraph = `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`;
  const picture = (at: number) =>
    `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:link="image${at}" r:href="image${at}"/></v:shape></w:pict><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:link="image${at}"/></w:drawing></w:r></w:p>`;
  const body = `${paragraph}${[0, 1, 2, 3].map(picture).join("")}<w:altChunk r:id="aFChunk0"/><w:subDoc r:id="subDocument0"/>`;
  const field = `<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;${canary}/secret.txt&quot; "/><w:fldSimple w:instr=" INCLUDEPICTURE &quot;${url}/f.png&quot; \\d "/></w:p>`;
  const docx = (document: string) => ({
    "[Content_Types].xml": contentTypes,
    "word/document.xml": document,
    "word/_rels/document.xml.rels": links(
      "image",
      "hyperlink",
      "aFChunk",
      "subDocument",
      "oleObject",
      "frame",
    ),
    "word/_rels/settings.xml.rels": links("attachedTemplate"),
    "word/settings.xml": `<w:settings ${w}><w:attachedTemplate r:id="attachedTemplate1"/></w:settings>`,
  });
  const html = `<html><head><base href="${url}/"><link rel="stylesheet" href="${url}/a.css"><meta http-equiv="refresh" content="0;url=${url}/r"></head>
    <body><p>${words}</p><img src="${url}/a.png"><img src="${file()}"><iframe src="${file()}"></iframe><script src="${url}/a.js"></script><object data="${file()}"></object></body></html>`;
  const pdf = (extra: string, objects: string) =>
    `%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R ${extra}>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n4 0 obj<</Length 38>>stream\nBT /F 12 Tf 20 200 Td (An idea) Tj ET /X Do\nendstream endobj\n5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Nobody/FontDescriptor 7 0 R>>endobj\n${objects}\ntrailer<</Root 1 0 R>>\n`;
  const external = `<</Type/Filespec/F(${canary}/secret.txt)/UF(${canary}/secret.txt)>>`;
  return {
    "external.docx": packed(docx(`<w:document ${w}><w:body>${body}${field}</w:body></w:document>`)),
    "entity.docx": packed(docx(`${entity()}<w:document ${w}><w:body>${paragraph}&e;</w:body></w:document>`)),
    "flat.xml": `<?xml version="1.0"?>${entity()}<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>${words}&e;</w:t></w:r></w:p></w:body></w:wordDocument>`,
    "external.xlsx": packed({
      "[Content_Types].xml": contentTypes,
      "xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="a" sheetId="1" r:id="worksheet0"/></sheets><externalReferences><externalReference r:id="externalLink0"/></externalReferences></workbook>`,
      "xl/_rels/workbook.xml.rels": links("worksheet", "externalLink", "sharedStrings"),
      "xl/worksheets/sheet1.xml": `${entity()}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><f>WEBSERVICE("${url}/w")</f><v>${words}</v></c></row></sheetData></worksheet>`,
    }),
    "external.pptx": packed({
      "[Content_Types].xml": contentTypes,
      "ppt/presentation.xml": `<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${office}"><p:sldIdLst><p:sldId id="256" r:id="slide0"/></p:sldIdLst></p:presentation>`,
      "ppt/_rels/presentation.xml.rels": links("slide"),
      "ppt/slides/slide1.xml": `${entity()}<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>`,
      "ppt/slides/_rels/slide1.xml.rels": links("image", "video", "oleObject"),
    }),
    "external.odt": packed({
      mimetype: "application/vnd.oasis.opendocument.text",
      "content.xml": `${entity()}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:p>${words}<draw:image xlink:href="${file()}"/><draw:image xlink:href="../../../..${canary}/secret.txt"/></text:p><text:section><text:section-source xlink:href="${url}/s"/></text:section></office:text></office:body></office:document-content>`,
    }),
    "external.ofd": packed({
      "OFD.xml": `${entity()}<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>${canary}/secret.txt</ofd:DocRoot></ofd:DocBody><ofd:DocBody><ofd:DocRoot>../../../..${canary}/secret.txt</ofd:DocRoot></ofd:DocBody><ofd:DocBody><ofd:DocRoot>${url}/d.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
    }),
    "external.html": html,
    "external.mht": `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"; type="text/html"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: ${file()}\r\n\r\n${html}\r\n--b--\r\n`,
    "external.rtf": `{\\rtf1\\ansi{\\*\\template ${url}/t.dot}{\\field{\\*\\fldinst INCLUDEPICTURE "${url}/p.png" \\\\d}{\\fldrslt }}{\\field{\\*\\fldinst INCLUDETEXT "${canary}/secret.txt"}{\\fldrslt }}{\\object\\objlink\\objupdate{\\*\\objclass Word.Document.8}{\\*\\objdata 01050000}}An idea\\par}`,
    "external.svg": `<?xml version="1.0"?>${entity()}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${file()}"/><image href="${url}/i.png"/><text>${words}&e;</text></svg>`,
    "external-body.eml": `From: a@lib.culture.example\r\nTo: ideas@culture.example\r\nSubject: idea\r\nMessage-ID: <1@lib.culture.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: message/external-body; access-type=local-file; name="${canary}/secret.txt"\r\n\r\nContent-Type: text/plain\r\n\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`,
    "launch.pdf": pdf(
      `/OpenAction<</S/Launch/F${external}>>/AcroForm<</Fields[]/XFA 8 0 R>>/Names<</EmbeddedFiles<</Names[(a)${external}]>>>>`,
      `6 0 obj<</Type/XObject/Subtype/Form/Ref<</F${external}/Page 0>>/BBox[0 0 9 9]/Length 0/F${external}>>stream\n\nendstream endobj\n7 0 obj<</Type/FontDescriptor/FontName/Nobody/Flags 4/FontFile2 9 0 R>>endobj\n8 0 obj<</Length 60>>stream\n<xdp><image href="${url}/x"/></xdp>\nendstream endobj\n9 0 obj<</Length 0/F<</FS/URL/F(${url}/font)>>>>stream\n\nendstream endobj`,
    ),
    "uri.pdf": pdf(
      `/OpenAction<</S/URI/URI(${url}/u)>>/AA<</WC<</S/JavaScript/JS(app.launchURL\\("${url}/j"\\))>>>>`,
      `6 0 obj<</Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode/Length 0/F${external}>>stream\n\nendstream endobj\n7 0 obj<</Type/FontDescriptor/FontName/Nobody/Flags 4>>endobj`,
    ),
    "names.zip": packed({ [`..${canary}/secret.txt`]: words, [`${canary}/made.txt`]: words }),
    "links.tar.gz": gzipSync(
      Buffer.concat([
        tarEntry("link.txt", "2", join(canary, "secret.txt")),
        tarEntry("hard.txt", "1", join(canary, "secret.txt")),
        tarEntry(`${canary}/made.txt`, "0", ""),
        Buffer.alloc(1024),
      ]),
    ),
    "page.url": `[InternetShortcut]\r\nURL=${url}/shortcut\r\nIconFile=${canary}/secret.txt\r\n`,
  };
}

function tarEntry(name: string, kind: string, target: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write("0000644\0", 100);
  header.write("00000000000\0", 124);
  header.write("        ", 148);
  header.write(kind, 156);
  header.write(target.slice(0, 100), 157);
  header.write("ustar\0", 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  return header;
}

/** Every path and address that `jinbox extract` and its children ask the system for while they read. */
async function traced(args: string[], name: string): Promise<{ lines: string[]; read: string }> {
  const log = join(folder, `${name}.trace`);
  const command = [process.execPath, join(root, "src/main.ts"), "extract", "--json", ...args];
  const { stdout } = await promisify(execFile)(
    "strace",
    ["-f", "-qq", "-s", "500", "-e", "trace=%file,socket,connect", "-o", log, ...command],
    { maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { code: unknown; stdout: string }) => {
    // Something is held, of course; anything else is a failure to run.
    if (error.code !== 1) throw error;
    return error;
  });
  return { lines: readFileSync(log, "utf8").split("\n"), read: stdout };
}

test("no document makes jinbox open a path or a connection", { timeout: 120_000 }, async () => {
  const inbox = join(folder, "inbox");
  mkdirSync(inbox);
  const made = documents();
  for (const [name, content] of Object.entries(made)) writeFileSync(join(inbox, name), content);
  const { lines, read } = await traced([inbox], "documents");

  expect(read.split("\n").filter((line) => line.includes('"filename":"external.docx"'))).toHaveLength(1);
  expect(read).toContain(words);
  expect(read).not.toContain("机密");
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.filter((line) => line.includes("canary"))).toEqual([]);
  expect(lines.filter((line) => /AF_INET6?/.test(line))).toEqual([]);
  expect(hits).toBe(0);
});

test("the trace sees what is opened and asked for", { timeout: 180_000 }, async () => {
  const { lines } = await traced([join(canary, "secret.txt")], "control");
  expect(lines.filter((line) => line.includes("canary/secret.txt")).length).toBeGreaterThan(0);

  const log = join(folder, "network.trace");
  const script = `await fetch(${JSON.stringify(url)})`;
  await promisify(execFile)("strace", [
    ..."-f -qq -e trace=socket,connect -o".split(" "),
    log,
    process.execPath,
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(readFileSync(log, "utf8")).toMatch(/connect\(.*AF_INET/);
  expect(hits).toBe(1);
});
