// The words of what the office ruled, as the ledger has them, and the names of its sheets.
import type { Locale } from "../../campaign/campaign.ts";
import type { RulingTable } from "../../store/tables.ts";
import type { SheetKind } from "./selection.ts";

interface RulingWords {
  sheet: string;
  columns: readonly string[];
  kind: Record<RulingTable["kind"], string>;
  receivedBy: Record<"paper" | "phone" | "other", string>;
  way: Record<RulingTable["way"], string>;
  /** What stands for a reference where something was not received by mail. */
  withoutMail: string;
}

const words: Record<Locale, RulingWords> = {
  "zh-CN": {
    sheet: "办公室决定",
    columns: [
      ...["时间", "决定", "单位", "应交材料", "分项", "新期限", "收到时间", "收到方式", "原因", "经办"],
      ...["途径", "扫描件"],
    ],
    kind: {
      waiver: "免交",
      extension: "延期",
      receipt: "收到",
      "waiver-revoked": "取消免交",
      "extension-revoked": "取消延期",
      "receipt-revoked": "取消收到",
      "go-ahead": "同意答复此前来件",
    },
    receivedBy: { paper: "纸质", phone: "电话", other: "其他" },
    way: { mail: "回信", command: "命令" },
    withoutMail: "邮件以外收到",
  },
  en: {
    sheet: "Rulings",
    columns: [
      ...["Made at", "Ruling", "Unit", "Deliverable", "Item", "New due date", "Received at", "Received by"],
      ...["Why", "Made by", "Way", "Scans"],
    ],
    kind: {
      waiver: "waived",
      extension: "extended",
      receipt: "received",
      "waiver-revoked": "waiver cancelled",
      "extension-revoked": "extension cancelled",
      "receipt-revoked": "receipt cancelled",
      "go-ahead": "earlier mail may be answered",
    },
    receivedBy: { paper: "paper", phone: "phone", other: "other" },
    way: { mail: "reply", command: "command" },
    withoutMail: "not by mail",
  },
};

export function rulingWords(locale: Locale): RulingWords {
  return words[locale];
}

/** What people may call a sheet on the command line, besides its code. */
export const SHEET_NAMES: Record<SheetKind, readonly string[]> = {
  submissions: ["材料", "全部材料"],
  owed: ["应交", "应交情况", "obligations"],
  held: ["待人工"],
  rulings: ["办公室决定", "决定"],
};
