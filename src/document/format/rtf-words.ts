// The control words of rich text that matter to its words (RTF specification 1.9.1); all others only change looks.

/** Groups without words of the document: tables of looks, instructions of fields, what is repeated for older readers. */
export const SKIPPED = new Set(
  (
    "colortbl stylesheet filetbl fldinst fldtype datafield formfield themedata datastore xe tc tcn rxe bkmkstart bkmkend " +
    "nonshppict nonesttables shprslt sn sv sp revtbl listtable listoverridetable rsidtbl generator pn pnseclvl atnid " +
    "atndate atnref atntime atnparent ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn template docvar mmathPr objclass " +
    "objname objtime objsect private keycode pgptbl protusertbl userprops latentstyles wgrffmtfilter background " +
    "mhtmltag pnrdate passwordhash linkval propname staticval blipuid picprop mrPr mfPr msSupPr msSubPr msSubSupPr " +
    "mnaryPr mdPr mctrlPr mradPr mfuncPr mlimLowPr mlimUppPr mmPr mboxPr maccPr mbarPr mgroupChrPr meqArrPr msPrePr " +
    "mphantPr mborderBoxPr margPr"
  ).split(" "),
);

/** Groups marked as skippable for old readers that hold words all the same. */
export const ENTERED = new Set(
  (
    "shppict shpinst shptxt shpgrp do dptxbxtext listtext nesttableprops annotation atnauthor ud moMath moMathPara " +
    "fldrslt objdata htmltag footnote mmath"
  ).split(" "),
);

export const MARGINS = new Set("header headerl headerr headerf footer footerl footerr footerf".split(" "));

/** Words that stand for signs. */
export const TEXT_OF = new Map(
  Object.entries({
    tab: "\t",
    line: "\n",
    lbr: "\n",
    softline: "\n",
    emdash: "—",
    endash: "–",
    bullet: "•",
    lquote: "‘",
    rquote: "’",
    ldblquote: "“",
    rdblquote: "”",
    emspace: "\u2003",
    enspace: "\u2002",
    qmspace: "\u2005",
  }),
);

/** The document's own properties, by the groups of `\info`. */
export const PROPERTIES = new Set("title subject author operator company".split(" "));
