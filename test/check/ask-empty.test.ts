import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptUnsaid } from "../../src/check/adopt.js";
import { scriptOf } from "../../src/check/combine-sources.js";
import { differences } from "../../src/check/differences.js";
import { lazyScratch } from "../../src/check/engine.js";
import { readModels } from "../../src/check/read-models.js";
import { validateConfig } from "../../src/config/validate.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { runScripts } from "../../src/source/script.js";
import { makeProject } from "../source/project.js";

const models = (range: string) => `import { sql } from "drizzle-orm";
import { check, customType, index, integer, pgTable, varchar } from "drizzle-orm/pg-core";
const citext = customType<{ data: string }>({ dataType: () => "citext" });
export const users = pgTable("users", {
  mail: citext().notNull(),
  kind: varchar({ length: 10 }),
  n: integer().default(sql\`twice(2)\`),
}, (t) => [
  check("kinds", sql\`\${t.kind} in ('a','b') and \${t.mail} <> 'x'\`),
  check("range", sql\`\${t.n} ${range}\`),
  index("by_kind").on(t.kind).where(sql\`twice(\${t.n}) > 1 and \${t.kind} in ('a','b')\`),
]);
`;

const functions = `create extension citext;
create function twice(a integer) returns integer language sql immutable as 'select a * 2';
`;

const dialect = await loadDialect("postgres");

async function modelsIn(files: Readonly<Record<string, string>>) {
  const root = await makeProject(files);
  const origin = { file: join(root, "aludel.config.ts"), root, variables: {}, dotenv: null };
  const config = validateConfig({ schema: Object.keys(files), dialect: "postgres" }, origin);
  const open = () => dialect.openScratch({ url: null, environmentUrl: null, directory: root });
  return { ...(await readModels(config, "postgres", open)), open };
}

test("expressions over an extension and functions that an empty database does not have are decided", async () => {
  const now = await modelsIn({ "models.ts": models("between 1 and 5"), "functions.sql": functions });
  const scratch = await now.open();
  await runScripts(dialect, scratch.connection, [await scriptOf(dialect, now.schema, 180_000)]);
  const scope = { namespaces: "all", ignoreTables: [] } as const;
  const found = dialect.normalize.schema(await dialect.inspect(scratch.connection, scope));
  await scratch.dispose();
  const later = await modelsIn({ "models.ts": models("between 1 and 6"), "functions.sql": functions });
  const asked = lazyScratch(dialect, now.open);
  const between = async ({ schema, unsaid }: typeof now) =>
    differences(dialect, found, adoptUnsaid(schema, found, unsaid), asked.ask);
  const [same, other] = [await between(now), await between(later)];
  await asked.dispose();
  expect([...same.lines, ...same.undecided]).toEqual([]);
  expect(other.lines).toEqual(["drop constraint range of users", "add check range to users"]);
  expect([...other.undecided]).toEqual([]);
});
