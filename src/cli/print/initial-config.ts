import type { DialectName } from "../../schema/name.js";

/** What `aludel init` has found out. */
export interface InitialConfig {
  readonly schema: readonly string[];
  readonly dialect: DialectName | null;
  readonly revisions: string;
  readonly urlVariable: string;
}

/** The text of a new `aludel.config.ts`. */
export function configText({ schema, dialect, revisions, urlVariable }: InitialConfig): string {
  const [first] = schema;
  const models =
    schema.length === 1
      ? JSON.stringify(first)
      : `[${schema.map((path) => `\n    ${JSON.stringify(path)},`).join("")}\n  ]`;
  return `import { defineConfig, env } from "aludel";

export default defineConfig({
  schema: ${models},
${dialect === null ? "" : `  dialect: ${JSON.stringify(dialect)},\n`}  revisions: ${JSON.stringify(revisions)},
  environments: {
    development: { url: env(${JSON.stringify(urlVariable)}) },
  },
});
`;
}
