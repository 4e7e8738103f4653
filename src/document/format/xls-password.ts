// Workbooks that are encrypted ([MS-XLS] §2.2.10). One password is no secret: Excel's own, for workbooks that are only
// protected against change, and Excel opens these without asking.
import { createHash } from "node:crypto";
import { Unreadable } from "../unreadable.ts";
import { BOF } from "./xls-records.ts";

const EVERYBODYS_PASSWORD = "VelvetSweatshop";
const FILEPASS = 0x002f;
const BLOCK_BYTES = 1024;
/** Records that are never encrypted (§2.2.10): those needed to begin with. */
const PLAIN = new Set([BOF, FILEPASS, 0x00e1, 0x00e2, 0x0138, 0x0194, 0x0195, 0x0196]);
const BOUNDSHEET = 0x0085;

/** The stream as it would stand without encryption; the same stream where it is not encrypted. */
export function decryptedBiff(stream: Buffer): Buffer {
  const found = filepass(stream);
  if (!found) return stream;
  const decrypt = decryption(found);
  if (!decrypt) throw new Unreadable("password-protected", "encrypted");
  const plain = Buffer.from(stream);
  for (let at = 0; at + 4 <= plain.length; ) {
    const type = plain.readUInt16LE(at);
    const length = plain.readUInt16LE(at + 2);
    // The place of a sheet is read before the key is known.
    const from = at + 4 + (type === BOUNDSHEET ? 4 : 0);
    const end = Math.min(plain.length, at + 4 + length);
    if (!PLAIN.has(type) && from < end) decrypt(plain, from, end);
    at += 4 + length;
  }
  return plain;
}

/** Follows the first record of the workbook, or stands among the next few. */
function filepass(stream: Buffer): Buffer | null {
  for (let at = 0, seen = 0; at + 4 <= stream.length && seen < 20; seen++) {
    const length = stream.readUInt16LE(at + 2);
    const content = stream.subarray(at + 4, at + 4 + length);
    if (stream.readUInt16LE(at) === FILEPASS) return content;
    at += 4 + length;
  }
  return null;
}

/** Decrypts a span in place. */
type Decrypt = (bytes: Buffer, from: number, end: number) => void;

/** The older method, XOR obfuscation (type 0), is of Excel 95 and was never used without a password of one's own. */
function decryption(content: Buffer): Decrypt | null {
  if (content.length < 6 || content.readUInt16LE(0) !== 1) return null;
  const version = content.readUInt16LE(2);
  if (version === 1 && content.length >= 54) return rc4Decryption(content.subarray(6));
  return version >= 2 && version <= 4 ? cryptoApiDecryption(content.subarray(6)) : null;
}

/** Office binary RC4 (§2.3.6): 40 bits of MD5. */
function rc4Decryption(header: Buffer): Decrypt | null {
  const [salt, verifier, hash] = [0, 16, 32].map((at) => header.subarray(at, at + 16)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const md5 = (...parts: Uint8Array[]) => digest("md5", parts);
  const start = md5(Buffer.from(EVERYBODYS_PASSWORD, "utf16le")).subarray(0, 5);
  const base = md5(...Array.from({ length: 16 }, () => [start, salt]).flat()).subarray(0, 5);
  const keyOf = (block: number) => md5(base, littleEndian(block));
  const check = rc4(keyOf(0), Buffer.concat([verifier, hash]));
  if (!md5(check.subarray(0, 16)).equals(check.subarray(16))) return null;
  return blockwise(keyOf);
}

/** CryptoAPI RC4 (§2.3.5): SHA-1, keys of 40 to 128 bits. */
function cryptoApiDecryption(content: Buffer): Decrypt | null {
  const headerBytes = content.length >= 8 ? content.readUInt32LE(4) : 0;
  const verifierAt = 8 + headerBytes;
  if (headerBytes < 32 || content.length < verifierAt + 60) return null;
  const keyBytes = (content.readUInt32LE(8 + 16) || 40) >> 3;
  const salt = content.subarray(verifierAt + 4, verifierAt + 20);
  const verifier = content.subarray(verifierAt + 20, verifierAt + 36);
  const hash = content.subarray(verifierAt + 40, verifierAt + 60);
  const sha1 = (...parts: Uint8Array[]) => digest("sha1", parts);
  const base = sha1(salt, Buffer.from(EVERYBODYS_PASSWORD, "utf16le"));
  const keyOf = (block: number) => {
    const key = sha1(base, littleEndian(block)).subarray(0, keyBytes);
    return keyBytes === 5 ? Buffer.concat([key, Buffer.alloc(11)]) : key;
  };
  const check = rc4(keyOf(0), Buffer.concat([verifier, hash]));
  if (!sha1(check.subarray(0, 16)).equals(check.subarray(16))) return null;
  return blockwise(keyOf);
}

/** Each kilobyte of the stream has a key of its own, and the keystream runs through record headers too. */
function blockwise(keyOf: (block: number) => Buffer): Decrypt {
  let block = -1;
  let stream: Uint8Array = new Uint8Array(0);
  return (bytes, from, end) => {
    for (let at = from; at < end; at++) {
      if (Math.floor(at / BLOCK_BYTES) !== block) {
        block = Math.floor(at / BLOCK_BYTES);
        stream = rc4(keyOf(block), Buffer.alloc(BLOCK_BYTES));
      }
      bytes[at] = (bytes[at] as number) ^ (stream[at % BLOCK_BYTES] as number);
    }
  };
}

/** Node's own OpenSSL no longer offers RC4. */
function rc4(key: Buffer, content: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at);
  const swap = (one: number, other: number) => {
    const kept = state[one] as number;
    state[one] = state[other] as number;
    state[other] = kept;
  };
  for (let at = 0, other = 0; at < 256; at++) {
    other = (other + (state[at] as number) + (key[at % key.length] as number)) & 255;
    swap(at, other);
  }
  let one = 0;
  let other = 0;
  return Buffer.from(content).map((byte) => {
    one = (one + 1) & 255;
    other = (other + (state[one] as number)) & 255;
    swap(one, other);
    return byte ^ (state[((state[one] as number) + (state[other] as number)) & 255] as number);
  }) as Buffer;
}

function digest(algorithm: "md5" | "sha1", parts: Uint8Array[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function littleEndian(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
