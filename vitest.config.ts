import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Minutes of storms and of waiting for the dead: begun first, they do not keep a whole run waiting at its end. */
const longest = [
  "torture/storm",
  "faults/killed-database",
  "journeys/recognition",
  "store/jobs",
  "model/notices",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global.ts"],
    // No test measures time by it: it ends what hangs, and a storm beside them makes the others wait.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: "forks",
    // Half of a test is waiting for a server or a child: as many workers as cores leave one idle.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/support/counts.ts"],
  },
});
