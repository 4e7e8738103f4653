// A ZIP archive whose only member is the archive itself, after R. Cox, "Zip Files All The Way Down" (2010): a program
// of two deflate operations, "here are n bytes" and "the last n bytes once more", that writes its own text.
import { crc32 } from "node:zlib";

/** Every operation takes one unit, or two, so that they can be spoken of in units. */
const UNIT = 5;
const NAME = Buffer.from("r.zip");
/** An extra field that says nothing brings the header to a length whose repetition fits two units. */
const FILLER = Buffer.concat([Buffer.from([0xed, 0xfe, 36, 0]), Buffer.alloc(36)]);

export function quineZip(): Buffer {
  // A checksum over itself: the remainder is linear in it, so that 32 trials give the equations for its 32 bits.
  const remainderFor = (crc: number) => crc32(archive(crc));
  const constant = remainderFor(0);
  const rows = Array.from({ length: 32 }, (_, bit) => (remainderFor(1 << bit) ^ constant ^ (1 << bit)) >>> 0);
  return archive(solved(rows, constant));
}

function archive(crc: number): Buffer {
  const probe = program(localHeader(crc, 0, 0), ending(crc, 0, 0, 0));
  const prefix = localHeader(crc, 0, 0).length;
  const suffix = ending(crc, 0, 0, 0).length;
  const total = probe.length;
  // The last block, of nothing, stands in the suffix with the directory.
  const packed = total - prefix - (suffix - UNIT);
  return program(localHeader(crc, packed, total), ending(crc, packed, total, total - suffix + UNIT));
}

/** Comments say what each step writes; the text and what is written are the same sequence. */
function program(prefix: Buffer, suffix: Buffer): Buffer {
  const begin = literal(prefix.length + UNIT);
  const again = repeat(2, prefix.length + UNIT);
  const five = literal(5 * UNIT);
  const fiveAgain = repeat(2, 5 * UNIT, 4);
  const four = literal(4 * UNIT);
  const fourAgain = repeat(1, 4 * UNIT);
  const none = literal(0);
  const one = literal(UNIT);
  const two = literal(2 * UNIT);
  const end = literal(suffix.length + 2 * UNIT);
  const endAgain = repeat(2, suffix.length + 2 * UNIT);
  return Buffer.concat([
    prefix,
    ...[begin, prefix, begin], // prefix begin
    again, // prefix begin
    ...[two, again], // again
    ...[one, two], // two
    ...[five, again, one, two, five], // again one two five
    fiveAgain, // again one two five
    none,
    ...[four, fiveAgain, none, four], // fiveAgain none four
    fourAgain, // fiveAgain none four
    ...[four, fourAgain, four, fourAgain, four], // fourAgain four fourAgain four
    fourAgain, // fourAgain four fourAgain four
    ...[four, fourAgain, none, none, end], // fourAgain none none end
    fourAgain, // fourAgain none none end
    none,
    none,
    ...[end, endAgain, suffix], // endAgain suffix
    endAgain, // endAgain suffix
    suffix,
  ]);
}

/** A stored block (RFC 1951 §3.2.4) of so many bytes, which follow. */
function literal(bytes: number, isLast = false): Buffer {
  const block = Buffer.alloc(UNIT);
  block.writeUInt8(isLast ? 1 : 0, 0);
  block.writeUInt16LE(bytes, 1);
  block.writeUInt16LE(~bytes & 0xffff, 3);
  return block;
}

/** A block of the fixed code (§3.2.6) that copies `bytes` from `bytes` back, filled with empty blocks to whole units. */
function repeat(units: number, bytes: number, copies = 2): Buffer {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = 0; bit < count; bit++) bits.push((value >> bit) & 1);
  };
  const putCode = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(0b010, 3);
  for (let copy = 0; copy < copies; copy++) {
    const length = Math.floor((bytes + copy) / copies);
    const [lengthCode, lengthExtra, lengthBits] = coded(length - 3, 4);
    putCode(lengthCode + 1, 7);
    put(lengthExtra, lengthBits);
    const [distanceCode, distanceExtra, distanceBits] = coded(bytes - 1, 2);
    putCode(distanceCode, 5);
    put(distanceExtra, distanceBits);
  }
  putCode(0, 7);
  while (bits.length < units * UNIT * 8) {
    put(0b010, 3);
    putCode(0, 7);
  }
  if (bits.length !== units * UNIT * 8) throw new Error(`${bits.length} bits do not fill ${units} units`);
  return Buffer.from(
    Array.from({ length: units * UNIT }, (_, at) =>
      bits.slice(at * 8, at * 8 + 8).reduce((byte, bit, place) => byte | (bit << place), 0),
    ),
  );
}

/** Lengths and distances alike (§3.2.5): so many codes for each number of extra bits, the first two rounds without. */
function coded(value: number, perRound: number): [code: number, extra: number, bits: number] {
  if (value < 2 * perRound) return [value, 0, 0];
  const bits = Math.floor(Math.log2(value / perRound));
  const first = perRound << bits;
  const within = (value - first) >> bits;
  return [(bits + 1) * perRound + within, (value - first) & ((1 << bits) - 1), bits];
}

function localHeader(crc: number, packed: number, bytes: number): Buffer {
  const extra = Buffer.alloc(2);
  extra.writeUInt16LE(FILLER.length);
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts(crc, packed, bytes), extra, NAME, FILLER]);
}

function ending(crc: number, packed: number, bytes: number, directoryAt: number): Buffer {
  const directory = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\0", "latin1"),
    facts(crc, packed, bytes),
    Buffer.alloc(16),
    NAME,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(directoryAt, 16);
  return Buffer.concat([literal(0, true), directory, end]);
}

/** What both headers say: version, flags, method, time, checksum, sizes, length of the name. */
function facts(crc: number, packed: number, bytes: number): Buffer {
  const said = Buffer.alloc(24);
  said.writeUInt16LE(20, 0);
  said.writeUInt16LE(8, 4);
  said.writeUInt32LE(crc >>> 0, 10);
  said.writeUInt32LE(packed, 14);
  said.writeUInt32LE(bytes, 18);
  said.writeUInt16LE(NAME.length, 22);
  return said;
}

/** x with the columns of every set bit adding up to `sum`, by elimination over bits. */
function solved(columns: number[], sum: number): number {
  const basis: { vector: number; from: number }[] = [];
  const reduced = (vector: number, from: number) => {
    let [value, made] = [vector, from];
    for (const one of basis)
      if ((value ^ one.vector) >>> 0 < value >>> 0) [value, made] = [value ^ one.vector, made ^ one.from];
    return { vector: value >>> 0, from: made >>> 0 };
  };
  for (const [bit, column] of columns.entries()) {
    const found = reduced(column, 1 << bit);
    if (found.vector !== 0) {
      basis.push(found);
      basis.sort((a, b) => b.vector - a.vector);
    }
  }
  const answer = reduced(sum, 0);
  if (answer.vector !== 0) throw new Error("no checksum fits this layout");
  return answer.from;
}
