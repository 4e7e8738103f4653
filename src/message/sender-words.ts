// What is known about who sent a mail, in words for the office.
import type { Locale } from "../campaign/campaign.ts";
import type { SenderResult } from "./mail.ts";
import type { SenderCheck, SenderVerdict } from "./sender.ts";

const VERDICTS = {
  "zh-CN": { pass: "已核实", fail: "不符，是冒名的信", unknown: "未能核实" },
  en: { pass: "verified", fail: "forged", unknown: "not verified" },
} as const;

/** "verified — our server: dmarc=pass lib.example". */
export function senderCheckWords({ verdict, border, own, strays }: SenderCheck, locale: Locale): string {
  const zh = locale === "zh-CN";
  const said = [
    resultWords(zh ? "收信服务器：" : "our server: ", border),
    resultWords(zh ? "本程序：" : "our own check: ", own ?? []),
    strays === 0
      ? ""
      : zh
        ? `另有 ${strays} 处冒用收信服务器之名的字段，未采信`
        : `${strays} more in our server's name, not believed`,
  ].filter(Boolean);
  return [VERDICTS[locale][verdict], said.join(zh ? "；" : "; ")].filter(Boolean).join(" — ");
}

/** Before somebody files it: who wrote it is not who it says; nothing where all is well. */
export function senderDoubt(verdict: SenderVerdict, locale: Locale): string {
  return verdict === "pass" ? "" : `${locale === "zh-CN" ? "发件人" : "sender "}${VERDICTS[locale][verdict]}`;
}

function resultWords(who: string, results: SenderResult[]): string {
  if (results.length === 0) return "";
  const words = results.map(({ method, verdict, properties }) => {
    const [domain = ""] = ["header.from", "header.d", "header.i", "smtp.mailfrom"].flatMap(
      (name) => properties[name] ?? [],
    );
    return `${method}=${verdict}${domain === "" ? "" : ` ${domain}`}`;
  });
  return `${who}${words.slice(0, 12).join(", ")}`;
}
