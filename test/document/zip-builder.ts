// ZIP archives as other programs write them: names in any charset, marks, encryption bits, 64-bit fields.
import { crc32, deflateRawSync } from "node:zlib";

export interface Member {
  /** Bytes stand for a charset that the archive does not name. */
  name: string | Uint8Array;
  content?: Uint8Array | string;
  /** General purpose bits: 1 encrypted, 0x800 the name is UTF-8. */
  flags?: number;
  method?: number;
  /** What the directory says of its size, when that is not true. */
  declaredBytes?: number;
  extra?: Uint8Array;
}

/** `zip64`: sizes, offsets and counts in the 64-bit fields (APPNOTE.TXT 4.3.14, 4.5.3), the old ones all ones. */
export function zipOf(members: Member[], { zip64 = false } = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name as string);
    const content = Buffer.from((member.content ?? "") as string);
    const method = member.method ?? 8;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const bytes = member.declaredBytes ?? content.length;
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(zip64 ? 45 : 20, 0);
    facts.writeUInt16LE(member.flags ?? 0, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(zip64 ? 0xffffffff : packed.length, 14);
    facts.writeUInt32LE(zip64 ? 0xffffffff : bytes, 18);
    facts.writeUInt16LE(name.length, 22);
    const sizes = (where: boolean) =>
      zip64 ? wide(1, [bytes, packed.length, ...(where ? [offset] : [])]) : [];
    const localExtra = Buffer.concat([Buffer.from(sizes(false)), Buffer.from(member.extra ?? [])]);
    const extra = Buffer.concat([Buffer.from(sizes(true)), Buffer.from(member.extra ?? [])]);
    const local = Buffer.concat([signature(0x04034b50), facts, name, localExtra, packed]);
    local.writeUInt16LE(localExtra.length, 28);
    facts.writeUInt16LE(extra.length, 24);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(zip64 ? 0xffffffff : offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([45, 0]), facts, rest, name, extra]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([...locals, entries, ...ending(members.length, entries.length, offset, zip64)]);
}

function ending(count: number, bytes: number, at: number, zip64: boolean): Buffer[] {
  const end = Buffer.alloc(18);
  for (const place of [4, 6]) end.writeUInt16LE(zip64 ? 0xffff : count, place);
  end.writeUInt32LE(zip64 ? 0xffffffff : bytes, 8);
  end.writeUInt32LE(zip64 ? 0xffffffff : at, 12);
  const last = Buffer.concat([signature(0x06054b50), end]);
  if (!zip64) return [last];
  const record = Buffer.alloc(52);
  record.writeBigUInt64LE(44n, 0);
  [45, 45].forEach((version, index) => {
    record.writeUInt16LE(version, 8 + index * 2);
  });
  [count, count, bytes, at].forEach((value, index) => {
    record.writeBigUInt64LE(BigInt(value), 20 + index * 8);
  });
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(at + bytes), 4);
  locator.writeUInt32LE(1, 12);
  return [signature(0x06064b50), record, signature(0x07064b50), locator, last];
}

function wide(id: number, values: number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(id, 0);
  field.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, at) => {
    field.writeBigUInt64LE(BigInt(value), 4 + at * 8);
  });
  return field;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}
