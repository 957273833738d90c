import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/server/global-setup.ts"],
    setupFiles: ["test/seed.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
