// The child's entry: bytes in, mails and documents out. Everything a stranger sent is opened here and nowhere else.
import { loadFormats, readDocument } from "../document/read.ts";
import type { Mail } from "../message/mail.ts";
import { parseMail } from "../message/parse.ts";
import {
  type Answer,
  foundInside,
  LARGEST_IN_MESSAGE_BYTES,
  type Request,
  type SetAside,
  store,
  unpack,
} from "./protocol.ts";

const folder = process.argv[2] as string;

async function answer(request: Request): Promise<Answer> {
  if (request.kind === "document") {
    const document = await readDocument(await unpack(request.content), request.hints);
    return { kind: "document", document, contents: await setAside(foundInside({ document })) };
  }
  const mails: Mail[] = [];
  for (const raw of request.raws) mails.push(await parseMail(await unpack(raw)));
  return { kind: "mails", mails, contents: await setAside(foundInside({ mails })) };
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

function say(message: Answer): void {
  process.send?.(message);
}

process.on("message", (request: Request) => {
  // An error here is a bug of ours; dying says so to the parent, which keeps the mail and names the reason.
  void answer(request).then(say, (error) => {
    console.error(error);
    process.exit(1);
  });
});
process.on("disconnect", () => process.exit(0));

say({ kind: "ready" });
void loadFormats();
