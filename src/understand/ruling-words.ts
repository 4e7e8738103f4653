// What the office may write when it rules on what is owed, as tables: a further way to say it is a further word in a row.

export type RulingKind = "receipt" | "extension" | "waiver";
export type ReceivedBy = "paper" | "phone" | "other";

/** The words a ruling is known by. */
export const RULINGS: { kind: RulingKind; words: string[] }[] = [
  {
    kind: "receipt",
    words: [
      ..."已收到 收到了 收到 收妥 已拿到 拿到 已收讫 收讫 已签收 签收 已收 已交来 交来 已报来 已送来 送来 已送达 已上交 已报送 已交 已报".split(
        " ",
      ),
      ..."received receive receipt handed-in".split(" "),
      "handed in",
    ],
  },
  {
    kind: "extension",
    words: [
      ..."延期交 延期报 延期提交 延期报送 延期 延长 延至 延到 延后 展期 宽限 顺延 推迟 缓交 缓报".split(" "),
      ..."extension extended extend postponed postpone".split(" "),
    ],
  },
  {
    kind: "waiver",
    words: [
      ..."免交 免报 免予提交 免于提交 免予报送 免于报送 免除 免了 豁免 不用交 不用报 不必交 不必报 不需交 不需要交 无需交 无须交 无需提交 无须提交 无需报送 不再要求提交".split(
        " ",
      ),
      ..."waiver waived waive exempted exempt exemption".split(" "),
    ],
  },
];

/** Takes an earlier ruling back: "取消延期 …". */
export const REVOKING = [
  ..."取消 撤销 撤回 收回 作废 更正为未 cancel cancelled revoke revoked undo withdraw remove".split(" "),
];

/** Whoever owes it; behind a unit's name: all that this one owes. */
export const EVERYBODY = [
  ..."全部 全体 所有 各单位 各处室 各馆 各校 每个单位 每个 各个 所有单位 全部单位 all everybody everyone".split(
    " ",
  ),
];

/** How a thing came that did not come by mail to us. */
export const WAYS: { by: ReceivedBy; words: string[] }[] = [
  {
    by: "paper",
    words: [
      ..."纸质版 纸质件 纸质稿 纸质材料 纸质 纸件 纸本 书面材料 书面件 打印件 打印稿 盖章件 原件".split(" "),
      ...["on paper", "in paper", "paper copy", "hard copy", "paper"],
    ],
  },
  {
    by: "phone",
    words: [
      ..."电话告知 电话报告 电话 来电 口头报告 口头 by-phone phone telephone".split(" "),
      ...["by phone", "by telephone", "on the phone"],
    ],
  },
  {
    by: "other",
    words: [
      ..."当面交 当面 面交 传真 微信 QQ 短信 U盘 优盘 光盘 邮寄 快递 挂号信 机要 内网 OA fax wechat usb courier".split(
        " ",
      ),
      ...["in person", "by hand", "by post", "by fax", "by courier"],
    ],
  },
];

/** Why: to the end of what is said. */
export const BECAUSE =
  /(?:原因|理由|事由|备注|说明|reason|why|note)\s*(?:=|:|是|为)\s*|(?:因为|由于|because of|because|due to)\s*/y;

/** Names what follows, which says so itself: "单位=文化馆". */
export const LABEL =
  /(?:单位|部门|处室|科室|材料类型|材料|类型|类别|分项|子项|项目|日期|时间|截止日期|截止时间|截止|期限|方式|unit|department|deliverable|type|kind|item|date|due|by)\s*(?:=|:)\s*/y;

/** Words that carry nothing here; what stands beside them does. */
export const FILLERS = [
  ..."的 了 把 将 给 对 就 请 麻烦 烦请 谢谢 多谢 辛苦 您好 你好 同意 批准 准予 准许 允许 特批 可以 可 已经 已 现 现已 到 至 于 为 是 在 并 版 材料 文件 交来 报来 报送 上报 提交 报 交 都 附后 附上 见附件 详见附件 扫描件见附件 扫描件附后 扫描件 照片见附件 和 与 及 以及 之前 以前 前 止 不用催了 不用再催了 不用再催 不用催 不要再催了 不要再催 不必再催了 不必再催 不必催 别催了 勿催 期限 截止日期 截止时间 截止".split(
    " ",
  ),
  ..."the a an of for to until till from on at by in and has have been is are was we please thanks agreed approved granted as deadline".split(
    " ",
  ),
  ...["thank you", "s"],
];

/** Between words that are not understood: who says any of these asks, denies, supposes or talks to somebody: it is no ruling, and no failed one. */
export const TALK =
  /[?？吗呢吧嘛您你我他她它贵谁哪这那么没未否若如等后再先但还即问]|有(?!限)|(?:是不是|不知|希望|建议|想|申请|要求|打算|准备|能否|可否)|\b(?:if|whether|when|not|didn't|haven't|hasn't|yet|you|your|did|would|could|should|may|might|will|asks?|asked)\b/u;
