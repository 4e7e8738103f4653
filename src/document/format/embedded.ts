// Files inside a document: what Word keeps of an inserted workbook, letter or any other file ([MS-OLEDS]).
import { decodeText } from "../../message/charset.ts";
import { safeName } from "../../message/filename.ts";
import { isCompoundFile, openCompoundFile } from "../compound.ts";
import type { DocumentChild } from "../document.ts";
import { sniff } from "../sniff.ts";

/** Streams of an OLE object that are a whole file each: of a newer Office, of Acrobat, of LibreOffice. */
const FILE_STREAMS = ["Package", "CONTENTS", "EmbeddedOdf"];
const PACKAGED = "\u0001Ole10Native";
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
  const native = object.read(PACKAGED, bytes.length);
  if (native) return packaged(native.subarray(4), number);
  return object.names.some((stream) => MAIN_STREAM.test(stream)) ? child(bytes, number) : null;
}

/** What the Windows packager writes: a label, the path the file had, and its content. */
function packaged(bytes: Buffer, number: number): DocumentChild | null {
  const afterString = (from: number) => {
    const end = bytes.indexOf(0, from);
    return end < 0 ? bytes.length : end + 1;
  };
  try {
    const path = afterString(2);
    const flags = afterString(path);
    const name = decodeText(bytes.subarray(path, Math.max(path, flags - 1)));
    const temporary = flags + 8 + bytes.readUInt32LE(flags + 4);
    const size = bytes.readUInt32LE(temporary);
    const content = bytes.subarray(temporary + 4, temporary + 4 + size);
    return content.length === 0 ? null : child(content, number, name);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function child(content: Buffer, number: number, name = ""): DocumentChild {
  return { filename: safeName(name, sniff(content), number), bytes: content.length, content };
}
