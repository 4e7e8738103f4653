// OLE compound files ([MS-CFB]), the container of .doc, .xls, .ppt, WPS, .msg and of encrypted .docx: streams by name.

const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const LAST_SECTOR = 0xfffffff9;
const END_OF_CHAIN = 0xfffffffe;
const DIRECTORY_ENTRY_BYTES = 128;
const STORAGE = 1;
const ROOT = 5;
/** The header holds the first 109 sector numbers of the allocation table (§2.2). */
const TABLE_SECTORS_IN_HEADER = 109;

interface DirectoryEntry {
  name: string;
  type: number;
  left: number;
  right: number;
  child: number;
  start: number;
  bytes: number;
}

/** A folder of the file: the root, or one inside it. */
export interface Storage {
  /** Names of the streams and storages directly in it: embedded objects are deeper and do not count. */
  names: string[];
  /** A stream's content, at most `maxBytes`; null when there is none of that name. Short where the file is cut. */
  read(name: string, maxBytes: number): Buffer | null;
  /** A storage in this one; null when there is none of that name. */
  storage(name: string): Storage | null;
}

export type CompoundFile = Storage;

export function isCompoundFile(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && SIGNATURE.equals(bytes.subarray(0, 8));
}

/** Never throws: of a damaged file it gives what can be reached. No answer is longer than the file itself. */
export function openCompoundFile(bytes: Uint8Array): CompoundFile {
  if (!isCompoundFile(bytes)) return { names: [], read: () => null, storage: () => null };
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sectorBytes = 1 << Math.min(12, Math.max(7, file.readUInt16LE(30)));
  const smallSectorBytes = 1 << Math.min(12, Math.max(4, file.readUInt16LE(32)));
  const smallStreamLimit = file.readUInt32LE(56);
  const table = allocationTable(file, sectorBytes);
  const next = (id: number): number => {
    const sector = table[Math.floor((id * 4) / sectorBytes)];
    const at = sector === undefined ? -1 : (sector + 1) * sectorBytes + ((id * 4) % sectorBytes);
    // Where the table is cut off: streams mostly lie in one piece.
    return at >= 0 && at + 4 <= file.length ? file.readUInt32LE(at) : id + 1;
  };
  const read = (start: number, length: number) =>
    chain({ source: file, first: 1, sectorBytes, next }, start, Math.min(length, file.length));

  const directory = directoryEntries(read(file.readUInt32LE(48), file.length));
  const root = directory[0];
  let small: Chains | null = null;
  /** Streams of less than a sector or so live in a stream of their own, with a table of its own (§2.3, §2.4). */
  const smallStreams = (): Chains => {
    if (small) return small;
    const source = root ? read(root.start, root.bytes) : Buffer.alloc(0);
    const smallTable = read(file.readUInt32LE(60), file.length);
    const nextSmall = (id: number) =>
      id * 4 + 4 <= smallTable.length ? smallTable.readUInt32LE(id * 4) : END_OF_CHAIN;
    small = { source, first: 0, sectorBytes: smallSectorBytes, next: nextSmall };
    return small;
  };
  const content = (entry: DirectoryEntry, maxBytes: number): Buffer => {
    const length = Math.min(entry.bytes, maxBytes);
    return entry.bytes >= smallStreamLimit
      ? read(entry.start, length)
      : chain(smallStreams(), entry.start, length);
  };
  const storageOf = (entry: DirectoryEntry | undefined): Storage => {
    const inside = entry ? siblings(directory, entry.child) : [];
    const find = (name: string) => {
      const wanted = name.toUpperCase();
      return inside.find((candidate) => candidate.name.toUpperCase() === wanted);
    };
    const isStorage = ({ type }: DirectoryEntry) => type === STORAGE || type === ROOT;
    return {
      names: inside.map(({ name }) => name),
      read: (name, maxBytes) => {
        const found = find(name);
        return found && !isStorage(found) ? content(found, maxBytes) : null;
      },
      storage: (name) => {
        const found = find(name);
        return found && isStorage(found) ? storageOf(found) : null;
      },
    };
  };
  return storageOf(root);
}

