// Files read as `jinbox extract` reads them: through the children, pictures recognised at once, archives entered.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ReadPart } from "../../src/document/document.ts";
import { emptyMail } from "../../src/reading/empty-mail.ts";
import { readParts } from "../../src/reading/read.ts";
import type { Reader } from "../../src/reading/reader.ts";

export async function readFileWith(reader: Reader, path: string): Promise<ReadPart> {
  return readBytesWith(reader, await readFile(path), basename(path));
}

export async function readBytesWith(
  reader: Reader,
  content: Uint8Array,
  filename: string,
): Promise<ReadPart> {
  const sha256 = createHash("sha256").update(content).digest("hex");
  const part = { filename, declaredType: "", bytes: content.length, sha256, inline: false, content };
  const mail = { ...emptyMail({ reason: "nothing-found", detail: "" }), parts: [part] };
  const { parts } = await readParts(
    mail,
    reader,
    async () => new Map(),
    () => undefined,
  );
  return parts[0] as ReadPart;
}

/** All the text of a part, with what was found inside. */
export function textOf({ document, children }: ReadPart): string {
  return [document.text, ...children.map(textOf)].filter(Boolean).join("\n");
}
