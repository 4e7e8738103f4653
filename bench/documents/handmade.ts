// Documents no program here writes, put together by hand as the programs of offices leave them.
import { gzipSync } from "node:zlib";
import { strToU8, type Zippable, zipSync } from "fflate";
import iconv from "iconv-lite";
import type { Block, Material, Slide } from "./material.ts";
import { escaped } from "./office.ts";

/** A material as lines; rows with tabs. */
export function lines({ blocks }: Material): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === "table") return block.rows.map((row) => row.join("\t"));
    if (block.kind === "list") return block.items.map((item, at) => `${at + 1}. ${item}`);
    return [block.text];
  });
}

export function encoded(text: string, charset: string): Buffer {
  return iconv.encode(text, charset, { addBOM: charset.startsWith("utf16") || charset === "utf8" });
}

export function csv(rows: string[][]): string {
  const cell = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

/** As Word 2003 writes it: code page 936, what it lacks by \u, tables row by row, a list with its own text. */
export function rtf(material: Material, named: "codepage" | "unicode"): Buffer {
  const sign = (one: string): string => {
    if (/[\\{}]/.test(one)) return `\\${one}`;
    if (one < "\x80") return one;
    const bytes = iconv.encode(one, "gbk");
    const known = bytes.length === 2 && iconv.decode(bytes, "gbk") === one;
    const hex = known ? [...bytes].map((byte) => `\\'${byte.toString(16).padStart(2, "0")}`).join("") : "?";
    if (known && named === "codepage") return hex;
    const units = [...Array(one.length)].map((_, at) => one.charCodeAt(at));
    const signed = units.map((unit) => `\\u${unit > 32_767 ? unit - 65_536 : unit}`);
    // \uc2: two bytes follow for readers that know no Unicode; a surrogate's half has "??".
    return signed.map((unit, at) => `${unit}${known && at === 0 ? hex : "??"}`).join("");
  };
  const words = (text: string) => [...text].map(sign).join("");
  const body = material.blocks.map((block: Block) => {
    if (block.kind === "table") {
      return block.rows
        .map(
          (row) =>
            `\\trowd\\trgaph108${row.map((_, at) => `\\clbrdrt\\brdrs\\cellx${1500 * (at + 1)}`).join("")}\n${row.map((cell) => `\\pard\\intbl ${words(cell)}\\cell `).join("")}\\row\n`,
        )
        .join("");
    }
    if (block.kind === "list")
      return block.items
        .map((item, at) => `\\pard{\\listtext ${at + 1}.\\tab}\\fi-420\\li420 ${words(item)}\\par\n`)
        .join("");
    const note = block.note
      ? `{\\super\\chftn{\\footnote\\pard\\plain {\\super\\chftn}${words(block.note)}}}`
      : "";
    return `\\pard\\plain\\f0\\fs24 ${words(block.text)}${note}\\par\n`;
  });
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg936\\uc2\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5{\\*\\falt SimSun};}}{\\colortbl;\\red0\\green0\\blue0;}{\\stylesheet{\\s0 Normal;}}{\\info{\\title ${words(material.title)}}{\\*\\company x}}{\\*\\generator Msftedit 5.41;}{\\header\\pard ${words(material.header)}\\par}\n${body.join("")}}`,
    "latin1",
  );
}

/** Word's "single file web page": the page, quoted-printable or base64, and a picture beside it. */
export function webArchive(html: Buffer, charset: string, encoding: "quoted-printable" | "base64"): Buffer {
  const body =
    encoding === "base64"
      ? html.toString("base64").replace(/.{76}/g, "$&\r\n")
      : [...html]
          .map((byte) =>
            byte === 10
              ? "\r\n"
              : byte < 32 || byte === 61 || byte > 126
                ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
                : String.fromCharCode(byte),
          )
          .join("")
          .split("\r\n")
          .map((line) =>
            line.replace(/(?:=..|.){1,70}/g, (piece, at: number) => (at > 0 ? `=\r\n${piece}` : piece)),
          )
          .join("\r\n");
  return Buffer.from(
    `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart_01CDCE5A"\r\n\r\nThis document is a Single File Web Page.\r\n\r\n------=_NextPart_01CDCE5A\r\nContent-Location: file:///C:/A1B2C3/page.htm\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-Type: text/html; charset="${charset}"\r\n\r\n${body}\r\n\r\n------=_NextPart_01CDCE5A\r\nContent-Location: file:///C:/A1B2C3/page.files/image001.png\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r\n------=_NextPart_01CDCE5A--\r\n`,
    "latin1",
  );
}

