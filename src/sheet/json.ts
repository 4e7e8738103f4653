// Facts as JSON, one after another: an array (.json), or a line each (.jsonl) for those who read as it comes.
import type { Writable } from "node:stream";
import { put, writeAll } from "./destination.ts";

export async function writeJson(
  destination: Writable,
  facts: AsyncIterable<object> | Iterable<object>,
  form: "json" | "jsonl",
): Promise<void> {
  const lines = form === "jsonl";
  await writeAll(destination, async () => {
    let first = true;
    for await (const fact of facts) {
      const before = lines ? "" : first ? "[\n" : ",\n";
      await put(destination, `${before}${JSON.stringify(fact)}${lines ? "\n" : ""}`);
      first = false;
    }
    if (!lines) await put(destination, first ? "[]\n" : "\n]\n");
  });
}
