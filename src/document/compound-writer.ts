// A compound file of some streams ([MS-CFB]): an object inside a document becomes a file that its own reader can open.

const SECTOR_BYTES = 512;
const ENTRIES_PER_SECTOR = SECTOR_BYTES / 128;
const NUMBERS_PER_SECTOR = SECTOR_BYTES / 4;
const TABLE_SECTOR = 0xfffffffd;
const END_OF_CHAIN = 0xfffffffe;
const NOTHING = 0xffffffff;
/** The header has room for so many sectors of the allocation table: 7 MB. */
const MAX_TABLE_SECTORS = 109;

/** Null where it would be too large. No stream is kept in the small ones' place: the header says so. */
export function compoundFile(
  streams: { name: string; content: Uint8Array }[],
  maxBytes: number,
): Buffer | null {
  const sectorsOf = (bytes: number) => Math.ceil(bytes / SECTOR_BYTES);
  const directorySectors = Math.ceil((streams.length + 1) / ENTRIES_PER_SECTOR);
  const dataSectors = streams.reduce((sum, { content }) => sum + sectorsOf(content.length), 0);
  let tableSectors = 1;
  while (tableSectors * NUMBERS_PER_SECTOR < tableSectors + directorySectors + dataSectors) tableSectors++;
  const sectors = tableSectors + directorySectors + dataSectors;
  if (tableSectors > MAX_TABLE_SECTORS || sectors * SECTOR_BYTES > maxBytes) return null;

  const file = Buffer.alloc((sectors + 1) * SECTOR_BYTES);
  const table = file.subarray(SECTOR_BYTES, (tableSectors + 1) * SECTOR_BYTES).fill(0xff);
  for (let id = 0; id < tableSectors; id++) table.writeUInt32LE(TABLE_SECTOR, id * 4);
  const chain = (first: number, count: number): void => {
    for (let index = 0; index < count; index++)
      table.writeUInt32LE(index + 1 < count ? first + index + 1 : END_OF_CHAIN, (first + index) * 4);
  };
  writeHeader(file, tableSectors);
  chain(tableSectors, directorySectors);
  const directory = (tableSectors + 1) * SECTOR_BYTES;
  writeEntry(file, directory, {
    name: "Root Entry",
    type: 5,
    next: NOTHING,
    child: 1,
    start: END_OF_CHAIN,
    bytes: 0,
  });
  let first = tableSectors + directorySectors;
  for (const [index, { name, content }] of streams.entries()) {
    const next = index + 1 < streams.length ? index + 2 : NOTHING;
    writeEntry(file, directory + (index + 1) * 128, {
      name,
      type: 2,
      next,
      child: NOTHING,
      start: first,
      bytes: content.length,
    });
    file.set(content, (first + 1) * SECTOR_BYTES);
    chain(first, sectorsOf(content.length));
    first += sectorsOf(content.length);
  }
  return file;
}

function writeHeader(file: Buffer, tableSectors: number): void {
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(file);
  file.writeUInt16LE(0x3e, 24);
  file.writeUInt16LE(3, 26);
  file.writeUInt16LE(0xfffe, 28);
  file.writeUInt16LE(9, 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(tableSectors, 44);
  file.writeUInt32LE(tableSectors, 48);
  file.writeUInt32LE(0, 56);
  file.writeUInt32LE(END_OF_CHAIN, 60);
  file.writeUInt32LE(END_OF_CHAIN, 68);
  for (let index = 0; index < MAX_TABLE_SECTORS; index++)
    file.writeUInt32LE(index < tableSectors ? index : NOTHING, 76 + index * 4);
}

interface Entry {
  name: string;
  type: number;
  next: number;
  child: number;
  start: number;
  bytes: number;
}

function writeEntry(file: Buffer, at: number, { name, type, next, child, start, bytes }: Entry): void {
  const written = name.slice(0, 31);
  file.write(written, at, "utf16le");
  file.writeUInt16LE((written.length + 1) * 2, at + 64);
  file[at + 66] = type;
  file[at + 67] = 1;
  file.writeUInt32LE(NOTHING, at + 68);
  file.writeUInt32LE(next, at + 72);
  file.writeUInt32LE(child, at + 76);
  file.writeUInt32LE(start, at + 116);
  file.writeUInt32LE(bytes, at + 120);
}
