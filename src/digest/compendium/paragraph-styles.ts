// The looks as Word's named styles: an office that wants another font changes a style in Word, once.
import type { IParagraphStyleOptions, IStylesOptions } from "docx";
import { type Look, looksOf } from "./looks.ts";
import type { BookStyle } from "./style.ts";
import type { Docx } from "./table.ts";

export function stylesOf(docx: Docx, style: BookStyle): IStylesOptions {
  const made = Object.entries(looksOf(style)).map(([name, look]) => styleOf(docx, style, name, look));
  const { BookText: body } = looksOf(style);
  const contents = [1, 2, 3].map((level) => {
    const size = style.contentsSize;
    const look: Look = {
      ...{ ...body, firstLine: 0, after: 0, align: "left", size, pitch: style.contentsPitch },
      font: level === 1 ? style.heading : style.body,
      bold: style.isBold && level === 1,
      // No indent on the right: LibreOffice draws no number beyond one.
      left: (level - 1) * size * 10,
    };
    return styleOf(docx, style, `TOC${level}`, look, `toc ${level}`);
  });
  const language = { value: style.language, eastAsia: "zh-CN" };
  return {
    default: { document: { run: { ...runOf(style, body), language } } },
    paragraphStyles: [...made, ...contents],
  };
}

function styleOf(docx: Docx, style: BookStyle, id: string, look: Look, name = id): IParagraphStyleOptions {
  const { JUSTIFIED, CENTER, LEFT, RIGHT } = docx.AlignmentType;
  return {
    ...{ id, name, basedOn: "Normal", quickFormat: true, run: runOf(style, look) },
    paragraph: {
      alignment: { justified: JUSTIFIED, center: CENTER, left: LEFT, right: RIGHT }[look.align],
      spacing: {
        line: look.pitch,
        lineRule: docx.LineRuleType.EXACT,
        before: look.before,
        after: look.after,
      },
      indent: { firstLine: look.firstLine, left: look.left, right: look.right },
      ...(look.keepNext ? { keepNext: true, keepLines: true } : {}),
      ...(look.level > 0 ? { outlineLevel: look.level - 1 } : {}),
    },
  };
}

function runOf(style: BookStyle, { size, bold, font }: Look) {
  const fonts = { ascii: style.latin, hAnsi: style.latin, eastAsia: font, cs: style.latin };
  return { size, bold, characterSpacing: style.spacing, font: fonts };
}
