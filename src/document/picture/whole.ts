// Whether a picture's bytes are all there: decoders fill what is missing with grey and say nothing.

/** False only where the format itself shows that the end is missing. */
export function isWhole(bytes: Uint8Array): boolean {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = content.toString("latin1", 0, 12);
  if (head.startsWith("\x89PNG"))
    return content.includes("IEND", Math.max(0, content.length - 4096), "latin1");
  // ITU-T T.81 §B.1.1.3: end of image; telephones put more of their own after it.
  if (head.startsWith("\xff\xd8")) return content.lastIndexOf("\xff\xd9", undefined, "latin1") > 2;
  if (head.startsWith("GIF8")) return content.lastIndexOf(0x3b) > content.length - 4096;
  if (head.startsWith("RIFF")) return content.length >= content.readUInt32LE(4) + 8;
  if (head.startsWith("BM")) {
    const promised = content.readUInt32LE(2);
    return promised <= 14 || content.length >= promised;
  }
  return true;
}
