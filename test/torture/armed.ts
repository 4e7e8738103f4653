// `node --import test/torture/armed.ts src/main.ts …`: jinbox whose crash points end it, on a clock that a test moves.
import { registerHooks } from "node:module";

const here = (path: string) => new URL(path, import.meta.url).href;
const replaced = new Map([
  [here("../../src/crash-point.ts"), here("armed-crash-point.ts")],
  [here("../../src/clock.ts"), here("moved-clock.ts")],
]);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const other = replaced.get(found.url);
    // The replacement itself may have the original.
    return other === undefined || context.parentURL === other ? found : { ...found, url: other };
  },
});
