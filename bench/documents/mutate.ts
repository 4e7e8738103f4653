// Ways in which a document arrives damaged: flipped, cut, jumbled, lying about its lengths, or spoilt within its archive.
import { unzipSync, zipSync } from "fflate";
import type { Random } from "../../test/support/random.ts";

export type Damage = "flipped" | "cut" | "jumbled" | "lengths" | "inside";

const KINDS: Damage[] = ["flipped", "cut", "jumbled", "lengths", "inside"];

export function mutated(original: Uint8Array, random: Random): { bytes: Uint8Array; damage: Damage } {
  const damage = random.pick(KINDS);
  if (damage !== "inside") return { bytes: damaged(original, damage, random), damage };
  const bytes = spoiltInside(original, random);
  return bytes ? { bytes, damage } : { bytes: damaged(original, "flipped", random), damage: "flipped" };
}

function damaged(original: Uint8Array, damage: Damage, random: Random): Uint8Array {
  const bytes = Buffer.from(original);
  const { length } = bytes;
  if (damage === "cut") return bytes.subarray(0, random.below(length));
  if (damage === "jumbled") {
    // Two pieces change places, or one is there twice, or one is gone.
    const size = 1 + random.below(Math.max(1, Math.floor(length / 8)));
    const [from, to] = [random.below(Math.max(1, length - size)), random.below(Math.max(1, length - size))];
    const piece = bytes.subarray(from, from + size);
    const way = random.below(3);
    if (way === 0) return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + size)]);
    if (way === 1) return Buffer.concat([bytes.subarray(0, to), piece, bytes.subarray(to)]);
    const other = Buffer.from(bytes.subarray(to, to + size));
    Buffer.from(piece).copy(bytes, to);
    other.copy(bytes, from);
    return bytes;
  }
  if (damage === "lengths") {
    // Counts and offsets are small numbers of two or four bytes: some become huge, negative, nothing, or a little wrong.
    for (let count = 1 + random.below(6); count > 0 && length >= 8; count--) {
      const at = random.below(Math.min(length - 4, random.below(2) === 0 ? 4096 : length));
      const value = random.pick([0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 0x10000, length]);
      if (random.below(2) === 0) bytes.writeUInt32LE(value >>> 0, at);
      else bytes.writeUInt16BE(value & 0xffff, at);
    }
    // Those of text formats are written out.
    if (random.below(2) === 0) return digitsChanged(bytes, random);
    return bytes;
  }
  for (let count = 1 + random.below(64); count > 0; count--) {
    const at = random.below(length);
    bytes[at] = random.below(2) === 0 ? (bytes[at] as number) ^ (1 << random.below(8)) : random.below(256);
  }
  return bytes;
}

/** "/Length 123", "colspan=2", "repeated=3": one number becomes another. */
function digitsChanged(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("latin1");
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: old } = numbers[random.below(numbers.length)] as RegExpExecArray;
  const value = random.pick(["0", "-1", "65536", "2147483647", "99999999999999999999", "1e9"]);
  return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), "latin1");
}

/** One member of an archive is damaged and everything packed again, so that the damage comes past the checksums. */
function spoiltInside(original: Uint8Array, random: Random): Uint8Array | null {
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(original);
  } catch {
    return null;
  }
  const names = Object.keys(members).filter((name) => (members[name] as Uint8Array).length > 0);
  if (names.length === 0) return null;
  const name = random.pick(names);
  const damage = random.pick(KINDS.filter((kind) => kind !== "inside"));
  return zipSync({ ...members, [name]: damaged(members[name] as Uint8Array, damage, random) }, { level: 1 });
}
