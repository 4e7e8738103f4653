// OLE compound files as small as can be ([MS-CFB] version 3): streams and storages, none of them in the small stream.

const SECTOR = 512;
const END_OF_CHAIN = 0xfffffffe;
const FREE = 0xffffffff;

/** Streams by name, and storages with streams of their own. */
export interface Streams {
  [name: string]: Buffer | Streams;
}

interface Entry {
  name: string;
  /** Null in a storage. */
  content: Buffer | null;
  child: number;
  right: number;
}

/** The directory in order; siblings hang to the right of one another. */
function entriesOf(streams: Streams, entries: Entry[]): number {
  const own = Object.entries(streams).map(([name, content]) => {
    const entry: Entry = {
      name,
      content: Buffer.isBuffer(content) ? content : null,
      child: FREE,
      right: FREE,
    };
    const number = entries.push(entry);
    if (!Buffer.isBuffer(content)) entry.child = entriesOf(content, entries);
    return { entry, number };
  });
  for (const [at, { entry }] of own.entries()) entry.right = own[at + 1]?.number ?? FREE;
  return own[0]?.number ?? FREE;
}

/** Every stream takes whole sectors: the header says that none is small. */
export function compoundOf(streams: Streams): Buffer {
  const entries: Entry[] = [];
  entriesOf(streams, entries);
  const directorySectors = Math.ceil((entries.length + 1) / 4);
  const sectorsOf = (bytes: number) => Math.max(1, Math.ceil(bytes / SECTOR));
  const contentSectors = entries.reduce(
    (sum, { content }) => sum + (content ? sectorsOf(content.length) : 0),
    0,
  );
  let tableSectors = 1;
  while (tableSectors * 128 < tableSectors + directorySectors + contentSectors) tableSectors++;
  const table: number[] = Array.from({ length: tableSectors }, () => 0xfffffffd);
  const chain = (sectors: number) => {
    const first = table.length;
    for (let at = 1; at <= sectors; at++) table.push(at === sectors ? END_OF_CHAIN : first + at);
    return first;
  };
  const directory = Buffer.alloc(directorySectors * SECTOR);
  const directoryAt = chain(directorySectors);
  const put = (
    at: number,
    name: string,
    kind: number,
    child: number,
    right: number,
    start: number,
    bytes: number,
  ) => {
    const entry = directory.subarray(at * 128, at * 128 + 128);
    entry.write(name, "utf16le");
    entry.writeUInt16LE((name.length + 1) * 2, 64);
    entry.writeUInt8(kind, 66);
    entry.writeUInt8(1, 67);
    entry.writeUInt32LE(FREE, 68);
    entry.writeUInt32LE(right, 72);
    entry.writeUInt32LE(child, 76);
    entry.writeUInt32LE(start, 116);
    entry.writeUInt32LE(bytes, 120);
  };
  put(0, "Root Entry", 5, entries.length > 0 ? 1 : FREE, FREE, END_OF_CHAIN, 0);
  const contents = entries.map(({ name, content, child, right }, at) => {
    if (!content) {
      put(at + 1, name, 1, child, right, 0, 0);
      return Buffer.alloc(0);
    }
    put(at + 1, name, 2, FREE, right, chain(sectorsOf(content.length)), content.length);
    return Buffer.concat([content, Buffer.alloc(sectorsOf(content.length) * SECTOR - content.length)]);
  });
  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  header.write("d0cf11e0a1b11ae1", "hex");
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(tableSectors, 44);
  header.writeUInt32LE(directoryAt, 48);
  header.writeUInt32LE(0, 56);
  header.writeUInt32LE(END_OF_CHAIN, 60);
  header.writeUInt32LE(END_OF_CHAIN, 68);
  for (let at = 0; at < tableSectors; at++) header.writeUInt32LE(at, 76 + at * 4);
  const tableBytes = Buffer.alloc(tableSectors * SECTOR, 0xff);
  for (const [at, next] of table.entries()) tableBytes.writeUInt32LE(next, at * 4);
  return Buffer.concat([header, tableBytes, directory, ...contents]);
}
