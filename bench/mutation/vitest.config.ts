// The tests that a mutant of a folder must survive: those of the folder itself, on the same real database.
import { defineConfig } from "vitest/config";

const suites: Record<string, string[]> = {
  deadline: ["test/deadline/**/*.test.ts", "test/notice/chase.test.ts"],
  notice: ["test/notice/**/*.test.ts"],
  submission: ["test/submission/**/*.test.ts"],
};

export default defineConfig({
  test: {
    include: suites[process.env.JINBOX_MUTATED ?? "deadline"] ?? [],
    globalSetup: ["test/support/global.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
