import { spawnSync } from "node:child_process";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { type Block, blocksOf, readPage, root } from "./blocks.js";

const pages = [
  "README.md",
  ...["docs", "docs/runbooks"].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${folder}/${name}`),
  ),
];

/** Examples of operations are the inside of a revision's function; a `replace`d part of a file does not stand alone. */
function moduleOf({ text, words }: Block): string | null {
  if (words.has("replace")) return null;
  if (!words.has("op")) return text;
  return `import { type Operations, sql, t } from "aludel";
export async function upgrade(op: Operations): Promise<void> {
${text}}
export const unused = [sql, t];
`;
}

test("every TypeScript example compiles under strict", { timeout: 120_000 }, () => {
  const examples = pages.flatMap((page) =>
    blocksOf(readPage(page)).flatMap((block): readonly (readonly [string, string])[] => {
      const text = block.language === "ts" ? moduleOf(block) : null;
      const name = `${page
        .replace(/^docs\//, "")
        .replaceAll("/", "-")
        .replace(/\.md$/, "")}-line-${block.line}.ts`;
      return text === null ? [] : [[name, text]];
    }),
  );
  expect(examples.length).toBeGreaterThan(30);
  const configuration = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noUnusedLocals: false,
      moduleDetection: "force",
      paths: {
        aludel: [join(root, "src/index.ts")],
        "aludel/graph": [join(root, "src/graph.ts")],
        "aludel/testing": [join(root, "src/testing.ts")],
      },
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: ["*.ts"],
  };
  const folder = temporaryFolder({
    ...Object.fromEntries(examples),
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify(configuration),
  });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", folder], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
