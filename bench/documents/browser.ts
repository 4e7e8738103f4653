// Web pages printed to PDF by Chromium, as QQ mail and online editors do.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Material } from "./material.ts";
import { escaped } from "./office.ts";

const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** `upright`: in columns from right to left. */
export interface PageStyle {
  columns?: number;
  upright?: boolean;
}

export function webPage({ title, blocks }: Material, charset = "utf-8", style = ""): string {
  const body = blocks.map((block) => {
    if (block.kind === "table")
      return `<table border="1" cellspacing="0">${block.rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`).join("\n")}</table>`;
    if (block.kind === "list")
      return `<ol>${block.items.map((item) => `<li>${escaped(item)}</li>`).join("\n")}</ol>`;
    const tag = { title: "h1", heading: "h2", text: "p", closing: "p" }[block.kind];
    const at = block.kind === "closing" ? ' align="right"' : "";
    return `<${tag}${at}>${escaped(block.text)}</${tag}>`;
  });
  return `<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}"><title>${escaped(title)}</title><style>p{text-indent:2em}${style}</style></head>\n<body>${body.join("\n")}</body></html>`;
}

export async function printPdfs(
  pages: { out: string; material: Material; style?: PageStyle }[],
): Promise<void> {
  const browser = await chromium.launch({
    ...(found ? { executablePath: found } : {}),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    for (const { out, material, style = {} } of pages) {
      const looks =
        `body{font:12pt 'Noto Serif CJK SC';${style.columns ? `column-count:${style.columns};` : ""}}` +
        (style.upright ? "html{writing-mode:vertical-rl}" : "") +
        "h1{font-size:16pt}h2{font-size:13pt}";
      await page.setContent(`<!doctype html>${webPage(material, "utf-8", looks)}`);
      await page.pdf({
        path: out,
        format: "A4",
        margin: { top: "2cm", bottom: "2cm", left: "2cm", right: "2cm" },
      });
    }
  } finally {
    await browser.close();
  }
}
