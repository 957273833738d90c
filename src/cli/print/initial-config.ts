import type { DialectName } from "../../schema/name.js";

/** What `aludel init` has found out. */
export interface InitialConfig {
  readonly schema: readonly string[];
  readonly dialect: DialectName | null;
  readonly revisions: string;
  readonly urlVariable: string;
  /** A URL that may stand in the file; `null` takes it from the variable. */
  readonly url: string | null;
}

/** The text of a new `aludel.config.ts`. */
export function configText({ schema, dialect, revisions, urlVariable, url }: InitialConfig): string {
  const [first] = schema;
  const models =
    schema.length === 1
      ? JSON.stringify(first)
      : `[${schema.map((path) => `\n    ${JSON.stringify(path)},`).join("")}\n  ]`;
  const value = url === null ? `env(${JSON.stringify(urlVariable)})` : JSON.stringify(url);
  return `import { defineConfig${url === null ? ", env" : ""} } from "aludel";

export default defineConfig({
  schema: ${models},
${dialect === null ? "" : `  dialect: ${JSON.stringify(dialect)},\n`}  revisions: ${JSON.stringify(revisions)},
  environments: {
    development: { url: ${value} },
  },
});
`;
}
