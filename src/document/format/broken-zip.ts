// A ZIP archive that lost its directory, as uploads that break off do: the members that came whole, one after another.
import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import type { ReasonCode } from "../../text/reason.ts";
import { charsetOf, type Member, memberName } from "../members.ts";
import { Unreadable } from "../unreadable.ts";
import { MAX_ENTRIES, MAX_TOTAL_BYTES, unpackingMeter } from "../zip.ts";

const LOCAL_HEADER = Buffer.from("PK\x03\x04", "latin1");
const LOCAL_HEADER_BYTES = 30;
/** General purpose bits (APPNOTE.TXT 4.4.4): 0 encrypted, 3 the sizes stand behind the data. */
const ENCRYPTED = 0x01;
const SIZES_BEHIND = 0x08;
const STORED = 0;
const DEFLATED = 8;

/** Empty where there is no member at all at its beginning. */
export function membersWithoutDirectory(file: Buffer): Member[] {
  const found: (Omit<Member, "name"> & { name: Buffer })[] = [];
  const count = unpackingMeter(file.length);
  for (
    let at = 0;
    LOCAL_HEADER.equals(file.subarray(at, at + 4)) && at + LOCAL_HEADER_BYTES <= file.length;
  ) {
    if (found.length >= MAX_ENTRIES) throw new Unreadable("too-large", `more than ${MAX_ENTRIES} members`);
    const from = at + LOCAL_HEADER_BYTES + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
    const name = file.subarray(at + LOCAL_HEADER_BYTES, at + LOCAL_HEADER_BYTES + file.readUInt16LE(at + 26));
    const member = memberAt(file, at, from);
    count(member.content.length);
    found.push({ name, content: member.content, problem: member.problem });
    if (member.next === null) break;
    // A data descriptor may stand between, with or without its signature (APPNOTE.TXT 4.3.9).
    const next = file.indexOf(LOCAL_HEADER, member.next);
    if (next < 0 || next > member.next + 24) break;
    at = next;
  }
  const charset = charsetOf(found.map(({ name }) => name));
  return found.map((member) => ({ ...member, name: memberName(member.name, charset) }));
}

/** One member from its own header; `next` is null where its end is not known. */
function memberAt(
  file: Buffer,
  at: number,
  from: number,
): { content: Uint8Array; problem: ReasonCode | null; next: number | null } {
  const flags = file.readUInt16LE(at + 6);
  const method = file.readUInt16LE(at + 8);
  const declared = file.readUInt32LE(at + 18);
  const end = flags & SIZES_BEHIND && declared === 0 ? null : from + declared;
  const without = (problem: ReasonCode, next: number | null) => ({
    content: new Uint8Array(),
    problem,
    next,
  });
  if (flags & ENCRYPTED) return without("password-protected", end);
  if (end !== null && end > file.length) return without("corrupt", null);
  if (method === STORED && end !== null) return checked(file.subarray(from, end), file, at, end);
  if (method !== DEFLATED) return without("format-unsupported", end);
  try {
    const options = { info: true, maxOutputLength: MAX_TOTAL_BYTES };
    const inflated = inflateRawSync(file.subarray(from, end ?? file.length), options) as unknown;
    const { buffer, engine } = inflated as { buffer: Buffer; engine: { bytesWritten: number } };
    return checked(buffer, file, at, end ?? from + engine.bytesWritten);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new Unreadable("too-large", `inflates to more than ${MAX_TOTAL_BYTES} bytes`);
    return without("corrupt", end);
  }
}

function checked(content: Uint8Array, file: Buffer, at: number, next: number) {
  const isBehind = (file.readUInt16LE(at + 6) & SIZES_BEHIND) !== 0;
  const isWhole = isBehind || crc32(content) === file.readUInt32LE(at + 14);
  return isWhole
    ? { content, problem: null, next }
    : { content: new Uint8Array(), problem: "corrupt" as const, next };
}
