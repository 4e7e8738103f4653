// The child's entry: bytes in, mails and documents out. Everything a stranger sent is opened here and nowhere else.
import type { Recognise } from "../document/document.ts";
import { loadFormats, readDocument } from "../document/read.ts";
import { sniff } from "../document/sniff.ts";
import type { Mail } from "../message/mail.ts";
import { parseMail } from "../message/parse.ts";
import { asking, type NameTold } from "./dns.ts";
import {
  type Answer,
  foundInside,
  LARGEST_IN_MESSAGE_BYTES,
  type Request,
  type Said,
  type SetAside,
  store,
  unpack,
} from "./protocol.ts";
import type { MailToCheck } from "./sender-check.ts";

const folder = process.argv[2] as string;
/** A recognising child is started with other flags, and has the engine besides. */
const reads = process.argv[3] === "reading";

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case "document":
      return documentAnswer(request, null);
    case "recognise":
      return documentAnswer(request, countedAloud(await engine()));
    case "load":
      await engine();
      return { kind: "loaded" };
    case "mails": {
      const mails: Mail[] = [];
      for (const raw of request.raws) mails.push(await parseMail(await unpack(raw)));
      return { kind: "mails", mails, contents: await setAside(foundInside({ mails })) };
    }
    case "senders": {
      const { checkSender } = await import("./sender-check.ts");
      const { mails } = request;
      const raws = await Promise.all(request.raws.map(unpack));
      // Together: most of the time goes by in waiting for DNS.
      const results = raws.map((raw, at) => checkSender(raw, mails[at] as MailToCheck, names.forOneMail()));
      return { kind: "senders", results: await Promise.all(results) };
    }
    default:
      return request satisfies never;
  }
}

async function documentAnswer(
  { content, hints }: Extract<Request, { content: unknown }>,
  recognise: Recognise | null,
): Promise<Answer> {
  const bytes = await unpack(content);
  const mediaType = sniff(bytes);
  say({ kind: "sniffed", mediaType });
  const document = await readDocument(bytes, hints, { recognise }, mediaType);
  return { kind: "document", document, contents: await setAside(foundInside({ document })) };
}

let loading: Promise<Recognise> | null = null;

async function engine(): Promise<Recognise> {
  loading ??= import("./recogniser.ts").then(({ loadRecogniser }) => loadRecogniser());
  return loading;
}

/** Says after each picture how many there were: whoever waits knows that the work goes on. */
function countedAloud(recognise: Recognise): Recognise {
  let done = 0;
  say({ kind: "progress", done });
  return async (picture) => {
    try {
      return await recognise(picture);
    } finally {
      done += 1;
      say({ kind: "progress", done });
    }
  };
}

/** What would make the message large leaves it; an empty content takes its place until the other side puts it back. */
async function setAside(inside: { content: Uint8Array }[]): Promise<SetAside[]> {
  const contents: SetAside[] = [];
  let inMessage = 0;
  for (const [at, found] of inside.entries()) {
    if (inMessage + found.content.length <= LARGEST_IN_MESSAGE_BYTES) {
      inMessage += found.content.length;
      continue;
    }
    contents.push({ at, payload: await store(found.content, folder) });
    found.content = new Uint8Array();
  }
  return contents;
}

function say(message: Said): void {
  process.send?.(message);
}

const names = asking((asked) => say({ kind: "asks", ...asked }));

process.on("message", (request: Request | NameTold) => {
  if (request.kind === "told") {
    names.hear(request);
    return;
  }
  // An error here is a bug of ours; dying says so to the parent, which keeps the mail and names the reason.
  void answer(request).then(say, (error) => {
    console.error(error);
    process.exit(1);
  });
});
process.on("disconnect", () => process.exit(0));

say({ kind: "ready" });
// A recognising child is asked for few documents and needs its memory for pictures; a verifying one for none.
if (reads) void loadFormats();
