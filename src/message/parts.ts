// Raw mail → its leaves with their decoded bytes. mailparser finds the structure; fields and text stay raw, because
// what its own decoding destroys (undeclared GBK, GB 18030 labelled gb2312) cannot be repaired afterwards.
import type { Readable } from "node:stream";
import { type AttachmentStream, MailParser } from "mailparser";

/** One header field as sent: key in lower case, line with one character a byte. */
export interface Field {
  key: string;
  line: string;
}

export interface Leaf {
  fields: Field[];
  mediaType: string;
  /** The innermost multipart/alternative it stands in; leaves of one share the object. */
  alternative: object | null;
  /** Media type of the part it is in; "" at the top. */
  parentType: string;
  sha256: string;
  content: Uint8Array;
}

export interface Parts {
  /** The mail's own header; empty when the parser gave up inside it. */
  fields: Field[];
  leaves: Leaf[];
  /** Why reading stopped early; null when it did not. */
  failure: Error | null;
}

/** What mailparser works with inside; not in its published types. */
interface Node {
  contentType: string | false;
  parentNode: Node | false;
}
interface Internals {
  createNode(node: Node): { headers: Map<string, unknown>; disposition?: string };
}

const createNode = (MailParser.prototype as unknown as Internals).createNode;

class PartParser extends MailParser {
  /** No type is text to the parser: every leaf comes out as bytes. */
  textTypes: string[] = [];
  nodes = new Map<unknown, { node: Node; fields: Field[] }>();
  #fields: Field[] = [];

  constructor() {
    super({
      checksumAlgo: "sha256",
      ignoreEmbedded: true, // an attached message stays one part
      skipHtmlToText: true,
      skipImageLinks: true,
      skipTextLinks: true,
      skipTextToHtml: true,
    } as ConstructorParameters<typeof MailParser>[0]);
  }

  /** Called for every node with its raw fields; the map is what the parser attaches to the leaf. */
  processHeaders(fields: Field[]): Map<string, unknown> {
    this.#fields = fields;
    return new Map();
  }

  createNode(node: Node): { headers: Map<string, unknown> } {
    const made = createNode.call(this, node);
    this.nodes.set(made.headers, { node, fields: this.#fields });
    return made;
  }
}

/** Never rejects: limits and faults of the parser (R17) come back as `failure`, with what was read before it. */
export function readParts(raw: Uint8Array | Readable): Promise<Parts> {
  return new Promise((resolve) => {
    const parser = new PartParser();
    const parts: Parts = { fields: [], leaves: [], failure: null };
    const finish = (failure: Error | null) => {
      parts.failure = failure;
      const [top] = parser.nodes.values();
      parts.fields = top?.fields ?? [];
      resolve(parts);
      if (failure) parser.destroy();
    };
    parser.on("data", (found) => {
      if (found.type === "attachment") collect(parser, found, parts.leaves);
    });
    parser.once("end", () => finish(null));
    parser.on("error", (error: Error) => finish(error));
    if (raw instanceof Uint8Array) {
      parser.end(raw);
    } else {
      raw.once("error", (error) => finish(error));
      raw.pipe(parser);
    }
  });
}

function collect(parser: PartParser, found: AttachmentStream, leaves: Leaf[]): void {
  const seen = parser.nodes.get(found.headers);
  const parent = seen?.node.parentNode || null;
  const chunks: Uint8Array[] = [];
  const stream = found.content as Readable;
  const leaf: Leaf = {
    fields: seen?.fields ?? [],
    mediaType: (seen?.node.contentType || "text/plain").toLowerCase(),
    alternative: seen ? alternativeAround(seen.node) : null,
    parentType: parent?.contentType || "",
    sha256: "",
    content: new Uint8Array(),
  };
  leaves.push(leaf);
  let isDone = false;
  const done = () => {
    if (isDone) return;
    isDone = true;
    leaf.content = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    leaf.sha256 = found.checksum ?? "";
    found.release?.();
  };
  stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  stream.once("end", done);
  stream.once("error", done);
}

function alternativeAround(node: Node): object | null {
  for (let at = node.parentNode; at; at = at.parentNode)
    if (at.contentType === "multipart/alternative") return at;
  return null;
}
