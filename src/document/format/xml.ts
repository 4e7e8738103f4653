// XML from strangers, read as a stream of elements: no document tree, no DTD, no entities but XML's own five (R25).
import { SaxesParser } from "saxes";
import { Unreadable } from "../unreadable.ts";

export interface XmlHandler {
  /** `name` without its namespace prefix, attribute names too; `prefixed` with it, as it is usually written. */
  open(name: string, attributes: Record<string, string>, prefixed: string): void;
  close(name: string, prefixed: string): void;
  text?(text: string): void;
}

const PIECE_BYTES = 65_536;

/** Calls the handler for each element. Damaged markup ends in an error, after what came before it was handed over. */
export function readXml(xml: Uint8Array, handler: XmlHandler): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new Unreadable("corrupt", error.message);
  });
  parser.on("opentag", (tag) => {
    const attributes: Record<string, string> = {};
    for (const name in tag.attributes) attributes[localName(name)] = tag.attributes[name] as string;
    handler.open(localName(tag.name), attributes, tag.name);
  });
  parser.on("closetag", (tag) => handler.close(localName(tag.name), tag.name));
  if (handler.text) {
    parser.on("text", (text) => handler.text?.(text));
    parser.on("cdata", (text) => handler.text?.(text));
  }
  // In pieces: a whole part as text would take twice or four times its bytes, and the parser keeps its own copy.
  const decoder = new TextDecoder(encodingOf(xml));
  for (let at = 0; at < xml.length; at += PIECE_BYTES) {
    parser.write(decoder.decode(xml.subarray(at, at + PIECE_BYTES), { stream: true }));
  }
  parser.write(decoder.decode()).close();
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** Office writes UTF-8, or UTF-16 with its mark; a declared encoding is not worth more than that. */
function encodingOf(xml: Uint8Array): string {
  if (xml[0] === 0xff && xml[1] === 0xfe) return "utf-16le";
  return xml[0] === 0xfe && xml[1] === 0xff ? "utf-16be" : "utf-8";
}

export function decodeXml(xml: Uint8Array): string {
  return new TextDecoder(encodingOf(xml)).decode(xml);
}
