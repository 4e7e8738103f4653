// Numbers as lists write them: "十二", "贰", "③", "(4)", "xii". Word names the same formats in .docx and in .doc.

const DIGITS = "〇一二三四五六七八九";
const LEGAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖";
const LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖";
const STEMS = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES = "子丑寅卯辰巳午未申酉戌亥";

/** One number the way a numbering format writes it (ECMA-376 part 1 §17.18.59). */
export function written(value: number, format: string): string {
  switch (format) {
    case "chineseCounting":
    case "chineseCountingThousand":
    case "japaneseCounting":
    case "taiwaneseCounting":
    case "taiwaneseCountingThousand":
    case "ideographDigital":
      return chineseNumber(value);
    case "japaneseDigitalTenThousand":
    case "taiwaneseDigital":
      return String(value).replace(/\d/g, (digit) => DIGITS[Number(digit)] ?? digit);
    case "chineseLegalSimplified":
      return legalNumber(value, LEGAL_SIMPLIFIED);
    case "ideographLegalTraditional":
    case "japaneseLegal":
      return legalNumber(value, LEGAL_TRADITIONAL);
    case "ideographTraditional":
      return STEMS[value - 1] ?? String(value);
    case "ideographZodiac":
      return BRANCHES[value - 1] ?? String(value);
    case "ideographZodiacTraditional":
      return value >= 1 ? `${STEMS[(value - 1) % 10]}${BRANCHES[(value - 1) % 12]}` : String(value);
    case "decimalEnclosedCircle":
    case "decimalEnclosedCircleChinese":
      return enclosed(value, 0x2460, 20);
    case "decimalEnclosedParen":
      return enclosed(value, 0x2474, 20);
    case "decimalEnclosedFullstop":
      return enclosed(value, 0x2488, 20);
    case "ideographEnclosedCircle":
      return enclosed(value, 0x3280, 10);
    case "decimalFullWidth":
    case "decimalFullWidth2":
      return String(value).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    case "decimalZero":
      return String(value).padStart(2, "0");
    case "ordinal":
      return ordinal(value);
    case "upperLetter":
      return letters(value);
    case "lowerLetter":
      return letters(value).toLowerCase();
    case "upperRoman":
      return roman(value);
    case "lowerRoman":
      return roman(value).toLowerCase();
    default:
      return String(value);
  }
}

/** A list's label before its paragraph's words: Word sets a gap, which after Chinese signs is none. */
export function spaced(label: string): string {
  return /[、）)】，：]$/.test(label) || label === "" ? label : `${label} `;
}

/** 1 一, 10 十, 21 二十一, 105 一百〇五. */
function chineseNumber(value: number): string {
  if (value < 10) return DIGITS[value] ?? String(value);
  if (value < 100) {
    const tens = Math.floor(value / 10);
    return `${tens === 1 ? "" : DIGITS[tens]}十${value % 10 === 0 ? "" : DIGITS[value % 10]}`;
  }
  if (value >= 1000) return String(value);
  const rest = value % 100;
  const tail =
    rest === 0
      ? ""
      : rest < 10
        ? `〇${DIGITS[rest]}`
        : `${DIGITS[Math.floor(rest / 10)]}十${rest % 10 === 0 ? "" : DIGITS[rest % 10]}`;
  return `${DIGITS[Math.floor(value / 100)]}百${tail}`;
}

/** 3 叁, 12 壹拾贰, 105 壹佰零伍. */
function legalNumber(value: number, digits: string): string {
  if (value < 1 || value >= 1000) return value === 0 ? (digits[0] as string) : String(value);
  const hundreds = Math.floor(value / 100);
  const tens = Math.floor((value % 100) / 10);
  const ones = value % 10;
  return [
    hundreds > 0 ? `${digits[hundreds]}佰` : "",
    tens > 0 ? `${digits[tens]}拾` : hundreds > 0 && ones > 0 ? digits[0] : "",
    ones > 0 ? digits[ones] : "",
  ].join("");
}

/** Signs that Unicode has ready made, one after the other from `first`. */
function enclosed(value: number, first: number, last: number): string {
  return value >= 1 && value <= last ? String.fromCodePoint(first + value - 1) : String(value);
}

function ordinal(value: number): string {
  const ending =
    value % 100 >= 11 && value % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${ending}`;
}

/** A … Z, AA, BB, as Word repeats them. */
function letters(value: number): string {
  if (value < 1) return String(value);
  const letter = String.fromCharCode(65 + ((value - 1) % 26));
  return letter.repeat(Math.min(20, Math.floor((value - 1) / 26) + 1));
}

function roman(value: number): string {
  const signs: [number, string][] = [
    [1000, "M"],
    [900, "CM"],
    [500, "D"],
    [400, "CD"],
    [100, "C"],
    [90, "XC"],
    [50, "L"],
    [40, "XL"],
    [10, "X"],
    [9, "IX"],
    [5, "V"],
    [4, "IV"],
    [1, "I"],
  ];
  let left = value > 0 && value < 4000 ? value : 0;
  let text = left === 0 ? String(value) : "";
  for (const [worth, sign] of signs) {
    for (; left >= worth; left -= worth) text += sign;
  }
  return text;
}
