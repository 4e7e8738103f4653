// Values as binary workbooks keep them, old and new alike: packed numbers, and errors by number.

/** [MS-XLS] §2.5.10, [MS-XLSB] §2.5.97.2. */
export const ERRORS: Record<number, string> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
};

/** Thirty bits of a whole number or of a fraction's upper half, perhaps of hundredths ([MS-XLS] §2.5.122). */
export function rkNumber(rk: number): number {
  let value: number;
  if (rk & 2) value = (rk | 0) >> 2;
  else {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE((rk & 0xfffffffc) >>> 0, 4);
    value = bytes.readDoubleLE(0);
  }
  return rk & 1 ? value / 100 : value;
}
