// Pages, Numbers and Keynote (Apple's iWork): the PDF that they may keep of themselves is what can be read.
import { type DocumentText, noText } from "../document.ts";
import { Unreadable } from "../unreadable.ts";
import { type Members, readZip } from "../zip.ts";

const PREVIEW = "quicklook/preview.pdf";
const CONTENT = "index.xml";
/** Newer ones keep the hint for the password, and its proof, beside the encrypted parts. */
const PASSWORD = [".iwph", ".iwpv2"];

export async function readIwork(bytes: Uint8Array): Promise<DocumentText> {
  const members = openedIwork(bytes);
  if (PASSWORD.some((name) => members.has(name)))
    throw new Unreadable("password-protected", "iWork with a password");
  const content = members.get(PREVIEW);
  if (!content) throw new Unreadable("format-unsupported", "iWork without a PDF of itself");
  return { ...noText, children: [{ filename: "Preview.pdf", bytes: content.length, content }] };
}

/** Older ones with a password name a way of compression that does not exist. */
function openedIwork(bytes: Uint8Array): Members {
  try {
    return readZip(bytes, (name) => [PREVIEW, CONTENT, ...PASSWORD].includes(name));
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof Unreadable || !/compression/i.test(message)) throw error;
    throw new Unreadable("password-protected", message);
  }
}
