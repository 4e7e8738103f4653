// OLE compound files ([MS-CFB]), the container of .doc, .xls, .ppt, WPS and of encrypted .docx: top streams by name.

const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const END_OF_CHAIN = 0xfffffffe;
const NO_STREAM = 0xffffffff;
const DIRECTORY_ENTRY_BYTES = 128;
/** The header holds the first 109 sector numbers of the allocation table (§2.2). */
const TABLE_SECTORS_IN_HEADER = 109;

interface DirectoryEntry {
  name: string;
  left: number;
  right: number;
  child: number;
  start: number;
  bytes: number;
}

export interface CompoundFile {
  /** Names of the streams and storages directly under the root: embedded objects are deeper and do not count. */
  names: string[];
  /** A top stream's content, at most `maxBytes`; null when there is none of that name. */
  read(name: string, maxBytes: number): Buffer | null;
}

export function isCompoundFile(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && SIGNATURE.equals(bytes.subarray(0, 8));
}

/** Never throws: of a damaged file it gives what can be reached. Chains are bounded by the file's own length. */
export function openCompoundFile(bytes: Uint8Array): CompoundFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sectorBytes = 1 << Math.min(12, Math.max(7, file.readUInt16LE(30)));
  const smallSectorBytes = 1 << Math.min(12, Math.max(4, file.readUInt16LE(32)));
  const smallStreamLimit = file.readUInt32LE(56);
  const sector = (id: number): Buffer => file.subarray((id + 1) * sectorBytes, (id + 2) * sectorBytes);
  const table = allocationTable(file, sector, sectorBytes);

  const chain = (
    start: number,
    next: number[],
    maxBytes: number,
    bytesEach: number,
    at: (id: number) => Buffer,
  ) => {
    const pieces: Buffer[] = [];
    const limit = Math.min(Math.ceil(maxBytes / bytesEach), Math.ceil(file.length / bytesEach) + 1);
    for (let id = start; id < END_OF_CHAIN && pieces.length < limit; id = next[id] ?? END_OF_CHAIN) {
      pieces.push(at(id));
    }
    return Buffer.concat(pieces).subarray(0, maxBytes);
  };
  const read = (start: number, maxBytes: number) => chain(start, table, maxBytes, sectorBytes, sector);

  const directory = directoryEntries(read(file.readUInt32LE(48), file.length));
  const root = directory[0];
  const top = root ? siblings(directory, root.child) : [];
  return {
    names: top.map((entry) => entry.name),
    read: (name, maxBytes) => {
      const entry = top.find((candidate) => candidate.name === name);
      if (!entry || !root) return null;
      const length = Math.min(entry.bytes, maxBytes);
      if (entry.bytes >= smallStreamLimit) return read(entry.start, length);
      const small = read(root.start, root.bytes);
      const smallTable = words(read(file.readUInt32LE(60), file.length));
      return chain(entry.start, smallTable, length, smallSectorBytes, (id) =>
        small.subarray(id * smallSectorBytes, (id + 1) * smallSectorBytes),
      );
    },
  };
}

function allocationTable(file: Buffer, sector: (id: number) => Buffer, sectorBytes: number): number[] {
  const sectors = words(file.subarray(76, 76 + TABLE_SECTORS_IN_HEADER * 4)).filter(
    (id) => id < END_OF_CHAIN,
  );
  let next = file.readUInt32LE(68);
  for (let left = file.length / sectorBytes; next < END_OF_CHAIN && left > 0; left--) {
    const more = words(sector(next));
    next = more.pop() ?? END_OF_CHAIN;
    sectors.push(...more.filter((id) => id < END_OF_CHAIN));
  }
  return sectors.slice(0, Math.ceil(file.length / sectorBytes)).flatMap((id) => words(sector(id)));
}

function words(buffer: Buffer): number[] {
  return Array.from({ length: buffer.length >> 2 }, (_, index) => buffer.readUInt32LE(index * 4));
}

function directoryEntries(buffer: Buffer): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + DIRECTORY_ENTRY_BYTES <= buffer.length; at += DIRECTORY_ENTRY_BYTES) {
    const nameBytes = Math.min(64, buffer.readUInt16LE(at + 64));
    entries.push({
      name: buffer.toString("utf16le", at, at + Math.max(0, nameBytes - 2)),
      left: buffer.readUInt32LE(at + 68),
      right: buffer.readUInt32LE(at + 72),
      child: buffer.readUInt32LE(at + 76),
      start: buffer.readUInt32LE(at + 116),
      bytes: buffer.readUInt32LE(at + 120),
    });
  }
  return entries;
}

/** Entries of one storage form a tree of siblings (§2.6.4); a damaged one may hold a circle. */
function siblings(directory: DirectoryEntry[], first: number): DirectoryEntry[] {
  const found = new Map<number, DirectoryEntry>();
  const waiting = [first];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const entry = directory[id];
    if (id === NO_STREAM || !entry || found.has(id)) continue;
    found.set(id, entry);
    waiting.push(entry.left, entry.right);
  }
  return [...found.values()];
}
