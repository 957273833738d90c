import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/server/global-setup.ts"],
    setupFiles: ["test/seed.ts"],
    // Tests wait for servers as much as they work, so that no core is kept free.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