/** Where the sectors of chains lie, and which follows which. */
interface Chains {
  source: Buffer;
  /** Sector 0 comes after the header, so this many sectors into the source. */
  first: number;
  sectorBytes: number;
  next(id: number): number;
}

/**
 * The first `length` bytes of a chain. Sectors mostly lie one after the other and are copied in runs. A sector that
 * is missing leaves zeros, for what comes after it is found by its place. A circle ends with the length.
 */
function chain(chains: Chains, start: number, length: number): Buffer {
  const { source, first, sectorBytes, next } = chains;
  const limit = Math.min(length, source.length);
  const target = Buffer.alloc(limit);
  let filled = 0;
  let present = 0;
  for (let id = start; id <= LAST_SECTOR && filled < limit; ) {
    const runStart = id;
    let runBytes = 0;
    do {
      runBytes += sectorBytes;
      const following = next(id);
      const isRun = following === id + 1;
      id = following;
      if (!isRun) break;
    } while (filled + runBytes < limit);
    const at = (runStart + first) * sectorBytes;
    const copied =
      at < source.length ? source.copy(target, filled, at, at + Math.min(runBytes, limit - filled)) : 0;
    if (copied > 0) present = filled + copied;
    filled += runBytes;
  }
  return target.subarray(0, Math.min(present, limit));
}

/** Numbers of the sectors that hold the allocation table: in the header, then in a chain of sectors of numbers. */
function allocationTable(file: Buffer, sectorBytes: number): number[] {
  const sectors: number[] = [];
  const most = Math.ceil(file.length / sectorBytes);
  const take = (at: number, count: number): void => {
    for (let index = 0; index < count && at + index * 4 + 4 <= file.length; index++) {
      const id = file.readUInt32LE(at + index * 4);
      if (id <= LAST_SECTOR && sectors.length < most) sectors.push(id);
    }
  };
  take(76, TABLE_SECTORS_IN_HEADER);
  let more = file.readUInt32LE(68);
  for (let left = most; more <= LAST_SECTOR && left > 0; left--) {
    const at = (more + 1) * sectorBytes;
    const last = at + sectorBytes - 4;
    if (last + 4 > file.length) break;
    take(at, sectorBytes / 4 - 1);
    more = file.readUInt32LE(last);
  }
  return sectors;
}

function directoryEntries(buffer: Buffer): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + DIRECTORY_ENTRY_BYTES <= buffer.length; at += DIRECTORY_ENTRY_BYTES) {
    const nameBytes = Math.min(64, buffer.readUInt16LE(at + 64));
    entries.push({
      name: buffer.toString("utf16le", at, at + Math.max(0, nameBytes - 2)),
      type: buffer[at + 66] as number,
      left: buffer.readUInt32LE(at + 68),
      right: buffer.readUInt32LE(at + 72),
      child: buffer.readUInt32LE(at + 76),
      start: buffer.readUInt32LE(at + 116),
      bytes: buffer.readUInt32LE(at + 120),
    });
  }
  return entries;
}

/** Entries of one storage form a tree of siblings (§2.6.4), here in their order; a damaged one may hold a circle. */
function siblings(directory: DirectoryEntry[], first: number): DirectoryEntry[] {
  const found = new Set<DirectoryEntry>();
  const open: DirectoryEntry[] = [];
  const seen = new Set<DirectoryEntry>();
  let entry = directory[first];
  while (entry || open.length > 0) {
    while (entry && !seen.has(entry)) {
      seen.add(entry);
      open.push(entry);
      entry = directory[entry.left];
    }
    const last = open.pop();
    if (!last) break;
    found.add(last);
    entry = directory[last.right];
  }
  return [...found];
}
