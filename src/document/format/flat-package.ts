// An Office package as one XML file ("Flat OPC"): its parts cut out as they stand, or decoded from base64.
import { Unreadable } from "../unreadable.ts";
import { MAX_ENTRIES, Members } from "../zip.ts";
import { decodeXml } from "./xml.ts";

/** Parts are markup in markup: cut out, each is the document it is in a container. In one pass over the file. */
export function flatParts(bytes: Uint8Array): Members {
  const file = decodeXml(bytes);
  const parts = new Members();
  const opening =
    /<pkg:part\b[^<>]{0,2000}?\spkg:name\s*=\s*["']\/?([^"'<>]{1,500})["'][^<>]{0,2000}>\s*<pkg:(xmlData|binaryData)[^<>]{0,2000}>/g;
  for (let found = opening.exec(file); found; found = opening.exec(file)) {
    const [, name = "", kind = ""] = found;
    const end = file.indexOf(`</pkg:${kind}>`, opening.lastIndex);
    if (end < 0) throw new Unreadable("corrupt", `${name} is cut short`);
    const inner = file.slice(opening.lastIndex, end);
    parts.set(name.toLowerCase(), Buffer.from(inner, kind === "xmlData" ? "utf8" : "base64"));
    if (parts.size > MAX_ENTRIES) throw new Unreadable("too-large", `more than ${MAX_ENTRIES} parts`);
    opening.lastIndex = end;
  }
  return parts;
}
