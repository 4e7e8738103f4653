// jinbox as the storm runs it: its own sources in one file, which starts in half the time, with crash points that end it and
// a clock that the storm moves. Nothing else is changed.
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root } from "../support/jinbox.ts";

const replaced = new Map([
  [resolve(root, "src/crash-point.ts"), resolve(root, "test/torture/armed-crash-point.ts")],
  [resolve(root, "src/clock.ts"), resolve(root, "test/torture/moved-clock.ts")],
]);

/** Packages that load libraries from beside themselves; only the children of a process need them. */
const nativeCode = /^(?:@napi-rs\/|onnxruntime-node)/;

/** Writes it into `folder`; the path of what to start. */
export async function buildProgram(folder: string): Promise<string> {
  const bundle = await rolldown({
    input: { main: resolve(root, "src/main.ts") },
    platform: "node",
    logLevel: "silent",
    plugins: [
      {
        name: "armed",
        resolveId(specifier, importer) {
          if (nativeCode.test(specifier)) return { id: specifier, external: true };
          if (importer === undefined || !specifier.startsWith(".")) return null;
          const other = replaced.get(resolve(dirname(importer), specifier));
          // The replacement itself may have the original.
          return other === undefined || importer === other ? null : other;
        },
        // Migrations, children and samples are found from where the source stands, not from the one file.
        transform: (code, id) =>
          code
            .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
            .replaceAll("import.meta.dirname", JSON.stringify(dirname(id))),
      },
    ],
  });
  await bundle.write({ dir: folder, format: "esm" });
  await bundle.close();
  return resolve(folder, "main.js");
}
