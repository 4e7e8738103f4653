// PKCS #7 envelopes (RFC 5652): whether one signs, encrypts or only carries a signature, and what it encloses.
import { Buffer } from "node:buffer";

/** Object identifiers as they are written: signedData, envelopedData and their relative with authentication. */
const SIGNED = Buffer.from("2a864886f70d010702", "hex");
const ENVELOPED = Buffer.from("2a864886f70d010703", "hex");
const AUTHENTICATED = Buffer.from("2a864886f70d0109100117", "hex");
const OCTETS = 0x04;
const IDENTIFIER = 0x06;
const CONSTRUCTED = 0x20;
const MAX_DEPTH = 32;
const MAX_PARTS = 10_000;

interface Element {
  tag: number;
  from: number;
  to: number;
  /** Where the next one begins. */
  next: number;
}

export type Pkcs7 = { kind: "signed"; content: Buffer } | { kind: "signature" | "encrypted" | "other" };

export function pkcs7Of(bytes: Uint8Array): Pkcs7 {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outer = elementAt(file, 0, file.length, 0);
  const [identifier, wrapped] = outer ? partsOf(file, outer) : [];
  if (identifier?.tag !== IDENTIFIER) return { kind: "other" };
  const kind = file.subarray(identifier.from, identifier.to);
  if (kind.equals(ENVELOPED) || kind.equals(AUTHENTICATED)) return { kind: "encrypted" };
  if (!kind.equals(SIGNED) || !wrapped) return { kind: "other" };
  const [data] = partsOf(file, wrapped);
  // Version, digests, then what is signed: a kind and, unless it stands beside the signature, the content.
  const [, , enclosed] = data ? partsOf(file, data) : [];
  const [, explicit] = enclosed ? partsOf(file, enclosed) : [];
  const [octets] = explicit ? partsOf(file, explicit) : [];
  const content = octets ? octetsOf(file, octets) : Buffer.alloc(0);
  return content.length > 0 ? { kind: "signed", content } : { kind: "signature" };
}

/** A string of octets may itself be in pieces. */
function octetsOf(file: Buffer, element: Element): Buffer {
  if (element.tag === OCTETS) return file.subarray(element.from, element.to);
  if (element.tag !== (OCTETS | CONSTRUCTED)) return Buffer.alloc(0);
  const pieces = partsOf(file, element).filter(({ tag }) => tag === OCTETS);
  return Buffer.concat(pieces.map(({ from, to }) => file.subarray(from, to)));
}

function partsOf(file: Buffer, element: Element, depth = 0): Element[] {
  const parts: Element[] = [];
  for (let at = element.from; at < element.to && parts.length < MAX_PARTS; ) {
    const part = elementAt(file, at, element.to, depth);
    if (!part) break;
    parts.push(part);
    at = part.next;
  }
  return parts;
}

/** X.690 §8.1: a tag, a length in one of three forms, the contents. Null where there is none, or at an end mark. */
function elementAt(file: Buffer, at: number, end: number, depth: number): Element | null {
  const tag = file[at];
  const first = file[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end || (tag === 0 && first === 0)) return null;
  if (first === 0x80) return endless(file, tag, at + 2, end, depth);
  let length = first;
  let from = at + 2;
  if (first > 0x80) {
    const bytes = first & 0x7f;
    if (bytes > 6 || from + bytes > file.length) return null;
    length = file.readUIntBE(from, bytes);
    from += bytes;
  }
  const to = Math.min(end, from + length);
  return { tag, from, to, next: from + length };
}

/** Without a length: ends at its mark, which is found by going over what it holds. */
function endless(file: Buffer, tag: number, from: number, end: number, depth: number): Element | null {
  if (depth >= MAX_DEPTH) return null;
  let at = from;
  for (let parts = 0; parts < MAX_PARTS; parts++) {
    const part = elementAt(file, at, end, depth + 1);
    if (!part) break;
    at = part.next;
  }
  return { tag, from, to: Math.min(at, end), next: at + 2 };
}
