// The list of the lint rules from their files, and their pages from the list.
// `node scripts/rules.mjs` writes them; test/docs/rules.test.ts says when they are not current.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}src/lint/rules/`;
const ids = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && name !== "all.ts")
  .map((name) => name.slice(0, -3))
  .sort();

const nameOf = (id) => id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const list = `// Written by \`node scripts/rules.mjs\` from the files of this folder.
import type { Rule } from "../rule.js";
${ids.map((id) => `import { rule as ${nameOf(id)} } from "./${id}.js";`).join("\n")}

export const rules: readonly Rule[] = [
${ids.map((id) => `  ${nameOf(id)},`).join("\n")}
];
`;
writeIfNew(`${folder}all.ts`, list);

const jiti = createJiti(import.meta.url, { fsCache: false });
const { rules } = await jiti.import(`${folder}all.ts`);
const { rulePages } = await jiti.import(`${root}src/lint/report/pages.ts`);
const pages = rulePages(rules);
mkdirSync(`${root}docs/rules`, { recursive: true });
for (const name of readdirSync(`${root}docs/rules`))
  if (!(name in pages)) rmSync(`${root}docs/rules/${name}`);
for (const [name, text] of Object.entries(pages)) writeIfNew(`${root}docs/rules/${name}`, text);

function writeIfNew(file, text) {
  let before = null;
  try {
    before = readFileSync(file, "utf8");
  } catch {
    // It is not there yet.
  }
  if (before !== text) writeFileSync(file, text);
}