/** A .docx's parts in one XML file, as Word saves "Word XML document". */
export function flatPackage(parts: Record<string, Uint8Array>): string {
  const types = new TextDecoder().decode(parts["[Content_Types].xml"]);
  const typeOf = (name: string) =>
    new RegExp(`PartName="/${name.replaceAll(".", "\\.")}" ContentType="([^"]+)"`).exec(types)?.[1] ??
    (name.endsWith(".rels") ? "application/vnd.openxmlformats-package.relationships+xml" : "application/xml");
  const inside = Object.entries(parts)
    .filter(([name]) => /\.(xml|rels)$/.test(name) && name !== "[Content_Types].xml")
    .map(([name, content]) => {
      const xml = new TextDecoder().decode(content).replace(/<\?xml[^>]*\?>\s*/, "");
      return `<pkg:part pkg:name="/${name}" pkg:contentType="${typeOf(name)}"><pkg:xmlData>${xml}</pkg:xmlData></pkg:part>`;
    });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<?mso-application progid="Word.Document"?>\n<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">${inside.join("")}</pkg:package>`;
}

const W =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"';

/** What only Word leaves: changes not yet accepted, a text box in two forms, a content control, a comment. */
export function revisedDocx(texts: string[], box: string, comment: string): Uint8Array {
  const run = (text: string) => `<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;
  const boxed = `<w:txbxContent><w:p>${run(box)}</w:p></w:txbxContent>`;
  const paragraphs = texts.map((text, at) => {
    const half = Math.floor(text.length / 2);
    const [left, right] = [text.slice(0, half), text.slice(half)];
    if (at % 4 === 0)
      return `<w:p>${run(left)}<w:del w:id="${at}"><w:r><w:delText>作废内容</w:delText></w:r></w:del><w:ins w:id="9${at}">${run(right)}</w:ins></w:p>`;
    if (at % 4 === 1)
      return `<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:commentRangeStart w:id="1"/>${run(left)}<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r><w:hyperlink w:anchor="x">${run(right)}</w:hyperlink></w:p></w:sdtContent></w:sdt>`;
    if (at % 4 === 2)
      return `<w:tbl><w:tr><w:tc><w:p>${run(left)}</w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p>${run(right)}</w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>`;
    return `<w:p><w:smartTag>${run(left)}</w:smartTag><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(right)}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`;
  });
  const shape = `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>${boxed}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>${boxed}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`;
  return zipSync({
    "[Content_Types].xml": strToU8(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/></Types>',
    ),
    "_rels/.rels": strToU8(
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    "word/_rels/document.xml.rels": strToU8(
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/></Relationships>',
    ),
    "word/document.xml": strToU8(
      `<?xml version="1.0" encoding="UTF-8"?><w:document ${W}><w:body>${paragraphs.join("")}${shape}</w:body></w:document>`,
    ),
    "word/comments.xml": strToU8(
      `<?xml version="1.0" encoding="UTF-8"?><w:comments ${W}><w:comment w:id="1" w:author="x"><w:p>${run(comment)}</w:p></w:comment></w:comments>`,
    ),
  });
}

/** A presentation as PowerPoint builds it: title and body, a table, words in a group, notes. */
export function pptx(all: Slide[], table: string[][], grouped: string): Uint8Array {
  const names =
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const related = (entries: [id: string, type: string, target: string][]) =>
    strToU8(
      `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${entries.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join("")}</Relationships>`,
    );
  const paragraph = (text: string) =>
    `<a:p><a:r><a:t>${escaped(text.slice(0, 5))}</a:t></a:r><a:r><a:t>${escaped(text.slice(5))}</a:t></a:r></a:p>`;
  const shape = (id: number, type: string, texts: string[], y: number) =>
    `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="${id}"/><p:cNvSpPr/><p:nvPr>${type ? `<p:ph type="${type}"/>` : ""}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="${y}"/><a:ext cx="9000000" cy="900000"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/>${texts.map(paragraph).join("")}</p:txBody></p:sp>`;
  const tree = (inner: string) =>
    `<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>${inner}</p:spTree></p:cSld>`;
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`);
  const parts: Zippable = {};
  const overrides = [["ppt/presentation.xml", "presentation.main"]];
  all.forEach(({ title, lines: texts, notes }, at) => {
    const isLast = at === all.length - 1;
    const rows = `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="8" name="t"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="4000000"/><a:ext cx="9000000" cy="900000"/></p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr/><a:tblGrid>${(table[0] ?? []).map(() => '<a:gridCol w="1000000"/>').join("")}</a:tblGrid>${table.map((row) => `<a:tr h="300000">${row.map((cell) => `<a:tc><a:txBody><a:bodyPr/>${paragraph(cell)}</a:txBody></a:tc>`).join("")}</a:tr>`).join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
    const group = `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>${shape(10, "", [grouped], 6_000_000)}</p:grpSp>`;
    const words = shape(2, "title", [title], 0) + shape(3, "", texts, 1_000_000);
    parts[`ppt/slides/slide${at + 1}.xml`] = xml(
      `<p:sld ${names}>${tree(words + (isLast ? rows + group : ""))}</p:sld>`,
    );
    parts[`ppt/slides/_rels/slide${at + 1}.xml.rels`] = related(
      notes ? [["rId1", "notesSlide", `../notesSlides/notesSlide${at + 1}.xml`]] : [],
    );
    overrides.push([`ppt/slides/slide${at + 1}.xml`, "slide"]);
    if (notes) {
      parts[`ppt/notesSlides/notesSlide${at + 1}.xml`] = xml(
        `<p:notes ${names}>${tree(shape(2, "body", [notes], 0))}</p:notes>`,
      );
      overrides.push([`ppt/notesSlides/notesSlide${at + 1}.xml`, "notesSlide"]);
    }
  });
  parts["ppt/presentation.xml"] = xml(
    `<p:presentation ${names}><p:sldIdLst>${all.map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${at + 1}"/>`).join("")}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>`,
  );
  parts["ppt/_rels/presentation.xml.rels"] = related(
    all.map((_, at) => [`rId${at + 1}`, "slide", `slides/slide${at + 1}.xml`]),
  );
  parts["_rels/.rels"] = related([["rId1", "officeDocument", "ppt/presentation.xml"]]);
  parts["[Content_Types].xml"] = strToU8(
    `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.map(([name, type]) => `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.presentationml.${type}+xml"/>`).join("")}</Types>`,
  );
  return zipSync(parts);
}

/** What reading order an OFD or a PDF by hand is drawn in: lines of at most `wide` signs. */
export function wrapped(text: string, wide: number): string[] {
  const signs = [...text];
  const result: string[] = [];
  for (let at = 0; at < signs.length; at += wide) result.push(signs.slice(at, at + wide).join(""));
  return result.length > 0 ? result : [""];
}

/** GB/T 33190: a page's words as text objects, with a template page behind each (§7.6, §11.2). */
export function ofd({ title, header }: Material, texts: string[], perPage = 38): Uint8Array {
  const drawn = texts.flatMap((text) => wrapped(text, 38));
  const pages = Math.ceil(drawn.length / perPage);
  let id = 100;
  const object = (text: string, x: number, y: number) =>
    `<ofd:TextObject ID="${++id}" Boundary="${x} ${y} 170 5" Font="2" Size="4.2"><ofd:TextCode X="0" Y="4" DeltaX="${[...text].length > 2 ? `g ${[...text].length - 1} 4.2` : "4.2"}">${escaped(text)}</ofd:TextCode></ofd:TextObject>`;
  const named = 'xmlns:ofd="http://www.ofdspec.org/2016"';
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
  const parts: Zippable = {
    "OFD.xml": xml(
      `<ofd:OFD ${named} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID><ofd:Title>${escaped(title)}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
    ),
    "Doc_0/Document.xml": xml(
      `<ofd:Document ${named}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>${Array.from({ length: pages }, (_, at) => `<ofd:Page ID="${at + 1}" BaseLoc="Pages/Page_${at}/Content.xml"/>`).join("")}</ofd:Pages></ofd:Document>`,
    ),
    "Doc_0/PublicRes.xml": xml(
      `<ofd:Res ${named} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>`,
    ),
    "Doc_0/Tpls/Tpl_0/Content.xml": xml(
      `<ofd:Page ${named}><ofd:Content><ofd:Layer ID="60">${object(header, 20, 10)}</ofd:Layer></ofd:Content></ofd:Page>`,
    ),
  };
  for (let page = 0; page < pages; page++) {
    const here = drawn.slice(page * perPage, (page + 1) * perPage);
    parts[`Doc_0/Pages/Page_${page}/Content.xml`] = xml(
      `<ofd:Page ${named}><ofd:Template TemplateID="50" ZOrder="Background"/><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="${70 + page}" Type="Body">${here.map((text, at) => object(text, 20, 22 + at * 6.5)).join("")}</ofd:Layer></ofd:Content></ofd:Page>`,
    );
  }
  return zipSync(parts);
}

/** Members named in the system's own charset and not marked as UTF-8: flag 11 clear, bytes GBK. */
export function zipNamedInGbk(members: [name: string, content: Uint8Array][]): Buffer {
  const marked = zipSync(
    Object.fromEntries(
      members.map(([name, content]) => [iconv.encode(name, "gbk").toString("latin1"), content]),
    ),
  );
  const bytes = Buffer.from(marked);
  // fflate writes what is not ASCII as UTF-8: each name is put back to its GBK bytes, in both of its places.
  return rewriteNames(
    bytes,
    members.map(([name]) => iconv.encode(name, "gbk")),
  );
}

function rewriteNames(zip: Buffer, names: Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  let at = 0;
  let length = 0;
  const push = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const name of names) {
    starts.push(length);
    const head = Buffer.from(zip.subarray(at, at + 30));
    const old = head.readUInt16LE(26);
    const after = at + 30 + old + head.readUInt16LE(28);
    head.writeUInt16LE(head.readUInt16LE(6) & ~0x800, 6);
    head.writeUInt16LE(name.length, 26);
    const compressed = head.readUInt32LE(18);
    push(Buffer.concat([head, name, zip.subarray(at + 30 + old, after + compressed)]));
    at = after + compressed;
  }
  const central = length;
  names.forEach((name, index) => {
    const head = Buffer.from(zip.subarray(at, at + 46));
    const old = head.readUInt16LE(28);
    const rest = head.readUInt16LE(30) + head.readUInt16LE(32);
    head.writeUInt16LE(head.readUInt16LE(8) & ~0x800, 8);
    head.writeUInt16LE(name.length, 28);
    head.writeUInt32LE(starts[index] as number, 42);
    push(Buffer.concat([head, name, zip.subarray(at + 46 + old, at + 46 + old + rest)]));
    at += 46 + old + rest;
  });
  const end = Buffer.from(zip.subarray(at));
  end.writeUInt32LE(length - central, 12);
  end.writeUInt32LE(central, 16);
  push(end);
  return Buffer.concat(pieces);
}

/** POSIX ustar, compressed. */
export function tarGz(members: [name: string, content: Uint8Array][]): Buffer {
  const blocks = members.flatMap(([name, content]) => {
    const head = Buffer.alloc(512);
    head.write(name, 0, 100);
    head.write("0000644\0", 100);
    head.write("0000000\0", 108);
    head.write("0000000\0", 116);
    head.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    head.write("12000000000\0", 136);
    head.write("        0", 148);
    head.write("ustar\x0000", 257);
    const total = head.reduce((all, byte) => all + byte, 0);
    head.write(`${total.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A mail saved as a file, its words in the body and in an attachment. */
export function savedMail(title: string, body: string, attached: Uint8Array, filename: string): Buffer {
  const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;
  const folded = (content: Uint8Array) => Buffer.from(content).toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from(
    `From: ${word("尹青禾")} <yin@library.example>\r\nTo: ideas@culture.example\r\nSubject: ${word(title)}\r\nDate: Mon, 26 Nov 2012 09:00:00 +0800\r\nMessage-ID: <1@library.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n${folded(iconv.encode(body, "gb18030"))}\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${word(filename)}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${folded(attached)}\r\n--b--\r\n`,
  );
}
