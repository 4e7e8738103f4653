// What every notice says of itself, so that no machine answers it, and of the mail it answers (R39).
import { expect, test } from "vitest";
import { parseMail } from "../../src/message/parse.ts";
import { composeMessage } from "../../src/notice/compose.ts";
import { replyReferences } from "../../src/notice/identity.ts";
import type { NoticeKind } from "../../src/notice/notice.ts";

const kinds: Record<NoticeKind, "auto-replied" | "auto-generated"> = {
  acknowledgement: "auto-replied",
  clarification: "auto-replied",
  reminder: "auto-generated",
  overdue: "auto-generated",
  escalation: "auto-generated",
  digest: "auto-generated",
  announcement: "auto-generated",
  ballot: "auto-generated",
  result: "auto-generated",
  "sign-in": "auto-generated",
  alert: "auto-generated",
  contact: "auto-generated",
  heartbeat: "auto-generated",
};
const from = { name: "办公室", email: "ideas@culture.example" };
const asked = "<asked@lib.example>";

test.each(Object.entries(kinds))("%s is %s, and wants no answer", async (kind, submitted) => {
  const isAnswer = submitted === "auto-replied";
  const references = isAnswer ? replyReferences({ messageId: asked, references: [], inReplyTo: [] }) : [];
  const raw = await composeMessage({
    ...{ key: "k", kind: kind as NoticeKind, from, to: [{ name: "", email: "wang@lib.example" }], cc: [] },
    ...{
      subject: "通知",
      text: "文字",
      html: null,
      attachments: [],
      messageId: "<n@culture.example>",
      attempts: 1,
    },
    ...{ inReplyTo: isAnswer ? asked : null, references, at: new Date("2012-11-26T01:00:00Z") },
  });
  const { headers } = await parseMail(raw);
  const names = [
    "auto-submitted",
    "x-auto-response-suppress",
    "precedence",
    "x-loop",
    "in-reply-to",
    "references",
  ];
  expect(Object.fromEntries(names.map((name) => [name, headers[name] ?? null]))).toEqual({
    "auto-submitted": [submitted],
    "x-auto-response-suppress": ["All"],
    precedence: ["bulk"],
    "x-loop": [from.email],
    "in-reply-to": isAnswer ? [asked] : null,
    references: isAnswer ? [asked] : null,
  });
  // Nobody unsubscribes from a duty, and none of ours asks for a receipt (R45, R48).
  expect(Object.keys(headers).filter((name) => /^list-|notification|receipt/.test(name))).toEqual([]);
});

test.each([
  ["three hundred short ones", 300, 10],
  ["thirty long ones", 30, 200],
  ["one that is too long by itself", 1, 1_200],
])(
  "of References of %s, the thread's first and the newest stay, twenty and 998 characters at most",
  (_what, count, length) => {
    const references = Array.from(
      { length: count },
      (_, at) => `<${`${at}`.padStart(length, "r")}@lib.example>`,
    );
    const kept = replyReferences({ messageId: asked, references, inReplyTo: [] });
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept.join(" ").length).toBeLessThanOrEqual(998);
    expect(kept.at(-1)).toBe(asked);
    if (length < 998) expect(kept[0]).toBe(references[0]);
  },
);
