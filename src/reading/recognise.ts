// A document whose pictures hold words: read once more where they can be recognised, and final from then on.
import type { Document } from "../document/document.ts";
import { MAX_RECOGNISED } from "../document/pictures.ts";
import type { Reader } from "./reader.ts";

/** How far the recognition of one document is. */
export interface Progress {
  done: number;
  total: number;
}

/** How many pages or pictures recognition will look at: the rest is left out, and that is said. */
export function pagesToRecognise({ unrecognised }: Pick<Document, "unrecognised">): number {
  return Math.min(unrecognised, MAX_RECOGNISED);
}

/** `first` with what its pictures say. Where that failed, the words it has without them stand, with a warning. */
export async function recogniseDocument(
  { content, inline, first }: { content: Uint8Array; inline: boolean; first: Document },
  reader: Reader,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Document> {
  const total = pagesToRecognise(first);
  onProgress({ done: 0, total });
  const document = await reader.recognise(content, { inline }, (done) => {
    // Pictures without words are looked at as well: there may be more of them than were promised.
    onProgress({ done: Math.min(done, total), total });
  });
  return document.status === "held" ? withoutRecognition(first, document) : document;
}

/** What stands when recognition came to nothing: the text that was there before it, or the reason why there is none. */
export function withoutRecognition(first: Document, failed: Pick<Document, "reason" | "warnings">): Document {
  const said = failed.warnings.length > 0 ? `: ${failed.warnings.join("; ")}` : "";
  const warnings = [...first.warnings, `words in pictures were not recognised (${failed.reason}${said})`];
  if (first.status === "read") return { ...first, unrecognised: 0, warnings };
  const reason = failed.reason ?? first.reason;
  return { ...first, status: "held", reason, unrecognised: 0, warnings: failed.warnings };
}
