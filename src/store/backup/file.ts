// A backup as a file: its two first lines, and the records behind them compressed, sealed where a passphrase is given.
import { type FileHandle, open } from "node:fs/promises";
import { PassThrough, Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { BackupDamaged, type Head, MAGIC, type Summary, type Visitor, visitRecords } from "./format.ts";
import { newSealing, seal, unseal } from "./sealed.ts";

/** Longer than any head. */
const HEAD_MAX = 4_096;
/** Mail is mostly base64 and packed documents: higher levels cost far more than they save. */
const LEVEL = 3;

/** The backup is sealed and no passphrase was given, or the other way round. */
export class PassphraseMissing extends Error {}

export async function writeBackupFile(
  records: AsyncIterable<Buffer>,
  passphrase: string | null,
  destination: Writable,
): Promise<void> {
  const head: Head = { compression: "zstd", sealing: passphrase === null ? null : newSealing() };
  const lines = Buffer.from(`${MAGIC}${headLine(head)}\n`);
  destination.write(lines);
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = constants;
  const compress = createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: LEVEL, [ZSTD_c_checksumFlag]: 1 },
  });
  const sealed =
    passphrase !== null && head.sealing ? await seal(passphrase, head.sealing, lines) : new PassThrough();
  await pipeline(Readable.from(records, { objectMode: false }), compress, sealed, destination);
}

/** Reads a backup from its first byte to its last. Rejects with BackupDamaged, SealBroken or PassphraseMissing. */
export async function readBackupFile(
  path: string,
  passphrase: string | null,
  visitor: Visitor,
): Promise<Summary> {
  const file = await open(path, "r");
  try {
    const { head, lines } = await headOf(file, path);
    if (head.sealing && passphrase === null)
      throw new PassphraseMissing(
        `${path} 已加密，请用 --passphrase 指明口令文件 / ${path} is encrypted: name the file of its passphrase with --passphrase`,
      );
    const opened =
      head.sealing && passphrase !== null ? await unseal(passphrase, head.sealing, lines) : new PassThrough();
    const bytes = file.createReadStream({ start: lines.length, autoClose: false });
    const plain = createZstdDecompress();
    const streamed = pipeline(bytes, opened, plain);
    // Heard below; until then it must not count as unhandled.
    streamed.catch(() => undefined);
    try {
      const summary = await visitRecords(plain, visitor);
      await streamed;
      return summary;
    } catch (error) {
      plain.destroy();
      throw readable(error);
    }
  } finally {
    await file.close();
  }
}

/** What zlib says of bytes that are not what was compressed. */
function readable(error: unknown): unknown {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return /^ZSTD_|^Z_|^ERR_(_ERROR_FORMAT|ZLIB)/.test(code)
    ? new BackupDamaged(`文件已损坏 / the file is damaged (${message})`, { cause: error })
    : error;
}

async function headOf(file: FileHandle, path: string): Promise<{ head: Head; lines: Buffer }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_MAX), 0, HEAD_MAX, 0);
  const begin = buffer.subarray(0, bytesRead);
  if (!begin.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)))
    throw new BackupDamaged(
      `${path} 不是 jinbox 的备份，或由更新的版本所做 / ${path} is no backup of jinbox, or one of a newer version`,
    );
  const end = begin.indexOf("\n", MAGIC.length);
  if (end < 0) throw new BackupDamaged(`${path} 的文件头已损坏 / ${path} has no head`);
  const lines = begin.subarray(0, end + 1);
  const line = begin.toString("utf8", MAGIC.length, end);
  try {
    const head = JSON.parse(line) as Head;
    // Nothing else of a backup without a seal guards these few bytes.
    if (line === headLine(head)) return { head, lines };
  } catch {
    // Said below.
  }
  throw new BackupDamaged(
    `${path} 的文件头已损坏，或由更新的版本所做 / ${path} has a damaged head, or is of a newer version`,
  );
}

const headLine = ({ sealing }: Head) => JSON.stringify({ compression: "zstd", sealing });
