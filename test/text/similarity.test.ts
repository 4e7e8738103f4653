// How alike two texts are.
import { expect, test } from "vitest";
import { containment } from "../../src/text/similarity.ts";

test("containment asks how much of the part is in the whole", () => {
  expect(containment("图书馆", "江州市图书馆的建议")).toBe(1);
  expect(containment("江州市图书馆的建议", "图书馆")).toBeLessThan(0.5);
  expect(containment("", "图书馆")).toBe(0);
});
