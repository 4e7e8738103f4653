import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Half of a test is waiting for a server or a child: on two cores the default of one worker leaves one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", "./test/support/counts.ts"],
  },
});
