// Signs that fonts for Chinese call radicals: the same shapes as ideographs, other numbers, and no match in any search.

/** U+2E80 to U+2EF3 by Unicode's EquivalentUnifiedIdeograph.txt; 〓 where a radical is no ideograph. */
const SUPPLEMENT = [
  ...("〓厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵〓旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂" +
    "肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"),
];
const FIRST = 0x2e80;

/** Kangxi radicals (U+2F00…) and compatibility ideographs (U+F900…) have their ideograph by normalisation; these do not. Punctuation for vertical writing is the same as any other. */
export function plainHan(text: string): string {
  return text
    .replace(/[\u2e80-\u2ef3]/gu, (radical) => {
      const plain = SUPPLEMENT[(radical.codePointAt(0) ?? 0) - FIRST];
      return plain === undefined || plain === "〓" ? radical : plain;
    })
    .replace(/[\ufe10-\ufe19\ufe30-\ufe44\ufe47\ufe48]/gu, (sign) => fullWidth(sign.normalize("NFKC")))
    .replace(/[\u2f00-\u2fd5\uf900-\ufaff]/gu, (sign) => sign.normalize("NFKC"));
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}
