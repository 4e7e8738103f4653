// `node --import test/torture/armed.ts src/main.ts …`: jinbox with crash points that end it, as JINBOX_CRASH says.
import { registerHooks } from "node:module";

const armed = new URL("armed-crash-point.ts", import.meta.url).href;
const plain = new URL("../../src/crash-point.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    return found.url === plain ? { ...found, url: armed } : found;
  },
});
