// winmail.dat as Outlook writes it ([MS-OXTNEF]): attributes with checksums, properties padded to four bytes.

export interface TnefProperty {
  id: number;
  /** 0x1e narrow, 0x1f wide, 0x102 binary, 0x0d object, 3 a number. */
  type: number;
  value: Uint8Array | number;
  /** A property of somebody's own, by name. */
  name?: string;
}

export const wide = (text: string) => Buffer.from(`${text}\0`, "utf16le");

export function tnefOf(...attributes: [id: number, data: Uint8Array][]): Buffer {
  return Buffer.concat([
    number(0x223e9f78),
    Buffer.from([1, 0]),
    ...attributes.flatMap(([id, data]) => {
      const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0);
      const isOfAttachment = [0x69002, 0x18010, 0x6800f, 0x69005].includes(id);
      return [
        Buffer.from([isOfAttachment ? 2 : 1]),
        number(id),
        number(data.length),
        data,
        Buffer.from([sum & 0xff, sum >> 8]),
      ];
    }),
  ]);
}

export function propertiesOf(...properties: TnefProperty[]): Buffer {
  return Buffer.concat([
    number(properties.length),
    ...properties.flatMap(({ id, type, value, name }) => {
      const own = name === undefined ? [] : [Buffer.alloc(16), number(1), ...counted(wide(name))];
      const content = typeof value === "number" ? [number(value)] : [number(1), ...counted(value)];
      return [Buffer.from([type & 0xff, type >> 8, id & 0xff, id >> 8]), ...own, ...content];
    }),
  ]);
}

function counted(value: Uint8Array): Buffer[] {
  return [number(value.length), Buffer.from(value), Buffer.alloc(-value.length & 3)];
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
