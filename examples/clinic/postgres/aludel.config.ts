import { defineConfig, env } from "aludel";

export default defineConfig({
  schema: "./schema/*.ts",
  revisions: "./revisions",
  environments: {
    development: env("DATABASE_URL", "pglite:./clinic.pglite"),
  },
});
