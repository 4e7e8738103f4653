// RAR, 7z, tar, gzip and the other ways to pack: their files handed back, for the caller to read each as its own.
import { Buffer } from "node:buffer";
import { type DocumentText, type FormatReader, noText } from "../document.ts";
import { charsetOf, childrenOf, type Member, memberName } from "../members.ts";
import { unpack } from "../seven-zip.ts";
import { TAR } from "../signatures.ts";
import { sniff } from "../sniff.ts";
import { Unreadable } from "../unreadable.ts";

/** One stream and no directory: at most a name in the header. */
const STREAMS = new Set(["gzip", "bzip2", "xz", "lzma", "z", "zstd"]);
const RAR5_MARK = 0x01;
const ENCODED_HEADER = 0x17;
const AES_CODER = Buffer.from("06f10701", "hex");

/** `type` is 7-Zip's own name of the format. */
export function packed(type: string): FormatReader {
  return (bytes) => (STREAMS.has(type) ? readStream(bytes, type) : readPacked(bytes, versionOf(bytes, type)));
}

async function readPacked(bytes: Uint8Array, type: string): Promise<DocumentText> {
  if (type === "7z" && hasHiddenDirectory(bytes))
    throw new Unreadable("password-protected", "the names are encrypted, too");
  const { members, damage } = await unpack(bytes, type).catch((error) => {
    if (!(error instanceof Unreadable) || error.reason !== "corrupt" || !isCutRound(bytes)) throw error;
    throw new Unreadable("split-archive", "the first part of several, or cut short");
  });
  const charset = charsetOf(members.map(({ name }) => name));
  const files = members.map(
    ({ name, content, problem }): Member => ({ name: memberName(name, charset), content, problem }),
  );
  const warnings = damage === null ? [] : [`the archive is damaged: ${damage}`];
  return { ...noText, children: childrenOf(files), warnings };
}

/** A tar that was compressed is one archive, not one in another. */
async function readStream(bytes: Uint8Array, type: string): Promise<DocumentText> {
  const { members, damage } = await unpack(bytes, type);
  const [stream] = members;
  if (!stream) throw new Unreadable("empty-file", "nothing is compressed in it");
  if (sniff(stream.content) === TAR) {
    const read = await readPacked(stream.content, "tar");
    return stream.problem ? { ...read, warnings: [...read.warnings, "the archive is cut short"] } : read;
  }
  const name = stream.isNamed ? memberName(stream.name, charsetOf([stream.name])) : "";
  const warnings = damage === null ? [] : [damage];
  return { ...noText, children: childrenOf([{ ...stream, name }]), warnings };
}

/** The directory of a 7z archive (7zFormat.txt, "Encoded Header") names what it is encrypted with, if it is. */
function hasHiddenDirectory(bytes: Uint8Array): boolean {
  if (bytes.length < 32) return false;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = 32 + Number(file.readBigUInt64LE(12));
  const directory = file.subarray(at, at + Math.min(4096, Number(file.readBigUInt64LE(20))));
  return directory[0] === ENCODED_HEADER && directory.includes(AES_CODER);
}

/** 7-Zip's volumes (.001) carry no mark; a length that people choose is one. No upload breaks off just there. */
function isCutRound({ length }: Uint8Array): boolean {
  return length >= 102_400 && [102_400, 1_000_000, 1_048_576].some((round) => length % round === 0);
}

function versionOf(bytes: Uint8Array, type: string): string {
  return type === "rar" && bytes[6] === RAR5_MARK ? "rar5" : type;
}
