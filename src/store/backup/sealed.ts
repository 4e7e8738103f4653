// Encryption of a backup with a passphrase: scrypt for the key, AES-256-GCM over pieces whose order and end are part of
// what is authenticated (the STREAM construction), so that a file that was cut, joined or changed is refused.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { Transform } from "node:stream";

/** What stands in the file's head; whoever has the passphrase needs nothing else. */
export interface Sealing {
  cipher: "aes-256-gcm";
  pieceBytes: number;
  kdf: "scrypt";
  cost: number;
  blockSize: number;
  parallel: number;
  salt: string;
}

const TAG_BYTES = 16;
/** 128 MB and a quarter of a second a guess. */
const COST = 2 ** 17;
const COST_MAX = 2 ** 20;
const PIECE_BYTES = 64 * 1024;

/** Wrong passphrase, or the bytes are not those that were written: the two cannot be told apart. */
export class SealBroken extends Error {}

export function newSealing(): Sealing {
  const salt = randomBytes(16).toString("base64");
  return {
    ...{ cipher: "aes-256-gcm", pieceBytes: PIECE_BYTES },
    ...{ kdf: "scrypt", cost: COST, blockSize: 8, parallel: 1, salt },
  };
}

function keyOf(passphrase: string, { cost, blockSize, parallel, salt }: Sealing): Promise<Buffer> {
  const settings = { N: cost, r: blockSize, p: parallel, maxmem: 256 * cost * blockSize };
  return new Promise((done, fail) => {
    scrypt(passphrase.normalize("NFC"), Buffer.from(salt, "base64"), 32, settings, (error, key) =>
      error ? fail(error) : done(key),
    );
  });
}

/** The salt, and with it the key, is new for every file: a counter is nonce enough. */
function nonceOf(piece: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(piece), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** `head` is authenticated with every piece: nobody can lower the cost or swap the salt. */
export async function seal(passphrase: string, sealing: Sealing, head: Buffer): Promise<Transform> {
  const key = await keyOf(passphrase, sealing);
  return inPieces(sealing.pieceBytes, (piece, index, isLast) => {
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index, isLast)).setAAD(head);
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  });
}

export async function unseal(passphrase: string, sealing: Sealing, head: Buffer): Promise<Transform> {
  // A head nobody has authenticated yet must not name a price we cannot pay.
  if (sealing.cost > COST_MAX || sealing.blockSize > 8 || sealing.parallel > 1)
    throw new SealBroken("the head of the file asks for a cost no backup has");
  const key = await keyOf(passphrase, sealing);
  return inPieces(sealing.pieceBytes + TAG_BYTES, (piece, index, isLast) => {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index, isLast)).setAAD(head);
      decipher.setAuthTag(piece.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(piece.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new SealBroken("口令不对，或文件已损坏 / wrong passphrase, or the file is damaged", {
        cause: error,
      });
    }
  });
}

/** Cuts a stream into pieces of `size`; only the last one may be shorter, and knows that it is the last. */
function inPieces(size: number, turn: (piece: Buffer, index: number, isLast: boolean) => Buffer): Transform {
  let waiting: Buffer[] = [];
  let held = 0;
  let index = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.push(chunk);
      held += chunk.length;
      if (held <= size) return done();
      try {
        let rest = Buffer.concat(waiting);
        // The last piece is known by the end of the stream alone: one is always kept back.
        for (; rest.length > size; rest = rest.subarray(size))
          this.push(turn(rest.subarray(0, size), index++, false));
        waiting = [rest];
        held = rest.length;
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        this.push(turn(Buffer.concat(waiting), index, true));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
