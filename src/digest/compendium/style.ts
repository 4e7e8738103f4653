// How the book looks: the layout of a Chinese official document (GB/T 9704), and its sober counterpart in English.
import type { Locale } from "../../campaign/campaign.ts";

/** Lengths in twips (1/20 point), sizes of letters in half points, the way Word counts. */
export interface BookStyle {
  language: string;
  latin: string;
  /** Of body, of titles, of level-one headings and names of parts, of bylines and level-two headings. */
  body: string;
  title: string;
  heading: string;
  byline: string;
  bodySize: number;
  titleSize: number;
  coverSize: number;
  contentsSize: number;
  pageNumberSize: number;
  linePitch: number;
  titlePitch: number;
  contentsPitch: number;
  /** Of the first line: two characters. */
  indent: number;
  margins: { top: number; bottom: number; left: number; right: number };
  /** Between letters, so that 28 stand in a line of 156 mm (GB/T 9704, 5.2.3). */
  spacing: number;
  isBold: boolean;
}

const millimetre = 1440 / 25.4;
const margins = {
  top: Math.round(37 * millimetre),
  bottom: Math.round(35 * millimetre),
  left: Math.round(28 * millimetre),
  right: Math.round(26 * millimetre),
};

/** A4. */
export const PAGE = { width: 11_906, height: 16_838 };

const styles: Record<Locale, BookStyle> = {
  "zh-CN": {
    language: "zh-CN",
    latin: "Times New Roman",
    // By the names Windows, WPS and macOS know them under; 仿宋_GB2312 is this one where it is installed.
    ...{ body: "仿宋", title: "方正小标宋简体", heading: "黑体", byline: "楷体" },
    ...{ bodySize: 32, titleSize: 44, coverSize: 52, contentsSize: 28, pageNumberSize: 28 },
    ...{ linePitch: 560, titlePitch: 700, contentsPitch: 480, indent: 640 },
    margins,
    spacing: -5,
    isBold: false,
  },
  en: {
    language: "en-GB",
    latin: "Times New Roman",
    ...{ body: "宋体", title: "宋体", heading: "黑体", byline: "楷体" },
    ...{ bodySize: 24, titleSize: 36, coverSize: 48, contentsSize: 22, pageNumberSize: 20 },
    ...{ linePitch: 340, titlePitch: 480, contentsPitch: 320, indent: 0 },
    margins,
    spacing: 0,
    isBold: true,
  },
};

export function bookStyle(locale: Locale): BookStyle {
  return styles[locale];
}
