// Shorter and other ways in which people write the name of an organisation, all known beforehand.

const LEVEL = "省市区县州镇乡校局院厂";
const PLACE = /^(\p{Script=Han}{2,3})([省市区县乡镇])(?=\p{Script=Han}{2})/u;
const NUMERALS = "零一二三四五六七八九";

/** Every derived form of a configured name or alias; the same form may come from several units. */
export function formsOf(name: string, written: string): string[] {
  const forms = new Set<string>();
  for (const form of [written, ...shorterForms(written), ...placedForms(name, written)]) {
    if (form !== written) forms.add(form);
    for (const other of [...numbered(form), ...offices(form), ...otherHeads(form)]) forms.add(other);
  }
  forms.delete(written);
  return [...forms].filter((form) => form.length >= 2);
}

/** Without the place before it, without the brackets. */
export function shorterForms(name: string): string[] {
  const bracket = /^(.+?)\((.+?)\)$/.exec(name);
  const forms = bracket ? [bracket[1]!, bracket[2]!, bracket[1]! + bracket[2]!] : [];
  for (const form of [name, ...forms]) {
    const bare = form.replace(
      /^(?:\p{Script=Han}{2,3}[省市])?(?:\p{Script=Han}{1,2}[^社校院厂园小\P{Script=Han}][区县]|\p{Script=Han}{2}[镇乡](?=[^\p{Script=Han}]*\p{Script=Han}{4}))?(?:[市区县省校局])?/u,
      "",
    );
    if (bare.length >= 3 && bare !== form && !forms.includes(bare)) forms.push(bare);
  }
  return forms;
}

/** "青石县实小", "青石实小": the alias behind the place that the full name begins with. */
function placedForms(name: string, written: string): string[] {
  const place = PLACE.exec(name);
  if (!place || !/^\p{Script=Han}/u.test(written) || written.startsWith(place[1]!)) return [];
  if (written.startsWith(place[2]!)) return [place[1]! + written];
  return [place[0] + written, place[1]! + written];
}

/** What a numbered house is called in short: 第一小学 → 一小, 第一人民医院 → 一院, 第二分公司 → 二公司. */
const SHORT_HOUSE: Record<string, string[]> = {
  小学: ["小"],
  中学: ["中"],
  高级中学: ["中"],
  初级中学: ["中"],
  人民医院: ["院", "医院"],
  中医院: ["中医院"],
  医院: ["院"],
  幼儿园: ["幼", "幼儿园"],
  中心小学: ["小", "中心小学"],
  职业中学: ["职中", "职高"],
  职业高级中学: ["职高"],
  分公司: ["公司", "分公司"],
  营业所: ["所"],
  派出所: ["所"],
  项目部: ["项目部"],
  工程处: ["处"],
  车间: ["车间"],
  修理厂: ["修"],
};

/** Numbers as they are written: 第一小学 and 第1小学, 一公司 and 1公司, 骨一科 and 骨1科, 十二中 and 12中. */
function numbered(form: string): string[] {
  const found: string[] = [];
  const number = /(第?)([一二三四五六七八九十]{1,3})/u.exec(form);
  if (!number) return found;
  const [whole, ordinal, numeral] = number;
  const before = form.slice(0, number.index);
  const after = form.slice(number.index + whole.length);
  // 三农, 五金, 一站式: a number that numbers nothing.
  const numbers =
    ordinal !== "" ||
    after === "" ||
    /^(?:小|中|院|厂|所|科|队|部|站|馆|区|组|处|幼|修|公司|分|车|病|校|项目|工|营|大队|中队|号)/.test(after);
  if (!numbers) return found;
  const arabic = String(numberOf(numeral!));
  found.push(`${before}${ordinal}${arabic}${after}`);
  if (ordinal === "") return found;
  for (const [house, shorts] of Object.entries(SHORT_HOUSE)) {
    if (after !== house) continue;
    for (const short of shorts) found.push(`${before}${numeral}${short}`, `${before}${arabic}${short}`);
  }
  if (new RegExp(`^[${LEVEL}]?$`).test(before) === false) return found;
  if (after.length >= 2) found.push(`${before}${numeral}${after}`, `${before}${arabic}${after}`);
  return found;
}

function numberOf(numeral: string): number {
  const ten = numeral.indexOf("十");
  if (ten < 0) return [...numeral].reduce((sum, one) => sum * 10 + NUMERALS.indexOf(one), 0);
  const tens = ten === 0 ? 1 : NUMERALS.indexOf(numeral[0]!);
  const ones = ten === numeral.length - 1 ? 0 : NUMERALS.indexOf(numeral[ten + 1]!);
  return tens * 10 + ones;
}

/** The office of the house is called after the house: 院办, 局办, 校办, 厂办. */
function offices(form: string): string[] {
  const office = /^(.{0,8}?)(?:党政|行政|综合|党委)?办公室$/u.exec(form);
  const house = office?.[1]?.at(-1);
  return house && office![1]!.length <= 2 ? [`${house}办`, `${house}办公室`] : [];
}

/** People do not know whether it is a 总务科 or a 总务处. */
function otherHeads(form: string): string[] {
  if (form.length < 3 || !/^\p{Script=Han}{2,}[科处部股]$/u.test(form)) return [];
  return [..."科处部"].filter((head) => head !== form.at(-1)).map((head) => form.slice(0, -1) + head);
}
