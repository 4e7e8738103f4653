// Files inside a document: what Office keeps of an inserted workbook, letter or any other file ([MS-OLEDS]).
import { decodeText } from "../../message/charset.ts";
import { safeName } from "../../message/filename.ts";
import { isCompoundFile, openCompoundFile } from "../compound.ts";
import type { DocumentChild } from "../document.ts";
import { sniff } from "../sniff.ts";
import type { Members } from "../zip.ts";
import type { Relationship } from "./package.ts";

/** Streams of an OLE object that are a whole file each: of a newer Office, of Acrobat, of LibreOffice. */
const FILE_STREAMS = ["Package", "CONTENTS", "EmbeddedOdf"];
const NATIVE = "\u0001Ole10Native";
/** The first word of the Packager's own layout. */
const PACKAGED = 2;
/** A letter holds a few, unless somebody wants to hurt. */
const MAX_OBJECTS = 100;
/** Streams that make the OLE object itself a file of the older Office. */
const MAIN_STREAM = /^(worddocument|workbook|book|powerpoint document)$/i;

/** Object data of rich text: the older form of OLE around a file ([MS-OLEDS] §2.2.5). Null where there is no file. */
export function objectOfRtf(bytes: Buffer, number: number): DocumentChild | null {
  try {
    if (bytes.readUInt32LE(4) !== 2) return null;
    let at = 8;
    let className = "";
    for (let string = 0; string < 3; string++) {
      const length = bytes.readUInt32LE(at);
      if (string === 0) className = bytes.toString("latin1", at + 4, at + 3 + length);
      at += 4 + length;
    }
    const native = bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at));
    if (className === "Package") return packaged(native, number);
    return embeddedFile(native, number);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A file as it is, or an OLE object around one. Null for equations, charts and the like. */
export function embeddedFile(bytes: Buffer, number: number, name = ""): DocumentChild | null {
  if (!isCompoundFile(bytes)) return bytes.length === 0 ? null : child(bytes, number, name);
  const object = openCompoundFile(bytes);
  for (const stream of FILE_STREAMS) {
    const content = object.read(stream, bytes.length);
    if (content && content.length > 0) return child(content, number);
  }
  const native = object.read(NATIVE, bytes.length);
  if (native) return packaged(native.subarray(4), number);
  return object.names.some((stream) => MAIN_STREAM.test(stream)) ? child(bytes, number) : null;
}

/** Opens the parts of a package that are asked for. */
type Open = (wanted: (name: string) => boolean) => Members;

/** The files inserted into parts of an Office package; what a chart keeps its numbers in hangs on the chart, and is none. */
export function insertedFiles(related: Relationship[], open: Open): DocumentChild[] {
  const names = new Set(related.filter(isInserted).map(({ target }) => target.toLowerCase()));
  const wanted = new Set([...names].slice(0, MAX_OBJECTS));
  if (wanted.size === 0) return [];
  const parts = open((name) => wanted.has(name));
  return [...wanted].flatMap((name, at) => {
    const content = parts.get(name);
    if (!content) return [];
    return embeddedFile(Buffer.from(content.buffer, content.byteOffset, content.length), at + 1) ?? [];
  });
}

export function isInserted({ type }: Relationship): boolean {
  return type === "package" || type === "oleObject";
}

function packaged(native: Buffer, number: number): DocumentChild | null {
  const file = packagedFile(native);
  return file && file.content.length > 0 ? child(file.content, number, file.name) : null;
}

/** What the Packager of Windows writes: a label, the name of the file, where it was, and its bytes. Others: the bytes. */
export function packagedFile(native: Buffer): { name: string; content: Buffer } | null {
  if (native.length < 2 || native.readUInt16LE(0) !== PACKAGED) return { name: "", content: native };
  const label = native.indexOf(0, 2);
  const path = label < 0 ? -1 : native.indexOf(0, label + 1);
  if (path < 0) return null;
  const temporary = path + 5;
  if (temporary + 4 > native.length) return null;
  const size = temporary + 4 + native.readUInt32LE(temporary);
  if (size + 4 > native.length) return null;
  const named = label > 2 ? native.subarray(2, label) : native.subarray(label + 1, path);
  return {
    name: decodeText(named),
    content: native.subarray(size + 4, size + 4 + native.readUInt32LE(size)),
  };
}

function child(content: Buffer, number: number, name = ""): DocumentChild {
  return { filename: safeName(name, sniff(content), number), bytes: content.length, content };
}
