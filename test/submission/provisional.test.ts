// Which attachments make a unit's document count only provisionally.
import { expect, test } from "vitest";
import { heldDocument, type ReadPart } from "../../src/document/document.ts";
import { lacksText } from "../../src/submission/submission.ts";
import type { ReasonCode } from "../../src/text/reason.ts";

const part = (mediaType: string, reason: ReasonCode, children: ReadPart[] = []): ReadPart => ({
  part: { filename: "a", declaredType: mediaType, bytes: 1, sha256: "", inline: false },
  document: heldDocument(mediaType, reason),
  children,
});
const photo = part("image/jpeg", "no-text");
const recording = part("audio/mpeg", "media");
const locked = part("application/pdf", "password-protected");
const told = [{ text: "我馆召开座谈会三次。" }];
const untold = [{ text: "" }];

test.each<[string, ReadPart[], { text: string }[], boolean]>([
  ["photographs of the event beside a report that was read", [photo, recording], told, false],
  ["an archive of such photographs", [part("application/zip", "no-text", [photo, photo])], told, false],
  ["a photograph that should have been the report", [photo], untold, true],
  ["a locked file beside a report that was read", [photo, locked], told, true],
  [
    "a locked file among photographs in an archive",
    [part("application/zip", "no-text", [photo, locked])],
    told,
    true,
  ],
])("%s", (_what, parts, drafts, lacks) => {
  expect(lacksText(parts, drafts)).toBe(lacks);
});
