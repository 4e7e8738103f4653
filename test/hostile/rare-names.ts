// Two hundred names with a character that GB 2312 and GBK do not have: what a register office writes, and what charsets lose.
const surnames = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];

/** Where such characters stand: Extensions A to H, and those that GB 18030-2022 moved out of private use. */
const blocks: [from: number, to: number][] = [
  [0x3400, 0x4dbf],
  [0x9fa6, 0x9fef],
  [0x9fb4, 0x9fbb],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b739],
  [0x2b740, 0x2b81d],
  [0x2b820, 0x2cea1],
  [0x2ceb0, 0x2ebe0],
  [0x30000, 0x3134a],
  [0x31350, 0x323af],
];
/** Met in registers. */
const known = [..."䶮㛃𠅤𬭎𰻝㐱㛚䴉㬎𣲘𫖯𬱖𫘝𬀩𫓹𬤇𫟹𬸪"];

export const rareNames: string[] = Array.from({ length: 200 }, (_, at) => {
  const [from, to] = blocks[at % blocks.length] as [number, number];
  const spread = String.fromCodePoint(from + ((at * 7_907) % (to - from)));
  return `${surnames[Math.floor(at / 10)]}${known[at] ?? spread}${at % 3 === 0 ? "某" : ""}`;
});
