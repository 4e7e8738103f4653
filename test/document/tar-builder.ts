// A tar archive made by hand, with whatever name or kind a member is to have.

/** A tar member (POSIX.1-1988): name, size and kind, the checksum over a header with a blank checksum. */
export function tarOf(
  ...members: { name: Uint8Array | string; content?: Uint8Array | string; kind?: string; target?: string }[]
) {
  const blocks = members.flatMap(({ name, content = "", kind = "0", target = "" }) => {
    const header = Buffer.alloc(512);
    header.set(Buffer.from(name as string).subarray(0, 100), 0);
    header.write("0000644\0", 100);
    header.write(
      `${Buffer.from(content as string)
        .length.toString(8)
        .padStart(11, "0")}\0`,
      124,
    );
    header.write("00000000000\0        ", 136);
    header.write(kind + target, 156);
    header.write("ustar\x0000", 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    const data = Buffer.alloc(Math.ceil(Buffer.from(content as string).length / 512) * 512);
    data.set(Buffer.from(content as string));
    return [header, data];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
